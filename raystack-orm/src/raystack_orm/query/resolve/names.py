"""Names: what ``author__name__icontains`` means for a model.

Every name in a query passes here. It is looked up among the names that are declared, never put into
SQL, and an unknown one is an error that lists the nearest before anything is sent.
"""

from typing import Any, NamedTuple

from ...exceptions import FieldError, nearest
from ...expressions import Expression
from ...fields import Field, Rel
from ...fields.relations import Hop
from ...lookups import LOOKUPS, Kind, Lookup, Prepared, Transform, transforms_of

MAX_REMEMBERED = 1000


class Path(NamedTuple):
    """A way along relations to a field."""

    hops: tuple[Hop, ...]
    field: Field[Any]
    relation: Field[Any] | Rel | None  # set where the name ends in a relation
    rest: tuple[str, ...]  # what follows: transforms and a lookup

    @property
    def many(self) -> bool:
        """Whether there can be several rows at the end of the way."""
        return any(hop.many for hop in self.hops)

    @property
    def nullable(self) -> bool:
        """Whether the value at the end of the way can be null."""
        return self.field.null or any(hop.nullable for hop in self.hops)


class Target:
    """What a filter keyword compares. There is one object for each keyword of a model."""

    __slots__ = ("converter", "hops", "keyword", "lookup", "many", "nullable", "path", "transforms")

    def __init__(
        self, keyword: str, path: Path, transforms: tuple[Transform, ...], lookup: Lookup
    ) -> None:
        self.keyword = keyword
        self.path = path
        self.hops = path.hops
        self.transforms = transforms
        self.lookup = lookup
        self.many = path.many
        self.nullable = path.nullable
        self.converter: Any = transforms[-1] if transforms else path.field

    def prepare(self, model: Any, value: Any) -> Prepared:
        """Convert a value for binding, and say of which kind it is.

        Raises:
            FieldError: An expression names an unknown field, or cannot stand there.
            ValueError: The value does not fit.
        """
        if isinstance(value, Expression):
            for name in value.names():
                resolve_path(model, name, f"F({name!r})", whole=True)
            if self.lookup.binds_text or self.lookup.name in {"in", "range", "isnull"}:
                raise FieldError(
                    f"filter({self.keyword}=...): the lookup {self.lookup.name} takes a value, "
                    f"not the expression {value!r}."
                )
            return Prepared(Kind.EXPRESSION, value)
        if hasattr(value, "as_subquery"):
            if self.lookup.name != "in":
                raise FieldError(
                    f"filter({self.keyword}=...) got a QuerySet, which only the lookup in takes."
                )
            return Prepared(Kind.QUERY, value.as_subquery())
        if self.path.relation is not None:
            self._check_related(value)
        return self.lookup.prepare(self.converter, value)

    def _check_related(self, value: Any) -> None:
        """Refuse objects of other models, and unsaved ones."""
        related = self.path.relation.related_model  # type: ignore[union-attr]  # checked by the caller
        for item in value if isinstance(value, (list, tuple, set)) else (value,):
            if not hasattr(item, "_meta"):
                continue
            if not isinstance(item, related):
                raise ValueError(f'Cannot query "{item}": Must be "{related.__name__}" instance.')  # noqa: TRY004 - Django's class
            if item.pk is None:
                raise ValueError(
                    f"filter({self.keyword}=...) got an unsaved {related.__name__}. "
                    f"Save it before it is used in a query."
                )


def resolve_target(model: Any, keyword: str, method: str = "filter") -> Target:
    """Resolve a filter keyword.

    Args:
        model: The model that it starts from.
        keyword: The keyword.
        method: The QuerySet's method, for the error.

    Raises:
        FieldError: A part of it is unknown.
    """
    remembered: dict[str, Target] = model._meta.targets
    target = remembered.get(keyword)
    if target is None:
        said = f"{method}({keyword}=...)"
        path = resolve_path(model, keyword, said)
        transforms, lookup = _resolve_lookup(path, said)
        target = Target(keyword, path, transforms, lookup)
        if len(remembered) >= MAX_REMEMBERED:
            remembered.clear()
        remembered[keyword] = target
    return target


def resolve_path(model: Any, name: str, said: str, *, whole: bool = False) -> Path:
    """Follow a name along relations.

    Args:
        model: The model that it starts from.
        name: Parts joined by ``__``.
        said: How the user said it, for the error.
        whole: The name has to end in a field; nothing may follow.

    Raises:
        FieldError: A part of it is unknown.
    """
    parts = name.split("__")
    hops: list[Hop] = []
    found: Any = None
    here = model
    index = 0
    while index < len(parts):
        if found is not None and not found.is_relation:
            break  # a field of its own: the rest are lookups
        names = here._meta.names
        following = names.get(parts[index])
        if following is None:
            if found is not None and not whole and _is_lookup(found, parts[index]):
                break
            raise _unknown(here, parts[index], said, through=found)
        if found is not None:
            hops += found.hops()
        found = following
        here = found.related_model if found.is_relation else here
        index += 1
    rest = tuple(parts[index:])
    if whole and rest:
        raise FieldError(f'{said}: {found!r} has no "{rest[0]}".')
    return _finish(hops, found, rest)


def _finish(hops: list[Hop], found: Any, rest: tuple[str, ...]) -> Path:
    relation = found if found.is_relation else None
    field = found
    if relation is not None and not relation.concrete:
        hops += relation.hops()
        field = hops[-1].model._meta.pk
    if hops and not hops[-1].many and field is hops[-1].target:
        # The key of the other row stands in this one too: the last step is not needed.
        field = hops.pop().source
    return Path(tuple(hops), field, relation, rest)


def _is_lookup(found: Any, name: str) -> bool:
    return found.is_relation and name in LOOKUPS


def _resolve_lookup(path: Path, said: str) -> tuple[tuple[Transform, ...], Lookup]:
    transforms: list[Transform] = []
    rest = list(path.rest)
    known = {} if path.relation is not None else transforms_of(path.field)
    while rest and rest[0] in known:
        transform = known[rest.pop(0)]
        transforms.append(transform)
        known = {}
    name = rest.pop(0) if rest else "exact"
    lookup = LOOKUPS.get(name)
    if lookup is None or rest:
        raise _unknown_lookup(path, rest[0] if lookup else name, said, set(known))
    if path.relation is not None and lookup.binds_text:
        raise FieldError(f"{said}: the relation {path.relation!r} has no lookup {name}.")
    return tuple(transforms), lookup


def _unknown(model: Any, name: str, said: str, through: Any) -> FieldError:
    names = sorted(model._meta.field_names)
    lookups = list(LOOKUPS) if through is not None else []
    return FieldError(
        f'{said}: {model.__name__} has no field "{name}".{nearest(name, [*names, *lookups])}\n'
        f"  Fields of {model.__name__}: {', '.join(names)}."
    )


def _unknown_lookup(path: Path, name: str, said: str, known: set[str]) -> FieldError:
    names = sorted({*LOOKUPS, *known})
    field = path.field
    return FieldError(
        f'{said}: the {type(field).__name__} "{field.name}" has no lookup "{name}".'
        f"{nearest(name, names)}\n  Lookups: {', '.join(names)}."
    )
