"""The command line's own commands, one module each."""
