"""The asynchronous twins of the methods that run queries.

https://docs.djangoproject.com/en/stable/topics/async/#queries-the-orm
"""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models import Count, F, Prefetch, aprefetch_related_objects
from raystack_orm.testing import assert_num_queries

Run = Callable[[Coroutine[Any, Any, Any]], Any]


class Captain(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_async"


class Ship(models.Model):
    name = models.CharField(max_length=20, unique=True)
    tons = models.IntegerField(default=0)
    captain = models.ForeignKey(Captain, models.CASCADE, null=True, related_name="ships")
    ports = models.ManyToManyField("Port", related_name="ships")

    class Meta:
        app_label = "conf_async"
        ordering = ("name",)
        get_latest_by = "tons"


class Port(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_async"
        ordering = ("name",)


@pytest.fixture(autouse=True)
def ships(db: str) -> None:
    """Three ships, one with a captain and a port."""
    for tons, name in enumerate(["ark", "bounty", "calypso"], 1):
        Ship.objects.create(name=name, tons=tons)
    ark = Ship.objects.get(name="ark")
    ark.captain = Captain.objects.create(name="noah")
    ark.save()
    ark.ports.add(Port.objects.create(name="ararat"))


def names(found: Any) -> str:
    return "".join(ship.name[0] for ship in found)


def test_async_for_reads_and_fills_the_cache(run: Run) -> None:
    async def main() -> None:
        found = Ship.objects.all()
        assert names([ship async for ship in found]) == "abc"
        with assert_num_queries(0):
            assert names([ship async for ship in found]) == "abc"
            assert len(found) == 3

    run(main())


def test_async_for_over_values_slices_and_unions(run: Run) -> None:
    async def main() -> None:
        values = Ship.objects.values_list("name", flat=True)
        assert [name async for name in values] == ["ark", "bounty", "calypso"]
        assert names([ship async for ship in Ship.objects.all()[1:]]) == "bc"
        one, two = (Ship.objects.filter(tons=tons).order_by() for tons in (1, 2))
        both = one.union(two).order_by("name")
        assert names([ship async for ship in both]) == "ab"

    run(main())


def test_async_for_prefetches(run: Run) -> None:
    async def main() -> None:
        with assert_num_queries(2):
            found = [ship async for ship in Ship.objects.prefetch_related("ports")]
        with assert_num_queries(0):
            assert [port.name for port in found[0].ports.all()] == ["ararat"]

    run(main())


def test_aiterator_streams(run: Run) -> None:
    async def main() -> None:
        rows = Ship.objects.aiterator(chunk_size=2)
        assert isinstance(rows, AsyncIterator)
        assert names([ship async for ship in rows]) == "abc"
        prefetched = Ship.objects.prefetch_related("ports").aiterator(chunk_size=1)
        assert [len(ship.ports.all()) async for ship in prefetched] == [1, 0, 0]
        with pytest.raises(ValueError):
            [ship async for ship in Ship.objects.aiterator(chunk_size=0)]

    run(main())


def test_aget(run: Run) -> None:
    async def main() -> None:
        assert (await Ship.objects.aget(name="ark")).tons == 1
        assert (await Ship.objects.filter(tons=2).aget()).name == "bounty"
        with pytest.raises(Ship.DoesNotExist):
            await Ship.objects.aget(name="nope")
        with pytest.raises(Ship.MultipleObjectsReturned):
            await Ship.objects.aget(tons__gt=1)

    run(main())


def test_acreate_aget_or_create_and_aupdate_or_create(run: Run) -> None:
    async def main() -> None:
        dory = await Ship.objects.acreate(name="dory", tons=4)
        assert dory.pk
        assert await Ship.objects.aget_or_create(name="dory") == (dory, False)
        erie, created = await Ship.objects.aget_or_create(name="erie", defaults={"tons": 5})
        assert (created, erie.tons) == (True, 5)
        erie, created = await Ship.objects.aupdate_or_create(
            name="erie", defaults={"tons": F("tons") + 1}
        )
        assert created is False
        assert (await Ship.objects.aget(name="erie")).tons == 6
        _, created = await Ship.objects.aupdate_or_create(
            name="flor", defaults={"tons": 1}, create_defaults={"tons": 7}
        )
        assert created
        assert (await Ship.objects.aget(name="flor")).tons == 7

    run(main())


def test_abulk_create_and_abulk_update(run: Run) -> None:
    async def main() -> None:
        made = await Ship.objects.abulk_create([Ship(name="x"), Ship(name="y")], batch_size=1)
        assert all(ship.pk for ship in made)
        made[0].tons = 10
        assert await Ship.objects.abulk_update(made, ["tons"]) == 2
        assert (await Ship.objects.aget(name="x")).tons == 10
        await Ship.objects.abulk_create([Ship(name="x"), Ship(name="z")], ignore_conflicts=True)
        assert await Ship.objects.acount() == 6

    run(main())


def test_acount_aexists_acontains(run: Run) -> None:
    async def main() -> None:
        assert await Ship.objects.acount() == 3
        assert await Ship.objects.filter(tons__gt=1).acount() == 2
        assert await Ship.objects.filter(tons=1).aexists()
        assert not await Ship.objects.filter(tons=9).aexists()
        ark = await Ship.objects.aget(name="ark")
        assert await Ship.objects.acontains(ark)
        assert not await Ship.objects.exclude(name="ark").acontains(ark)

    run(main())


def test_afirst_alast_alatest_aearliest(run: Run) -> None:
    async def main() -> None:
        first, last = await Ship.objects.afirst(), await Ship.objects.alast()
        assert (first.name, last.name) == ("ark", "calypso")
        assert await Ship.objects.filter(tons=9).afirst() is None
        assert await Ship.objects.filter(tons=9).alast() is None
        assert (await Ship.objects.alatest()).tons == 3
        assert (await Ship.objects.aearliest("-name")).name == "calypso"
        with pytest.raises(Ship.DoesNotExist):
            await Ship.objects.filter(tons=9).alatest()

    run(main())


def test_ain_bulk_aaggregate_aexplain(run: Run) -> None:
    async def main() -> None:
        ark = await Ship.objects.aget(name="ark")
        assert await Ship.objects.ain_bulk([ark.pk]) == {ark.pk: ark}
        assert set(await Ship.objects.ain_bulk(field_name="name")) == {"ark", "bounty", "calypso"}
        assert await Ship.objects.aaggregate(n=Count("pk")) == {"n": 3}
        assert isinstance(await Ship.objects.aexplain(), str)

    run(main())


def test_aupdate_and_adelete(run: Run) -> None:
    async def main() -> None:
        assert await Ship.objects.filter(tons__gt=1).aupdate(tons=F("tons") * 10) == 2
        assert (await Ship.objects.aget(name="calypso")).tons == 30
        assert (await Ship.objects.filter(name="calypso").adelete())[0] == 1
        assert await Ship.objects.acount() == 2

    run(main())


def test_refining_needs_no_await(run: Run) -> None:
    async def main() -> None:
        with assert_num_queries(0):
            found = Ship.objects.filter(tons__gt=1).exclude(name="x").order_by("-name")[:1]
        assert names([ship async for ship in found]) == "c"

    run(main())


def test_aprefetch_related_objects(run: Run) -> None:
    async def main() -> None:
        found = [ship async for ship in Ship.objects.all()]
        with assert_num_queries(2):
            await aprefetch_related_objects(found, "captain", Prefetch("ports", to_attr="docks"))
        with assert_num_queries(0):
            assert found[0].captain.name == "noah"
            assert [port.name for port in found[0].docks] == ["ararat"]
            assert found[1].captain is None

    run(main())


def test_related_managers_have_the_twins(run: Run) -> None:
    async def main() -> None:
        noah = await Captain.objects.aget()
        assert names([ship async for ship in noah.ships.all()]) == "a"
        assert await noah.ships.acount() == 1
        raft = await noah.ships.acreate(name="raft")
        assert await noah.ships.acontains(raft)
        ship, created = await noah.ships.aget_or_create(name="raft")
        assert (ship, created) == (raft, False)
        ship, _ = await noah.ships.aupdate_or_create(name="raft", defaults={"tons": 8})
        assert ship.tons == 8

    run(main())


def test_awaiting_methods_of_values(run: Run) -> None:
    async def main() -> None:
        assert await Ship.objects.values("name").afirst() == {"name": "ark"}
        assert await Ship.objects.values_list("name", flat=True).aget(tons=2) == "bounty"

    run(main())
