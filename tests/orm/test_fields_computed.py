"""Values that the database makes: generated columns, defaults, keys of several columns."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from kinds import Purchase

from raystack_orm import IntegrityError, create_all, drop_all, models
from raystack_orm.configuration import Configuration, configured
from raystack_orm.models import F, Value


class Order(models.Model):
    price = models.DecimalField(max_digits=8, decimal_places=2)
    number = models.IntegerField(db_default=1)
    state = models.CharField(max_length=10, db_default="new")
    open = models.BooleanField(db_default=True)
    doubled = models.IntegerField(db_default=Value(2) + Value(3))
    total = models.GeneratedField(
        expression=F("price") * F("number"),
        output_field=models.DecimalField(max_digits=12, decimal_places=2),
        db_persist=True,
    )

    class Meta:
        app_label = "orders"


MODELS = [Order, Purchase]


@pytest.fixture(scope="module", autouse=True)
def tables(database: Configuration) -> Iterator[None]:
    with configured(database):
        create_all(MODELS)
        yield
        drop_all(MODELS)


def test_the_database_sets_its_defaults(db: str) -> None:
    """A new object has them once it is saved."""
    made = Order(price=Decimal(2))
    made.save()

    made.refresh_from_db()
    assert (made.number, made.state, made.open, made.doubled) == (1, "new", True, 5)
    given = Order.objects.create(price=1, number=3, open=False)
    given.refresh_from_db()
    assert (given.number, given.open) == (3, False)


def test_a_generated_value_follows_the_row(db: str) -> None:
    """It is there after saving, cannot be set, and filters find it."""
    made = Order.objects.create(price=Decimal("1.50"), number=4)

    made.refresh_from_db()
    assert made.total == Decimal("6.00")
    assert Order.objects.filter(total=6).count() == 1
    made.number = 2
    made.save()
    assert Order.objects.get().total == Decimal("3.00")
    assert Order._meta.get_field("total").referenced_fields == {
        Order._meta.get_field("price"),
        Order._meta.get_field("number"),
    }


def test_a_key_of_several_columns_is_unique(db: str) -> None:
    """Its parts alone are not."""
    Purchase.objects.create(shop=1, number=1, what="a")
    Purchase.objects.create(shop=1, number=2, what="b")

    assert Purchase.objects.filter(shop=1).count() == 2
    with pytest.raises(IntegrityError):
        Purchase.objects.create(shop=1, number=1)


def test_a_default_of_the_database_is_compared_as_its_value(db: str) -> None:
    """In a condition the word DEFAULT would mean nothing, so the default itself stands there."""
    Order.objects.create(price=Decimal("1.00"))
    Order.objects.create(price=Decimal("1.00"), number=2)

    assert Order.objects.filter(number=Order(price=1).number).count() == 1
