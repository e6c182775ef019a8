"""raystack plugins: what is installed, what each brings, and what is broken."""

import json

from shop import Shop

GOOD = """
from raystack import Command, hookimpl

@hookimpl
def raystack_commands():
    return [Command("greet", "acme_good.commands:run", "Greet.")]

@hookimpl
def raystack_settings():
    from acme_good.settings import GoodSettings
    return GoodSettings

@hookimpl
def raystack_routers(settings):
    from fastapi import APIRouter
    router = APIRouter()
    router.add_api_route("/good", lambda: None, name="good")
    return [router]
"""
GOOD_SETTINGS = """
from pydantic import Field
from raystack import Section

class GoodSettings(Section):
    GOOD_WORD: str = Field("hello", description="A word.")
"""
NOT_IMPORTABLE = "import nothing_of_this_name"
RAISING = """
from raystack import hookimpl

@hookimpl
def raystack_ready(kernel):
    raise KeyError("ACME_WORD")
"""
ADDING_HOOKS = """
from raystack import hookimpl

@hookimpl
def raystack_addhooks(pluginmanager):
    raise RuntimeError("no luck")
"""
MISSPELT = """
from raystack import hookimpl

@hookimpl
def raystack_redy(kernel): ...
"""


def install_good(shop: Shop) -> None:
    """Install a plugin that brings one of each."""
    shop.distribution("acme-good", GOOD, requires=("raystack-core>=0.1",), version="1.2")
    (shop.site / "acme_good" / "settings.py").write_text(GOOD_SETTINGS)


def install_broken(shop: Shop) -> None:
    """Install three plugins, each broken in another way."""
    shop.distribution("acme-import", NOT_IMPORTABLE)
    shop.distribution("acme-raises", RAISING)
    shop.distribution("acme-misspelt", MISSPELT)


RIVAL = """
from raystack import Command, hookimpl

@hookimpl
def raystack_commands():
    return [
        Command("greet", "acme_rival.commands:greet", "Greet."),
        Command("part", "acme_rival.nowhere:part", "Part."),
    ]
"""


def test_list_says_which_plugins_start(shop: Shop) -> None:
    install_good(shop)
    install_broken(shop)
    env = {"RAYSTACK_PLUGINS_DISABLED": "acme-raises"}

    rows = json.loads(shop.run("plugins", "list", "--format", "json", **env).out)

    states = {row["name"]: (row["distribution"], row["version"], row["state"]) for row in rows}
    assert states["acme-good"] == ("acme-good", "1.2", "starts")
    assert states["acme-import"] == ("acme-import", "1.0", "broken")
    assert states["acme-raises"] == ("acme-raises", "1.0", "disabled")
    assert states["cli"][2] == "starts"
    assert "acme-misspelt  acme-misspelt" in shop.run("plugins", "list").out


def test_show_says_what_a_plugin_brings(shop: Shop) -> None:
    install_good(shop)

    shown = json.loads(shop.run("plugins", "show", "acme-good", "--format", "json").out)

    assert shown == {
        "name": "acme-good",
        "distribution": "acme-good",
        "version": "1.2",
        "state": "starts",
        "module": "acme_good.plugin",
        "requires": ["raystack-core>=0.1"],
        "hooks": ["raystack_commands", "raystack_routers", "raystack_settings"],
        "settings": ["GOOD_WORD"],
        "commands": ["greet"],
        "routes": ["GET /good"],
        "problems": [],
    }
    assert "settings: GOOD_WORD\n" in shop.run("plugins", "show", "acme-good").out


def test_show_of_an_unknown_plugin_names_those_there_are(shop: Shop) -> None:
    install_good(shop)

    done = shop.run("plugins", "show", "acme-goood")

    assert done.code == 2
    assert 'No plugin is named "acme-goood". Did you mean "acme-good"?' in done.err


def test_doctor_finds_nothing_in_a_sound_project(shop: Shop) -> None:
    done = shop.run("plugins", "doctor")

    assert done.code == 0
    assert done.out.endswith("plugins start. No problems.\n")


def test_pl_01_doctor_names_three_broken_plugins_each_with_its_remedy(shop: Shop) -> None:
    install_broken(shop)

    done = shop.run("plugins", "doctor")

    assert done.code == 1
    assert "3 problems." in done.out
    assert "acme-import 1.0 cannot be imported: ModuleNotFoundError" in done.out
    assert "acme-raises 1.0 failed in the hook raystack_ready: KeyError 'ACME_WORD'" in done.out
    assert (
        'acme-misspelt 1.0: it implements the hook "raystack_redy", which does not exist. '
        'Did you mean "raystack_ready"?' in done.out
    )
    for name in ("acme-import", "acme-raises", "acme-misspelt"):
        assert f"RAYSTACK_PLUGINS_DISABLED={name}" in done.out
    assert "Traceback" not in done.out + done.err


def test_pl_01_skipped_plugins_are_told_by_doctor(shop: Shop) -> None:
    install_broken(shop)
    skip = {"RAYSTACK_PLUGIN_ERRORS": "skip"}

    assert shop.run("shell", "-c", "print('runs')", **skip).out == "runs\n"
    assert "3 problems." in shop.run("plugins", "doctor", **skip).out


def test_pl_01_a_plugin_that_raises_while_it_is_registered_stops_or_is_skipped(shop: Shop) -> None:
    """``raystack_addhooks`` comes first, when there are no settings yet."""
    shop.distribution("acme-hooks", ADDING_HOOKS, version="2.3")
    told = "acme-hooks 2.3 failed in the hook raystack_addhooks: RuntimeError no luck."

    stopped = shop.run("check")
    skipped = shop.run("shell", "-c", "print('runs')", RAYSTACK_PLUGIN_ERRORS="skip")
    doctor = shop.run("plugins", "doctor", RAYSTACK_PLUGIN_ERRORS="skip")

    assert stopped.code == 2
    assert stopped.err == (
        f"Error: {told}\n"
        f"  It was raised in {shop.site / 'acme_hooks' / 'plugin.py'}, line 6.\n"
        "  It was loaded from the entry point acme-hooks = acme_hooks.plugin.\n"
        "  Repair the cause, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme-hooks\n"
    )
    assert (skipped.code, skipped.out) == (0, "runs\n")
    assert doctor.code == 1
    assert told in doctor.out


def test_doctor_works_with_everything_broken_at_once(shop: Shop) -> None:
    """Plugins, settings, an app and the urls: all of it is in one answer."""
    install_broken(shop)
    shop.write("config/settings.py", "INSTALLED_APPS = ['apps.none']\nDEBUG = 'perhaps'\n")
    shop.write("config/urls.py", "nonsense()\n")

    done = shop.run("plugins", "doctor", "--format", "json")

    assert done.code == 1, done.err
    messages = " ".join(problem["message"] for problem in json.loads(done.out))
    assert "acme-import" in messages
    assert "'apps.none'" in messages
    assert "DEBUG (from config.settings) should be true or false." in messages
    assert "NameError: name 'nonsense' is not defined\n  config/urls.py, line 1" in messages


def test_doctor_works_with_a_settings_module_that_cannot_be_read(shop: Shop) -> None:
    shop.write("config/settings.py", "INSTALLED_APPS = [")

    done = shop.run("plugins", "doctor")

    assert done.code == 1
    assert "The settings module 'config.settings' cannot be imported: SyntaxError" in done.out


def test_two_plugins_with_one_setting_are_both_named(shop: Shop) -> None:
    install_good(shop)
    shop.distribution("acme-rival", GOOD.replace("acme_good", "acme_rival").replace("greet", "hi"))
    (shop.site / "acme_rival" / "settings.py").write_text(GOOD_SETTINGS)

    done = shop.run("check")

    assert done.code == 2
    assert "GOOD_WORD" in done.err
    assert "acme-good" in done.err
    assert "acme-rival" in done.err


def test_doctor_tells_what_two_plugins_claim_and_what_a_command_lacks(shop: Shop) -> None:
    """What ``raystack check`` calls an error is a problem here too."""
    install_good(shop)
    (shop.site / "acme_good" / "commands.py").write_text("def run(): ...\n")
    shop.distribution("acme-rival", RIVAL)

    done = shop.run("plugins", "doctor", "--format", "json")

    assert done.code == 1
    assert [problem["message"].partition("\n")[0] for problem in json.loads(done.out)] == [
        'The command "greet" is claimed twice: by acme-good 1.2 and by acme-rival 1.0. '
        "Rename one of them, or disable one of the plugins.",
        'The command "part" of acme-rival 1.0 cannot be imported from acme_rival.nowhere:part: '
        "ModuleNotFoundError: No module named 'acme_rival.nowhere'.",
    ]
