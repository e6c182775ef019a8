"""raystack --help: every command by whose it is, whatever is broken, without importing any."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from shop import Shop

from cli import raystack

COMMANDS = """
from raystack import Command, hookimpl

@hookimpl
def raystack_commands():
    return [Command({name!r}, "acme_{number}.commands:run", "Do what acme-{number} does.")]
"""
BROKEN_PLUGIN = "raise RuntimeError('no luck')"
HEAVY = ("pydantic", "fastapi", "starlette", "sqlalchemy", "jinja2", "asyncio", "rich.markdown")


def install(shop: Shop, number: int, name: str) -> None:
    """Install the plugin acme-N with one command."""
    shop.distribution(f"acme-{number}", COMMANDS.format(name=name, number=number))


def test_commands_are_grouped_by_the_plugin_and_app_they_come_from(shop: Shop) -> None:
    install(shop, 1, "greet")
    shop.app(
        "orders",
        commands="""
        from raystack_cli import command

        @command
        def ship_all():
            '''Ship what is paid.

            More that --help does not print.
            '''
        """,
    )
    shop.write("config/settings.py", "INSTALLED_APPS = ['apps.orders']\n")

    lines = shop.run("--help").out.splitlines()

    headings = [line for line in lines if line.startswith("╭─")]
    assert [heading.split()[1] for heading in headings[:4]] == ["Options", "Start", "Serve", "Look"]
    assert {"acme-1", "Orders"} <= {heading.split()[1] for heading in headings[4:]}
    assert any("greet " in line and "Do what acme-1 does." in line for line in lines)
    assert any("ship-all" in line and "Ship what is paid." in line for line in lines)
    assert "More that" not in "\n".join(lines)


def test_help_imports_neither_commands_nor_what_they_need(shop: Shop) -> None:
    """No pydantic, FastAPI, SQLAlchemy or Jinja2, and no module of a command."""
    install(shop, 1, "greet")
    (shop.site / "acme_1" / "commands.py").write_text("raise RuntimeError('imported')")
    shop.app("orders", commands="from raystack_cli import command\nraise RuntimeError('imported')")
    shop.write("config/settings.py", "INSTALLED_APPS = ['apps.orders']\n")
    script = (
        "import sys\n"
        "from raystack_cli.main import main\n"
        "sys.argv = ['raystack', '--help']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print('heavy:', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=shop.root,
        env=shop.environment({"PATH": "/usr/bin:/bin"}),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "greet" in done.stdout
    assert done.stdout.splitlines()[-1] == "heavy: []"


def test_running_a_command_imports_its_module_only(shop: Shop) -> None:
    install(shop, 1, "greet")
    install(shop, 2, "part")
    (shop.site / "acme_1" / "commands.py").write_text(
        "import sys\n"
        "def run(name: str = 'you') -> None:\n"
        "    print('Hello', name, 'acme_2.commands' in sys.modules)\n"
    )
    (shop.site / "acme_2" / "commands.py").write_text("raise RuntimeError('imported')")

    assert shop.run("greet", "--name", "Ann").out == "Hello Ann False\n"
    assert shop.run("part").err == (
        'Error: The command "part" of acme-2 1.0 cannot be imported from acme_2.commands:run: '
        "RuntimeError: imported.\n"
    )


def test_pl_03_two_plugins_with_one_command_are_an_error_naming_both(shop: Shop) -> None:
    install(shop, 1, "greet")
    install(shop, 2, "greet")
    message = 'The command "greet" is claimed twice: by acme-1 1.0 and by acme-2 1.0.'

    run, check, listed = shop.run("greet"), shop.run("check"), shop.run("--help")

    assert (run.code, check.code, listed.code) == (2, 1, 0)
    assert message in run.err
    assert f"ERROR cli.E001: {message}" in check.out
    assert message in listed.out


def test_pl_03_a_plugin_cannot_shadow_a_command_of_raystack(shop: Shop) -> None:
    install(shop, 1, "version")

    assert shop.run("version").out.splitlines()[-1].startswith("python ")
    assert (
        'ERROR cli.E001: The command "version" of acme-1 1.0 has the name of one of Raystack\'s own'
        in shop.run("check").out
    )


def test_cl_06_help_works_outside_of_a_project(tmp_path: Path) -> None:
    listed, version = raystack("--help", cwd=tmp_path), raystack("version", cwd=tmp_path)

    assert (listed.code, version.code) == (0, 0)
    assert "startproject" in listed.out
    assert "raystack-core " in version.out


@pytest.mark.parametrize("command", ["check", "runserver", "run", "shell", "routes", "settings"])
def test_cl_06_commands_that_need_a_project_say_what_they_looked_for(
    tmp_path: Path, command: str
) -> None:
    done = raystack(command, cwd=tmp_path)

    assert done.code == 2
    assert done.err == (
        f"Error: There is no Raystack project here: no manage.py in {tmp_path} or a folder above "
        f"it, and RAYSTACK_SETTINGS_MODULE is not set.\n"
        f"  Go to a project's folder, or start one: raystack startproject NAME\n"
    )


def test_cl_06_a_project_is_found_from_its_folders_and_by_its_manage_py(
    shop: Shop, tmp_path: Path
) -> None:
    deep = shop.root / "config" / "deep"
    deep.mkdir()
    manage = [sys.executable, str(shop.root / "manage.py"), "check"]
    shop.write(
        "manage.py",
        "import os\nfrom pathlib import Path\nfrom raystack_cli.main import main\n"
        "os.environ['RAYSTACK_PROJECT'] = str(Path(__file__).parent)\nmain()\n",
    )

    assert shop.run("check", cwd=deep).out == "No problems.\n"
    away = subprocess.run(manage, cwd="/", capture_output=True, text=True, check=False)
    assert away.stdout == "No problems.\n", away.stderr


def test_cl_06_with_two_projects_on_the_path_the_one_around_the_folder_is_used(
    shop: Shop, tmp_path: Path
) -> None:
    other = Shop(tmp_path / "other")
    other.write("config/settings.py", "DEBUG = 'nonsense'\n")

    done = shop.run("check", PYTHONPATH=str(other.root))

    assert done.out == "No problems.\n"


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda shop: shop.write("config/settings.py", "INSTALLED_APPS = ["), "was never closed"),
        (lambda shop: shop.write("config/settings.py", "INSTALLED_APPS = ['nope']"), "'nope'"),
        (lambda shop: shop.distribution("acme-3", BROKEN_PLUGIN), "acme-3 1.0 cannot be imported"),
        (lambda shop: (shop.root / "config" / "settings.py").unlink(), "does not exist"),
    ],
    ids=["settings", "app", "plugin", "no settings"],
)
def test_cl_06_help_lists_what_it_can_and_says_what_is_broken(
    shop: Shop, break_it: Callable[[Shop], object], said: str
) -> None:
    break_it(shop)

    listed, version = shop.run("--help"), shop.run("version")

    assert (listed.code, listed.err) == (0, "")
    assert "startproject" in listed.out
    problem = " ".join(listed.out.rpartition("╯")[2].split())  # a long path is folded
    assert said in problem
    assert problem.endswith("See: raystack plugins doctor")
    assert version.code == 0
    unknown = shop.run("greet")
    assert unknown.code == 2
    assert unknown.err.startswith('Error: There is no command "greet", perhaps because of this:')
    assert "Traceback" not in unknown.err


def test_a_project_folder_that_is_gone_is_said_beside_the_commands(tmp_path: Path) -> None:
    done = raystack("--help", cwd=tmp_path, env={"RAYSTACK_PROJECT": "/nowhere"})

    assert done.code == 0
    assert "RAYSTACK_PROJECT is '/nowhere', but that folder has no manage.py." in done.out


def test_startproject_and_startplugin_work_with_a_broken_project_around(shop: Shop) -> None:
    shop.write("config/settings.py", "INSTALLED_APPS = [")
    shop.distribution("acme-3", BROKEN_PLUGIN)

    project, plugin = shop.run("startproject", "inner"), shop.run("startplugin", "raystack-inner")

    assert (project.code, plugin.code) == (0, 0), project.err + plugin.err
    assert "acme-3 1.0 cannot be imported: RuntimeError no luck" in project.err


def test_safe_mode_has_the_diagnostic_commands_only(shop: Shop) -> None:
    install(shop, 1, "greet")
    shop.write("config/settings.py", "INSTALLED_APPS = ['not_there']\n")
    shop.write("config/urls.py", "raise RuntimeError('imported')\n")
    safe = {"RAYSTACK_SAFE_MODE": "1"}

    assert "runserver" not in shop.run("--help", **safe).out
    for command in (["check"], ["plugins", "list"], ["settings"], ["version"]):
        assert shop.run(*command, **safe).code == 0
    refused = shop.run("runserver", **safe)
    assert refused.code == 2
    assert refused.err == (
        'Error: "runserver" does not run in safe mode, which is for check, plugins, settings, '
        "version. Unset RAYSTACK_SAFE_MODE to leave it.\n"
    )


def test_a_mistyped_command_is_answered_with_the_closest_one(shop: Shop) -> None:
    done = shop.run("runsrver")

    assert done.code == 2
    assert "No such command 'runsrver'. Did you mean 'runserver'?" in done.err


@pytest.mark.parametrize(
    ("words", "completions"),
    [
        ("raystack start", ["startproject", "startapp", "startplugin"]),
        ("raystack gre", ["greet"]),
        ("raystack plugins ", ["list", "show", "doctor"]),
        ("raystack greet --na", ["--name"]),
    ],
)
def test_the_shell_completes_commands_and_their_options(
    shop: Shop, words: str, completions: list[str]
) -> None:
    install(shop, 1, "greet")
    (shop.site / "acme_1" / "commands.py").write_text("def run(name: str = '') -> None: ...\n")

    done = shop.run(
        _RAYSTACK_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(words.count(" "))
    )

    assert done.out.split() == completions


def test_ctrl_c_ends_a_command_with_130(shop: Shop) -> None:
    done = shop.run("shell", "-c", "import signal; signal.raise_signal(signal.SIGINT)")

    assert done.code == 130
    assert "Traceback" not in done.err
