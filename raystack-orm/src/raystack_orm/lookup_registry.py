"""Where lookups and transforms are registered: with a class of fields, or with one field.

A field has the lookups of its class and of every class above it, and those that were registered
with it alone. The names on a class are merged once and forgotten when one is added.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, ClassVar

Registered = dict[str, Any]

TRIGRAMS = "raystack_orm.postgres.lookups.trigrams"
OF_EXTENSIONS = dict.fromkeys(
    ("unaccent", "trigram_similar", "trigram_word_similar", "trigram_strict_word_similar"), TRIGRAMS
)
"""Lookups that a module registers, which is imported when one of them is first asked for."""


_watching: list[Callable[[], object]] = []


def on_change(function: Callable[[], object]) -> None:
    """Call a function whenever a lookup has come or gone."""
    _watching.append(function)


class _OnClassOrInstance:
    """A method that is one function on the class and another on an instance.

    Args:
        on_class: Called with the class.
        on_instance: Called with the instance.
    """

    def __init__(self, on_class: Callable[..., Any], on_instance: Callable[..., Any]) -> None:
        self.on_class = on_class
        self.on_instance = on_instance

    def __get__(self, instance: Any, owner: type) -> Callable[..., Any]:
        if instance is None:
            return self.on_class.__get__(owner)  # type: ignore[no-any-return]  # a bound method
        return self.on_instance.__get__(instance)  # type: ignore[no-any-return]  # as above


class RegisterLookupMixin:
    """What has lookups: fields, transforms and expressions.

    https://docs.djangoproject.com/en/stable/ref/models/lookups/#the-lookup-registration-api
    """

    class_lookups: ClassVar[Registered] = {}
    instance_lookups: Registered

    @classmethod
    def get_class_lookups(cls) -> Registered:
        """Return the lookups of the class and of those above it, the nearest first."""
        merged: Registered | None = cls.__dict__.get("_merged_lookups")
        if merged is None:
            merged = {}
            for base in reversed(cls.__mro__):
                merged.update(base.__dict__.get("class_lookups", {}))
            cls._merged_lookups = merged  # type: ignore[attr-defined]  # forgotten by _forget()
        return merged

    def _get_instance_lookups(self) -> Registered:
        own = self.__dict__.get("instance_lookups")
        return {**self.get_class_lookups(), **own} if own else self.get_class_lookups()

    get_lookups = _OnClassOrInstance(lambda cls: cls.get_class_lookups(), _get_instance_lookups)
    """Return the lookups by name, of a class or of one field."""

    def _find(self, name: str) -> tuple[Any, Any]:
        """Return what is registered here, or else what the output's field knows."""
        found = self._get_instance_lookups().get(name)
        if found is None and name in OF_EXTENSIONS and _bring(OF_EXTENSIONS[name]):
            found = self._get_instance_lookups().get(name)
        output = None if found is not None else getattr(self, "output_field", None)
        return found, output

    def get_lookup(self, lookup_name: str) -> Any:
        """Return the ``Lookup`` class of that name; ``None`` if there is none."""
        found, output = self._find(lookup_name)
        if output is not None and output is not self:
            return output.get_lookup(lookup_name)
        return None if found is None or is_transform(found) else found

    def get_transform(self, lookup_name: str) -> Any:
        """Return the ``Transform`` class of that name; ``None`` if there is none."""
        found, output = self._find(lookup_name)
        if output is not None and output is not self:
            return output.get_transform(lookup_name)
        return found if found is not None and is_transform(found) else None

    @classmethod
    def _register_class_lookup(cls, lookup: Any, lookup_name: str | None = None) -> Any:
        if "class_lookups" not in cls.__dict__:
            cls.class_lookups = {}
        cls.class_lookups[lookup_name or lookup.lookup_name] = lookup
        _forget(cls)
        _tell()
        return lookup

    def _register_instance_lookup(self, lookup: Any, lookup_name: str | None = None) -> Any:
        own = self.__dict__.setdefault("instance_lookups", {})
        own[lookup_name or lookup.lookup_name] = lookup
        _tell()
        return lookup

    @classmethod
    def _unregister_class_lookup(cls, lookup: Any, lookup_name: str | None = None) -> None:
        del cls.class_lookups[lookup_name or lookup.lookup_name]
        _forget(cls)
        _tell()

    def _unregister_instance_lookup(self, lookup: Any, lookup_name: str | None = None) -> None:
        del self.instance_lookups[lookup_name or lookup.lookup_name]
        _tell()

    register_lookup = _OnClassOrInstance(
        lambda cls, *args, **kwargs: cls._register_class_lookup(*args, **kwargs),
        _register_instance_lookup,
    )
    """Register a lookup, as a decorator of its class or in a call, under ``lookup_name``."""

    _unregister_lookup = _OnClassOrInstance(
        lambda cls, *args, **kwargs: cls._unregister_class_lookup(*args, **kwargs),
        _unregister_instance_lookup,
    )


def _forget(cls: Any) -> None:
    """Forget what was merged, in a class and in every class below."""
    if "_merged_lookups" in cls.__dict__:
        del cls._merged_lookups
    for subclass in cls.__subclasses__():
        _forget(subclass)


def _tell() -> None:
    for function in _watching:
        function()


def is_transform(registered: Any) -> bool:
    """Say whether a registered class transforms a value rather than comparing it."""
    return hasattr(registered, "bilateral")


def _bring(module: str) -> bool:
    """Import a module that registers lookups; say whether it had not been imported before."""
    if module in sys.modules:
        return False
    import_module(module)
    return True
