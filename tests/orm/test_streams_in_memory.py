"""iterator() on a SQLite database in memory, which has one connection: the loop may need it."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from press import Tag

import raystack_orm
from raystack_orm import connections, transaction
from raystack_orm.configuration import Configuration, configured
from raystack_orm.database_url import parse_url


@pytest.fixture(autouse=True)
def memory() -> Iterator[None]:
    """A database in memory with ten tags, whose users wait 0.5 s for each other."""
    url = parse_url("sqlite://:memory:?timeout=0.5")
    with configured(Configuration({"default": url}, apps={"press": "press"}, configured=True)):
        raystack_orm.create_all([Tag])
        Tag.objects.bulk_create([Tag(name=f"tag {number}") for number in range(10)])
        yield
        connections.close_all()


def test_a_loop_asks_and_writes() -> None:
    for tag in Tag.objects.iterator(chunk_size=3):
        assert Tag.objects.filter(pk=tag.pk).exists()
        tag.name = tag.name.upper()
        tag.save()

    assert Tag.objects.filter(name__startswith="TAG").count() == 10


def test_a_loop_inside_of_a_block_writes() -> None:
    with transaction.atomic():
        for tag in Tag.objects.iterator(chunk_size=3):
            with transaction.atomic():
                Tag.objects.filter(pk=tag.pk).update(name=f"new {tag.pk}")

    assert Tag.objects.filter(name__startswith="new").count() == 10


def test_a_loop_that_pauses_keeps_no_other_thread_waiting() -> None:
    names = Tag.objects.order_by("name").values_list("name", flat=True).iterator(chunk_size=3)
    first = next(names)
    counted: list[int] = []
    thread = threading.Thread(target=lambda: counted.append(Tag.objects.count()))
    thread.start()
    thread.join()

    assert (first, counted, len(list(names))) == ("tag 0", [10], 9)


def test_an_asynchronous_loop_asks_and_writes() -> None:
    async def rename() -> int:
        async for tag in Tag.objects.aiterator(chunk_size=3):
            assert await Tag.objects.filter(pk=tag.pk).aexists()
            tag.name = tag.name.upper()
            await tag.asave()
        async with transaction.atomic():
            async for tag in Tag.objects.aiterator(chunk_size=3):
                await Tag.objects.filter(pk=tag.pk).aupdate(name=f"{tag.name}!")
        return await Tag.objects.filter(name__endswith="!").acount()

    assert asyncio.run(rename()) == 10


def test_an_asynchronous_loop_that_pauses_keeps_nobody_waiting() -> None:
    async def write_beside() -> tuple[str, int]:
        tags = aiter(Tag.objects.order_by("name").aiterator(chunk_size=3))
        first = await anext(tags)
        await asyncio.gather(*(Tag.objects.acreate(name=f"more {number}") for number in range(3)))
        async with transaction.atomic():
            await Tag.objects.filter(pk=first.pk).aupdate(name="tag 0!")
        return first.name, len([tag async for tag in tags])

    assert asyncio.run(write_beside()) == ("tag 0", 9)
    assert Tag.objects.count() == 13


def test_a_loop_over_raw_rows_writes() -> None:
    for tag in Tag.objects.raw("SELECT id, name FROM press_tag").iterator():
        Tag.objects.filter(pk=tag.pk).update(name=f"raw {tag.pk}")

    assert Tag.objects.filter(name__startswith="raw").count() == 10
