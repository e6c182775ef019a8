"""The ORM's commands."""
