"""raystack shell: the project in a Python shell, and await at its top level."""

import pytest
from shop import Shop

CONTEXT = """
from raystack import hookimpl

@hookimpl
def raystack_shell_context(kernel):
    return {"till": kernel.settings.LANGUAGE_CODE}
"""
SANDBOX = """
from contextlib import contextmanager

from raystack import hookimpl


@contextmanager
def undone():
    print("till open")
    yield
    print("till as before")


@hookimpl
def raystack_shell_sandbox(kernel):
    return undone()
"""
LINES = """import asyncio
await asyncio.sleep(0, 'aw' + 'aited')
def double(x):
    return 2 * x

double(21)
reverse('index')
1 / 0
print('still', 'here', till)
"""


def test_code_of_an_option_runs_with_the_names_of_the_project_and_of_plugins(shop: Shop) -> None:
    shop.distribution("acme-till", CONTEXT)

    done = shop.run(
        "shell",
        "-c",
        "import asyncio\n"
        "print(await asyncio.sleep(0, till), reverse('index'), settings.DEBUG, len(kernel.apps))",
    )

    assert done.out == "en-us / False 0\n"


@pytest.mark.parametrize("options", [["--plain"], []], ids=["python", "ipython"])
def test_both_shells_await_and_go_on_after_errors(shop: Shop, options: list[str]) -> None:
    shop.distribution("acme-till", CONTEXT)

    done = shop.run("shell", *options, stdin=LINES, HOME=str(shop.folder))

    assert done.code == 0
    said = done.out + done.err
    for expected in ("'awaited'", "42", "'/'", "ZeroDivisionError", "still here en-us"):
        assert expected in said
    assert ("In [1]:" in said) == (options == []), "IPython's prompt, and nobody else's"


def test_an_error_in_the_code_of_an_option_is_a_traceback_of_that_code_and_exit_code_1(
    shop: Shop,
) -> None:
    done = shop.run("shell", "-c", "def f():\n    return 1 / 0\nf()")

    assert done.code == 1
    assert done.err.startswith('Traceback (most recent call last):\n  File "<command>", line 3')
    assert done.err.endswith("ZeroDivisionError: division by zero\n")


def test_what_opens_in_one_line_of_the_plain_shell_serves_the_next(shop: Shop) -> None:
    """One event loop lives as long as the shell."""
    lines = (
        "import asyncio\n"
        "first = asyncio.get_running_loop() if await asyncio.sleep(0, True) else None\n"
        "print('same', await asyncio.sleep(0, asyncio.get_running_loop() is first))\n"
    )

    assert "same True" in shop.run("shell", "--plain", stdin=lines).out


def test_leaving_the_plain_shell_works_with_exit(shop: Shop) -> None:
    assert shop.run("shell", "--plain", stdin="exit(3)\n").code == 3


def test_a_sandbox_that_no_plugin_offers_is_an_error(shop: Shop) -> None:
    """Nothing runs in what would be no sandbox."""
    disabled = "orm,auth,admin"

    done = shop.run("shell", "--sandbox", "-c", "print(1)", RAYSTACK_PLUGINS_DISABLED=disabled)

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "Error: No plugin of this project offers a sandbox, so nothing would be undone. "
        "raystack-orm offers one for its databases.\n"
    )


def test_what_plugins_undo_is_entered_before_the_first_line_and_left_at_the_end(
    shop: Shop,
) -> None:
    shop.distribution("acme-till", SANDBOX)

    done = shop.run("shell", "--sandbox", "-c", "print('selling')\nraise SystemExit(4)")

    assert (done.code, done.out) == (4, "till open\nselling\ntill as before\n")
    assert done.err == (
        "Sandbox: all changes will be undone when this shell ends.\n"
        "Sandbox: all changes were undone.\n"
    )
