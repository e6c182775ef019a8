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
ALWAYS = {".gitignore", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml"}


def names_in(wheel: Path) -> list[str]:
    """List the files of a wheel."""
    return zipfile.ZipFile(wheel).namelist()


def names_in_sdist(sdist: Path) -> set[str]:
    """List the files of an sdist below its one folder."""
    with tarfile.open(sdist) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


@pytest.mark.parametrize(("distribution", "package"), PACKAGES.items())
def test_a_wheel_has_its_package_typed_and_nothing_else(
    wheels: Path, distribution: str, package: str
) -> None:
    """No test is in it, and no second package."""
    [wheel] = wheels.glob(f"{distribution}-*.whl")

    names = names_in(wheel)

    assert f"{package}/py.typed" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {package, distribution}
    assert not [name for name in names if name.endswith(".py") and "/test_" in name]


@pytest.mark.parametrize("distribution", ["raystack", *list(PACKAGES)[:-1]])
def test_every_distribution_of_ours_carries_its_licence(wheels: Path, distribution: str) -> None:
    """MIT asks for it in every copy."""
    [wheel] = wheels.glob(f"{distribution}-[0-9]*.whl")

    assert [name for name in names_in(wheel) if name.endswith("licenses/LICENSE")]


def test_the_meta_distribution_is_empty(wheels: Path) -> None:
    """It is its dependencies; the repository around its pyproject.toml is no part of it."""
    [wheel] = wheels.glob("raystack-[0-9]*.whl")
    [sdist] = wheels.glob("raystack-[0-9]*.tar.gz")

    assert {name.split("/")[0].rpartition(".")[2] for name in names_in(wheel)} == {"dist-info"}
    assert names_in_sdist(sdist) == {"CHANGELOG.md", *ALWAYS}


@pytest.mark.parametrize("distribution", PACKAGES)
def test_an_sdist_is_the_package_and_its_papers(wheels: Path, distribution: str) -> None:
    """What lies about in a checkout, tests included, does not belong in it."""
    [sdist] = wheels.glob(f"{distribution}-[0-9]*.tar.gz")

    names = {name for name in names_in_sdist(sdist) if not name.startswith("src/")}

    assert names | {"LICENSE"} == ALWAYS
