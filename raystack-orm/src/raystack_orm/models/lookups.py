"""Lookups, where Django has them: ``from raystack_orm.models.lookups import Lookup``."""

from ..lookups import *  # noqa: F403 - a place to import from, with all that is there
