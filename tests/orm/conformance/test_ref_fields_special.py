"""Fields with a will of their own: keys, clocks, generated columns, JSON, composite keys.

https://docs.djangoproject.com/en/stable/ref/models/fields/#field-types
"""

import datetime as dt
import json
import uuid
from decimal import Decimal
from typing import Any

import pytest

from raystack_orm import FieldFetchBlocked, IntegrityError, models, transaction
from raystack_orm.models import F
from raystack_orm.models.functions import Concat, Upper
from raystack_orm.testing import assert_num_queries


class DecimalEncoder(json.JSONEncoder):
    def default(self, o: Any) -> Any:
        return f"d:{o}" if isinstance(o, Decimal) else super().default(o)


class DecimalDecoder(json.JSONDecoder):
    def __init__(self, **options: Any) -> None:
        super().__init__(object_hook=self.read, **options)

    def read(self, found: dict[str, Any]) -> dict[str, Any]:
        return {k: Decimal(v[2:]) if str(v).startswith("d:") else v for k, v in found.items()}


def contact() -> dict[str, str]:
    return {"email": "to1@example.com"}


class Clock(models.Model):
    name = models.CharField(max_length=5)
    made = models.DateTimeField(auto_now_add=True)
    made_on = models.DateField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)
    changed_at = models.TimeField(auto_now=True)

    class Meta:
        app_label = "c1_special"


class Square(models.Model):
    side = models.IntegerField()
    area = models.GeneratedField(
        expression=F("side") * F("side"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        app_label = "c1_special"


class Label(models.Model):
    first = models.CharField(max_length=10)
    last = models.CharField(max_length=10)
    whole = models.GeneratedField(
        expression=Concat("first", models.Value(" "), "last"),
        output_field=models.CharField(max_length=30),
        db_persist=True,
    )
    loud = models.GeneratedField(
        expression=Upper("first"), output_field=models.CharField(max_length=10), db_persist=True
    )

    class Meta:
        app_label = "c1_special"


class Shipment(models.Model):
    data = models.JSONField(encoder=DecimalEncoder, decoder=DecimalDecoder, default=dict)
    plain = models.JSONField(default=contact)
    maybe = models.JSONField(null=True)

    class Meta:
        app_label = "c1_special"


class LineItem(models.Model):
    pk = models.CompositePrimaryKey("order_id", "product")
    order_id = models.IntegerField()
    product = models.CharField(max_length=20)
    quantity = models.IntegerField(default=1)

    class Meta:
        app_label = "c1_special"


class SmallKey(models.Model):
    id = models.SmallAutoField(primary_key=True)

    class Meta:
        app_label = "c1_special"


class AutoKey(models.Model):
    id = models.AutoField(primary_key=True)

    class Meta:
        app_label = "c1_special"


class UuidKey(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        app_label = "c1_special"


@pytest.mark.parametrize("model", [SmallKey, AutoKey, Clock])
def test_automatic_keys_count_up(db: str, model: Any) -> None:
    first, second = model.objects.create(), model.objects.create()
    assert isinstance(first.pk, int)
    assert second.pk > first.pk


def test_the_automatic_key_is_a_big_auto_field() -> None:
    assert type(Clock._meta.pk) is models.BigAutoField


def test_a_uuid_key_is_there_before_saving(db: str) -> None:
    made = UuidKey()
    assert isinstance(made.pk, uuid.UUID)
    made.save()
    assert UuidKey.objects.get(pk=str(made.pk)) == made


def test_auto_now_add_is_the_time_of_creation(db: str) -> None:
    before = dt.datetime.now(dt.UTC)
    clock = Clock.objects.create(name="a", made=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    assert before <= clock.made <= dt.datetime.now(dt.UTC)
    made = clock.made
    clock.save()
    assert clock.made == made


def test_auto_now_add_of_a_date(db: str) -> None:
    assert Clock.objects.create(name="a").made_on in {
        dt.datetime.now(dt.UTC).date(),
        dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1),
    }


def test_auto_now_is_the_time_of_the_last_save(db: str) -> None:
    clock = Clock.objects.create(name="a")
    before = clock.changed
    clock.save()
    assert clock.changed > before
    assert isinstance(clock.changed_at, dt.time)


def test_update_does_not_touch_auto_now(db: str) -> None:
    clock = Clock.objects.create(name="a")
    Clock.objects.update(name="b")
    assert Clock.objects.get().changed == clock.changed


def test_update_may_set_an_auto_now_field(db: str) -> None:
    moment = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    Clock.objects.create(name="a")
    Clock.objects.update(changed=moment)
    assert Clock.objects.get().changed == moment


def test_auto_now_makes_a_field_blank_and_not_editable() -> None:
    for name in ("made", "changed"):
        field = Clock._meta.get_field(name)
        assert (field.editable, field.blank) == (False, True)


def test_aware_datetimes_are_stored_as_one_instant(db: str) -> None:
    zone = dt.timezone(dt.timedelta(hours=5))
    clock = Clock.objects.create(name="a")
    Clock.objects.update(changed=dt.datetime(2024, 1, 1, 3, tzinfo=zone))
    clock.refresh_from_db()
    assert clock.changed == dt.datetime(2023, 12, 31, 22, tzinfo=dt.UTC)
    assert clock.changed.utcoffset() == dt.timedelta(0)


def test_a_generated_field_is_computed_by_the_database(db: str) -> None:
    square = Square.objects.create(side=3)
    assert square.area == 9
    square.side = 4
    square.save()
    square.refresh_from_db()
    assert square.area == 16


def test_what_an_update_computes_is_loaded_when_it_is_read(db: str) -> None:
    """Where UPDATE returns nothing, whatever the fetch mode says of what was deferred."""
    made = Square.objects.create(side=3)
    square = Square.objects.fetch_mode(models.FETCH_RAISE).get()

    square.side = 4
    with assert_num_queries(1):
        square.save()
    with assert_num_queries(1 if db == "mysql" else 0):
        assert square.area == 16
    square.side = F("side") + 1
    square.save()
    assert (square.side, square.area) == (5, 25)
    with pytest.raises(FieldFetchBlocked):
        _ = Square.objects.fetch_mode(models.FETCH_RAISE).defer("area").get(pk=made.pk).area


def test_an_asynchronous_update_loads_what_it_computes(db: str, run: Any) -> None:
    """There, reading an attribute cannot ask the database."""

    async def change() -> Square:
        square = await Square.objects.acreate(side=3)
        square.side = 4
        with assert_num_queries(2 if db == "mysql" else 1):
            await square.asave()
        assert square.area == 16
        square.side = F("side") + 1
        await square.asave()
        return square

    square = run(change())
    with assert_num_queries(0):
        assert (square.side, square.area) == (5, 25)


@pytest.mark.parametrize("colour", ["sync", "async"])
def test_an_updated_object_with_a_generated_field_is_a_response(
    db: str, run: Any, colour: str
) -> None:
    """A schema loads nothing that was deferred, but nobody deferred this."""
    square = Square.objects.create(side=3)
    square.side = 4
    if colour == "sync":
        square.save()
    else:
        run(square.asave())

    read: Any = Square.schema().model_validate(square)
    assert (read.side, read.area) == (4, 16)


def test_a_generated_field_can_be_filtered_and_sorted(db: str) -> None:
    for side in (3, 1, 2):
        Square.objects.create(side=side)
    found = Square.objects.filter(area__gt=1).order_by("area")
    assert [square.side for square in found] == [2, 3]


def test_a_generated_field_may_be_text(db: str) -> None:
    label = Label.objects.create(first="ann", last="lee")
    label.refresh_from_db()
    assert (label.whole, label.loud) == ("ann lee", "ANN")


def test_a_value_given_to_a_generated_field_is_not_written(db: str) -> None:
    square = Square.objects.create(side=3)
    square.area = 100
    square.save()
    assert Square.objects.get().area == 9


def test_a_generated_field_is_not_editable_and_needs_no_value() -> None:
    field = Square._meta.get_field("area")
    assert field.editable is False
    assert field.db_persist is True
    Square(side=2).clean_fields()


def test_the_value_of_an_unsaved_generated_field_is_missing() -> None:
    with pytest.raises(AttributeError):
        Square(side=2).area  # noqa: B018 - reading it is what is refused


def test_bulk_create_leaves_generated_fields_out(db: str) -> None:
    Square.objects.bulk_create([Square(side=2), Square(side=5)])
    assert sorted(Square.objects.values_list("area", flat=True)) == [4, 25]


def test_generated_fields_with_force_insert_cost_one_query(db: str) -> None:
    with assert_num_queries(1):
        Square.objects.create(side=3)


def test_json_takes_an_encoder_and_a_decoder(db: str) -> None:
    Shipment.objects.create(data={"weight": Decimal("1.50")})
    assert Shipment.objects.get().data == {"weight": Decimal("1.50")}


def test_a_json_default_is_fresh_each_time() -> None:
    first, second = Shipment(), Shipment()
    first.plain["email"] = "x"
    assert second.plain == {"email": "to1@example.com"}


def test_json_null_is_told_from_sql_null(db: str) -> None:
    Shipment.objects.create(maybe=None)
    Shipment.objects.create(maybe=models.JSONNull())
    assert Shipment.objects.filter(maybe__isnull=True).count() == 1
    assert Shipment.objects.filter(maybe=models.JSONNull()).count() == 1
    assert [s.maybe for s in Shipment.objects.all()] == [None, None]


def test_the_composite_key_is_a_tuple(db: str) -> None:
    item = LineItem.objects.create(order_id=1, product="A755H")
    assert item.pk == (1, "A755H")
    assert LineItem.objects.get(pk=(1, "A755H")) == item
    assert LineItem.objects.filter(pk__in=[(1, "A755H"), (2, "x")]).count() == 1


def test_assigning_the_composite_key_sets_its_fields() -> None:
    item = LineItem(pk=(2, "B142C"))
    assert (item.order_id, item.product) == (2, "B142C")
    item.pk = (3, "x")
    assert (item.order_id, item.product) == (3, "x")


def test_a_composite_key_is_set_when_all_its_fields_are() -> None:
    assert LineItem(product="a")._is_pk_set() is False
    assert LineItem(order_id=1, product="a")._is_pk_set() is True


def test_a_composite_key_is_unique(db: str) -> None:
    LineItem.objects.create(order_id=1, product="a")
    LineItem.objects.create(order_id=1, product="b")
    with pytest.raises(IntegrityError), transaction.atomic():
        LineItem.objects.create(order_id=1, product="a")


def test_saving_deleting_and_sorting_by_a_composite_key(db: str) -> None:
    item = LineItem.objects.create(order_id=2, product="a")
    LineItem.objects.create(order_id=1, product="z")
    item.quantity = 5
    item.save()
    assert [i.pk for i in LineItem.objects.order_by("pk")] == [(1, "z"), (2, "a")]
    assert LineItem.objects.get(pk=(2, "a")).quantity == 5
    assert item.delete()[0] == 1


def test_update_passes_over_what_the_database_computes(db: str) -> None:
    square = Square.objects.create(side=3)
    with assert_num_queries(0):
        assert Square.objects.update(area=1) == 0
    assert Square.objects.bulk_update([square], ["area"]) == 0
    assert Square.objects.update(side=4, area=1) == 1
    assert Square.objects.get().area == 16
