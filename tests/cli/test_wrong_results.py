"""A plugin that returns something else from a hook of the command line is named, with the hook."""

import pytest
from shop import Shop

HOOK = """
from raystack import hookimpl

@hookimpl
def {hook}({arguments}):
    return {value}
"""


@pytest.mark.parametrize(
    ("hook", "arguments", "command", "wanted"),
    [
        ("raystack_shell_context", "kernel", ("shell", "-c", "1"), "a mapping of names to values"),
        ("raystack_startproject", "", ("startproject", "inner"), "a Scaffold"),
        ("raystack_startapp", "", ("startapp", "orders"), "a Scaffold"),
        ("raystack_commands", "", ("plugins", "show", "acme-odd"), "a sequence of Command"),
    ],
)
def test_a_wrong_result_is_an_error_naming_plugin_and_hook(
    shop: Shop, hook: str, arguments: str, command: tuple[str, ...], wanted: str
) -> None:
    shop.distribution("acme-odd", HOOK.format(hook=hook, arguments=arguments, value=[7]))
    found = "int" if hook == "raystack_commands" else "list"

    done = shop.run(*command)

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"Error: acme-odd 1.0 returned a {found} from {hook}. It has to return {wanted}.\n"
        f"  It was loaded from the entry point acme-odd = acme_odd.plugin.\n"
        f"  Repair it, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme-odd\n"
    )
    assert not (shop.root / "apps").exists()


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
