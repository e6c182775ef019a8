"""Database functions, where Django has them: ``raystack_orm.models.functions.Lower``."""

from ...expressions.functions import *  # noqa: F403 - a place to import from
