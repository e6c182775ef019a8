"""Where raystack startproject and startapp write, with which modes, and what they leave alone."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from shop import Shop

from cli import contents, raystack
from raystack_cli.exceptions import CommandError
from raystack_cli.scaffold.installed_apps import add_app
from raystack_cli.scaffold.writing import all_or_nothing, replace_text, write_folder


def mode(path: Path) -> int:
    """Return the permissions of a file or folder."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_project_in_the_current_folder_is_there_for_the_shell_that_stands_in_it(
    tmp_path: Path,
) -> None:
    """The folder stays the one it is: it is filled, not replaced."""
    here = tmp_path / "here"
    here.mkdir(mode=0o750)
    before = here.stat().st_ino
    command = f"{sys.executable} -m raystack_cli"

    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} startproject shop . && ls && {command} check"],
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    told, following, *listed, checked = done.stdout.splitlines()
    assert told == f"The project shop is in {here}."
    assert following == "Next: raystack runserver"
    assert {"apps", "config", "core", "manage.py"} <= set(listed)
    assert checked == "No problems."
    assert (here.stat().st_ino, mode(here)) == (before, 0o750)


def test_a_folder_that_cannot_be_filled_is_empty_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name == "c.py":
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)

    with pytest.raises(CommandError) as caught:
        write_folder(tmp_path, {"a.py": "", "b/b.py": "", "c.py": "", "d.py": ""})

    assert str(caught.value) == f"Cannot write {tmp_path}: Permission denied. Nothing was changed."
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_empty_again_when_a_later_step_fails(tmp_path: Path) -> None:
    target = tmp_path / "orders"
    target.mkdir()

    def interrupted() -> None:
        with all_or_nothing() as write:
            write(target, {"models.py": "", "tests/test_models.py": ""})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert list(target.iterdir()) == []


@pytest.mark.parametrize(
    ("umask", "folder", "file", "script"),
    [(0o022, 0o755, 0o644, 0o755), (0o077, 0o700, 0o600, 0o700)],
    ids=["022", "077"],
)
def test_modes_are_those_that_the_umask_leaves(
    tmp_path: Path, umask: int, folder: int, file: int, script: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "raystack_cli", "startproject", "shop"],
        cwd=tmp_path,
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )
    root = tmp_path / "shop"

    assert done.returncode == 0, done.stderr
    assert {mode(root), mode(root / "config")} == {folder}
    assert mode(root / "config" / "settings.py") == file
    assert mode(root / "manage.py") == script


def test_the_file_with_the_secret_key_is_its_owners(tmp_path: Path) -> None:
    raystack("startproject", "shop", cwd=tmp_path)

    assert "RAYSTACK_SECRET_KEY=" in (tmp_path / "shop" / ".env").read_text()
    assert mode(tmp_path / "shop" / ".env") == 0o600


def test_an_app_is_listed_in_the_settings_that_the_project_uses(shop: Shop) -> None:
    shop.write("config/prod.py", "INSTALLED_APPS = []\n")
    shop.write(".env", "RAYSTACK_SETTINGS_MODULE=config.prod\n")
    before = (shop.root / "config" / "settings.py").read_text()

    done = shop.run("startapp", "orders")

    assert done.code == 0, done.err
    assert (shop.root / "config" / "settings.py").read_text() == before
    assert (shop.root / "config" / "prod.py").read_text() == 'INSTALLED_APPS = ["apps.orders"]\n'


@pytest.mark.parametrize("path", ["config/settings.py", "config/urls.py"])
@pytest.mark.parametrize(
    "head", [b"\xef\xbb\xbf", "# -*- coding: latin-1 -*-\n# \xe4\n".encode("latin-1")]
)
def test_a_file_that_is_no_plain_utf_8_is_an_error_that_changes_nothing(
    shop: Shop, path: str, head: bytes
) -> None:
    file = shop.root / path
    file.write_bytes(head + file.read_bytes())
    before = contents(shop.root)

    done = shop.run("startapp", "orders")

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"Error: {file} cannot be edited. Nothing was changed: save it as UTF-8 without a byte "
        f"order mark, and try again.\n"
    )
    assert contents(shop.root) == before


def test_urls_in_a_package_that_is_missing_are_an_error_that_changes_nothing(shop: Shop) -> None:
    shop.write("config/settings.py", "INSTALLED_APPS = []\nROOT_URLCONF = 'nowhere.urls'\n")
    before = contents(shop.root)

    done = shop.run("startapp", "orders")

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "Error: The module 'nowhere.urls', which ROOT_URLCONF names, is no file that can be "
        "edited. Nothing was changed.\n"
    )
    assert contents(shop.root) == before


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    file, link = tmp_path / "shared.py", tmp_path / "settings.py"
    file.write_text("A = 1\n")
    link.symlink_to(file)

    replace_text(link, "A = 2\n")

    assert link.is_symlink()
    assert file.read_text() == "A = 2\n"
    assert sorted(tmp_path.iterdir()) == [link, file]


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    INSTALLED_APPS = []\n",
        "class Base:\n    INSTALLED_APPS = []\n",
        "if True:\n    INSTALLED_APPS = []\n",
        "INSTALLED_APPS = []\ndef f():\n    global INSTALLED_APPS\n    INSTALLED_APPS = ['a']\n",
    ],
)
def test_a_list_that_is_not_at_the_top_of_the_module_is_left_alone(text: str) -> None:
    with pytest.raises(CommandError) as caught:
        add_app(text, "apps.new")

    assert str(caught.value) == (
        "INSTALLED_APPS in the settings is not a plain list of names, so it was left alone. "
        'Add "apps.new" to it.'
    )
