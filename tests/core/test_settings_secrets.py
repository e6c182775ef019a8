"""Errors of settings name the setting and its place, and never show a value."""

import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workshop import Workshop, plugin

from raystack import Kernel, Section, SettingsError
from raystack.conf.mistakes import explain

SECRET = "s3cr3t-value"
SECTION = """
from pydantic import field_validator
from pydantic_core import PydanticCustomError
from raystack import Section

class VaultSettings(Section):
    VAULT_CODE: str = ""
    VAULT_DOORS: dict[str, str] = {{}}

    @field_validator("VAULT_CODE", "VAULT_DOORS")
    @classmethod
    def _code(cls, value):
        if value:
            {raising}
        return value
"""
HOOK = """
from raystack import hookimpl

@hookimpl
def raystack_settings():
    from acme_vault.settings import VaultSettings
    return VaultSettings
"""
NOT_SHOWN = (
    "VAULT_CODE (from Kernel(...)) is not accepted. What acme-vault says of it may hold the value, "
    "so it is not shown. It belongs to acme-vault."
)


def mistake(**given: Any) -> str:
    """Set a kernel up and return the settings error it ends in; its traceback has no secret."""
    with pytest.raises(SettingsError) as caught:
        Kernel(settings=given).setup()
    assert SECRET not in str(caught.getrepr(style="native", chain=True))
    return str(caught.value)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("int('s3cr3t' + '-value')", "ValueError"),
        ("{}['s3cr3t' + '-value']", "KeyError"),
        ("raise RuntimeError('s3cr3t' + '-value')", "RuntimeError"),
    ],
)
def test_what_a_settings_module_raises_is_named_without_its_text(
    workshop: Workshop, code: str, kind: str
) -> None:
    root = workshop.project(settings=f"\n{code}\n")

    assert mistake() == (
        f"The settings module 'config.settings' cannot be imported: {kind} "
        f"({root}/config/settings.py, line 2)."
    )


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("x = nothing_of_this_name", "NameError name 'nothing_of_this_name' is not defined"),
        ("import nowhere_at_all", "ModuleNotFoundError No module named 'nowhere_at_all'"),
        ("from raystack import RouteError; raise RouteError('No.')", "RouteError No."),
    ],
)
def test_what_is_said_of_code_is_shown(workshop: Workshop, code: str, told: str) -> None:
    root = workshop.project(settings=code)

    assert mistake() == (
        f"The settings module 'config.settings' cannot be imported: {told} "
        f"({root}/config/settings.py, line 1)."
    )


@pytest.mark.parametrize(
    "mistake_in", ['SECRET_KEY = "s3cr3t-value', 'SECRET_KEY = "s3cr3t-value" + x']
)
def test_the_line_of_a_mistake_is_in_no_traceback(workshop: Workshop, mistake_in: str) -> None:
    """It may hold a secret, and servers and tests print what an exception was raised from."""
    workshop.project(settings=mistake_in)

    with pytest.raises(SettingsError) as raised:
        Kernel().setup()

    assert "s3cr3t" not in "".join(traceback.format_exception(raised.value))


def test_what_a_package_around_the_settings_raises_is_told_the_same_way(
    workshop: Workshop,
) -> None:
    root = workshop.project()
    workshop.write("config/__init__.py", "int('s3cr3t' + '-value')\n")

    assert mistake() == (
        "The settings module 'config.settings' cannot be imported: ValueError "
        f"({root}/config/__init__.py, line 1)."
    )


def with_vault(workshop: Workshop, raising: str) -> None:
    """Install a plugin whose section has a validator."""
    workshop.distribution("acme-vault", HOOK)
    (workshop.site / "acme_vault" / "settings.py").write_text(SECTION.format(raising=raising))


@pytest.mark.parametrize(
    "raising",
    [
        "raise ValueError(f'bad value {value}')",
        "raise ValueError(f'bad value {value!r}')",
        "raise ValueError(f'it begins with {value[:6]}')",
        "raise ValueError('it is ' + value.upper())",
        "raise ValueError('it begins with ' + value.split('-')[0])",
        "assert not value, f'not {value}'",
        "raise PydanticCustomError('vault', 'bad code ' + value)",
    ],
)
def test_a_validators_text_that_may_hold_the_value_is_not_shown(
    workshop: Workshop, raising: str
) -> None:
    with_vault(workshop, raising)

    assert mistake(VAULT_CODE=SECRET) == NOT_SHOWN


def test_a_text_with_a_part_of_a_container_is_not_shown(workshop: Workshop) -> None:
    with_vault(workshop, "raise ValueError(f'bad door {value[chr(97)]}')")

    assert mistake(VAULT_DOORS={"a": SECRET}) == NOT_SHOWN.replace("VAULT_CODE", "VAULT_DOORS")


@pytest.mark.parametrize(
    "raising",
    [
        "raise ValueError('should have eight digits')",
        "assert not value, 'should have eight digits'",
    ],
)
def test_a_validators_text_without_the_value_is_shown(workshop: Workshop, raising: str) -> None:
    with_vault(workshop, raising)

    assert mistake(VAULT_CODE=SECRET) == (
        "VAULT_CODE (from Kernel(...)) should have eight digits. It belongs to acme-vault."
    )


def test_our_own_validators_keep_their_texts(workshop: Workshop) -> None:
    """They have no value in them, even where a word of theirs is the value."""
    message = mistake(SECRET_KEY="python")

    assert message.startswith("SECRET_KEY (from Kernel(...)) should have at least 32 characters.")


def test_a_section_that_does_not_fit_together_is_told_without_values(workshop: Workshop) -> None:
    from pydantic import model_validator

    class PairSettings(Section):
        """Two that belong together."""

        PAIR_ONE: str = ""

        @model_validator(mode="after")
        def _both(self) -> "PairSettings":
            raise ValueError(f"one is {self.PAIR_ONE}")

    with pytest.raises(SettingsError) as caught:
        Kernel(
            settings={"PAIR_ONE": SECRET},
            plugins=[plugin("pair", raystack_settings=lambda: PairSettings)],
        ).setup()

    assert str(caught.value) == (
        "The settings of pair do not fit together. What pair says of it may hold the value, "
        "so it is not shown. It belongs to pair."
    )


class VaultSettings(Section):
    """The section of a plugin that is not ours."""

    VAULT_CODE: str = ""


@given(
    st.text(),
    st.text(st.characters(exclude_categories=("Z", "C")), min_size=3),
    st.sampled_from([str, repr, lambda text: text[:8], lambda text: text[-8:]]),
)
def test_no_text_with_the_value_is_shown(before: str, value: str, part: Any) -> None:
    words = f"{before} {part(value)}"
    detail = {"loc": ("VAULT_CODE",), "type": "value_error", "msg": words, "input": value}

    told = explain(detail, VaultSettings, "acme-vault", {"VAULT_CODE": "Kernel(...)"})
    assert told == NOT_SHOWN
