"""Checked by test_typing.py: each kind of field has its Python type."""
# pyright: strict

import datetime as dt
from decimal import Decimal
from enum import auto
from typing import Any, Literal, assert_type
from uuid import UUID

from raystack_orm import models
from raystack_orm.files import ContentFile
from raystack_orm.models.functions import Lower, Now
from raystack_orm.postgres import fields


class Colour(models.TextChoices):
    RED = "r", "Red"
    BLUE = auto()


class Money(models.Field[Decimal]):
    """A custom field."""


class MaybeMoney(models.Field[Decimal, Literal[True]]):
    """A custom field that may be null."""


class Keyed(models.Model):
    id = models.UUIDField(primary_key=True)


class Told(models.Model):
    id: int


class Counted(models.Model):
    key = models.AutoField("Key", primary_key=True)


class Numbers(models.Model):
    key = models.BigAutoField("Key", primary_key=True)
    small_key = models.SmallAutoField(primary_key=True)
    number = models.IntegerField("Number", default=1)
    maybe_number = models.IntegerField(null=True)
    big = models.BigIntegerField()
    maybe_big = models.BigIntegerField(null=True)
    small = models.SmallIntegerField("Small", "small", default=1)
    maybe_small = models.SmallIntegerField(null=True)
    positive = models.PositiveIntegerField()
    maybe_positive = models.PositiveIntegerField(null=True)
    positive_big = models.PositiveBigIntegerField()
    maybe_positive_big = models.PositiveBigIntegerField(null=True)
    positive_small = models.PositiveSmallIntegerField()
    maybe_positive_small = models.PositiveSmallIntegerField(null=True)
    ratio = models.FloatField()
    maybe_ratio = models.FloatField(null=True)
    price = models.DecimalField("Price", "price", 5, 2)
    maybe_price = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    flag = models.BooleanField("Flag", null=False)
    maybe_flag = models.BooleanField(null=True, db_default=True)


class Texts(models.Model):
    name = models.CharField("Name", max_length=10, db_collation="C", choices=Colour)
    maybe_name = models.CharField(max_length=10, null=True)
    text = models.TextField(blank=True)
    maybe_text = models.TextField(null=True)
    slug = models.SlugField()
    maybe_slug = models.SlugField(allow_unicode=True, null=True)
    email = models.EmailField(unique=True)
    maybe_email = models.EmailField(null=True)
    url = models.URLField()
    maybe_url = models.URLField(null=True)
    address = models.GenericIPAddressField(protocol="IPv4")
    maybe_address = models.GenericIPAddressField(null=True)
    path = models.FilePathField(path="/etc")
    maybe_path = models.FilePathField(path="/etc", null=True)


class Times(models.Model):
    day = models.DateField()
    maybe_day = models.DateField(null=True)
    moment = models.DateTimeField(auto_now_add=True)
    maybe_moment = models.DateTimeField(auto_now=True, null=True)
    clock = models.TimeField("Clock", auto_now=True)
    maybe_clock = models.TimeField(null=True)
    duration = models.DurationField()
    maybe_duration = models.DurationField(null=True)


class Others(models.Model):
    raw = models.BinaryField(max_length=3)
    maybe_raw = models.BinaryField(null=True, editable=True)
    key = models.UUIDField()
    maybe_key = models.UUIDField(null=True, default=None)
    data = models.JSONField(null=True, default=dict)
    file = models.FileField(upload_to="docs")
    picture = models.ImageField("Picture", width_field="small")
    total = models.GeneratedField(
        expression=models.F("small") * 2, output_field=models.IntegerField(), db_persist=True
    )
    tags = fields.ArrayField(models.CharField(max_length=5), size=3)
    maybe_tags = fields.ArrayField(models.IntegerField(), null=True)
    words = fields.HStoreField()
    maybe_words = fields.HStoreField(null=True)
    money = Money()
    maybe_money = MaybeMoney(null=True)


class Pair(models.Model):
    pk = models.CompositePrimaryKey("left", "right")
    left = models.IntegerField()
    right = models.IntegerField()


def keys() -> None:
    assert_type(Keyed().id, UUID)
    assert_type(Told().id, int)
    assert_type(Texts().id, Any)
    assert_type(Counted().key, int)
    assert_type(Pair().pk, tuple[Any, ...])


def numbers(row: Numbers) -> None:
    assert_type(row.key, int)
    assert_type(row.small_key, int)
    assert_type(row.number, int)
    assert_type(row.maybe_number, int | None)
    assert_type(row.big, int)
    assert_type(row.maybe_big, int | None)
    assert_type(row.small, int)
    assert_type(row.maybe_small, int | None)
    assert_type(row.positive, int)
    assert_type(row.maybe_positive, int | None)
    assert_type(row.positive_big, int)
    assert_type(row.maybe_positive_big, int | None)
    assert_type(row.positive_small, int)
    assert_type(row.maybe_positive_small, int | None)
    assert_type(row.ratio, float)
    assert_type(row.maybe_ratio, float | None)
    assert_type(row.price, Decimal)
    assert_type(row.maybe_price, Decimal | None)
    assert_type(row.flag, bool)
    assert_type(row.maybe_flag, bool | None)


def texts(row: Texts) -> None:
    assert_type(row.name, str)
    assert_type(row.maybe_name, str | None)
    assert_type(row.text, str)
    assert_type(row.maybe_text, str | None)
    assert_type(row.slug, str)
    assert_type(row.maybe_slug, str | None)
    assert_type(row.email, str)
    assert_type(row.maybe_email, str | None)
    assert_type(row.url, str)
    assert_type(row.maybe_url, str | None)
    assert_type(row.address, str)
    assert_type(row.maybe_address, str | None)
    assert_type(row.path, str)
    assert_type(row.maybe_path, str | None)


def times(row: Times) -> None:
    assert_type(row.day, dt.date)
    assert_type(row.maybe_day, dt.date | None)
    assert_type(row.moment, dt.datetime)
    assert_type(row.maybe_moment, dt.datetime | None)
    assert_type(row.clock, dt.time)
    assert_type(row.maybe_clock, dt.time | None)
    assert_type(row.duration, dt.timedelta)
    assert_type(row.maybe_duration, dt.timedelta | None)


def others(row: Others) -> None:
    assert_type(row.raw, bytes)
    assert_type(row.maybe_raw, bytes | None)
    assert_type(row.key, UUID)
    assert_type(row.maybe_key, UUID | None)
    assert_type(row.data, Any)
    assert_type(row.file, models.FieldFile)
    assert_type(row.file.url, str)
    assert_type(row.picture.url, str)
    assert_type(row.total, Any)
    assert_type(row.tags, list[Any])
    assert_type(row.maybe_tags, list[Any] | None)
    assert_type(row.words, dict[str, str | None])
    assert_type(row.maybe_words, dict[str, str | None] | None)
    assert_type(row.money, Decimal)
    assert_type(row.maybe_money, Decimal | None)


def choices() -> None:
    assert_type(Colour.RED.label, str)
    assert_type(Colour.values, list[Any])


def narrowing(row: Numbers) -> None:
    if row.maybe_number is not None:
        assert_type(row.maybe_number, int)


def writes(numbers: Numbers, texts: Texts, times: Times, others: Others) -> None:
    """A field takes its type, ``None`` where it may be null, and expressions."""
    numbers.number = 3
    numbers.maybe_number = None
    numbers.number = models.F("number") + 1
    numbers.number = models.F("big")
    numbers.ratio = 3
    numbers.price = Decimal(3)
    texts.name = Colour.RED
    texts.text = Lower("name")
    times.moment = Now()
    others.file = ContentFile(b"x", "name")
    others.file = "name"
    others.data = {"any": ["value"]}


def mistakes(numbers: Numbers, texts: Texts, times: Times, others: Others) -> None:
    numbers.number = None  # error: assignment reportAttributeAccessIssue
    numbers.number = "many"  # error: assignment reportAttributeAccessIssue
    numbers.maybe_number = "many"  # error: assignment reportAttributeAccessIssue
    numbers.price = 0.5  # error: assignment reportAttributeAccessIssue
    numbers.flag = None  # error: assignment reportAttributeAccessIssue
    texts.name = None  # error: assignment reportAttributeAccessIssue
    texts.maybe_text = 3  # error: assignment reportAttributeAccessIssue
    times.day = "2024-01-01"  # error: assignment reportAttributeAccessIssue
    times.moment = dt.date(2024, 1, 1)  # error: assignment reportAttributeAccessIssue
    times.duration = 3  # error: assignment reportAttributeAccessIssue
    others.raw = "text"  # error: assignment reportAttributeAccessIssue
    others.key = "text"  # error: assignment reportAttributeAccessIssue
    others.file = 3  # error: assignment reportAttributeAccessIssue
    others.maybe_money = 3  # error: assignment reportAttributeAccessIssue
    print(texts.nothing)  # error: attr-defined reportAttributeAccessIssue
    print(numbers.maybe_number + 1)  # error: operator reportOptionalOperand


models.IntegerField(max=3)  # error: call-arg reportCallIssue
models.CharField(max_length="3")  # error: arg-type reportArgumentType
models.DateField(auto_now="yes")  # error: arg-type reportArgumentType
models.FileField(upload_to=3)  # error: arg-type reportArgumentType
models.IntegerField(null="yes")  # error: type-var reportArgumentType
