"""Settings: merged from their sources, validated once, frozen, each mistake one clear error."""

from typing import Any

import pytest
from workshop import Workshop

from raystack import CoreSettings, Kernel, SettingsError, settings, use_kernel
from raystack.testing import override_settings

KEY = "k" * 40
SECTION = """
from raystack import hookimpl

@hookimpl
def raystack_settings():
    from {package}.settings import {name}
    return {name}
"""
HELLO = """
from pydantic import Field, SecretStr, BaseModel
from raystack import Section

class Limits(BaseModel):
    per_minute: int = 10
    burst: int = 5

class HelloSettings(Section):
    HELLO_GREETING: str = Field("Hello", description="The greeting.")
    HELLO_TOKEN: SecretStr | None = Field(None, description="A secret.")
    HELLO_NAMES: tuple[str, ...] = Field((), description="Whom to greet.")
    HELLO_LIMITS: Limits = Field(Limits(), description="How often.")
    HELLO_BY_NAME: dict[str, Limits] = Field({}, description="How often, by name.")
"""


@pytest.fixture
def hello(workshop: Workshop) -> Workshop:
    """A workshop where a plugin with a section is installed."""
    workshop.distribution("acme-hello", SECTION.format(package="acme_hello", name="HelloSettings"))
    (workshop.site / "acme_hello" / "settings.py").write_text(HELLO)
    return workshop


def mistake(**given: Any) -> str:
    """Set a kernel up and return the settings error it ends in."""
    with pytest.raises(SettingsError) as caught:
        Kernel(settings=given).setup()
    return str(caught.value)


def ready(**given: Any) -> Kernel:
    """Return a kernel that is set up."""
    kernel = Kernel(settings=given)
    kernel.setup()
    return kernel


def test_a_default_needs_no_source(hello: Workshop) -> None:
    kernel = ready()

    assert kernel.settings.HELLO_GREETING == "Hello"
    assert kernel.settings.describe("HELLO_GREETING").origin == "default"


def test_later_sources_win(hello: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings module, then .env, then the environment."""
    hello.project(
        settings="HELLO_GREETING = 'from the module'\nHELLO_NAMES = ['a']\nTIME_ZONE='UTC'"
    )
    hello.write(".env", "RAYSTACK_HELLO_GREETING=from .env\nRAYSTACK_HELLO_NAMES=b,c\nOTHER=x\n")
    monkeypatch.setenv("RAYSTACK_HELLO_GREETING", "from the environment")

    found = ready().settings

    assert found.HELLO_GREETING == "from the environment"
    assert found.HELLO_NAMES == ("b", "c")
    assert {name: found.describe(name).origin for name in ("HELLO_GREETING", "HELLO_NAMES")} == {
        "HELLO_GREETING": "RAYSTACK_HELLO_GREETING in the environment",
        "HELLO_NAMES": "RAYSTACK_HELLO_NAMES in .env",
    }
    assert found.describe("TIME_ZONE").origin == "config.settings"


def test_a_setting_knows_its_owner(hello: Workshop) -> None:
    found = ready(SHOP_NAME="Ours").settings

    assert found.describe("HELLO_GREETING").owner == "acme-hello"
    assert found.describe("DEBUG").owner == "raystack-core"
    assert found.describe("SHOP_NAME").owner == "the project"


@pytest.mark.parametrize("text", ["ann, bob", '["ann", "bob"]'])
def test_a_list_in_a_variable_is_json_or_has_commas(
    hello: Workshop, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("RAYSTACK_HELLO_NAMES", text)

    assert ready().settings.HELLO_NAMES == ("ann", "bob")


def test_a_nested_variable_changes_one_part(
    hello: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    hello.project(settings="HELLO_BY_NAME = {'ann': {'per_minute': 1, 'burst': 2}}")
    monkeypatch.setenv("RAYSTACK_HELLO_BY_NAME__ann__burst", "9")
    monkeypatch.setenv("RAYSTACK_HELLO_LIMITS__burst", "7")

    found = ready().settings

    assert (found.HELLO_BY_NAME["ann"].per_minute, found.HELLO_BY_NAME["ann"].burst) == (1, 9)
    assert (found.HELLO_LIMITS.per_minute, found.HELLO_LIMITS.burst) == (10, 7)


def test_a_section_is_read_with_its_types(hello: Workshop) -> None:
    assert ready(DEBUG=True).settings.section(CoreSettings).DEBUG is True


def test_a_project_may_have_settings_of_its_own(hello: Workshop) -> None:
    hello.project(settings="SHOP_CURRENCY = 'CHF'")

    assert ready().settings.SHOP_CURRENCY == "CHF"


def test_settings_are_frozen(workshop: Workshop) -> None:
    found = ready().settings

    with pytest.raises(SettingsError, match="Settings are frozen: DEBUG cannot be set"):
        found.DEBUG = True
    with pytest.raises(SettingsError, match="Settings are frozen: DEBUG cannot be deleted"):
        del found.DEBUG


def test_a_mistyped_name_is_suggested_on_reading(workshop: Workshop) -> None:
    with pytest.raises(AttributeError, match='There is no setting DEBGU. Did you mean "DEBUG"'):
        _ = ready().settings.DEBGU


def test_a_wrong_type_in_the_environment(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAYSTACK_DEBUG", "perhaps")

    assert mistake() == (
        "DEBUG (from RAYSTACK_DEBUG in the environment) should be true or false. It belongs to "
        "raystack-core."
    )


def test_a_wrong_type_deep_inside(hello: Workshop) -> None:
    message = mistake(HELLO_BY_NAME={"ann": {"burst": "many"}})

    assert message == (
        "HELLO_BY_NAME[ann][burst] (from Kernel(...)) should be a whole number. It belongs to "
        "acme-hello."
    )


def test_all_mistakes_are_told_at_once(hello: Workshop) -> None:
    message = mistake(DEBUG="perhaps", TIME_ZONE="Atlantis", HELLO_GREETING=None)

    assert [line.split(" ")[0] for line in message.splitlines()] == [
        "DEBUG",
        "TIME_ZONE",
        "HELLO_GREETING",
    ]


def test_an_unknown_variable(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAYSTACK_DEBUGG", "1")

    assert mistake() == (
        "RAYSTACK_DEBUGG in the environment: there is no setting DEBUGG. Did you mean "
        "RAYSTACK_DEBUG (of raystack-core)? Unset it, or install the plugin that declares it."
    )


def test_st_01_a_near_miss_in_the_settings_module(workshop: Workshop) -> None:
    workshop.project(settings="ALOWED_HOSTS = ['example.com']")

    assert mistake() == (
        "ALOWED_HOSTS in config.settings is not a setting. Did you mean ALLOWED_HOSTS (of "
        "raystack-core)? If not, give it another name."
    )


def test_pl_03_a_setting_with_two_owners_names_both(hello: Workshop) -> None:
    hello.distribution("acme-moin", SECTION.format(package="acme_moin", name="MoinSettings"))
    (hello.site / "acme_moin" / "settings.py").write_text(
        HELLO.replace("HelloSettings", "MoinSettings")
    )

    assert mistake() == (
        "The setting HELLO_GREETING is declared twice: by acme-hello and by acme-moin. One of them "
        "has to rename it, or start without one: RAYSTACK_PLUGINS_DISABLED."
    )


def test_an_alias_that_differs_in_case_is_an_error(workshop: Workshop) -> None:
    """A setting has one spelling, or its origin could not be told."""
    workshop.distribution("acme-alias", SECTION.format(package="acme_alias", name="AliasSettings"))
    (workshop.site / "acme_alias" / "settings.py").write_text(
        "from pydantic import Field\nfrom raystack import Section\n"
        "class AliasSettings(Section):\n"
        "    ALIAS_NAME: str = Field('', alias='alias_name', description='A name.')\n"
    )

    assert mistake() == (
        "acme_alias.settings.AliasSettings of acme-alias: the setting ALIAS_NAME has the alias "
        "'alias_name'. A setting has one spelling: remove the alias."
    )


def test_a_missing_settings_module(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAYSTACK_SETTINGS_MODULE", "shop.settings")

    assert mistake() == (
        "The settings module 'shop.settings' does not exist.\n"
        "  Create it, or name another one with RAYSTACK_SETTINGS_MODULE."
    )


def test_an_import_that_fails_inside_the_settings_module_is_not_hidden(
    workshop: Workshop,
) -> None:
    root = workshop.project(settings="\nimport nowhere_at_all\n")

    assert mistake() == (
        "The settings module 'config.settings' cannot be imported: ModuleNotFoundError "
        f"No module named 'nowhere_at_all' ({root}/config/settings.py, line 2)."
    )


def test_a_missing_secret_is_an_error_when_it_is_read(workshop: Workshop) -> None:
    """A site that signs nothing needs no key."""
    kernel = ready()

    with pytest.raises(SettingsError, match="SECRET_KEY is needed here but is not set."):
        _ = kernel.settings.SECRET_KEY


def test_st_01_a_short_secret_key_is_an_error_that_does_not_show_it(workshop: Workshop) -> None:
    message = mistake(SECRET_KEY="hunter2")

    assert message.startswith(
        "SECRET_KEY (from Kernel(...)) should have at least 32 characters. Make one with: python -c"
    )
    assert "hunter2" not in message


def test_st_01_an_example_key_is_for_debug_only(workshop: Workshop) -> None:
    key = "raystack-insecure-" + KEY

    assert ready(SECRET_KEY=key, DEBUG=True).settings.SECRET_KEY.get_secret_value() == key
    assert mistake(SECRET_KEY=key).startswith("SECRET_KEY is an example's (raystack-insecure-...)")


@pytest.mark.parametrize(
    "show", [repr, str, lambda s: repr(s.SECRET_KEY), lambda s: str(s.HELLO_TOKEN)]
)
def test_secrets_are_never_printed(hello: Workshop, show: Any) -> None:
    found = ready(SECRET_KEY=KEY, HELLO_TOKEN="t0ken").settings

    assert KEY not in show(found)
    assert "t0ken" not in show(found)


def test_a_wrong_value_of_a_secret_is_not_in_the_traceback(hello: Workshop) -> None:
    values = {"HELLO_TOKEN": ["s3" + "cret"]}

    with pytest.raises(SettingsError) as caught:
        Kernel(settings=values).setup()

    assert "s3cret" not in str(caught.getrepr(style="native", chain=True))


def test_the_proxy_reads_the_active_kernel(workshop: Workshop) -> None:
    with use_kernel(Kernel(settings={"DEBUG": True})):
        assert settings.DEBUG is True
        assert settings.section(CoreSettings).DEBUG is True


def test_override_settings_is_validated_and_put_back(workshop: Workshop) -> None:
    with use_kernel(Kernel()):
        with override_settings(DEBUG=True):
            assert settings.DEBUG is True
            assert settings.describe("DEBUG").origin == "override_settings"
        assert settings.DEBUG is False
        with pytest.raises(SettingsError, match="DEBUG"), override_settings(DEBUG="perhaps"):
            pass
        assert settings.DEBUG is False


def test_logging_is_configured_as_the_setting_says(workshop: Workshop) -> None:
    import logging

    ready(
        LOGGING={
            "version": 1,
            "disable_existing_loggers": False,
            "loggers": {"shop": {"level": "ERROR"}},
        }
    )

    assert logging.getLogger("shop").level == logging.ERROR


@pytest.mark.parametrize(
    ("way", "left_out"),
    [
        ({"PLUGINS_DISABLED": "acme-hello"}, "acme-hello"),
        ({"PLUGINS": "acme-other"}, "acme-hello, admin, auth, cli, middleware, orm, templates"),
    ],
    ids=["deny-list", "allow-list"],
)
def test_variables_of_a_plugin_that_is_left_out_are_a_warning(
    hello: Workshop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    way: dict[str, str],
    left_out: str,
) -> None:
    """Nobody knows whose they are, and leaving a plugin out is the remedy that errors name."""
    hello.distribution("acme-other", "")
    for name, value in {"HELLO_GREETING": "Hi", **way}.items():
        monkeypatch.setenv(f"RAYSTACK_{name}", value)

    ready()

    assert caplog.messages == [
        "RAYSTACK_HELLO_GREETING in the environment: there is no setting HELLO_GREETING. "
        f"It may belong to a plugin that is left out: {left_out}."
    ]


def test_safe_mode_does_not_stop_for_the_variables_of_apps(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("RAYSTACK_SAFE_MODE", "1")
    monkeypatch.setenv("RAYSTACK_BLOG_TITLE", "x")

    ready()

    assert caplog.messages[0].endswith("It may belong to a plugin that is left out: every app.")
