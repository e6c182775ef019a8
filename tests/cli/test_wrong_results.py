"""A plugin that returns something else from a hook of the command line is named, with the hook."""

import json

import pytest
from shop import Shop

HOOK = """
from raystack import hookimpl

@hookimpl
def {hook}({arguments}):
    return {value}
"""


def told(hook: str, found: str, wanted: str) -> str:
    """Return the message about a wrong result."""
    return (
        f"acme-odd 1.0 returned {found} from {hook}. It has to return {wanted}.\n"
        f"  It was loaded from the entry point acme-odd = acme_odd.plugin.\n"
        f"  Repair it, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme-odd\n"
    )


@pytest.mark.parametrize(
    ("hook", "arguments", "command", "wanted"),
    [
        ("raystack_shell_context", "kernel", ("shell", "-c", "1"), "a mapping of names to values"),
        (
            "raystack_shell_sandbox",
            "kernel",
            ("shell", "--sandbox", "-c", "1"),
            "a context manager",
        ),
        ("raystack_startapp", "", ("startapp", "orders"), "an instance of Scaffold"),
    ],
)
def test_a_wrong_result_is_an_error_naming_plugin_and_hook(
    shop: Shop, hook: str, arguments: str, command: tuple[str, ...], wanted: str
) -> None:
    shop.distribution("acme-odd", HOOK.format(hook=hook, arguments=arguments, value=[7]))

    done = shop.run(*command)

    assert (done.code, done.out) == (2, "")
    assert done.err == f"Error: {told(hook, 'a list', wanted)}"
    assert not (shop.root / "apps").exists()


def test_a_new_project_does_without_a_plugin_that_is_broken_and_says_so(shop: Shop) -> None:
    hook = "raystack_startproject"
    shop.distribution("acme-odd", HOOK.format(hook=hook, arguments="", value=[7]))

    done = shop.run("startproject", "inner")

    assert (done.code, (shop.root / "inner").is_dir()) == (0, True)
    assert done.err == f"Left out: {told(hook, 'a list', 'an instance of Scaffold')}"


def test_a_plugin_with_wrong_commands_is_shown_with_its_problem(shop: Shop) -> None:
    shop.distribution("acme-odd", HOOK.format(hook="raystack_commands", arguments="", value=[7]))

    done = shop.run("plugins", "show", "acme-odd", "--format", "json")

    assert done.code == 0
    wrong = told("raystack_commands", "an int", "a sequence of Command")
    assert json.loads(done.out)["problems"] == [wrong.rstrip()]


@pytest.mark.parametrize(
    ("hook", "arguments"), [("raystack_commands", ""), ("raystack_checks", "kernel, deploy")]
)
@pytest.mark.parametrize("body", ["[7]", "1 / 0"])
def test_skip_leaves_out_a_plugin_that_falls_late_and_check_tells_it(
    shop: Shop, hook: str, arguments: str, body: str
) -> None:
    """The commands of others stay, and so do their findings."""
    shop.distribution("acme-odd", HOOK.format(hook=hook, arguments=arguments, value=body))

    check = shop.run("check", RAYSTACK_PLUGIN_ERRORS="skip")
    migrate = shop.run("migrate", "--help", RAYSTACK_PLUGIN_ERRORS="skip")

    assert check.code == 1
    assert check.out.startswith("ERROR core.E001: acme-odd 1.0 ")
    assert check.out.endswith("1 problem.\n")
    assert migrate.code == 0


def test_safe_mode_is_refused_if_it_is_neither_on_nor_off(shop: Shop) -> None:
    done = shop.run("check", RAYSTACK_SAFE_MODE="please")

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "Error: RAYSTACK_SAFE_MODE in the environment should be true or false. "
        "Set it to 1 for safe mode, or unset it.\n"
    )


def test_check_warns_of_variables_that_may_belong_to_a_plugin_that_is_left_out(shop: Shop) -> None:
    done = shop.run("check", RAYSTACK_PLUGINS_DISABLED="admin", RAYSTACK_ADMIN_COLOR="red")

    assert done.code == 0
    assert done.out == (
        "WARNING core.W003: RAYSTACK_ADMIN_COLOR in the environment: there is no setting "
        "ADMIN_COLOR. It may belong to a plugin that is left out: admin.\n"
        "  Unset it, or start its plugin.\n"
        "1 problem.\n"
    )
