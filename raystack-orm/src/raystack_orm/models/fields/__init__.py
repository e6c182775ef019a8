"""Fields, where Django has them: ``from raystack_orm.models.fields import CharField``."""

from ...fields import *  # noqa: F403 - a place to import from, with all that is there
