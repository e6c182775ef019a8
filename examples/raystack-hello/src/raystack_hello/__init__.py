"""An example plugin for Raystack: it greets, in seven ways."""
