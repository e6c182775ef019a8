"""``from raystack import settings``: whatever kernel is active, its settings."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from ..exceptions import SettingsError

if TYPE_CHECKING:
    from ..kernel import Kernel
    from .frozen import Setting, Settings
    from .section import Section

    S = TypeVar("S", bound=Section)


class SettingsProxy:
    """Stands for the active kernel's settings and starts that kernel when first read."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(_get_kernel().settings, name)

    def section(self, section: "type[S]") -> "S":
        """Return a plugin's typed settings; see ``Settings.section``."""
        return _active().section(section)

    def describe(self, name: str) -> "Setting":
        """Return a value with its origin and owner; see ``Settings.describe``."""
        return _active().describe(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_active())

    def __contains__(self, name: object) -> bool:
        return name in _active()

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise SettingsError(
            f"Settings are frozen: {name} cannot be set. In a test, use override_settings."
        )

    def __delattr__(self, name: str) -> NoReturn:
        raise SettingsError(f"Settings are frozen: {name} cannot be deleted.")

    def __dir__(self) -> list[str]:
        return dir(_active())

    def __repr__(self) -> str:
        return "<settings of the active kernel>"


def _active() -> "Settings":
    return _get_kernel().settings


def _import_get_kernel() -> "Kernel":
    """Import ``get_kernel`` at the first read: the kernel imports this package itself."""
    global _get_kernel
    from ..kernel import get_kernel

    _get_kernel = get_kernel
    return get_kernel()


_get_kernel: "Callable[[], Kernel]" = _import_get_kernel
settings = SettingsProxy()
