"""A model with each kind of field that the press has no use for, and some custom ones."""

import json
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import String
from sqlalchemy.types import TypeEngine

from raystack_orm import ValidationError, models


class Hand(NamedTuple):
    """A hand of cards, as in Django's how-to."""

    north: str
    east: str


def parse_hand(text: str) -> Hand:
    north, found, east = text.partition("|")
    if not found:
        raise ValidationError("Invalid input for a Hand instance")
    return Hand(north, east)


class HandField(models.Field[Hand]):
    """Stored as text that db_type() names, as in Django's how-to."""

    description = "A hand of cards (bridge style)"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 104
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def db_type(self, connection: Any) -> str:
        return "varchar(104)" if connection.vendor == "mysql" else "text"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else parse_hand(value)

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, Hand) else parse_hand(value)

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else "|".join(value)

    def value_to_string(self, obj: Any) -> str:
        return str(self.get_prep_value(self.value_from_object(obj)))


class LikeTextField(models.Field[str]):
    """Stored like another field."""

    def get_internal_type(self) -> str:
        return "TextField"


class UpperField(models.CharField):
    """A built-in field that prepares its values otherwise."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return None if value is None else value.upper()


class CoreField(models.Field[str]):
    """Gives SQLAlchemy's type."""

    def sa_type(self) -> TypeEngine[Any]:
        return String(10)


class DecimalEncoder(json.JSONEncoder):
    def default(self, o: Any) -> Any:
        return {"decimal": str(o)} if isinstance(o, Decimal) else super().default(o)


class DecimalDecoder(json.JSONDecoder):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(object_hook=self.read, **kwargs)

    def read(self, made: dict[str, Any]) -> Any:
        return Decimal(made["decimal"]) if made.keys() == {"decimal"} else made


class Kinds(models.Model):
    duration = models.DurationField(null=True)
    address = models.GenericIPAddressField(null=True, unpack_ipv4=True)
    raw = models.BinaryField(null=True)
    tiny = models.PositiveSmallIntegerField(null=True)
    huge = models.PositiveBigIntegerField(null=True)
    clock = models.TimeField(null=True)
    moment = models.DateTimeField(null=True)
    exact = models.DecimalField(max_digits=20, decimal_places=10, null=True)
    plain = models.JSONField(null=True)
    encoded = models.JSONField(encoder=DecimalEncoder, decoder=DecimalDecoder, null=True)
    identity = models.UUIDField(null=True)
    long = models.TextField(null=True)
    name = models.CharField(max_length=40, default="x", db_comment="What it is called")
    counted = models.IntegerField(db_default=7)
    hand = HandField(null=True)
    like_text = LikeTextField(null=True)
    upper = UpperField(max_length=10, null=True)
    core = CoreField(null=True)

    class Meta:
        app_label = "kinds"


class Purchase(models.Model):
    pk = models.CompositePrimaryKey("shop", "number")
    shop = models.IntegerField()
    number = models.IntegerField()
    what = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "kinds"
