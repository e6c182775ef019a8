"""Static files: their addresses in templates, and serving them."""
