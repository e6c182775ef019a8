"""The resolver: names and states to SQLAlchemy constructs."""
