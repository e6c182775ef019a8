"""A field's get_db_prep_value makes every value that is sent for it.

https://docs.djangoproject.com/en/stable/howto/custom-model-fields/#converting-query-values-to-database-values
"""

from datetime import timedelta
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models import Case, F, Lookup, Q, Value, When
from raystack_orm.models.lookups import Exact, In

Sql = tuple[str, tuple[Any, ...]]


class EuroField(models.Field):
    """Whole euros, given as ``"€5"`` too, and stored as cents."""

    def db_type(self, connection: Any) -> str:
        return "integer"

    def get_prep_value(self, value: Any) -> Any:
        return int(value[1:]) if isinstance(value, str) else value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        return None if value is None else value * 100

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else value // 100


class Item(models.Model):
    price = EuroField(null=True)
    lasts = models.DurationField(null=True)
    name = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "conf_euros"


class Coin(models.Model):
    worth = EuroField(primary_key=True)

    class Meta:
        app_label = "conf_euros"


class Purse(models.Model):
    coin = models.ForeignKey(Coin, models.CASCADE)

    class Meta:
        app_label = "conf_euros"


@pytest.fixture(autouse=True)
def item(db: str) -> Item:
    """Return the only item, of three euros."""
    return Item.objects.create(price="€3", name="tea", lasts=timedelta(seconds=5))


@pytest.mark.parametrize(
    "condition",
    [
        Q(price="€3"),
        Q(price=3),
        Q(price__gt=2),
        Q(price__lte="€3"),
        Q(price__in=["€3", 4, None]),
        Q(price__range=("€2", 3)),
        Q(price=Value("€3", output_field=EuroField())),
        Q(Exact(F("price"), "€3")),
        Q(In(F("price"), ["€3"])),
    ],
)
def test_filters_send_the_databases_value(condition: Q) -> None:
    assert Item.objects.filter(condition).exists()
    assert not Item.objects.exclude(condition).exists()


def test_conditional_expressions_and_writing_send_it_too() -> None:
    cheap = Case(When(price="€3", then=Value("cheap")), default=Value("dear"))
    assert Item.objects.annotate(kind=cheap).get().kind == "cheap"
    assert Item.objects.filter(price=3).update(price="€7") == 1
    Item.objects.bulk_create([Item(price=9)])
    assert set(Item.objects.values_list("price", flat=True)) == {7, 9}


def test_a_key_of_such_a_field_finds_its_row_and_those_that_refer_to_it() -> None:
    coin = Coin.objects.create(worth=2)
    purse = Purse.objects.create(coin=coin)
    assert Coin.objects.get(pk=2) == coin
    assert Purse.objects.get(coin=coin) == Purse.objects.get(coin_id__in=[2]) == purse
    assert Purse.objects.get().coin == coin
    assert coin.purse_set.get() == purse
    coin.delete()
    assert not Coin.objects.exists()


class Like(Lookup):
    """Adds to its value when it is prepared, and so shows how often that happens."""

    lookup_name = "like"

    def get_prep_lookup(self) -> Any:
        return f"{super().get_prep_lookup()}%"

    def as_sql(self, compiler: Any, connection: Any) -> Sql:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right}", (*left_params, *right_params)


class Of(In):
    """Takes names in one text."""

    lookup_name = "of"

    def get_prep_lookup(self) -> Any:
        self.rhs = self.rhs.split()
        return super().get_prep_lookup()


class Lasts(Lookup):
    lookup_name = "lasts"

    def as_sql(self, compiler: Any, connection: Any) -> Sql:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = {right}", (*left_params, *right_params)


@pytest.fixture
def lookups() -> Any:
    """Register the lookups of this page."""
    registered = [(models.CharField, Like), (models.CharField, Of), (models.DurationField, Lasts)]
    for where, lookup in registered:
        where.register_lookup(lookup)
    yield
    for where, lookup in registered:
        where._unregister_lookup(lookup)


def test_get_prep_lookup_prepares_a_value_once(lookups: None) -> None:
    assert Item.objects.filter(name__like="t").exists()
    assert Item.objects.filter(Like(F("name"), "t")).exists()


def test_a_lookup_of_ours_may_be_extended_by_another_get_prep_lookup(lookups: None) -> None:
    assert Item.objects.filter(name__of="coffee tea").exists()
    assert not Item.objects.filter(name__of="coffee").exists()


def test_a_duration_is_sent_as_it_is_stored(lookups: None) -> None:
    assert Item.objects.filter(lasts__lasts=timedelta(seconds=5)).exists()
