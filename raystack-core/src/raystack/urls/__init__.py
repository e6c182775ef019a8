"""The urls of an application: included, indexed, reversed."""

from .include import include as include
from .listing import RouteInfo as RouteInfo
from .reverse import reverse as reverse
from .router import IndexedRouter as IndexedRouter
