"""QuerySets, where Django has them: ``from raystack_orm.models.query import QuerySet``."""

from ..query import *  # noqa: F403 - a place to import from, with all that is there
from ..query.empty import EmptyQuerySet as EmptyQuerySet
from ..query.operations.prefetch import prefetch_related_objects as prefetch_related_objects
from ..query.operations.prefetch_lookup import Prefetch as Prefetch
