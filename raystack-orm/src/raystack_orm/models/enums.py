"""Enumerations, where Django has them: ``from raystack_orm.models.enums import Choices``."""

from ..enums import *  # noqa: F403 - a place to import from, with all that is there
