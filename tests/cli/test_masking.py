"""What `raystack settings` shows of a value: nothing that could be a secret."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AnyUrl, BaseModel, ConfigDict, PostgresDsn, SecretStr
from shop import Shop
from starlette.datastructures import URL

from raystack import Middleware
from raystack_cli.masking import MASK, masked

MARK = "hush"
SETTINGS = """
from pydantic import PostgresDsn
from raystack import Middleware
MAIN_DATABASE = PostgresDsn("postgresql://ann:hush-1@db/shop")
API_KEYS = ["hush-2"]
PAYMENT_TOKENS = {"stripe": "hush-3"}
BUCKET = {"keys": ["hush-4"]}
DSN = "password=hush-5 host=h"
MIDDLEWARE = [Middleware("till", object, {"secret_key": "hush-6"})]
SENT = (("X-Api-Key", "hush-7"), ("Accept", "text/html"))
HEADERS = {"Authorization": "Bearer hush-8", "X-Till": "Bearer hush-9"}
"""


class Account(NamedTuple):
    """A named tuple."""

    user: str
    password: str


@dataclass
class Client:
    """A dataclass."""

    host: str
    options: dict[str, str] = field(default_factory=dict)


class Open(BaseModel):
    """A model that takes any field."""

    model_config = ConfigDict(extra="allow")
    url: str = "redis://:hush@cache/0"


class Opaque:
    """An object whose text nobody knows."""

    def __repr__(self) -> str:
        return MARK

    __str__ = __repr__


class Color(Enum):
    """An enumeration."""

    RED = "red"


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_of_any_kind_is_printed(shop: Shop, form: str) -> None:
    shop.write("config/settings.py", SETTINGS)

    done = shop.run("settings", "--format", form)

    assert done.code == 0, done.err
    assert MARK not in done.out
    for shown in (
        f"postgresql://ann:{MASK}@db/shop",
        "text/html",
        "till",
        "stripe"[:0] or "Accept",
    ):
        assert shown in done.out


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (PostgresDsn("postgresql://ann:hush@db/shop"), f"postgresql://ann:{MASK}@db/shop"),
        (
            PostgresDsn("postgresql://ann:hush@db:1,bob:hush@db:2/shop"),
            f"postgresql://ann:{MASK}@db:2/shop",
        ),
        (AnyUrl("https://hush@example.com/a"), f"https://{MASK}@example.com/a"),
        (URL("https://ann:hush@example.com/a"), f"https://ann:{MASK}@example.com/a"),
        ("postgresql://ann@db/shop", "postgresql://ann@db/shop"),
        ("https://cdn.example.com/vue@3/vue.js", "https://cdn.example.com/vue@3/vue.js"),
        ("ann:hu/sh@tcp(db)/shop", f"ann:{MASK}@tcp(db)/shop"),
        ("password=hush host=h", f"password={MASK}"),
        ("host=h password='hush hush' user=ann", f"host=h password={MASK}"),
        ("amqp://db?api_key=hu;sh&x=1", f"amqp://db?api_key={MASK}&x=1"),
        ('{"password": "hush"}', f'{{"password":{MASK}'),
        ("Bearer hush", f"Bearer {MASK}"),
        ({"Authorization": "Bearer hush"}, {"Authorization": MASK}),
        ({"API_KEYS": ["hush"]}, {"API_KEYS": MASK}),
        ({"PAYMENT_TOKENS": {"stripe": "hush"}}, {"PAYMENT_TOKENS": MASK}),
        ({"a": [{"keys": ["hush"]}]}, {"a": [{"keys": MASK}]}),
        ((("token", "hush"), ("color", "red")), [["token", MASK], ["color", "red"]]),
        (("apps.tokens", "apps.orders"), ["apps.tokens", "apps.orders"]),
        (Account("ann", "hush"), {"user": "ann", "password": MASK}),
        (Client("db", {"secret_key": "hush"}), {"host": "db", "options": {"secret_key": MASK}}),
        (
            Open(token="hush", code=SecretStr("hush")),
            {"url": f"redis://:{MASK}@cache/0", "token": MASK, "code": MASK},
        ),
        (Opaque(), "Opaque"),
        ({"nib": Opaque()}, {"nib": "Opaque"}),
        (Opaque, f"{__name__}.Opaque"),
        (Color.RED, "red"),
        (Path("/srv/static"), "/srv/static"),
        (dt.date(2026, 1, 2), "2026-01-02"),
        (dt.timedelta(hours=1), "1:00:00"),
        ([1, 2.5, Decimal("3.1"), None, True], [1, 2.5, Decimal("3.1"), None, True]),
        (
            {"TOKENS": [], "KEY": None, "PASSWORDS": True},
            {"TOKENS": [], "KEY": None, "PASSWORDS": True},
        ),
        ({"SESSION_COOKIE_NAME": "sessionid", "AUTHOR": "ann", "KEYWORDS": "a"},) * 2,
    ],
)
def test_only_what_is_harmless_is_shown(value: object, shown: object) -> None:
    assert masked(value) == shown


def test_middleware_is_shown_with_its_class_and_without_its_secrets() -> None:
    shown = masked(Middleware("till", Opaque, {"secret_key": MARK}))

    assert shown["name"] == "till"
    assert shown["cls"] == f"{__name__}.Opaque"
    assert shown["options"] == {"secret_key": MASK}


names = st.sampled_from(["color", "HOST", "options", "0", "x"])
secret_names = st.sampled_from(
    [
        "PASSWORD",
        "db_passwd",
        "API_KEYS",
        "apiKey",
        "Authorization",
        "auth",
        "tokens",
        "SALT",
        "Cookie",
    ]
)
text = st.text(st.characters(exclude_categories=("Z", "C")))
secrets = st.builds(lambda before, after: before + MARK + after, text, text)


def around(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Put a value somewhere in a container, beside others."""
    return st.one_of(
        st.builds(lambda name, inner: {name: inner, "z": 1}, names, value),
        st.builds(lambda inner: [1, inner, "x"], value),
        st.builds(lambda inner: (inner,), value),
        st.builds(lambda inner: Client("h", inner), value),
        st.builds(lambda inner: Open(more=inner), value),
    )


def named(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Put a value below a name that sounds of a secret."""
    return st.one_of(
        st.builds(lambda name, inner: {name: inner}, secret_names, value),
        st.builds(lambda name, inner: (name, inner), secret_names, value),
        st.builds(lambda inner: Account("ann", inner), value),
    )


def nested(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Nest a value, or leave it as it is."""
    return st.recursive(value, around, max_leaves=3)


texts_with_secrets = st.one_of(
    st.builds("postgresql://ann:{}@db/shop".format, secrets),
    st.builds("https://ann:{}@h:1/a?b=c".format, secrets),
    st.builds("host=h password={} user=ann".format, secrets),
    st.builds("Bearer {}".format, secrets),
    st.builds(lambda secret: f"amqp://:{secret}@db/1".encode(), secrets),
)


@given(nested(named(nested(secrets))) | nested(texts_with_secrets))
def test_a_secret_is_not_shown_wherever_it_is(value: Any) -> None:
    assert MARK not in str(masked(value))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("sk-live-abcdefgh1234", MASK),
        ("ghp_abcdefgh1234", MASK),
        ("see AKIAABCDEFGHIJKL0123.", f"see {MASK}."),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIB", MASK),
        ("skeleton-framework", "skeleton-framework"),
    ],
)
def test_a_secret_is_known_by_its_form_too(value: str, shown: str) -> None:
    """Under whatever name it stands."""
    assert masked(value, "NOTE") == shown
