"""Middleware as plugins and projects declare it, and the order it is put in."""
