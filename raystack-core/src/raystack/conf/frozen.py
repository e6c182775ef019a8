"""The frozen settings of one kernel, read flat or by section."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Self, TypeVar

from ..exceptions import SettingsError
from ..text import did_you_mean
from .section import Section, is_required, missing

S = TypeVar("S", bound=Section)


@dataclass(frozen=True, slots=True, repr=False)
class Setting:
    """One value with where it comes from and who declares it.

    Args:
        value: The validated value.
        origin: Its source, as a person would name it; ``"default"`` where no source sets it.
        owner: The distribution or app that declares it, or ``"the project"``.
    """

    value: Any
    origin: str
    owner: str


class Settings:
    """All settings, frozen: ``settings.DEBUG``, or ``settings.section(CoreSettings).DEBUG``.

    The flat way is short; the typed way lets a type checker see what comes out.

    What is frozen is which value a name has. The values are of the types that the sections declare:
    a tuple or a frozen model cannot be changed, a ``dict`` such as ``FASTAPI`` or a list can. It is
    the same object for every reader, so copy it before you change it.
    """

    __slots__ = ("_sections", "_settings")
    _sections: dict[type[Section], Section]
    _settings: dict[str, Setting]

    def __init__(self, settings: Mapping[str, Setting], sections: Sequence[Section]) -> None:
        object.__setattr__(self, "_settings", dict(settings))
        object.__setattr__(self, "_sections", {type(section): section for section in sections})

    def __getattr__(self, name: str) -> Any:
        try:
            value = self._settings[name].value
        except KeyError:
            meant = did_you_mean(name, self._settings)
            raise AttributeError(f"There is no setting {name}.{meant}") from None
        if value is None:
            for section in self._sections:
                if is_required(section, name):
                    raise missing(section, name)
        return value

    def section(self, section: type[S]) -> S:
        """Return a plugin's settings as the typed model it declared.

        Raises:
            SettingsError: No plugin declares this section, or its plugin is disabled.
        """
        try:
            return self._sections[section]  # type: ignore[return-value]  # keyed by its own type
        except KeyError:
            raise SettingsError(
                f"No plugin declares the settings section {section.__module__}."
                f"{section.__qualname__}: its plugin is not installed, or disabled."
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._settings))

    def __contains__(self, name: object) -> bool:
        return name in self._settings

    def describe(self, name: str) -> Setting:
        """Return a value with its origin and owner, without asking for what is required.

        Raises:
            KeyError: There is no such setting.
        """
        return self._settings[name]

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise SettingsError(
            f"Settings are frozen: {name} cannot be set. In a test, use override_settings."
        )

    def __delattr__(self, name: str) -> NoReturn:
        raise SettingsError(f"Settings are frozen: {name} cannot be deleted.")

    def __copy__(self) -> Self:
        """Return these settings: nothing could change a copy either."""
        return self

    def __deepcopy__(self, memo: object) -> Self:
        """Return these settings, as ``__copy__`` does."""
        return self

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._settings]

    def __repr__(self) -> str:
        return f"<Settings: {len(self._settings)} names>"
