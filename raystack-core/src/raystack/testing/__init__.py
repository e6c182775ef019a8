"""Testing a Raystack application."""
