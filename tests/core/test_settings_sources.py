"""Where settings are read from, and how the result is read and copied."""

import copy
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values
from dotenv.parser import parse_stream
from hypothesis import example, given
from hypothesis import strategies as st
from workshop import Workshop

from raystack import CoreSettings, Kernel, SettingsError, settings, use_kernel
from raystack.conf.dotenv import read_dotenv

SCRIPT = """
from raystack import Kernel
kernel = Kernel()
kernel.setup()
print(kernel.settings.TIME_ZONE)
"""


def ready(**given: object) -> Kernel:
    """Return a kernel that is set up."""
    kernel = Kernel(settings=given)
    kernel.setup()
    return kernel


@given(
    st.lists(st.text(st.sampled_from("Ab1_= #'\"\\,${")) | st.text(), max_size=5),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
@example(["", "# ours", "A=b,c", " # x", "A="], "\n")
@example(["export A=1", "A", "A='b'", "A=1 # x", "B = 2"], "\r\n")
def test_dotenv_is_read_as_python_dotenv_reads_it(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str
) -> None:
    path = tmp_path_factory.getbasetemp() / ".env"
    path.write_bytes(end.join(lines).encode(errors="replace"))

    with path.open(encoding="utf-8") as file:
        broken = [
            each.original.line
            for each in parse_stream(file)
            if each.error or (each.key is not None and each.value is None)
        ]
    if broken:
        with pytest.raises(SettingsError, match=f"line {broken[0]}: this should be NAME=value"):
            read_dotenv(path)
    else:
        assert read_dotenv(path) == dotenv_values(path, interpolate=False)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"A=1\nRAYSTACK_TOKEN='hush hush\n",
            ", line 2: this should be NAME=value.\n"
            "  A value with spaces or # stands in quotes, which end on the same line.",
        ),
        (
            b"RAYSTACK_DEBUG",
            ", line 1: this should be NAME=value.\n"
            "  A value with spaces or # stands in quotes, which end on the same line.",
        ),
        (b"A=1\n\nB=\xff", ", line 3: the file has to be UTF-8."),
        (None, " cannot be read: Is a directory."),
    ],
    ids=["no assignment", "no value", "other encoding", "no file"],
)
def test_a_dotenv_that_cannot_be_read_is_an_error_without_its_text(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    """python-dotenv warns of such a line, and goes on without it."""
    path = tmp_path / ".env"
    path.mkdir() if content is None else path.write_bytes(content)

    with pytest.raises(SettingsError) as raised:
        read_dotenv(path)

    assert str(raised.value) == f"{path}{said}"


def test_a_plain_dotenv_is_read_without_python_dotenv(workshop: Workshop) -> None:
    """``raystack --help`` reads it, and importing python-dotenv takes longer than that."""
    root = workshop.project()
    workshop.write(".env", "# ours\nRAYSTACK_PLUGINS_DISABLED=admin\n\n")
    script = (
        "import sys\n"
        "from raystack import Kernel\n"
        "kernel = Kernel()\n"
        "kernel.register()\n"
        "print('admin' in [plugin.name for plugin in kernel.plugins], 'dotenv' in sys.modules)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )

    assert done.stdout == "False False\n"


def test_the_kernels_project_has_the_settings_module_that_was_read(workshop: Workshop) -> None:
    workshop.project()
    workshop.write(".env", "RAYSTACK_SETTINGS_MODULE=config.prod\n")
    workshop.write("config/prod.py", "SHOP_NAME = 'Prod'\n")

    kernel = ready()

    assert kernel.settings.SHOP_NAME == "Prod"
    assert kernel.project.settings_module == "config.prod"


@pytest.mark.parametrize("text", ["1", "true", "Yes", "on", "t"])
def test_safe_mode_is_what_a_boolean_is(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("RAYSTACK_SAFE_MODE", text)

    assert Kernel().safe_mode is True


@pytest.mark.parametrize("text", ["", "0", "false", "No", "off"])
def test_safe_mode_can_be_off(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("RAYSTACK_SAFE_MODE", text)

    assert Kernel().safe_mode is False


def test_a_safe_mode_of_neither_is_refused(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAYSTACK_SAFE_MODE", "please")

    with pytest.raises(SettingsError) as caught:
        Kernel()
    assert str(caught.value) == (
        "RAYSTACK_SAFE_MODE in the environment should be true or false. "
        "Set it to 1 for safe mode, or unset it."
    )


def test_text_in_the_settings_module_is_no_list(workshop: Workshop) -> None:
    """A variable has nothing but text; Python has lists."""
    workshop.project(settings="INSTALLED_APPS = 'a,b'\n")

    with pytest.raises(SettingsError) as caught:
        ready()
    assert str(caught.value) == (
        "INSTALLED_APPS (from config.settings) should be a list of strings. "
        "It belongs to raystack-core."
    )


def test_utc_needs_no_time_zone_database(workshop: Workshop) -> None:
    """A slim image may have neither the system's database nor the package tzdata."""
    hide = "import sys; sys.modules['tzdata'] = None\n"

    done = subprocess.run(
        [sys.executable, "-c", hide + SCRIPT],
        cwd=workshop.project(),
        env={"PYTHONTZPATH": "", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("UTC\n", "")


def test_a_missing_secret_is_an_error_in_its_section_too(workshop: Workshop) -> None:
    core = ready().settings.section(CoreSettings)

    with pytest.raises(SettingsError) as caught:
        _ = core.SECRET_KEY
    assert str(caught.value) == (
        "SECRET_KEY is needed here but is not set.\n"
        '  Make one with: python -c "import secrets; print(secrets.token_urlsafe(50))"\n'
        "  and set it as RAYSTACK_SECRET_KEY, in the environment or in .env."
    )
    assert core.model_dump()["DEBUG"] is False
    with pytest.raises(AttributeError):
        _ = core.SECRET_KEYS  # type: ignore[attr-defined]  # a mistake


def test_a_copy_of_the_settings_is_the_settings(workshop: Workshop) -> None:
    kernel = ready()

    assert copy.copy(kernel.settings) is kernel.settings
    assert copy.deepcopy(kernel.settings) is kernel.settings


def test_the_proxy_is_read_like_the_settings(workshop: Workshop) -> None:
    with use_kernel(ready(SHOP_NAME="Ours")) as kernel:
        assert list(settings) == list(kernel.settings)
        assert copy.copy(settings).SHOP_NAME == "Ours"
        with pytest.raises(SettingsError) as caught:
            del settings.SHOP_NAME
    assert str(caught.value) == "Settings are frozen: SHOP_NAME cannot be deleted."


def test_notes_on_variables_are_kept_and_logged_once_where_logging_says(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LOGGING is a setting too, so it is configured before anything is logged of settings."""
    monkeypatch.setenv("RAYSTACK_PLUGINS_DISABLED", "admin")
    monkeypatch.setenv("RAYSTACK_ADMIN_COLOR", "red")
    log = workshop.folder / "log"
    handler = {"class": "logging.FileHandler", "filename": str(log), "formatter": "plain"}
    kernel = ready(
        LOGGING={
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"plain": {"format": "%(levelname)s %(message)s"}},
            "handlers": {"file": handler},
            "loggers": {"raystack": {"handlers": ["file"]}},
        }
    )
    note = (
        "RAYSTACK_ADMIN_COLOR in the environment: there is no setting ADMIN_COLOR. "
        "It may belong to a plugin that is left out: admin."
    )

    with kernel.override_settings(DEBUG=True):
        pass

    assert kernel.notes == [note]
    assert log.read_text() == f"WARNING {note}\n"
