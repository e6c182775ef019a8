"""Commands of an app's commands.py: functions marked with @command."""

import pytest
from shop import Shop


def with_commands(shop: Shop, text: str) -> None:
    """Give the project an app with these commands."""
    shop.app("orders", commands=text)
    shop.write("config/settings.py", "INSTALLED_APPS = ['apps.orders']\nGREETING = 'Hello'\n")


def test_type_hints_are_options_and_settings_are_ready(shop: Shop) -> None:
    with_commands(
        shop,
        """
        import typer
        from typing import Annotated
        from raystack import settings
        from raystack_cli import command

        @command
        def greet(name: Annotated[str, typer.Argument(help="Whom.")], times: int = 1) -> None:
            '''Greet somebody.

            Args:
                name: Whom to greet.
            '''
            print(f"{settings.GREETING} {name} " * times)
        """,
    )

    assert shop.run("greet", "Ann", "--times", "2").out == "Hello Ann Hello Ann \n"
    explained = shop.run("greet", "--help").out
    assert "Greet somebody." in explained
    assert "Whom." in explained
    assert "Args:" not in explained


def test_a_command_may_be_asynchronous_and_have_a_name_of_its_own(shop: Shop) -> None:
    with_commands(
        shop,
        """
        import asyncio
        import raystack_cli as cli

        @cli.command("later")
        async def _later() -> None:
            print(await asyncio.sleep(0, "awaited"))
        """,
    )

    assert shop.run("later").out == "awaited\n"


def test_decorators_of_others_that_are_called_command_are_not_ours(shop: Shop) -> None:
    with_commands(
        shop,
        """
        import typer
        from raystack_cli import command as ours

        app = typer.Typer()

        @app.command()
        def theirs() -> None: ...

        @ours()
        def mine() -> None: ...
        """,
    )

    listed = shop.run("--help").out

    assert "mine" in listed
    assert "theirs" not in listed


@pytest.mark.parametrize(
    ("text", "said"),
    [("def (", "invalid syntax"), ("x = '\\0'", "null bytes")],
    ids=["syntax", "null byte"],
)
def test_commands_that_cannot_be_read_are_named_and_hide_no_others(
    shop: Shop, text: str, said: str
) -> None:
    with_commands(shop, text.encode().decode("unicode_escape"))

    listed, check = shop.run("--help"), shop.run("check")

    assert (listed.code, check.code) == (0, 1)
    assert "startproject" in listed.out
    assert "ERROR cli.E002: The commands of the app apps.orders cannot be read" in check.out
    assert said in check.out


def test_an_error_of_raystack_in_a_command_is_told_without_a_traceback(shop: Shop) -> None:
    with_commands(
        shop,
        """
        from raystack import reverse
        from raystack_cli import command

        @command
        def link() -> None:
            print(reverse("nowhere"))
        """,
    )

    done = shop.run("link")

    assert done.code == 2
    assert done.err.startswith("Error: ")
    assert "nowhere" in done.err
    assert "Traceback" not in done.err
