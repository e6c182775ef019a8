"""What the built distributions contain."""

import tarfile
import zipfile
from pathlib import Path

import pytest

PACKAGES = {
    "raystack_core": "raystack",
    **{f"raystack_{p}": f"raystack_{p}" for p in ("cli", "orm", "templates", "middleware")},
    **{f"raystack_{p}": f"raystack_{p}" for p in ("auth", "admin", "hello")},
}


def names_in(wheel: Path) -> list[str]:
    """List the files of a wheel."""
    return zipfile.ZipFile(wheel).namelist()


@pytest.mark.parametrize(("distribution", "package"), PACKAGES.items())
def test_a_wheel_has_its_package_typed_and_nothing_else(
    wheels: Path, distribution: str, package: str
) -> None:
    [wheel] = wheels.glob(f"{distribution}-*.whl")

    names = names_in(wheel)

    assert f"{package}/py.typed" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {package, distribution}
    assert not [name for name in names if name.endswith(".py") and "/test_" in name]


@pytest.mark.parametrize("distribution", ["raystack", *list(PACKAGES)[:-1]])
def test_every_distribution_of_ours_carries_its_licence(wheels: Path, distribution: str) -> None:
    [wheel] = wheels.glob(f"{distribution}-[0-9]*.whl")

    assert [name for name in names_in(wheel) if name.endswith("licenses/LICENSE")]


def test_the_meta_distribution_is_empty(wheels: Path) -> None:
    [wheel] = wheels.glob("raystack-[0-9]*.whl")
    [sdist] = wheels.glob("raystack-[0-9]*.tar.gz")

    assert {name.split("/")[0].rpartition(".")[2] for name in names_in(wheel)} == {"dist-info"}
    with tarfile.open(sdist) as archive:
        files = {Path(name).name for name in archive.getnames()}
    assert files <= {
        "raystack-0.1.0",
        "pyproject.toml",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "PKG-INFO",
        ".gitignore",
    }
