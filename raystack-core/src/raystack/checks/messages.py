"""What a check reports."""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How bad it is, with Django's names and numbers."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40
    CRITICAL = 50


@dataclass(frozen=True, slots=True)
class CheckMessage:
    """One finding of ``raystack check``.

    Args:
        level: ``ERROR`` and above make the command exit with 1.
        message: What is wrong, in a sentence.
        hint: What to do about it; empty where there is nothing to advise.
        obj: What it is about (a model, a route, a setting), as a person would name it.
        id: A stable name such as ``"urls.E001"``: the owner, the level's letter, a number.

    Follows https://docs.djangoproject.com/en/stable/topics/checks/.
    """

    level: Level
    message: str
    hint: str = ""
    obj: str = ""
    id: str = ""
