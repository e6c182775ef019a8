"""The attributes that relations give to models at both ends."""

from .forward import ForwardManyToOneDescriptor as ForwardManyToOneDescriptor
from .forward import ForwardOneToOneDescriptor as ForwardOneToOneDescriptor
from .reverse import ManyToManyDescriptor as ManyToManyDescriptor
from .reverse import ReverseManyToOneDescriptor as ReverseManyToOneDescriptor
from .reverse import ReverseOneToOneDescriptor as ReverseOneToOneDescriptor
