"""The lookup API: register_lookup(), Transform, Lookup, and lookups used as expressions.

https://docs.djangoproject.com/en/stable/ref/models/lookups/
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from raystack_orm import FieldError, models
from raystack_orm.models import F, Lookup, Q, Transform, Value
from raystack_orm.models.functions import Length, Lower, Upper
from raystack_orm.models.lookups import (
    Contains,
    EndsWith,
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IExact,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
    Range,
    Regex,
    StartsWith,
)


class Story(models.Model):
    title = models.CharField(max_length=20)
    words = models.IntegerField()
    limit = models.IntegerField(default=100, db_column="word_limit")
    note = models.CharField(max_length=20, null=True)

    class Meta:
        app_label = "conf_lookups"


@pytest.fixture(autouse=True)
def stories(db: str) -> None:
    """Three stories of 50, 100 and 150 words."""
    for words, title in ((50, "alpha"), (100, "beta"), (150, "gamma")):
        Story.objects.create(title=title, words=words, note="x" if words == 50 else None)


@contextmanager
def registered(where: Any, lookup: Any, name: str | None = None) -> Iterator[None]:
    where.register_lookup(lookup, name)
    try:
        yield
    finally:
        where._unregister_lookup(lookup, name)


def initials(*conditions: Any, **keywords: Any) -> str:
    found = Story.objects.filter(*conditions, **keywords).order_by("words")
    return "".join(story.title[0] for story in found)


class Half(Transform):
    lookup_name = "half"
    template = "(%(expressions)s / 2)"
    output_field = models.FloatField()


class Same(Lookup):
    lookup_name = "same"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = {right}", (*left_params, *right_params)


def test_a_lookup_registered_on_a_class_holds_for_its_fields() -> None:
    with registered(models.IntegerField, Same):
        assert initials(words__same=100) == "b"
        assert initials(id__same=Story.objects.get(words=50).pk) == "a"
        with pytest.raises(FieldError):
            initials(title__same="alpha")
    with pytest.raises(FieldError):
        initials(words__same=100)


def test_a_lookup_registered_on_field_holds_for_all() -> None:
    with registered(models.Field, Same):
        assert initials(words__same=100) == "b"
        assert initials(title__same="alpha") == "a"


def test_a_lookup_registered_on_an_instance_holds_for_it_alone() -> None:
    field = Story._meta.get_field("words")
    with registered(field, Same):
        assert initials(words__same=100) == "b"
        with pytest.raises(FieldError):
            initials(limit__same=100)


def test_an_instances_lookup_comes_before_its_class() -> None:
    class Opposite(Same):
        def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
            sql, params = super().as_sql(compiler, connection)
            return f"NOT ({sql})", params

    with (
        registered(models.IntegerField, Same),
        registered(Story._meta.get_field("words"), Opposite),
    ):
        assert initials(words__same=100) == "ag"
        assert initials(limit__same=100) == "abg"


def test_a_name_can_be_given_when_registering() -> None:
    with registered(models.IntegerField, Same, "twin"):
        assert initials(words__twin=150) == "g"
        with pytest.raises(FieldError):
            initials(words__same=150)


def test_register_lookup_is_a_decorator() -> None:
    @models.IntegerField.register_lookup
    class Decorated(Same):
        lookup_name = "decorated"

    try:
        assert initials(words__decorated=50) == "a"
        assert Decorated.lookup_name == "decorated"
    finally:
        models.IntegerField._unregister_lookup(Decorated)


def test_get_lookup_get_transform_and_get_lookups() -> None:
    field = Story._meta.get_field("words")
    with registered(models.IntegerField, Same), registered(models.IntegerField, Half):
        assert field.get_lookup("same") is Same
        assert models.IntegerField.get_lookups()["same"] is Same
        assert field.get_lookups()["half"] is Half
        assert field.get_transform("half") is Half
        assert field.get_transform("same") is None
        assert field.get_lookup("half") is None
        assert models.BigAutoField().get_lookup("same") is Same
    assert field.get_lookup("same") is None
    assert field.get_lookup("gt") is GreaterThan or issubclass(field.get_lookup("gt"), GreaterThan)


def test_transforms_take_part_in_paths() -> None:
    with registered(models.IntegerField, Half):
        assert initials(words__half=25) == "a"
        assert initials(words__half__gt=25) == "bg"
        assert initials(words__half__lt=F("limit__half")) == "a"
        assert initials(Q(words__half__in=[25, 75])) == "ag"
        rows = Story.objects.annotate(h=F("words__half")).order_by("-words__half")
        assert [row.h for row in rows] == [75, 50, 25]
        assert list(Story.objects.order_by("words").values_list("words__half", flat=True)) == [
            25,
            50,
            75,
        ]
        assert Story.objects.aggregate(most=models.Max("words__half")) == {"most": 75}


def test_the_output_field_of_a_transform_decides_its_lookups() -> None:
    with registered(models.CharField, Length):
        assert initials(title__length=4) == "b"
        assert initials(title__length__gte=5) == "ag"
        with registered(models.IntegerField, Same):
            assert initials(title__length__same=4) == "b"


def test_transforms_chain() -> None:
    with registered(models.CharField, Upper), registered(models.CharField, Lower):
        assert initials(title__upper="BETA") == "b"
        assert initials(title__upper__lower="beta") == "b"
        assert initials(title__lower__upper__startswith="GA") == "g"


def test_transforms_are_functions_too() -> None:
    rows = Story.objects.annotate(h=Half("words")).order_by("words")
    assert [row.h for row in rows] == [25, 50, 75]
    assert initials(words=Half(Value(200)) + 0) == "b"


def test_a_transform_takes_one_argument() -> None:
    with pytest.raises(TypeError):
        Half("words", "limit")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (lambda: GreaterThan(F("words"), 50), "bg"),
        (lambda: GreaterThan(F("words"), F("limit")), "g"),
        (lambda: GreaterThanOrEqual(F("words"), F("limit")), "bg"),
        (lambda: LessThan(F("words"), 100), "a"),
        (lambda: LessThan(F("words") * 2, F("limit") + 50), "a"),
        (lambda: LessThanOrEqual(F("words"), 100), "ab"),
        (lambda: Exact(F("title"), "beta"), "b"),
        (lambda: Exact(Lower(F("title")), Value("beta")), "b"),
        (lambda: IExact(F("title"), "BETA"), "b"),
        (lambda: In(F("words"), [50, 150]), "ag"),
        (lambda: Range(F("words"), (60, 160)), "bg"),
        (lambda: IsNull(F("note"), True), "bg"),
        (lambda: IsNull(F("note"), False), "a"),
        (lambda: Contains(F("title"), "am"), "g"),
        (lambda: StartsWith(F("title"), "al"), "a"),
        (lambda: EndsWith(F("title"), "ta"), "b"),
        (lambda: Regex(F("title"), "^[ab]"), "ab"),
        (lambda: ~LessThan(F("words"), 100), "bg"),
        (lambda: LessThan(F("words"), 100) | GreaterThan(F("words"), 100), "ag"),
        (lambda: GreaterThan(F("words"), 50) & Q(title="beta"), "b"),
        (lambda: Q(GreaterThan(F("words"), 50), title__contains="mm"), "g"),
    ],
)
def test_lookups_are_conditions_by_themselves(condition: Any, expected: str) -> None:
    assert initials(condition()) == expected


def test_lookups_can_be_annotated_ordered_and_aggregated() -> None:
    rows = Story.objects.annotate(short=LessThan(F("words"), 75)).order_by("words")
    assert [row.short for row in rows] == [True, False, False]
    assert rows.filter(short=True).get().title == "alpha"
    first = Story.objects.order_by(GreaterThan(F("words"), 75), "-words")
    assert [story.title for story in first] == ["alpha", "gamma", "beta"]
    assert Story.objects.aggregate(
        n=models.Count("pk", filter=GreaterThan(F("words"), F("limit")))
    ) == {"n": 1}


def test_lookups_are_compared_by_their_parts() -> None:
    assert LessThan(F("words"), 5) == LessThan(F("words"), 5)
    assert LessThan(F("words"), 5) != LessThan(F("words"), 6)
    assert LessThan(F("words"), 5) != GreaterThan(F("words"), 5)
    assert hash(LessThan(F("words"), 5)) == hash(LessThan(F("words"), 5))


def test_rhs_is_prepared_unless_told_otherwise() -> None:
    class AsText(Same):
        lookup_name = "astext"
        prepare_rhs = False

        def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
            left, params = self.process_lhs(compiler, connection)
            return f"{left} = %s", (*params, len(self.rhs))

    with registered(models.IntegerField, AsText):
        assert initials(words__astext="x" * 50) == "a"
    with registered(models.IntegerField, Same):
        assert initials(words__same="50") == "a"
        with pytest.raises(ValueError):
            initials(words__same="many")


def test_a_lookup_sees_both_sides() -> None:
    seen = []

    class Watched(Same):
        lookup_name = "watched"

        def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
            seen.append((self.lhs.output_field.name, self.rhs, self.lookup_name))
            return super().as_sql(compiler, connection)

    with registered(models.IntegerField, Watched):
        assert initials(words__watched=50) == "a"
    assert seen[0] == ("words", 50, "watched")


def test_the_right_side_may_be_an_expression_or_a_subquery() -> None:
    shortest = Story.objects.order_by("words").values("words")[:1]
    with registered(models.IntegerField, Same):
        assert initials(words__same=F("limit")) == "b"
        assert initials(words__same=Value(25) * 2) == "a"
        assert initials(words__same=models.Subquery(shortest)) == "a"
