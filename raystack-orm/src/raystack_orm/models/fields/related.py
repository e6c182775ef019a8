"""Relations, where Django has them: ``raystack_orm.models.fields.related.ForeignKey``."""

from ...fields.relations import *  # noqa: F403 - a place to import from, with all that is there
from ..descriptors import *  # noqa: F403 - as above
