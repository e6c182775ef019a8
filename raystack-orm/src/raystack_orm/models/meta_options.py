"""``class Meta``: which options a model may give, and what they are by default.

https://docs.djangoproject.com/en/stable/ref/models/options/
"""

import re
from collections.abc import Mapping
from typing import Any

from ..exceptions import nearest

CAPITAL = re.compile(r"(?<=[a-z])[A-Z]|[A-Z](?![A-Z]|$)")  # each starts a word, "HTML" is one

DEFAULTS: Mapping[str, Any] = {
    "abstract": False,
    "app_label": None,
    "apps": None,
    "auto_created": False,
    "base_manager_name": None,
    "constraints": (),
    "db_table": "",
    "db_table_comment": "",
    "db_tablespace": "",
    "default_manager_name": None,
    "default_permissions": ("add", "change", "delete", "view"),
    "default_related_name": None,
    "get_latest_by": None,
    "indexes": (),
    "managed": True,
    "order_with_respect_to": None,
    "ordering": [],
    "permissions": [],
    "proxy": False,
    "required_db_features": [],
    "required_db_vendor": None,
    "select_on_save": False,
    "swappable": None,
    "unique_together": (),
    "verbose_name": None,
    "verbose_name_plural": None,
}

EVERYWHERE = frozenset(
    {
        "supports_column_check_constraints",
        "supports_foreign_keys",
        "supports_json_field",
        "supports_stored_generated_columns",
        "supports_subqueries_in_group_by",
        "supports_table_check_constraints",
        "supports_transactions",
        "uses_savepoints",
    }
)
"""Django's names of features that all databases here have."""


def read_meta(name: str, meta: type | None) -> dict[str, Any]:
    """Read the options that a model's ``Meta`` gives or inherits.

    Args:
        name: The model, for the error.
        meta: The inner class, if there is one.

    Raises:
        TypeError: It gives an option that does not exist.
    """
    for given in vars(meta) if meta is not None else ():
        if given not in DEFAULTS and not given.startswith("_"):
            raise TypeError(
                f"{name}: 'class Meta' got invalid attribute(s): {given}."
                f"{nearest(given, DEFAULTS)}\n"
                f"  Options: {', '.join(DEFAULTS)}."
            )
    return {option: getattr(meta, option) for option in DEFAULTS if hasattr(meta, option)}


def as_pairs(given: Any) -> Any:
    """Return ``unique_together`` as a tuple of tuples, whichever way it was written."""
    if not given:
        return ()
    if not isinstance(given, (tuple, list)):
        return given  # `raystack check` reports it
    if not isinstance(given[0], (tuple, list)):
        given = (given,)
    return tuple(tuple(names) for names in given)


def spaced(name: str) -> str:
    """Return a class's name as people write it: ``BlogPost`` is ``blog post``."""
    return CAPITAL.sub(r" \g<0>", name).strip().lower()
