"""The JSON API of the blog."""
