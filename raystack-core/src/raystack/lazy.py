"""Public names that are imported on first use, so that importing their package stays cheap."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_names(
    package: str, modules: Mapping[str, str | None]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make the ``__getattr__`` and ``__dir__`` of a package, as PEP 562 has them.

    Type checkers read the package's imports below ``TYPE_CHECKING`` instead: they would take any
    name from a package with a ``__getattr__``, mistyped ones too.

    Args:
        package: The package's ``__name__``.
        modules: Each name's module in the package; ``None`` where the name is a module itself.

    Example::

        if TYPE_CHECKING:
            from .kernel import Kernel as Kernel
        else:
            __getattr__, __dir__ = lazy_names(__name__, {"Kernel": "kernel"})

    https://peps.python.org/pep-0562/
    """

    def find(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = import_module(f".{modules[name] or name}", package)
        value = found if modules[name] is None else getattr(found, name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *modules})

    return find, names
