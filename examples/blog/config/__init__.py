"""Settings and urls of the project."""
