"""Fills a disk, and makes room on it. Run with the path of a SQLite file, and how.

``limit``: this process may not write beyond a size. ``disk``: the file's disk is small, and the
file ``ballast`` beside it is removed when it is full.
"""

import resource
import sys
from pathlib import Path

import press

import raystack_orm
from raystack_orm import OperationalError, transaction

SPACE = 400_000
TEXT = "x" * 100


def fill(*, savepoint: bool) -> int:
    """Write transactions of ten rows until there is no space; return how many were committed."""
    for number in range(10_000):
        with transaction.atomic():
            for _ in range(10):
                if savepoint:
                    with transaction.atomic():
                        press.Author.objects.create(name=TEXT)
                else:
                    press.Author.objects.create(name=TEXT)
        done.append(number)
    raise AssertionError("The disk did not become full.")


done: list[int] = []
raystack_orm.configure(
    databases={"default": f"sqlite:///{sys.argv[1]}"}, installed_apps={"press": "press"}
)
raystack_orm.create_all([value for value in vars(press).values() if hasattr(value, "_meta")])
ballast = Path(sys.argv[1]).with_name("ballast")
if sys.argv[2] == "limit":
    resource.setrlimit(resource.RLIMIT_FSIZE, (SPACE, resource.RLIM_INFINITY))
else:
    ballast.write_bytes(bytes(1_000_000))
for savepoint in (False, True):
    try:
        fill(savepoint=savepoint)
    except OperationalError as error:
        said = "the disk is named" if "disk" in str(error).lower() else str(error)
        print(f"{type(error).__name__}: {said}{', inside of a savepoint' if savepoint else ''}")
if press.Author.objects.count() == len(done) * 10:
    print("all committed rows are there")
if sys.argv[2] == "limit":
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
else:
    ballast.unlink()
before = press.Author.objects.count()
press.Author.objects.create(name="Ann")
if press.Author.objects.count() == before + 1:
    print("writing works again")
