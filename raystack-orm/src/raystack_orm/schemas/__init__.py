"""Schemas: pydantic models made of a model's fields, for FastAPI and for forms."""

from .build import Kind as Kind
from .build import schema_of as schema_of
