"""Articles, one of which is a row to read."""
