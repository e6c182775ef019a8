"""raystack shell --sandbox: what is done to the databases in it is undone when it ends."""

import sqlite3
from pathlib import Path

import pytest
from shop import Shop

from cli import Done

MODELS = """
from raystack_orm import models


class Loaf(models.Model):
    name = models.CharField(max_length=20, unique=True)
"""
BEGIN = "Sandbox: all changes will be undone when this shell ends.\n"
END = "Sandbox: all changes were undone.\n"


@pytest.fixture
def bakery(tmp_path: Path) -> Shop:
    """A project with two SQLite databases and a loaf in the first."""
    shop = Shop(tmp_path)
    shop.write(
        "config/settings.py",
        'INSTALLED_APPS = ["bakery"]\n'
        'DATABASES = {"default": "sqlite:///bread.db", "other": "sqlite:///other.db"}\n',
    )
    shop.write("bakery/__init__.py", "")
    shop.write("bakery/models.py", MODELS)
    for database in ("default", "other"):
        assert shop.run("migrate", "--database", database).code == 0
    assert shop.run("shell", "-c", "Loaf.objects.create(name='rye')").code == 0
    return shop


def loaves(bakery: Shop, database: str = "bread.db") -> list[str]:
    """Return what is in a database, asked by a program that knows nothing of the sandbox."""
    connection = sqlite3.connect(bakery.root / database)
    try:
        return [name for (name,) in connection.execute("SELECT name FROM bakery_loaf")]
    finally:
        connection.close()


def sandbox(bakery: Shop, code: str) -> Done:
    """Run code in a sandboxed shell."""
    return bakery.run("shell", "--sandbox", "-c", code)


def test_changes_are_seen_inside_and_undone_at_the_end(bakery: Shop) -> None:
    done = sandbox(
        bakery,
        "Loaf.objects.all().delete()\n"
        "Loaf.objects.create(name='spelt')\n"
        "print(*Loaf.objects.values_list('name', flat=True))",
    )

    assert (done.code, done.out, done.err) == (0, "spelt\n", BEGIN + END)
    assert loaves(bakery) == ["rye"]


def test_every_database_is_in_it(bakery: Shop) -> None:
    done = sandbox(
        bakery,
        "Loaf.objects.using('other').create(name='spelt')\n"
        "print(Loaf.objects.using('other').count(), Loaf.objects.count())",
    )

    assert done.out == "1 1\n"
    assert loaves(bakery, "other.db") == []


def test_both_colours_and_threads_see_the_same_transaction(bakery: Shop) -> None:
    done = sandbox(
        bakery,
        "import asyncio\n"
        "await Loaf.objects.acreate(name='spelt')\n"
        "print(await asyncio.to_thread(Loaf.objects.count))\n"
        "async with transaction.atomic():\n"
        "    await Loaf.objects.filter(name='rye').adelete()\n"
        "print(await Loaf.objects.aget())\n"
        "print(await asyncio.gather(*[Loaf.objects.acount() for _ in range(3)]))",
    )

    assert done.out == "2\nLoaf object (2)\n[1, 1, 1]\n"
    assert loaves(bakery) == ["rye"]


@pytest.mark.parametrize("ending", ["1 / 0", "raise SystemExit(3)"])
def test_they_are_undone_however_the_shell_ends(bakery: Shop, ending: str) -> None:
    done = sandbox(bakery, f"Loaf.objects.create(name='spelt')\n{ending}")

    assert done.code in {1, 3}
    assert done.err.startswith(BEGIN)
    assert END in done.err
    assert loaves(bakery) == ["rye"]


def test_a_shell_goes_on_after_a_mistake_and_async_lines_see_sync_ones(bakery: Shop) -> None:
    """A statement that fails undoes itself alone, and a block all that is in it."""
    lines = (
        "_ = Loaf.objects.create(name='spelt')\n"
        "Loaf.objects.create(name='rye')\n"
        "with transaction.atomic():\n"
        "    _ = Loaf.objects.create(name='wheat')\n"
        "    _ = Loaf.objects.create(name='rye')\n"
        "\n"
        "print('left:', *await Loaf.objects.order_by('name').values_list('name', flat=True))\n"
    )

    done = bakery.run("shell", "--sandbox", "--plain", stdin=lines)

    assert (done.code, done.err.count("raystack_orm.exceptions.IntegrityError: ")) == (0, 2)
    assert "left: rye spelt" in done.out
    assert loaves(bakery) == ["rye"]


def test_nothing_is_committed_so_nothing_waits_for_it(bakery: Shop) -> None:
    """As in a test, a durable block is outermost, and on_commit() is not called."""
    done = sandbox(
        bakery,
        "with transaction.atomic(durable=True):\n"
        "    transaction.on_commit(lambda: print('sent'))\n"
        "transaction.on_commit(lambda: print('sent'))\n"
        "print('done')",
    )

    assert (done.code, done.out) == (0, "done\n")


def test_its_connection_cannot_be_closed(bakery: Shop) -> None:
    """It would be opened again, outside of the sandbox."""
    done = sandbox(bakery, "from raystack_orm import connection\nconnection.close()")

    assert done.code == 2
    assert 'The sandbox holds the connection to "default".' in done.err
