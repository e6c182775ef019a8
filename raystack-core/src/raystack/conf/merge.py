"""From sections and sources to the one frozen ``Settings``: merged, validated, with origins."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource
from pydantic_settings.exceptions import SettingsError as SourceError

from ..exceptions import SettingsError
from ..text import closest
from .frozen import Setting, Settings
from .mistakes import explain
from .section import Section, leave_out_missing
from .sources import PREFIX, Sources, Variables, split_commas

NEAR = 0.85  # DATABASE is near DATABASES; a project's own name seldom is
MAYBE_NEAR = 0.6  # enough to suggest a name where there is a mistake anyway


@dataclass(frozen=True, slots=True)
class OwnedSection:
    """A section and the distribution or app that declares it."""

    owner: str
    section: type[Section]


class Merged(NamedTuple):
    """All settings, and what else is worth knowing of them.

    Args:
        settings: The settings.
        notes: A line for each variable that may belong to a plugin that is left out.
    """

    settings: Settings
    notes: list[str]


def merge(
    sections: Sequence[OwnedSection], sources: Sources, left_out: Sequence[str] = ()
) -> Merged:
    """Merge and validate all settings.

    Args:
        sections: What the kernel and the loaded plugins declare.
        sources: Where values come from.
        left_out: Plugins that are installed and not loaded. A variable that nobody else declares
            may be theirs: it is a note then.

    Raises:
        SettingsError: Something is declared twice, unknown, nearly known, or of the wrong type. The
            message lists every such mistake and shows no value.
    """
    owners = _owners(sections)
    unknown, notes = _unknown_variables(owners, sources, left_out)
    mistakes = [*unknown, *_near_misses(owners, sources)]
    validated: list[Section] = []
    settings: dict[str, Setting] = {}
    for owned in sections:
        values, origins, undecoded = _collect(owned.section, sources)
        mistakes += [f"{line} It belongs to {owned.owner}." for line in undecoded]
        try:
            section = owned.section(**values)
        except ValidationError as error:
            mistakes += [
                explain(detail, owned.section, owned.owner, origins) for detail in error.errors()
            ]
            continue
        validated.append(section)
        for name in owned.section.model_fields:
            origin = origins.get(name, "default")
            settings[name] = Setting(getattr(section, name), origin, owned.owner)
        leave_out_missing(section)
    if mistakes:
        raise SettingsError("\n".join(dict.fromkeys(mistakes)))
    for name, (value, origin) in _project_names(sources, owners).items():
        settings[name] = Setting(value, origin, "the project")
    return Merged(Settings(settings, validated), notes)


def _owners(sections: Sequence[OwnedSection]) -> dict[str, str]:
    owners: dict[str, str] = {}
    for owned in sections:
        for name, field in owned.section.model_fields.items():
            _check_declaration(name, field, owned)
            if name in owners:
                raise SettingsError(
                    f"The setting {name} is declared twice: by {owners[name]} and by "
                    f"{owned.owner}. One of them has to rename it, or start without one: "
                    f"RAYSTACK_PLUGINS_DISABLED."
                )
            owners[name] = owned.owner
    return owners


def _check_declaration(name: str, field: FieldInfo, owned: OwnedSection) -> None:
    where = f"{owned.section.__module__}.{owned.section.__qualname__} of {owned.owner}"
    if not name.isupper():
        raise SettingsError(f"{where}: the setting {name} should be UPPERCASE: {name.upper()}.")
    if field.alias is not None or field.validation_alias is not None:
        alias = field.alias or field.validation_alias
        raise SettingsError(
            f"{where}: the setting {name} has the alias {alias!r}. "
            f"A setting has one spelling: remove the alias."
        )
    if field.is_required():
        raise SettingsError(
            f"{where}: the setting {name} has no default. Give it one, or mark it "
            f"Annotated[... | None, RequiredOnRead(...)] = None."
        )


class _VariablesSource(EnvSettingsSource):
    """pydantic-settings' reading of variables, with lists that may be written with commas."""

    def __init__(self, section: type[Section], variables: Mapping[str, str]) -> None:
        super().__init__(section)
        self.env_vars = variables

    def decode_complex_value(self, field_name: str, field: FieldInfo | None, value: Any) -> Any:
        """Read ``a,b`` as a list where a list is wanted; anything else is JSON.

        A value inside of a mapping has no field: it is text, unless it looks like JSON.
        """
        is_json = isinstance(value, str) and value.lstrip().startswith(("[", "{"))
        if field is None:
            return json.loads(value) if is_json else value
        if isinstance(value, str) and not is_json and _is_list(field.annotation):
            return split_commas(value)
        return super().decode_complex_value(field_name, field, value)


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) in (list, tuple, set, frozenset):
        return True
    return any(_is_list(part) for part in get_args(annotation))


def _collect(
    section: type[Section], sources: Sources
) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """Gather a section's values from all sources.

    Returns:
        Values by name, origins by name, and what could not be decoded.
    """
    fields = section.model_fields
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    undecoded: list[str] = []

    def take(name: str, value: Any, origin: str) -> None:
        values[name] = value
        origins[name] = origin

    for name in fields.keys() & sources.module.keys():
        take(name, sources.module[name], str(sources.module_name))
    for variables in sources.variables:
        for name in fields:
            mentioned = variables.mentions(name)
            if not mentioned:
                continue
            try:
                value = _decode(section, name, variables)
            except SourceError:
                undecoded.append(f"{mentioned[0]} in {variables.place} should be JSON.")
                continue
            nested_only = PREFIX + name not in variables.values
            merged = _deep_merge(values.get(name), value) if nested_only else value
            take(name, merged, f"{', '.join(mentioned)} in {variables.place}")
    for given, origin in ((sources.given, "Kernel(...)"), (sources.overrides, "override_settings")):
        for name in fields.keys() & given.keys():
            take(name, given[name], origin)
    return values, origins, undecoded


def _decode(section: type[Section], name: str, variables: Variables) -> Any:
    wanted = {variable: variables.values[variable] for variable in variables.mentions(name)}
    return _VariablesSource(section, wanted)().get(name)


def _deep_merge(below: Any, above: Any) -> Any:
    if not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return above
    merged = dict(below)
    for key, value in above.items():
        merged[key] = _deep_merge(below.get(key), value)
    return merged


def _unknown_variables(
    owners: Mapping[str, str], sources: Sources, left_out: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Go through the variables that no section declares.

    Returns:
        The mistakes, and the notes on those that may belong to a plugin that is left out.
    """
    mistakes: list[str] = []
    notes: list[str] = []
    for variables in sources.variables:
        for variable in sorted(variables.values):
            name = variable.removeprefix(PREFIX).split("__")[0]
            if name in owners:
                continue
            told = f"{variable} in {variables.place}: there is no setting {name}."
            meant = _did_you_mean(name.upper(), owners, PREFIX, NEAR if left_out else MAYBE_NEAR)
            if left_out and not meant:
                names = ", ".join(left_out)
                notes.append(f"{told} It may belong to a plugin that is left out: {names}.")
            else:
                mistakes.append(f"{told}{meant} Unset it, or install the plugin that declares it.")
    return mistakes, notes


def _near_misses(owners: Mapping[str, str], sources: Sources) -> list[str]:
    lines = []
    for name, (_, origin) in _project_names(sources, owners).items():
        meant = _did_you_mean(name, owners)
        if meant:
            lines.append(
                f"{name} in {origin} is not a setting.{meant} If not, give it another name."
            )
    return lines


def _project_names(sources: Sources, owners: Mapping[str, str]) -> dict[str, tuple[Any, str]]:
    """Collect the project's own settings, which no section declares."""
    found: dict[str, tuple[Any, str]] = {}
    for values, origin in (
        (sources.module, str(sources.module_name)),
        (sources.given, "Kernel(...)"),
        (sources.overrides, "override_settings"),
    ):
        found |= {name: (values[name], origin) for name in values if name not in owners}
    return found


def _did_you_mean(
    name: str, known: Mapping[str, str], prefix: str = "", cutoff: float = NEAR
) -> str:
    found = closest(name, known, cutoff=cutoff)
    return f" Did you mean {prefix}{found} (of {known[found]})?" if found is not None else ""
