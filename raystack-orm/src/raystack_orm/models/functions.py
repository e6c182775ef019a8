"""Functions, where Django has them: ``from raystack_orm.models.functions import Lower``."""

from ..expressions.functions import *  # noqa: F403 - a place to import from, with all that is there
