"""raystack check: mistakes, what they cost the exit code, and nothing secret in any message."""

import json

import pytest
from shop import SECRET, SETTINGS, URLS, Shop

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
    ("env", "settings", "said"),
    [
        (
            {"RAYSTACK_DEBUG": "perhaps"},
            "",
            "DEBUG (from RAYSTACK_DEBUG in the environment) should be true or false. "
            "It belongs to raystack-core.",
        ),
        (
            {},
            "DEBUG = 'hush-hush'",
            "DEBUG (from config.settings) should be true or false. It belongs to raystack-core.",
        ),
        (
            {"RAYSTACK_ALOWED_HOSTS": "hush-hush"},
            "",
            "RAYSTACK_ALOWED_HOSTS in the environment: there is no setting ALOWED_HOSTS. "
            "Did you mean RAYSTACK_ALLOWED_HOSTS (of raystack-core)? ",
        ),
        (
            {},
            "ALOWED_HOSTS = ['hush-hush']",
            "ALOWED_HOSTS in config.settings is not a setting. "
            "Did you mean ALLOWED_HOSTS (of raystack-core)? ",
        ),
        (
            {"RAYSTACK_SECRET_KEY": "hush-hush"},
            "",
            "SECRET_KEY (from RAYSTACK_SECRET_KEY in the environment) "
            "should have at least 32 characters. ",
        ),
        (
            {"RAYSTACK_SECRET_KEY": f"raystack-insecure-{'hush-hush' * 4}"},
            "",
            "SECRET_KEY is an example's (raystack-insecure-...), which only DEBUG = True accepts. ",
        ),
        (
            {"RAYSTACK_DATABASES__default__URL": "nosuch://ann:hush-hush@nowhere/x"},
            "",
            "DATABASES[default][URL] (from RAYSTACK_DATABASES__default__URL in the environment): ",
        ),
        (
            {},
            "DATABASES = {'default': 'postgresql://ann:hush-hush@nowhere:port/x'}",
            "DATABASES[default][URL] (from config.settings): ",
        ),
        (
            {"RAYSTACK_SETTINGS_MODULE": "nope.settings"},
            "",
            "The settings module 'nope.settings' does not exist in ",
        ),
    ],
    ids=[
        "type in a variable",
        "type in the settings",
        "unknown variable",
        "unknown setting",
        "short secret",
        "default secret",
        "database url in a variable",
        "database url in the settings",
        "missing module",
    ],
)
def test_st_01_broken_settings_are_one_message_and_exit_code_2(
    shop: Shop, env: dict[str, str], settings: str, said: str
) -> None:
    """A line says which setting, from where, what was expected; the remedy may follow, indented."""
    shop.write("config/settings.py", f"{SETTINGS}{settings}\n")

    done = shop.run("check", **env)

    assert (done.code, done.out) == (2, "")
    assert_one_message(done.err)
    assert done.err.startswith(f"Error: {said}")
    assert "hush-hush" not in done.err
    assert SECRET not in done.err


def assert_one_message(text: str) -> None:
    """Make sure that there is one error, without a traceback."""
    first, *others = text.splitlines()
    assert first.startswith("Error: ")
    assert [line for line in others if not line.startswith("  ")] == []
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("command", "urls"),
    [
        (["check"], f"{URLS}\nfrom raystack import settings\nsettings.SECRET_KEY\n"),
        (["shell", "-c", "settings.SECRET_KEY"], URLS),
    ],
    ids=["check", "shell"],
)
def test_st_01_a_missing_secret_key_is_told_when_something_needs_it(
    shop: Shop, command: list[str], urls: str
) -> None:
    """A project that signs nothing does without; where sessions are on, it is warned."""
    shop.write(".env", "")
    warned = shop.run("check")
    assert warned.code == 0
    assert warned.out.startswith("WARNING middleware.W012: SECRET_KEY is not set: ")
    shop.write("config/urls.py", urls)

    done = shop.run(*command)

    assert (done.code, done.out) == (2, "")
    assert_one_message(done.err)
    assert done.err.startswith("Error: SECRET_KEY is needed here but is not set.\n")
    assert "RAYSTACK_SECRET_KEY, in the environment or in .env" in done.err


INSECURE = """
DEBUG = True
ALLOWED_HOSTS = ["*", "https://example.com"]
TRUSTED_PROXIES = ["*"]
MIDDLEWARE = ["-security_headers"]
SESSION_COOKIE_SECURE = False
SESSION_COOKIE_SAMESITE = "None"
SECURE_HSTS_SECONDS = 0
SECURE_CONTENT_TYPE_NOSNIFF = False
X_FRAME_OPTIONS = None
SECURE_REFERRER_POLICY = "unsafe-url"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "unsafe-none"
SECURE_CSP = {"script-src": ["'unsafe-inline'"]}
"""
PLANTED = {
    "security.E001": "DEBUG",
    "security.E002": "no SECRET_KEY",
    "security.E004": "any host",
    "security.E005": "any proxy",
    "security.W006": "a plugin that nobody named",
    "middleware.W001": "a host that is none",
    "middleware.W002": "a guard turned off",
    "middleware.W003": "cookies over http",
    "middleware.W004": "cookies for other sites",
    "middleware.W005": "no HSTS",
    "middleware.W006": "guessed content types",
    "middleware.W007": "frames",
    "middleware.W008": "addresses told to others",
    "middleware.W009": "windows of others",
    "middleware.W011": "inline scripts",
}


@pytest.mark.parametrize(
    ("settings", "planted"),
    [
        (INSECURE, set(PLANTED)),
        # What cannot be wrong together with the others.
        ("SECURE_CSP = {}", {"security.E002", "security.E003", "security.W006", "middleware.W010"}),
    ],
    ids=["everything", "the opposites"],
)
def test_st_02_check_deploy_finds_every_insecure_setting_of_a_project(
    shop: Shop, settings: str, planted: set[str]
) -> None:
    shop.distribution("acme-quiet")
    shop.write(".env", "")
    shop.write("config/settings.py", settings)

    done = shop.run("check", "--deploy", "--format", "json")

    found = [problem["id"] for problem in json.loads(done.out)]
    assert done.code == 1
    assert sorted(found) == sorted(planted)


def test_st_02_nothing_is_found_in_a_project_that_is_secure(shop: Shop) -> None:
    done = shop.run("check", "--deploy")

    assert (done.code, done.out, done.err) == (0, "No problems.\n", "")
