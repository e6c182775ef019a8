"""Lookups of JSON: of whole documents, and of what a path of keys leads to.

https://docs.djangoproject.com/en/stable/topics/db/queries/#querying-jsonfield
"""

from .documents import ContainedBy as ContainedBy
from .documents import DataContains as DataContains
from .documents import JSONExact as JSONExact
from .documents import JSONIn as JSONIn
from .key_lookups import KeyTransformExact as KeyTransformExact
from .key_lookups import KeyTransformIsNull as KeyTransformIsNull
from .keys import KT as KT
from .keys import KeyTextTransform as KeyTextTransform
from .keys import KeyTransform as KeyTransform
from .keys import KeyTransformFactory as KeyTransformFactory
from .membership import HasAnyKeys as HasAnyKeys
from .membership import HasKey as HasKey
from .membership import HasKeys as HasKeys
