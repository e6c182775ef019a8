"""``raystack migrate``: for now it creates the tables that are missing, and changes none."""

import sys

from ..databases import DEFAULT
from ..signals import post_migrate, pre_migrate
from ..tables import Difference, create_all, differences
from .migrate_signals import tell_apps


def migrate(database: str = DEFAULT) -> None:
    """Create the tables that are missing in DATABASE.

    Existing tables are not changed: where their columns differ from the models', the differences
    are listed and the exit code is 1.
    """
    interactive = sys.stdin.isatty()
    tell_apps(pre_migrate, database, interactive=interactive)
    created = create_all(using=database)
    for name in created:
        print(f"Created {name}")
    found = differences(database)
    for difference in found:
        print(_say(difference))
    if found:
        print(
            "\nmigrate does not change existing tables yet. Change them by hand, or drop them and "
            "run it again."
        )
        sys.exit(1)
    tell_apps(post_migrate, database, interactive=interactive)
    if not created:
        print("Nothing to do: every model has its table.")


def _say(difference: Difference) -> str:
    lines = [f"{difference.table} differs from {difference.label}:"]
    lines += [f"  the table has no column {name}" for name in difference.missing]
    lines += [f"  the model has no field for the column {name}" for name in difference.surplus]
    return "\n".join(lines)
