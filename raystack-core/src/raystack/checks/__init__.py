"""The checks of ``raystack check``: what they report, how they run, and the kernel's own."""

from .messages import CheckMessage as CheckMessage
from .messages import Level as Level
