"""Writing lookups and transforms.

https://docs.djangoproject.com/en/stable/howto/custom-lookups/
"""

from collections.abc import Iterator
from typing import Any

import pytest

from raystack_orm import FieldError, models
from raystack_orm.models import F, Lookup, Transform, Value

Sql = tuple[str, tuple[Any, ...]]


class Experiment(models.Model):
    name = models.CharField(max_length=20)
    start = models.IntegerField()
    change = models.IntegerField()
    lab = models.ForeignKey("Lab", models.CASCADE)
    place = models.CharField(max_length=20, default="3,4")

    class Meta:
        app_label = "conf_howto"


class Lab(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_howto"


class Differs(Lookup):
    lookup_name = "differs"

    def as_sql(self, compiler: Any, connection: Any) -> Sql:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} <> {right}", (*left_params, *right_params)


class Magnitude(Transform):
    lookup_name = "magnitude"
    function = "ABS"


class MagnitudeBelow(Lookup):
    """Compares without calling ABS, so that an index can be used."""

    lookup_name = "lt"

    def as_sql(self, compiler: Any, connection: Any) -> Sql:
        left, left_params = compiler.compile(self.lhs.lhs)
        right, right_params = self.process_rhs(compiler, connection)
        params = (*left_params, *right_params, *left_params, *right_params)
        return f"{left} < {right} AND {left} > -({right})", params


class Shouted(Transform):
    lookup_name = "shouted"
    function = "UPPER"
    bilateral = True


class HalfOf(Transform):
    lookup_name = "halved"
    function = "FLOOR"

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Sql:
        inner, params = compiler.compile(self.lhs)
        return f"(({inner}) * 0.5)", params

    @property
    def output_field(self) -> models.Field:
        return models.FloatField()


@pytest.fixture(autouse=True)
def experiments(db: str) -> Iterator[None]:
    """Three experiments with positive and negative changes, and the lookups of this page."""
    lookups = [
        (models.Field, Differs),
        (models.IntegerField, Magnitude),
        (models.IntegerField, HalfOf),
        (Magnitude, MagnitudeBelow),
        (models.CharField, Shouted),
    ]
    for where, lookup in lookups:
        where.register_lookup(lookup)
    lab = Lab.objects.create(name="North")
    for name, start, change in (("ice", 10, -27), ("Fire", 20, 5), ("air", 30, 26)):
        Experiment.objects.create(name=name, start=start, change=change, lab=lab)
    yield
    for where, lookup in lookups:
        where._unregister_lookup(lookup)


def names(**conditions: Any) -> list[str]:
    return sorted(
        Experiment.objects.filter(**conditions).values_list("name", flat=True), key=str.lower
    )


def test_a_lookup_builds_sql_from_both_sides() -> None:
    assert names(name__differs="ice") == ["air", "Fire"]
    assert names(start__differs=20) == ["air", "ice"]
    assert names(start__differs=F("start")) == []


def test_values_of_a_custom_lookup_are_bound() -> None:
    assert len(names(name__differs="x' OR '1'='1")) == 3
    assert len(names(name__differs="100%s")) == 3


def test_a_custom_lookup_works_over_relations() -> None:
    assert names(lab__name__differs="North") == []
    assert len(names(lab__name__differs="South")) == 3


def test_a_custom_lookup_can_be_excluded_and_combined() -> None:
    found = Experiment.objects.exclude(name__differs="ice")
    assert [row.name for row in found] == ["ice"]
    either = models.Q(name__differs="ice") & models.Q(start__differs=20)
    assert [row.name for row in Experiment.objects.filter(either)] == ["air"]


def test_a_transform_wraps_the_left_side() -> None:
    assert names(change__magnitude=27) == ["ice"]
    assert names(change__magnitude__gt=20) == ["air", "ice"]
    assert names(change__magnitude__differs=27) == ["air", "Fire"]


def test_a_transform_can_be_ordered_by_and_selected() -> None:
    rows = Experiment.objects.order_by("change__magnitude")
    assert [row.name for row in rows] == ["Fire", "air", "ice"]
    assert list(rows.values_list("change__magnitude", flat=True)) == [5, 26, 27]


def test_a_lookup_registered_on_a_transform_reaches_into_it(db: str) -> None:
    assert names(change__magnitude__lt=27) == ["air", "Fire"]
    assert names(change__magnitude__lt=6) == ["Fire"]
    sql = str(Experiment.objects.filter(change__magnitude__lt=27).query)
    assert "ABS" not in sql.upper()


def test_other_lookups_of_the_transform_are_inherited() -> None:
    assert names(change__magnitude__lte=26) == ["air", "Fire"]


def test_a_bilateral_transform_is_applied_to_both_sides() -> None:
    assert names(name__shouted="fire") == ["Fire"]
    assert names(name__shouted="ICE") == ["ice"]
    assert names(name__shouted__in=["FIRE", "Air"]) == ["air", "Fire"]
    assert names(name__shouted=F("name")) == ["air", "Fire", "ice"]
    assert names(name__shouted=Value("ice")) == ["ice"]


def test_a_bilateral_transform_with_a_pattern() -> None:
    assert names(name__shouted__contains="Ir") == ["air", "Fire"]
    assert names(name__shouted__startswith="f") == ["Fire"]


def test_a_bilateral_transform_refuses_a_queryset() -> None:
    with pytest.raises(NotImplementedError):
        list(Experiment.objects.filter(name__shouted__in=Lab.objects.values("name")))


def test_the_output_of_a_transform_has_the_lookups_of_its_type() -> None:
    assert names(start__halved=5) == ["ice"]
    assert names(start__halved__gte=10) == ["air", "Fire"]


def test_an_unknown_transform_is_a_field_error() -> None:
    with pytest.raises(FieldError):
        names(name__magnitude=1)
    with pytest.raises(FieldError):
        names(change__magnitude__magnify=1)


def test_as_vendorname_comes_before_as_sql(db: str) -> None:
    def refuse(self: Any, compiler: Any, connection: Any) -> Sql:
        raise AssertionError

    def of_vendor(self: Any, compiler: Any, connection: Any) -> Sql:
        assert connection.vendor == db
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} != {right}", (*left_params, *right_params)

    methods = {f"as_{db}": of_vendor, "as_sql": refuse, "lookup_name": "unlike"}
    unlike = type("Unlike", (Lookup,), methods)
    models.CharField.register_lookup(unlike)
    try:
        assert names(name__unlike="ice") == ["air", "Fire"]
    finally:
        models.CharField._unregister_lookup(unlike)


def test_a_subclass_of_the_same_name_takes_the_place_of_its_parent() -> None:
    class Equals(Differs):
        def as_sql(self, compiler: Any, connection: Any) -> Sql:
            sql, params = super().as_sql(compiler, connection)
            return f"NOT ({sql})", params

    models.Field.register_lookup(Equals)
    try:
        assert names(name__differs="ice") == ["ice"]
    finally:
        models.Field.register_lookup(Differs)


class Part(Transform):
    """``x`` and ``y`` of a field that holds both."""

    output_field = models.IntegerField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Sql:
        inner, params = compiler.compile(self.lhs)
        if connection.vendor == "mysql":
            return f"SUBSTRING_INDEX({inner}, ',', {self.side})", params
        position = {"sqlite": f"instr({inner}, ',')"}.get(
            connection.vendor, f"strpos({inner}, ',')"
        )
        cut = (
            f"substr({inner}, 1, {position} - 1)"
            if self.side == 1
            else f"substr({inner}, {position} + 1)"
        )
        return f"CAST({cut} AS integer)", params * 2


class X(Part):
    lookup_name = "x"
    side = 1


class Y(Part):
    lookup_name = "y"
    side = -1


class PointField(models.CharField):
    def get_transform(self, name: str) -> Any:
        return {"x": X, "y": Y}.get(name) or super().get_transform(name)

    def get_lookup(self, name: str) -> Any:
        return Differs if name == "elsewhere" else super().get_lookup(name)


class Marker(models.Model):
    at = PointField(max_length=20)

    class Meta:
        app_label = "conf_howto"


def test_a_field_chooses_its_lookups_and_transforms_itself() -> None:
    Marker.objects.create(at="3,14")
    Marker.objects.create(at="5,1")
    assert Marker.objects.get(at__x=3).at == "3,14"
    assert Marker.objects.get(at__y__lt=10).at == "5,1"
    assert Marker.objects.get(at__elsewhere="5,1").at == "3,14"
    with pytest.raises(FieldError):
        Marker.objects.filter(at__z=1)


class TensOf(Transform):
    lookup_name = "tens"
    output_field: Any = models.IntegerField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Sql:
        inner, params = compiler.compile(self.lhs)
        return f"({inner} * 10)", params


def test_a_transform_of_foreign_keys_takes_the_key(db: str) -> None:
    lab = Lab.objects.get()
    models.ForeignKey.register_lookup(TensOf)
    try:
        assert Experiment.objects.filter(lab__tens=lab.pk * 10).count() == 3
        assert Experiment.objects.filter(lab__tens__gt=lab.pk * 10).count() == 0
        assert Experiment.objects.filter(lab__tens__in=[lab.pk * 10]).count() == 3
    finally:
        models.ForeignKey._unregister_lookup(TensOf)
    with pytest.raises(FieldError, match="fives"):
        Experiment.objects.filter(lab__fives__gt=1)


class RefersTo(Lookup):
    lookup_name = "refers_to"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = {right}", [*left_params, *right_params]


@pytest.mark.parametrize("registered", ["class", "instance"])
def test_a_lookup_of_a_relation_is_found_by_filters(registered: str) -> None:
    relation = Experiment._meta.get_field("lab")
    where = relation if registered == "instance" else models.ForeignKey
    lab = Lab.objects.create(name="other")
    mine = Experiment.objects.create(name="mine", start=1, change=1, lab=lab)
    where.register_lookup(RefersTo)
    try:
        assert list(Experiment.objects.filter(lab__refers_to=lab.pk)) == [mine]
        assert list(Lab.objects.filter(experiment__lab__refers_to=lab.pk)) == [lab]
    finally:
        where._unregister_lookup(RefersTo)
