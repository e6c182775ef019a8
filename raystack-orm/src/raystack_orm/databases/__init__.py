"""Databases: drivers and the connections to them. The lowest room, which alone runs SQL."""

from .colour import run_sync as run_sync
from .connection import Connection as Connection
from .driver import Driver as Driver
from .driver import Rows as Rows
from .driver import Stream as Stream
from .driver import Written as Written
from .handler import DEFAULT as DEFAULT
from .handler import connections as connections
from .handler import make_driver as make_driver
from .instrumentation import recorders as recorders
