"""Everything a contributor runs, and CI runs the same: ``python3 -m nox -s <session>``."""

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["tests"]

PARTS = ("core", "cli", "orm", "templates", "middleware", "auth", "admin")
PACKAGES = [
    f"raystack-{part}/src/raystack" + ("" if part == "core" else f"_{part}") for part in PARTS
]
PYPROJECT = nox.project.load_toml("pyproject.toml")


def install(session: nox.Session, *groups: str) -> None:
    """Install the seven distributions, editable, with groups of development dependencies."""
    editable = [argument for part in PARTS for argument in ("-e", f"raystack-{part}")]
    extras = ["-e", "raystack-orm[postgres]"]
    session.install(*editable, *extras, *nox.project.dependency_groups(PYPROJECT, *groups))


@nox.session
def demo(session: nox.Session) -> None:
    """Serve the example blog at http://127.0.0.1:8000, with its rows in SQLite."""
    install(session)
    session.chdir("examples/blog")
    session.run("python", "manage.py", "migrate")
    session.run("python", "manage.py", "seed")
    session.run("python", "manage.py", "runserver", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; those of databases run where their URL is given."""
    install(session, "test", "docs")
    session.run("pytest", "-n", "auto", "-m", "not packaging", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, formatting and the imports between distributions."""
    install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the seven packages, strictly."""
    install(session, "lint", "test")
    session.run("mypy", *PACKAGES)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into ``site/``; a warning is an error."""
    install(session, "docs")
    session.run("sphinx-build", "-W", "--keep-going", "-q", "docs", "site")


@nox.session
def build(session: nox.Session) -> None:
    """Build sdists and wheels of all distributions into ``dist/``."""
    session.install("build", "hatchling")
    for folder in (".", *(f"raystack-{part}" for part in PARTS), "examples/raystack-hello"):
        session.run("python", "-m", "build", "--no-isolation", "--outdir", "dist", folder)


@nox.session
def packaging(session: nox.Session) -> None:
    """Install the built wheels into clean environments and use them."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "test"), "build", "hatchling")
    session.run(
        "pytest", "-m", "packaging", "tests/packaging", "-p", "no:raystack", *session.posargs
    )
