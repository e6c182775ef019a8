"""SQLite under load, kill -9 and a full disk. The ids are those of the project's list of cases."""

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import press
import pytest
from press import Author, Tag
from requirements import unmet

import raystack_orm
from raystack_orm import IntegrityError, OperationalError, connections, transaction
from raystack_orm.configuration import Configuration, configured
from raystack_orm.database_url import parse_url

SUPPORT = Path(__file__).parent / "support"
MODELS = [value for value in vars(press).values() if hasattr(value, "_meta")]


def run(
    script: str, path: Path, *arguments: str, before: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a script of ``support`` on a SQLite file, by a command that runs another if need be."""
    command = [*before, sys.executable, str(SUPPORT / script), str(path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is."""
    return tmp_path / "db.sqlite3"


@pytest.fixture
def file(path: Path) -> Iterator[Path]:
    """The file, with tables, as the database of this process; writers wait 0.3 s."""
    url = parse_url(f"sqlite:///{path}?timeout=0.3")
    with configured(Configuration({"default": url}, apps={"press": "press"}, configured=True)):
        raystack_orm.create_all(MODELS)
        yield path
        connections.close_all()


@pytest.mark.slow
def test_da_01_read_then_write_transactions_of_many_processes_all_count(path: Path) -> None:
    """None fails as locked, none overwrites another."""
    done = run("writers.py", path, "count")

    assert (done.stdout.strip(), done.stderr) == (str([0] * 8), "")
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT email FROM press_author").fetchone() == ("1600",)
    assert raw.execute("SELECT count(DISTINCT author) FROM press_comment").fetchone() == (1600,)
    raw.close()


@pytest.mark.slow
def test_da_02_killed_writers_lose_nothing_that_was_committed(path: Path) -> None:
    """Nor does half of a transaction stay."""
    done = run("writers.py", path, "until_killed")

    assert (done.returncode, done.stderr) == (0, "")
    acked = set(path.with_suffix(".acked").read_text().split())
    raw = sqlite3.connect(path)
    names = [name for (name,) in raw.execute("SELECT name FROM press_tag")]
    first, second = ({n[:-2] for n in names if n.endswith(end)} for end in ("-a", "-b"))
    assert len(acked) > 100
    assert first == second
    assert acked <= first
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()


@pytest.mark.usefixtures("file")
def test_da_04_readers_do_not_wait_for_a_long_write() -> None:
    """They see what was committed before it."""
    Author.objects.create(name="Ann")
    writing, read = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            Author.objects.create(name="Bob")
            writing.set()
            read.wait(10)

    writer = threading.Thread(target=write)
    writer.start()
    writing.wait(10)
    started = time.monotonic()
    for _ in range(100):
        assert Author.objects.count() == 1
        with transaction.atomic(read_only=True):
            assert [author.name for author in Author.objects.all()] == ["Ann"]
    took = time.monotonic() - started
    read.set()
    writer.join()

    assert took < 2
    assert Author.objects.count() == 2


@pytest.mark.usefixtures("file")
def test_a_read_only_transaction_refuses_to_write() -> None:
    """Afterwards the connection writes again."""
    with pytest.raises(OperationalError, match="read_only"), transaction.atomic(read_only=True):
        Author.objects.create(name="Ann")

    Author.objects.create(name="Bob")
    assert Author.objects.count() == 1


@pytest.mark.slow
@pytest.mark.parametrize("how", ["limit", "disk"])
def test_da_06_a_full_disk_is_said_and_loses_nothing(path: Path, how: str) -> None:
    """The error is the disk's, not the rollback's, and after there is space writing goes on."""
    if how == "disk":  # of 3 MB, in a namespace that ends with the process
        mount = 'mount -t tmpfs -o size=3m tmpfs "$0" && exec "$@"'
        small_disk = ("unshare", "-rm", "sh", "-c", mount, str(path.parent))
        if subprocess.run([*small_disk, "true"], check=False, capture_output=True).returncode:
            unmet("This machine does not let its users mount a file system (unshare -rm).")
    else:
        small_disk = ()
    done = run("full_disk.py", path, how, before=small_disk)

    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "UnavailableError: the disk is named",
        "UnavailableError: the disk is named, inside of a savepoint",
        "all committed rows are there",
        "writing works again",
    ]


def test_da_11_foreign_keys_are_checked(file: Path) -> None:
    """In each thread, though SQLite does not do so by itself."""
    author = Author.objects.create(name="Ann")
    press.Article.objects.create(title="First", author=author)
    errors: list[Exception] = []

    def break_them() -> None:
        for sql in (
            "INSERT INTO press_award (article_id, name) VALUES (999, 'orphan')",
            "DELETE FROM press_author",
        ):
            try:
                connections["default"].write(sql)
            except IntegrityError as error:
                errors.append(error)

    thread = threading.Thread(target=break_them)
    thread.start()
    thread.join()
    with pytest.raises(IntegrityError), transaction.atomic():
        press.Award.objects.create(article_id=999, name="orphan")

    assert len(errors) == 2
    assert Author.objects.count() == 1


@pytest.mark.usefixtures("file")
def test_writers_of_a_process_get_their_turn_in_order() -> None:
    """SQLite's own waiting lets anyone be first."""
    order: list[int] = []
    begun = threading.Event()

    def write(number: int) -> None:
        with transaction.atomic():
            order.append(number)
            Tag.objects.create(name=str(number))

    def hold() -> None:
        with transaction.atomic():
            begun.set()
            time.sleep(0.2)

    threads = [threading.Thread(target=hold)]
    threads[0].start()
    begun.wait(10)
    for number in range(8):
        threads.append(threading.Thread(target=write, args=(number,)))
        threads[-1].start()
        time.sleep(0.02)
    for thread in threads:
        thread.join()

    assert order == list(range(8))


@pytest.mark.usefixtures("file")
def test_who_waits_too_long_is_told_who_writes() -> None:
    """By the file and the line where the other transaction began."""
    begun, failed = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            begun.set()
            failed.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    begun.wait(10)
    with pytest.raises(OperationalError) as caught:
        Author.objects.create(name="Ann")
    failed.set()
    holder.join()

    line = hold.__code__.co_firstlineno + 1
    assert f"{__file__}:{line}" in str(caught.value)
    assert "0.3 s" in str(caught.value)
    Author.objects.create(name="Ann")


def test_another_process_that_writes_too_long_is_an_error_that_says_so(file: Path) -> None:
    """Its place is unknown."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(OperationalError, match="Another process wrote for longer"):
        Author.objects.create(name="Ann")

    other.close()
    Author.objects.create(name="Ann")


@pytest.mark.parametrize(
    ("options", "level"), [("", 1), ("?synchronous=full", 2), ("?synchronous=OFF", 0)]
)
def test_how_safe_against_loss_of_power_is_an_option(path: Path, options: str, level: int) -> None:
    """WAL and foreign keys are not."""
    url = parse_url(f"sqlite:///{path}{options}")
    with configured(Configuration({"default": url}, configured=True)):
        for pragma, value in (("synchronous", level), ("journal_mode", "wal"), ("foreign_keys", 1)):
            assert connections["default"].fetch(f"PRAGMA {pragma}").rows == [(value,)]
        connections.close_all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("?synchronos=FULL", 'no option "synchronos". Did you mean "synchronous"?'),
        ("?synchronous=always", "none of OFF, NORMAL, FULL, EXTRA"),
    ],
)
def test_a_wrong_option_says_what_is_wrong(path: Path, options: str, message: str) -> None:
    """It is not passed over."""
    url = parse_url(f"sqlite:///{path}{options}")
    with (
        configured(Configuration({"default": url}, configured=True)),
        pytest.raises(raystack_orm.ImproperlyConfigured) as caught,
    ):
        Author.objects.count()

    assert message in str(caught.value)
