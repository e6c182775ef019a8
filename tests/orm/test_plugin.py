"""The ORM in a project: settings, apps, checks, migrate, the shell."""

from collections.abc import Iterator

import pytest
from workshop import Workshop

import raystack_orm.registry as registry_module
from raystack import Kernel, Level, SettingsError, use_kernel
from raystack.checks.run import run_checks
from raystack_orm import plugin
from raystack_orm.commands.migrate import migrate
from raystack_orm.configuration import activate, configuration
from raystack_orm.databases import connections
from raystack_orm.registry import Registry

MODELS = """
    from raystack_orm import models

    class Author(models.Model):
        name = models.CharField(max_length=50)

    class Post(models.Model):
        title = models.CharField(max_length=50)
        author = models.ForeignKey(Author, on_delete=models.CASCADE)
"""
SETTINGS = 'INSTALLED_APPS = ["apps.blog"]\nSECRET_KEY = "x" * 50\n'


@pytest.fixture
def shop(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    """A project with one app, and a registry of its own."""
    before, own = configuration(), Registry()
    monkeypatch.setattr(registry_module, "_current", [own])
    for module in ("tables", "checks", "project"):
        __import__(f"raystack_orm.{module}")
    monkeypatch.setattr("raystack_orm.tables.apps", own)
    monkeypatch.setattr("raystack_orm.checks.apps", own)
    monkeypatch.setattr(registry_module, "apps", own)
    workshop.project(SETTINGS)
    workshop.app("blog", models=MODELS)
    yield workshop
    connections.close_all()
    activate(before)


def kernel(**settings: object) -> Kernel:
    made = Kernel(plugins=[plugin], discover=False, settings=settings)
    made.setup()
    return made


def problems(made: Kernel) -> list[tuple[Level, str, str]]:
    return [
        (message.level, message.id, message.message)
        for message in made.hooks.call("raystack_checks", kernel=made, deploy=False)[0].value
    ]


def test_an_apps_models_register_under_its_label(shop: Workshop) -> None:
    """The table is <label>_<model>, and the file is in the project's folder."""
    kernel()

    models = {model._meta.label: model for model in registry_module.apps.get_models()}
    assert models.keys() == {"blog.Author", "blog.Post"}
    assert models["blog.Post"]._meta.db_table == "blog_post"
    assert configuration().databases["default"].database == str(shop.root / "db.sqlite3")


def test_migrate_creates_what_is_missing(
    shop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing else: a second run has nothing to do."""
    made = kernel()
    assert problems(made) == [
        (
            Level.WARNING,
            "orm.W001",
            "The database default has no tables for: blog.Author, blog.Post.",
        )
    ]

    migrate()
    assert capsys.readouterr().out == "Created blog_author\nCreated blog_post\n"
    migrate()
    assert capsys.readouterr().out == "Nothing to do: every model has its table.\n"
    assert problems(made) == []


def test_migrate_tells_of_differences(shop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    """It changes no table, says which columns differ, and exits with 1."""
    kernel()
    connections["default"].write("CREATE TABLE blog_author (id INTEGER PRIMARY KEY, nick TEXT)")

    with pytest.raises(SystemExit) as caught:
        migrate()

    assert caught.value.code == 1
    assert capsys.readouterr().out == (
        "Created blog_post\n"
        "blog_author differs from blog.Author:\n"
        "  the table has no column name\n"
        "  the model has no field for the column nick\n"
        "\n"
        "migrate does not change existing tables yet. Change them by hand, or drop them and run it "
        "again.\n"
    )


def test_checks_find_what_clashes(shop: Workshop) -> None:
    """Unresolved relations, names that are taken twice, tables of two models."""
    shop.app(
        "blog",
        models=MODELS
        + """
    class Review(models.Model):
        author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="post_set")
        book = models.ForeignKey("Book", on_delete=models.CASCADE)

        class Meta:
            db_table = "blog_post"
""",
    )

    found = problems(kernel())

    assert [(message_id, text) for _, message_id, text in found[:3]] == [
        ("orm.E001", "blog.Review.book refers to the model blog.book, which is not defined."),
        (
            "orm.E002",
            "blog.Review.author and blog.Post.author both want to be blog.Author.post_set.",
        ),
        ("orm.E003", "blog.Post and blog.Review have the same table blog_post."),
    ]


def test_a_wrong_url_is_a_settings_error_without_its_password(shop: Workshop) -> None:
    """It names the setting, where it came from, and what was expected."""
    with pytest.raises(SettingsError) as caught:
        kernel(DATABASES={"default": "postgers://ann:sesame@db/shop"})

    message = str(caught.value)
    assert "DATABASES[default][URL]" in message
    assert 'Did you mean "postgres"?' in message
    assert "sesame" not in message
    with pytest.raises(SettingsError, match='a database named "default"'):
        kernel(DATABASES={"main": "sqlite://"})


def test_the_password_is_not_in_the_settings_text(shop: Workshop) -> None:
    """A URL is a secret: settings show it masked."""
    made = kernel(DATABASES={"default": {"URL": "postgresql://ann:sesame@db/shop"}})

    assert "sesame" not in repr(made.settings.DATABASES)
    assert "sesame" not in repr(configuration())


def test_the_environment_sets_a_database(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """RAYSTACK_DATABASES__default__URL, as every nested setting."""
    monkeypatch.setenv("RAYSTACK_DATABASES__default__URL", "sqlite:///other.db")
    kernel()

    assert configuration().databases["default"].database == str(shop.root / "other.db")


def test_the_shell_has_all_models(shop: Workshop) -> None:
    """By name, with what one uses on them."""
    made = kernel()
    from raystack_orm.project import shell_context

    context = shell_context()

    assert {"Author", "Post", "models", "transaction"} <= context.keys()
    with use_kernel(made):
        assert run_checks(made, deploy=False) is not None
