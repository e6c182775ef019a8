"""Testing code that uses the ORM."""
