"""An example plugin for Raystack: it greets, in every way a plugin can."""
