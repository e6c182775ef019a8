"""raystack check: mistakes, what they cost the exit code, and nothing secret in any message."""

import json

import pytest
from shop import SECRET, Shop

CHECKS = """
from raystack import CheckMessage, Level, hookimpl

@hookimpl
def raystack_checks(kernel, deploy):
    level = Level.ERROR if deploy else Level.WARNING
    return [CheckMessage(level, "The till is open.", hint="Close it.", obj="till", id="shop.W001")]
"""


def test_a_sound_project_has_no_problems(shop: Shop) -> None:
    done = shop.run("check")

    assert (done.code, done.out, done.err) == (0, "No problems.\n", "")


def test_warnings_pass_and_errors_fail(shop: Shop) -> None:
    shop.distribution("acme-till", CHECKS)

    passed, failed = shop.run("check"), shop.run("check", "--deploy")

    assert (passed.code, failed.code) == (0, 1)
    assert "WARNING shop.W001: The till is open.\n  Close it.\n1 problem.\n" in passed.out
    assert "ERROR shop.W001: The till is open.\n" in failed.out


def test_programs_get_json(shop: Shop) -> None:
    shop.distribution("acme-till", CHECKS)

    assert json.loads(shop.run("check", "--format", "json").out) == [
        {
            "id": "shop.W001",
            "level": "warning",
            "message": "The till is open.",
            "hint": "Close it.",
            "object": "till",
        }
    ]


def test_an_error_in_the_projects_code_is_told_with_its_place(shop: Shop) -> None:
    """The frames of the project, and none of ours."""
    shop.write("core/__init__.py", "")
    shop.write("core/stock.py", "def count():\n    return missing\n")
    shop.write("config/urls.py", "from core import stock\nstock.count()\n")

    for command in ("check", "routes", "run", "runserver"):
        done = shop.run(command)

        assert done.code == 2
        assert done.err == (
            "Error: The application cannot be built: NameError: name 'missing' is not defined\n"
            "  config/urls.py, line 2: stock.count()\n"
            "  core/stock.py, line 2: return missing\n"
        )


def test_a_middleware_that_cannot_be_made_is_told_with_its_place(shop: Shop) -> None:
    """Servers would otherwise start, and answer 500 to everything."""
    shop.write("core/__init__.py", "")
    shop.write("core/timing.py", "class Timing:\n    def __init__(self, app):\n        1 / 0\n")

    for command in ("check", "run", "runserver"):
        done = shop.run(command, RAYSTACK_MIDDLEWARE="core.timing.Timing")

        assert done.code == 2
        assert done.err == (
            'Error: The middleware "core.timing.Timing" of the setting MIDDLEWARE cannot be made: '
            "ZeroDivisionError division by zero.\n"
            "  core/timing.py, line 3: 1 / 0\n"
            "  Repair it, or take it out of MIDDLEWARE.\n"
        )


@pytest.mark.parametrize(
    ("env", "said"),
    [
        (
            {"RAYSTACK_DEBUG": "perhaps"},
            "DEBUG (from RAYSTACK_DEBUG in the environment) should be true or false. "
            "It belongs to raystack-core.",
        ),
        (
            {"RAYSTACK_ALOWED_HOSTS": "example.com"},
            "RAYSTACK_ALOWED_HOSTS in the environment: there is no setting ALOWED_HOSTS. "
            "Did you mean RAYSTACK_ALLOWED_HOSTS",
        ),
        ({"RAYSTACK_SECRET_KEY": "hush-hush"}, "SECRET_KEY (from RAYSTACK_SECRET_KEY"),
        ({"RAYSTACK_SETTINGS_MODULE": "nope.settings"}, "'nope.settings' does not exist"),
        (
            {"RAYSTACK_DATABASES__default__URL": "nosuch://ann:hush-hush@nowhere/x"},
            "RAYSTACK_DATABASES__default__URL",
        ),
    ],
    ids=["type", "unknown", "short secret", "module", "database url"],
)
def test_st_01_broken_settings_are_one_message_and_exit_code_2(
    shop: Shop, env: dict[str, str], said: str
) -> None:
    """It names the setting, its source, what was expected; no traceback, no secret."""
    done = shop.run("check", **env)

    assert done.code == 2, done.out
    assert done.err.startswith("Error: ")
    assert said in done.err
    assert "Traceback" not in done.err
    assert "hush-hush" not in done.out + done.err
    assert SECRET not in done.out + done.err


def test_st_01_a_missing_secret_key_is_told_when_something_needs_it(shop: Shop) -> None:
    shop.write(".env", "")

    done = shop.run("shell", "-c", "settings.SECRET_KEY")

    assert done.code == 2
    assert done.err.startswith("Error: SECRET_KEY is needed here but is not set.")
    assert "Traceback" not in done.err
