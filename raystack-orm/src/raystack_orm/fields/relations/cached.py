"""Related objects that are remembered on an instance, together with the key they belong to.

The attribute ``cache_name`` holds ``(key, object)``. Row loaders store it directly; everyone else
comes through here, where an object whose key is no longer the instance's counts as forgotten.
"""

from typing import Any

_RAISE: Any = object()


class CachedRelation:
    """A relation to one object, seen from the side that remembers it."""

    @property
    def cache_name(self) -> str:
        """The attribute that remembers the related object together with its key."""
        raise NotImplementedError

    @property
    def cache_key_name(self) -> str:
        """The attribute whose value is the key."""
        raise NotImplementedError

    def cached_key_of(self, related: Any) -> Any:
        """Return the key that an instance would have for this related object."""
        raise NotImplementedError

    def _valid(self, instance: Any) -> Any:
        cached = getattr(instance, self.cache_name)
        if cached is None:
            return None
        key, related = cached
        now = getattr(instance, self.cache_key_name)
        if key == now:
            return cached
        # Both were new when they were related, and have been saved since.
        if key is None and related is not None and self.cached_key_of(related) == now:
            return cached
        return None

    def is_cached(self, instance: Any) -> bool:
        """Say whether the related object is remembered; it may be remembered that there is none."""
        return self._valid(instance) is not None

    def get_cached_value(self, instance: Any, default: Any = _RAISE) -> Any:
        """Return the remembered object.

        Raises:
            KeyError: None is remembered, and no ``default`` was given.
        """
        cached = self._valid(instance)
        if cached is not None:
            return cached[1]
        if default is _RAISE:
            raise KeyError(self.cache_name)
        return default

    def set_cached_value(self, instance: Any, value: Any) -> None:
        """Remember an object, or that there is none, for the key that the instance has now."""
        setattr(instance, self.cache_name, (getattr(instance, self.cache_key_name), value))

    def delete_cached_value(self, instance: Any) -> None:
        """Forget the object."""
        setattr(instance, self.cache_name, None)
