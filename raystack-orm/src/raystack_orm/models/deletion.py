"""Deleting, where Django has it: ``from raystack_orm.models.deletion import CASCADE``."""

from ..exceptions import ProtectedError as ProtectedError
from ..exceptions import RestrictedError as RestrictedError
from ..fields.relations import CASCADE as CASCADE
from ..fields.relations import DB_CASCADE as DB_CASCADE
from ..fields.relations import DB_SET_DEFAULT as DB_SET_DEFAULT
from ..fields.relations import DB_SET_NULL as DB_SET_NULL
from ..fields.relations import DO_NOTHING as DO_NOTHING
from ..fields.relations import PROTECT as PROTECT
from ..fields.relations import RESTRICT as RESTRICT
from ..fields.relations import SET as SET
from ..fields.relations import SET_DEFAULT as SET_DEFAULT
from ..fields.relations import SET_NULL as SET_NULL
from ..query.operations.collector import Collector as Collector
