"""raystack settings: every value with its source and owner, and no secret."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop import SECRET, Shop

from raystack_cli.masking import MASK, masked

VAULT = """
from raystack import hookimpl

@hookimpl
def raystack_settings():
    from acme_vault.settings import VaultSettings
    return VaultSettings
"""
VAULT_SETTINGS = """
from pydantic import BaseModel, Field, SecretStr
from raystack import Section

class Door(BaseModel):
    code: SecretStr = SecretStr("hush-1")
    url: str = "redis://:hush-2@localhost/0"
    options: dict[str, str] = {"pwd": "hush-3", "color": "red"}

class VaultSettings(Section):
    VAULT_DOORS: dict[str, Door] = Field({"front": Door()}, description="The doors.")
    VAULT_API_KEY: str = Field("hush-4", description="The key.")
"""


def test_values_have_their_source_and_owner(shop: Shop) -> None:
    rows = {
        row["name"]: row
        for row in json.loads(
            shop.run("settings", "--format", "json", RAYSTACK_LANGUAGE_CODE="de").out
        )
    }

    assert rows["LANGUAGE_CODE"] == {
        "name": "LANGUAGE_CODE",
        "value": "de",
        "origin": "RAYSTACK_LANGUAGE_CODE in the environment",
        "owner": "raystack-core",
    }
    assert rows["ALLOWED_HOSTS"]["origin"] == "config.settings"
    assert rows["TIME_ZONE"]["origin"] == "default"
    assert rows["SECRET_KEY"]["origin"] == "RAYSTACK_SECRET_KEY in .env"


def test_changed_leaves_defaults_out(shop: Shop) -> None:
    done = shop.run("settings", "--changed")

    names = [line.split()[0] for line in done.out.splitlines()[1:]]
    assert names == ["ALLOWED_HOSTS", "INSTALLED_APPS", "SECRET_KEY"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_is_printed_however_deep_it_is(shop: Shop, form: str) -> None:
    shop.distribution("acme-vault", VAULT)
    (shop.site / "acme_vault" / "settings.py").write_text(VAULT_SETTINGS)

    out = shop.run("settings", "--format", form).out

    assert SECRET not in out
    assert "hush" not in out
    assert f"redis://:{MASK}@localhost/0" in out
    assert "red" in out


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("postgresql+psycopg://ann:p/w@x@db/shop", f"postgresql+psycopg://ann:{MASK}@db/shop"),
        ("https://example.com:8000/path", "https://example.com:8000/path"),
        ("amqp://db?password=hush&x=1", f"amqp://db?password={MASK}&x=1"),
        ("host=db password=hush", f"host=db password={MASK}"),
        ({"api_key": "hush", "PASSWORD": 1234}, {"api_key": MASK, "PASSWORD": MASK}),
        ({"password_required": True, "token": ""}, {"password_required": True, "token": ""}),
        ([("a", b"b")], [["a", "b"]]),
    ],
)
def test_what_looks_like_a_secret_is_masked(value: object, shown: object) -> None:
    assert masked(value) == shown


@given(st.text(st.characters(exclude_categories=("Z", "C")), min_size=1))
def test_no_part_of_a_password_in_a_url_is_left(password: str) -> None:
    assert masked(f"postgresql://ann:{password}@db/shop") == f"postgresql://ann:{MASK}@db/shop"
