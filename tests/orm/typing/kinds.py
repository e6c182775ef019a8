"""Checked by mypy in test_typing.py: each kind of field has its Python type."""

import datetime as dt
from decimal import Decimal
from enum import auto
from typing import Any, Literal, assert_type
from uuid import UUID

from raystack_orm import models
from raystack_orm.files import ContentFile
from raystack_orm.postgres import fields


class Colour(models.TextChoices):
    RED = "r", "Red"
    BLUE = auto()


class Money(models.Field[Decimal]):
    """A custom field."""


class MaybeMoney(models.Field[Decimal, Literal[True]]):
    """A custom field that may be null."""


class Kinds(models.Model):
    key = models.BigAutoField("Key", primary_key=True)
    small = models.SmallIntegerField("Small", "small", default=1)
    maybe_small = models.PositiveSmallIntegerField(null=True)
    flag = models.BooleanField("Flag", null=False)
    maybe_flag = models.BooleanField(null=True, db_default=True)
    name = models.CharField("Name", max_length=10, db_collation="C", choices=Colour)
    maybe_slug = models.SlugField(allow_unicode=True, null=True)
    address = models.GenericIPAddressField(protocol="IPv4")
    maybe_address = models.GenericIPAddressField(null=True)
    duration = models.DurationField()
    maybe_duration = models.DurationField(null=True)
    clock = models.TimeField("Clock", auto_now=True)
    moment = models.DateTimeField(auto_now=True, null=True)
    raw = models.BinaryField(max_length=3)
    maybe_raw = models.BinaryField(null=True, editable=True)
    price = models.DecimalField("Price", "price", 5, 2)
    maybe_key = models.UUIDField(null=True, default=None)
    path = models.FilePathField(path="/etc")
    file = models.FileField(upload_to="docs")
    picture = models.ImageField("Picture", width_field="small")
    data = models.JSONField(null=True, default=dict)
    total = models.GeneratedField(
        expression=models.F("small") * 2, output_field=models.IntegerField(), db_persist=True
    )
    tags = fields.ArrayField(models.CharField(max_length=5), size=3)
    maybe_tags = fields.ArrayField(models.IntegerField(), null=True)
    words = fields.HStoreField()
    money = Money()
    maybe_money = MaybeMoney(null=True)


def reads(kinds: Kinds) -> None:
    assert_type(kinds.key, int)
    assert_type(kinds.small, int)
    assert_type(kinds.maybe_small, int | None)
    assert_type(kinds.flag, bool)
    assert_type(kinds.maybe_flag, bool | None)
    assert_type(kinds.name, str)
    assert_type(kinds.maybe_slug, str | None)
    assert_type(kinds.address, str)
    assert_type(kinds.maybe_address, str | None)
    assert_type(kinds.duration, dt.timedelta)
    assert_type(kinds.maybe_duration, dt.timedelta | None)
    assert_type(kinds.clock, dt.time)
    assert_type(kinds.moment, dt.datetime | None)
    assert_type(kinds.raw, bytes)
    assert_type(kinds.maybe_raw, bytes | None)
    assert_type(kinds.price, Decimal)
    assert_type(kinds.maybe_key, UUID | None)
    assert_type(kinds.path, str)
    assert_type(kinds.file, models.FieldFile)
    assert_type(kinds.file.url, str)
    assert_type(kinds.data, Any)
    assert_type(kinds.total, Any)
    assert_type(kinds.tags, list[Any])
    assert_type(kinds.maybe_tags, list[Any] | None)
    assert_type(kinds.words, dict[str, str | None])
    assert_type(kinds.money, Decimal)
    assert_type(kinds.maybe_money, Decimal | None)
    assert_type(Colour.RED.label, str)
    assert_type(Colour.values, list[Any])


def writes(kinds: Kinds) -> None:
    kinds.maybe_small = None
    kinds.file = ContentFile(b"x", "name")
    kinds.file = "name"
    kinds.small = None  # error: Incompatible types in assignment
    kinds.raw = "text"  # error: Incompatible types in assignment
    kinds.duration = 3  # error: Incompatible types in assignment
    kinds.maybe_money = 3  # error: Incompatible types in assignment


models.IntegerField(max=3)  # error: Unexpected keyword argument "max"
models.CharField(max_length="3")  # error: Argument "max_length" to "CharField"
models.DateField(auto_now="yes")  # error: Argument "auto_now" to "DateField"
models.FileField(upload_to=3)  # error: Argument "upload_to" to "FileField"
