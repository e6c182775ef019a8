"""Expressions, where Django has them: ``from raystack_orm.models.expressions import F``."""

from ..expressions import *  # noqa: F403 - a place to import from, with all that is there
