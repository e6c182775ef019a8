"""Aggregates, where Django has them: ``from raystack_orm.models.aggregates import Count``."""

from ..expressions.aggregates import *  # noqa: F403 - a place to import from
