"""The ORM in a project: settings, apps, checks, migrate, the shell."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from workshop import Workshop

import raystack_orm
import raystack_orm.registry as registry_module
from raystack import Kernel, Level, SettingsError, use_kernel
from raystack.checks.run import run_checks
from raystack.kernel import active_kernel
from raystack_orm import plugin, transaction
from raystack_orm.commands.flush import flush
from raystack_orm.commands.migrate import migrate
from raystack_orm.configuration import configuration, configured
from raystack_orm.databases import connections
from raystack_orm.models.signals import post_migrate, pre_migrate
from raystack_orm.registry import Registry

MODELS = """
    from raystack_orm import models

    class Author(models.Model):
        name = models.CharField(max_length=50)

    class Post(models.Model):
        title = models.CharField(max_length=50)
        author = models.ForeignKey(Author, on_delete=models.CASCADE)
"""
MakeKernel = Callable[..., Kernel]
SETTINGS = 'INSTALLED_APPS = ["apps.blog"]\nSECRET_KEY = "x" * 50\n'


@pytest.fixture
def shop(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    """A project with one app, and a registry of its own."""
    own = Registry()
    monkeypatch.setattr(registry_module, "_current", [own])
    for module in ("tables", "checks", "project"):
        __import__(f"raystack_orm.{module}")
    monkeypatch.setattr("raystack_orm.tables.apps", own)
    monkeypatch.setattr("raystack_orm.checks.apps", own)
    monkeypatch.setattr("raystack_orm.commands.migrate_signals.apps", own)
    monkeypatch.setattr(registry_module, "apps", own)
    workshop.project(SETTINGS)
    workshop.app("blog", models=MODELS)
    with configured(configuration()):
        yield workshop
        connections.close_all()


@pytest.fixture
def kernel(shop: Workshop) -> Iterator[MakeKernel]:
    """Make the project's kernel, and make it the active one."""
    with ExitStack() as stack:

        def make(**settings: object) -> Kernel:
            made = Kernel(plugins=[plugin], discover=False, settings=settings)
            stack.enter_context(use_kernel(made)).setup()
            return made

        yield make


def problems(made: Kernel) -> list[tuple[Level, str, str]]:
    return [
        (message.level, message.id, message.message)
        for message in made.hooks.call("raystack_checks", kernel=made, deploy=False)[0].value
    ]


def test_an_apps_models_register_under_its_label(shop: Workshop, kernel: MakeKernel) -> None:
    """The table is <label>_<model>, and the file is in the project's folder."""
    kernel()

    models = {model._meta.label: model for model in registry_module.apps.get_models()}
    assert models.keys() == {"blog.Author", "blog.Post"}
    assert models["blog.Post"]._meta.db_table == "blog_post"
    assert configuration().databases["default"].database == str(shop.root / "db.sqlite3")


def test_migrate_creates_what_is_missing(
    shop: Workshop, kernel: MakeKernel, capsys: pytest.CaptureFixture[str]
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


class Told:
    """Receivers of the signals of migrations: what they were told, in order."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def pre(self, **named: Any) -> None:
        self.calls.append(("pre", {**named, "tables": self.tables()}))

    def post(self, **named: Any) -> None:
        self.calls.append(("post", {**named, "tables": self.tables()}))

    @staticmethod
    def tables() -> list[str]:
        return sorted(connections["default"].introspection.table_names())


@pytest.fixture
def told() -> Iterator[Told]:
    receivers = Told()
    pre_migrate.connect(receivers.pre)
    post_migrate.connect(receivers.post)
    yield receivers
    pre_migrate.disconnect(receivers.pre)
    post_migrate.disconnect(receivers.post)


def test_migrate_sends_signals_before_and_after(
    shop: Workshop, kernel: MakeKernel, told: Told
) -> None:
    """For each app with models, with the arguments that Django documents."""
    shop.app("empty")
    shop.write("config/settings.py", SETTINGS.replace('["', '["apps.empty", "'))
    made = kernel()
    blog = made.apps.get("blog")

    migrate()

    for name, tables in (("pre", []), ("post", ["blog_author", "blog_post"])):
        (arguments,) = [arguments for moment, arguments in told.calls if moment == name]
        assert arguments == {
            "signal": {"pre": pre_migrate, "post": post_migrate}[name],
            "sender": blog,
            "app_config": blog,
            "verbosity": 1,
            "interactive": False,
            "stdout": sys.stdout,
            "using": "default",
            "plan": [],
            "apps": registry_module.apps,
            "tables": tables,
        }
    assert [moment for moment, _ in told.calls] == ["pre", "post"]


def test_the_signal_after_is_sent_when_there_is_nothing_to_do_and_by_flush(
    shop: Workshop, kernel: MakeKernel, told: Told
) -> None:
    """Receivers put back what every database is to have."""
    kernel()
    migrate()
    told.calls.clear()

    migrate()
    flush(no_input=True)

    assert [moment for moment, _ in told.calls] == ["pre", "post", "post"]


def test_migrate_tells_of_differences(
    shop: Workshop, kernel: MakeKernel, capsys: pytest.CaptureFixture[str]
) -> None:
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


def test_checks_find_what_clashes(shop: Workshop, kernel: MakeKernel) -> None:
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

    assert [(message_id, text) for _, message_id, text in found if message_id != "orm.W001"] == [
        (
            "fields.E304",
            "blog.Post.author makes the attribute blog.Author.post_set, which clashes with the way "
            "back from blog.Review.author.",
        ),
        (
            "fields.E304",
            "blog.Review.author makes the attribute blog.Author.post_set, which clashes with the "
            "way back from blog.Post.author.",
        ),
        (
            "fields.E305",
            "blog.Review.author makes the name in filters blog.Author.post_set, which clashes with "
            "the way back from blog.Post.author.",
        ),
        (
            "fields.E300",
            "blog.Review.book refers to the model Book, which is not defined or abstract.",
        ),
        ("models.E028", "blog.Post and blog.Review have the same table blog_post."),
    ]


def test_a_wrong_url_is_a_settings_error_without_its_password(
    shop: Workshop, kernel: MakeKernel
) -> None:
    """It names the setting, where it came from, and what was expected."""
    with pytest.raises(SettingsError) as caught:
        kernel(DATABASES={"default": "postgers://ann:sesame@db/shop"})

    message = str(caught.value)
    assert "DATABASES[default][URL]" in message
    assert 'Did you mean "postgres"?' in message
    assert "sesame" not in message
    with pytest.raises(SettingsError, match='a database named "default"'):
        kernel(DATABASES={"main": "sqlite://"})


def test_the_password_is_not_in_the_settings_text(shop: Workshop, kernel: MakeKernel) -> None:
    """A URL is a secret: settings show it masked."""
    made = kernel(DATABASES={"default": {"URL": "postgresql://ann:sesame@db/shop"}})

    assert "sesame" not in repr(made.settings.DATABASES)
    assert "sesame" not in repr(configuration())


def test_the_environment_sets_a_database(
    shop: Workshop, kernel: MakeKernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As every nested setting; a URL alone is enough, as in the settings module."""
    monkeypatch.setenv("RAYSTACK_DATABASES__default__URL", "sqlite:///other.db")
    monkeypatch.setenv("RAYSTACK_DATABASES__replica", "sqlite:///replica.db")
    kernel()

    assert configuration().databases["default"].database == str(shop.root / "other.db")
    assert configuration().databases["replica"].database == str(shop.root / "replica.db")


def test_the_shell_has_all_models(shop: Workshop, kernel: MakeKernel) -> None:
    """By name, with what one uses on them."""
    made = kernel()
    from raystack_orm.project import shell_context

    context = shell_context()

    assert {"Author", "Post", "models", "transaction"} <= context.keys()
    assert run_checks(made, deploy=False) is not None


def test_the_orm_follows_the_active_kernel(shop: Workshop) -> None:
    """Not the one that was set up last."""
    first, second = (
        Kernel(plugins=[plugin], discover=False, settings={"DATABASES": {"default": url}})
        for url in ("sqlite:///a.db", "sqlite:///b.db")
    )

    def database() -> str:
        return Path(configuration().databases["default"].database).name

    with use_kernel(first):
        first.setup()
        with use_kernel(second):
            second.setup()
            assert database() == "b.db"
        assert database() == "a.db"
        with first.override_settings(
            DATABASES={"default": "sqlite:///c.db"}, TIME_ZONE="Europe/Zurich"
        ):
            assert database() == "c.db"
            assert configuration().time_zone == "Europe/Zurich"
        assert database() == "a.db"


def test_a_transaction_outlives_other_settings(shop: Workshop, kernel: MakeKernel) -> None:
    """Settings that have nothing to do with the database leave its connection alone."""
    made = kernel()
    migrate()
    model = registry_module.apps.get_model("blog", "Author")

    with transaction.atomic():
        model.objects.create(name="Ann")
        with made.override_settings(LANGUAGE_CODE="de"):
            assert model.objects.count() == 1
        with made.override_settings(DATABASES={"default": "sqlite:///other.db"}):
            assert not connections["default"].in_atomic_block
        assert model.objects.count() == 1
        transaction.set_rollback(True)

    assert model.objects.count() == 0


def test_without_an_active_kernel_the_configuration_is_the_one_that_was_given(
    shop: Workshop,
) -> None:
    """No kernel is made for a query, nor a database guessed."""
    raystack_orm.configure(databases={"default": "sqlite:///own.db"})
    given = configuration()

    with use_kernel(Kernel(plugins=[plugin], discover=False)) as made:
        made.setup()
        assert configuration() is not given

    assert configuration() is given
    assert active_kernel() is None


def test_a_kernel_that_is_not_active_leaves_the_databases_alone(
    shop: Workshop, kernel: MakeKernel
) -> None:
    """Its models have the labels of its apps all the same, in whatever step they are imported."""
    kernel()
    shop.app(
        "stock",
        models="""
        from raystack_orm import models
        from raystack_orm.configuration import configuration
        seen = configuration().databases["default"].database

        class Item(models.Model): ...
        """,
        plugin="from .models import Item",
    )
    settings = {"INSTALLED_APPS": ["apps.stock"], "DATABASES": {"default": "sqlite:///b.db"}}

    Kernel(plugins=[plugin], discover=False, settings=settings).setup()

    module = import_module("apps.stock.models")
    assert Path(module.seen).name == "db.sqlite3"
    assert module.Item._meta.label == "stock.Item"
