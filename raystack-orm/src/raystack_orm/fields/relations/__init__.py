"""Fields that relate models: ForeignKey, OneToOneField, ManyToManyField, and their other ends."""

from typing import Any

from .base import RelationField as RelationField
from .foreign_key import ForeignKey as ForeignKey
from .hops import Hop as Hop
from .many_to_many import ManyToManyField as ManyToManyField
from .on_delete import CASCADE as CASCADE
from .on_delete import DB_CASCADE as DB_CASCADE
from .on_delete import DB_SET_DEFAULT as DB_SET_DEFAULT
from .on_delete import DB_SET_NULL as DB_SET_NULL
from .on_delete import DO_NOTHING as DO_NOTHING
from .on_delete import PROTECT as PROTECT
from .on_delete import RESTRICT as RESTRICT
from .on_delete import SET as SET
from .on_delete import SET_DEFAULT as SET_DEFAULT
from .on_delete import SET_NULL as SET_NULL
from .on_delete import OnDelete as OnDelete
from .one_to_one import OneToOneField as OneToOneField
from .rels import ManyToManyRel as ManyToManyRel
from .rels import ManyToOneRel as ManyToOneRel
from .rels import OneToOneRel as OneToOneRel
from .rels import Rel as Rel

Relation = RelationField[Any, Any] | Rel
