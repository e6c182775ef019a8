"""Databases: drivers and the connections to them. The lowest room, which alone runs SQL."""

from .connection import Connection as Connection
from .connection import recorders as recorders
from .driver import Driver as Driver
from .driver import Rows as Rows
from .driver import Written as Written
from .handler import DEFAULT as DEFAULT
from .handler import connections as connections
from .handler import make_driver as make_driver
