"""What writes a row again and again is kept, and does no more than a save by itself would."""

import asyncio
from typing import Any

import pytest

from raystack_orm import models, transaction
from raystack_orm.databases import connections
from raystack_orm.models import Value
from raystack_orm.models.functions import Lower


class Counted(models.IntegerField):
    """A field that counts how often it is asked for its value."""

    asked = 0

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        type(self).asked += 1
        setattr(model_instance, self.attname, self.asked)
        return self.asked


class Ticket(models.Model):
    number = Counted(default=0)
    name = models.CharField(max_length=20)
    other = Counted(default=0)


@pytest.fixture(autouse=True)
def from_zero(db: str) -> None:
    Counted.asked = 0


def test_pre_save_is_called_once_for_each_field_and_save() -> None:
    """With plain values and with expressions, which take another way."""
    Ticket.objects.create(name="x")
    assert Counted.asked == 2

    ticket = Ticket.objects.create(name=Lower(Value("X")))
    assert Counted.asked == 4
    ticket.name = Lower(Value("Y"))
    ticket.save()
    assert Counted.asked == 6
    ticket.refresh_from_db()
    assert (ticket.number, ticket.name, ticket.other) == (5, "y", 6)


def test_pre_save_is_called_once_for_each_row_of_bulk_create() -> None:
    """Whatever stands in the rows beside it."""
    Ticket.objects.bulk_create([Ticket(name="a"), Ticket(name=Lower(Value("B"))), Ticket(name="c")])

    assert Counted.asked == 6
    names = Ticket.objects.order_by("number").values_list("name", "number", "other")
    assert list(names) == [("a", 1, 2), ("b", 3, 4), ("c", 5, 6)]


async def _requests(number: int) -> None:
    for _ in range(number):
        with connections.lending("default"):
            async with transaction.atomic():
                await Ticket.objects.acreate(name="x")


def test_requests_share_what_writes_a_row() -> None:
    """Each lends its connection, and so has a driver of its own."""
    asyncio.run(_requests(1))
    known = dict(Ticket._meta.row_writers)

    asyncio.run(_requests(3))

    assert Ticket._meta.row_writers == known
