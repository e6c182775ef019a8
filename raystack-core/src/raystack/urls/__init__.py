"""The urls of an application: included, indexed, reversed."""

from .listing import RouteInfo as RouteInfo
from .namespace import include as include
from .reversing import reverse as reverse
from .router import IndexedRouter as IndexedRouter
