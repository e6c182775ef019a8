"""What Django's QuerySet has and ours has not: the error says what to use in its place."""

from typing import Any, NoReturn


class LeftOut:
    """Stands for a method that is not there.

    Args:
        instead: What to do in its place.
    """

    def __init__(self, instead: str) -> None:
        self.instead = instead

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> NoReturn:
        raise AttributeError(
            f"'{owner.__name__}' object has no attribute '{self.name}'. {self.instead}"
        )


NO_EXTRA = LeftOut("Use RawSQL(), Func() or a lookup of your own.")
