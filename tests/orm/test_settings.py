"""The settings of the ORM, alone and in a project: one definition for both."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import raystack_orm
from raystack_orm import ImproperlyConfigured
from raystack_orm.configuration import Configuration, configuration, configured
from raystack_orm.databases import make_driver
from raystack_orm.settings import OrmSettings


@pytest.fixture(autouse=True)
def same_configuration_afterwards() -> Iterator[None]:
    """Whatever a test configures."""
    with configured(Configuration()):
        yield


def configure(database: Any = "sqlite://:memory:", **settings: Any) -> Configuration:
    """Configure the ORM with one database."""
    raystack_orm.configure(databases={"default": database}, **settings)
    return configuration()


def test_any_setting_of_the_orm_is_a_keyword_of_configure() -> None:
    """Without a project, too."""
    made = configure(
        DEFAULT_FETCH_MODE="FETCH_RAISE",
        DEFAULT_AUTO_FIELD="raystack_orm.models.AutoField",
        SLOW_QUERY_LOG_MS=250,
        USE_TZ=False,
        TIME_ZONE="Europe/Zurich",
    )

    assert (made.default_fetch_mode, made.slow_query_log_ms) == ("FETCH_RAISE", 250)
    assert made.default_auto_field == "raystack_orm.models.AutoField"
    assert (made.use_tz, made.time_zone) == (False, "Europe/Zurich")


def test_settings_that_are_not_given_have_their_defaults() -> None:
    """Those of ``OrmSettings``."""
    made = configure()

    for name, field in OrmSettings.model_fields.items():
        if name != "DATABASES":
            assert getattr(made.orm, name) == field.default
            assert made.settings[name] == field.default


def test_settings_of_others_can_be_read_by_name() -> None:
    """Models are swapped by settings that the ORM does not know."""
    assert configure(AUTH_USER_MODEL="people.Person").settings["AUTH_USER_MODEL"] == "people.Person"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"DEFAULT_FETCH_MOD": "FETCH_ONE"}, 'no such setting. Did you mean "DEFAULT_FETCH_MODE"'),
        ({"installed_app": ["blog"]}, "configure(installed_app=...): there is no such setting"),
        ({"DEFAULT_FETCH_MODE": "FETCH_ALL"}, "DEFAULT_FETCH_MODE: Input should be 'FETCH_ONE'"),
        ({"SLOW_QUERY_LOG_MS": "slow"}, "SLOW_QUERY_LOG_MS: "),
        ({"database": {"URL": "sqlite://", "REPLICA": []}}, "DATABASES.default.REPLICA: Extra"),
        ({"database": {"URL": "sqlite://", "REPLICAS": ["x"]}}, 'names "x", which is no other'),
        ({"database": "postgers://ann:hush@db/x"}, 'Did you mean "postgres"'),
        ({"USE_TS": True}, 'configure(USE_TS=...): there is no such setting. Did you mean "USE_'),
        ({"USE_TZ": "perhaps"}, "USE_TZ should be True or False, not 'perhaps'"),
        ({"TIME_ZONE": "Europe/Nope"}, "TIME_ZONE should be the name of a time zone"),
        ({"TIME_ZONE": 1}, "TIME_ZONE should be the name of a time zone"),
    ],
)
def test_a_wrong_setting_says_what_is_wrong(settings: dict[str, Any], message: str) -> None:
    """And never shows a value that may be secret."""
    with pytest.raises(ImproperlyConfigured) as caught:
        configure(**settings)

    assert message in str(caught.value)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("given", ["sqlite://:memory:", None, ["default"]])
def test_databases_are_a_mapping(given: Any) -> None:
    """Of aliases to URLs; the error shows one, and not what was given."""
    with pytest.raises(ImproperlyConfigured, match=r'databases={"default": "sqlite:///') as caught:
        raystack_orm.configure(databases=given)

    assert "memory" not in str(caught.value)


def test_options_are_those_after_the_url() -> None:
    """Where both are set, ``OPTIONS`` wins."""
    made = configure(
        {"URL": "postgresql://ann@db/shop?pool_size=3&sslmode=require", "OPTIONS": {"pool_size": 7}}
    )

    assert made.databases["default"].options == {"pool_size": "7", "sslmode": "require"}


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql://ann@db/x?pool_size=many", "pool_size=many of postgresql://ann@db/x should"),
        ("mysql://ann@db/x?pool_timeout=-1", "pool_timeout=-1 of mysql://ann@db/x should be a pos"),
        ("mysql://ann@db/x?isolation_level=none", "isolation_level=none is none of READ COMMITTED"),
        ("sqlite:///x.db?timeout=long", "timeout=long of sqlite:///"),
    ],
)
def test_a_wrong_option_says_what_is_wrong(url: str, message: str) -> None:
    """When the database is first used."""
    made = configure(url)

    with pytest.raises(ImproperlyConfigured) as caught:
        make_driver(made.databases["default"])

    assert message in str(caught.value)


def test_an_option_that_a_driver_does_not_have_is_refused() -> None:
    """It is not passed over."""
    with pytest.raises(ImproperlyConfigured, match="sslmod"):
        make_driver(configure("postgresql://ann@db/x?sslmod=off").databases["default"]).lease()
    with pytest.raises(ImproperlyConfigured, match="sslmod"):
        make_driver(configure("mysql://ann@db/x?sslmod=off").databases["default"]).lease()


@pytest.mark.parametrize(
    ("url", "test", "expected"),
    [
        ("postgresql://db/shop", {}, "test_shop_gw1"),
        ("postgresql://db/shop", {"NAME": "proof"}, "proof_gw1"),
        ("mariadb://db/shop", {}, "test_shop_gw1"),
        ("sqlite:////var/shop.db", {}, ":memory:"),
        ("sqlite:////var/shop.db", {"NAME": "proof.db"}, "/var/proof_gw1.db"),
    ],
)
def test_tests_use_another_database(url: str, test: dict[str, str], expected: str) -> None:
    """Each process of a run its own."""
    made = configure({"URL": url, "TEST": test})

    url_of_tests = make_driver(made.databases["default"]).for_tests("_gw1")

    assert (url_of_tests.database, url_of_tests.testing) == (expected, True)


def test_replicas_mirror_their_original_in_tests() -> None:
    """A copy is not a database of its own."""
    raystack_orm.configure(
        databases={
            "default": {"URL": "sqlite://:memory:", "REPLICAS": ["copy"]},
            "copy": "sqlite://:memory:",
            "archive": {"URL": "sqlite://:memory:", "TEST": {"MIRROR": "default"}},
        }
    )

    assert configuration().orm.mirrors == {"copy": "default", "archive": "default"}


def test_relative_paths_start_at_the_root(tmp_path: Path) -> None:
    """In a project that is its folder."""
    made = configure("sqlite:///db.sqlite3", root=tmp_path)

    assert made.databases["default"].database == str(tmp_path / "db.sqlite3")
