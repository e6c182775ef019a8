"""Fetch modes, where Django has them: ``from raystack_orm.models.fetch_modes import FETCH_ONE``."""

from ..query.operations.fetch_modes import *  # noqa: F403 - a place to import from
