"""The fixtures of a project's own tests, run in a process of their own."""

import sqlite3
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from requirements import mariadb_url, postgres_url
from vendors import VENDORS
from workshop import Workshop

MODELS = """
    from raystack_orm import models

    class Author(models.Model):
        name = models.CharField(max_length=50)
"""
URLS = """
    import threading

    from fastapi import APIRouter

    from apps.blog.models import Author

    router = APIRouter()

    @router.get("/authors")
    def authors() -> dict[str, object]:
        return {
            "names": [author.name for author in Author.objects.order_by("name")],
            "thread": threading.current_thread().name,
        }

    @router.post("/authors/{name}")
    def create(name: str) -> int:
        return Author.objects.create(name=name).pk
"""
TESTS = """
    import pytest

    from apps.blog.models import Author
    from raystack_orm import transaction


    @pytest.mark.parametrize("turn", [1, 2])
    def test_the_application_shares_the_tests_transaction(db, client, turn):
        Author.objects.create(name="Ann")

        assert client.post("/authors/Bob").status_code == 200

        answer = client.get("/authors").json()
        assert answer["names"] == ["Ann", "Bob"]
        assert answer["thread"] != "MainThread"
        assert Author.objects.count() == 2


    def test_a_durable_block_may_stand_in_a_test(db):
        with transaction.atomic(durable=True):
            Author.objects.create(name="Ann")


    def test_real_commits_are_cleaned_up(transactional_db):
        called = []
        with transaction.atomic():
            Author.objects.create(name="Eve")
            transaction.on_commit(lambda: called.append(1))
        assert called == [1]


    def test_nothing_is_left(db, assert_num_queries):
        with assert_num_queries(1):
            assert Author.objects.count() == 0
        with pytest.raises(AssertionError, match="1 queries ran where 0 were expected"):
            with assert_num_queries(0):
                Author.objects.count()
"""


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_projects_tests_use_its_database(workshop: Workshop, vendor: str) -> None:
    """What the test and the client's threads do is one transaction, and never in db.sqlite3."""
    url = "sqlite:///db.sqlite3" if vendor == "sqlite" else postgres_url()
    workshop.project(
        f'DEBUG = True\nINSTALLED_APPS = ["apps.blog"]\nDATABASES = {{"default": "{url}"}}', URLS
    )
    workshop.app("blog", models=MODELS)
    workshop.write("tests/test_authors.py", TESTS)
    workshop.write("pytest.ini", "[pytest]\nfilterwarnings = error\n")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=workshop.root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "5 passed" in done.stdout, done.stdout + done.stderr
    assert not (workshop.root / "db.sqlite3").exists()


OTHER_KERNELS = """
    import sqlite3

    import pytest
    from raystack import Kernel, use_kernel
    from raystack_orm import ImproperlyConfigured
    from raystack_orm.testing.databases import emptied

    from apps.blog.models import Author


    def test_models_that_a_test_imports_first_have_their_apps_label(db):
        assert Author._meta.label == "blog.Author"


    def test_another_kernel_of_the_same_project(db):
        with use_kernel(Kernel(settings={"DEBUG": True})) as kernel:
            kernel.setup()
            assert Author.objects.count() == 0
            Author.objects.create(name="Bob")
        assert Author.objects.count() == 1


    def test_afterwards_the_database_is_a_test_database(transactional_db):
        assert Author.objects.count() == 0


    def test_a_kernel_with_a_database_of_its_own(transactional_db, tmp_path):
        url = f"sqlite:////{tmp_path}/own.sqlite3"
        with use_kernel(Kernel(settings={"DATABASES": {"default": url}})) as kernel:
            kernel.setup()
            with pytest.raises(ImproperlyConfigured, match="was not made for tests"):
                with emptied():
                    pass
        assert Author.objects.count() == 0


    def test_a_database_in_memory_outlives_the_applications_lifespan(transactional_db, client):
        client.get("/")
        Author.objects.create(name="Eve")
        client.__exit__()
        assert Author.objects.count() == 1
        client.__enter__()
"""


def test_tests_never_touch_the_projects_own_database(workshop: Workshop) -> None:
    """Whatever kernels they make: a test that empties tables has emptied a real one otherwise."""
    workshop.project('DEBUG = True\nINSTALLED_APPS = ["apps.blog"]', URLS)
    workshop.app("blog", models=MODELS)
    run = [sys.executable, "-m"]
    migrated = subprocess.run(
        [*run, "raystack_cli", "migrate"], cwd=workshop.root, capture_output=True, check=False
    )
    assert migrated.returncode == 0, migrated.stderr
    with sqlite3.connect(workshop.root / "db.sqlite3") as real:
        real.execute("INSERT INTO blog_author (name) VALUES ('a real one')")
    real.close()
    workshop.write("tests/test_kernels.py", OTHER_KERNELS)
    workshop.write("pytest.ini", "[pytest]\nfilterwarnings = error\n")

    done = subprocess.run(
        [*run, "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=workshop.root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "5 passed" in done.stdout, done.stdout + done.stderr
    with sqlite3.connect(workshop.root / "db.sqlite3") as real:
        assert real.execute("SELECT name FROM blog_author").fetchall() == [("a real one",)]
    real.close()


WITHOUT_THE_FIXTURE = """
    import asyncio

    import pytest
    import raystack_orm
    from raystack import Kernel, use_kernel
    from raystack.testing import override_settings
    from raystack_orm import connections, transaction

    from apps.blog.models import Author

    REFUSED = "Give the test, or the fixture that queries, the fixture db"


    async def enter():
        async with transaction.atomic():
            pass


    QUERIES = [
        lambda: Author.objects.create(name="stray"),
        lambda: list(Author.objects.all()),
        lambda: transaction.atomic().__enter__(),
        lambda: raystack_orm.create_all(),
        lambda: asyncio.run(Author.objects.acreate(name="stray")),
        lambda: asyncio.run(enter()),
    ]


    @pytest.mark.parametrize("query", QUERIES)
    def test_code_before_anything_is_set_up(query):
        with pytest.raises(RuntimeError, match=REFUSED):
            query()


    def test_a_request(client):
        with pytest.raises(RuntimeError, match=REFUSED):
            client.post("/authors/stray")


    @pytest.mark.parametrize("query", QUERIES)
    def test_code_in_a_project_that_is_set_up(query):
        with pytest.raises(RuntimeError, match=REFUSED):
            query()


    def test_what_asks_no_database(client):
        assert "blog_author" in str(Author.objects.filter(name="Ann").query)
        assert connections["default"].vendor
        client.get("/")


    def test_with_it(db, client):
        client.post("/authors/Ann")
        assert Author.objects.get().name == "Ann"
        assert asyncio.run(Author.objects.acount()) == 1


    @pytest.mark.parametrize("query", QUERIES)
    def test_code_after_a_test_with_it(query):
        with pytest.raises(RuntimeError, match=REFUSED):
            query()


    def test_a_request_after_a_test_with_it(client):
        with pytest.raises(RuntimeError, match=REFUSED):
            client.post("/authors/stray")


    @pytest.fixture(scope="module")
    def everyones_author(raystack_databases):
        with raystack_databases.allowed():
            author = Author.objects.create(name="everyone's")
        yield author
        with raystack_databases.allowed():
            author.delete()


    def test_a_fixture_of_a_wider_scope_may_be_allowed(everyones_author, db):
        assert Author.objects.get() == everyones_author


    def test_a_database_that_the_test_has_chosen(tmp_path):
        databases = {"default": {"URL": f"sqlite:////{tmp_path}/own.sqlite3"}}
        with override_settings(DATABASES=databases):
            raystack_orm.create_all()
            Author.objects.create(name="own")
        with use_kernel(Kernel(settings={"DATABASES": databases})) as kernel:
            kernel.setup()
            assert Author.objects.get().name == "own"
"""


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_test_that_does_not_ask_for_the_database_has_none(
    workshop: Workshop, vendor: str
) -> None:
    """Neither the project's own nor the test database, whichever tests ran before."""
    urls = {"postgresql": postgres_url, "mysql": mariadb_url}
    url = urls[vendor]() if vendor in urls else "sqlite:///db.sqlite3"
    workshop.project(
        f'DEBUG = True\nINSTALLED_APPS = ["apps.blog"]\nDATABASES = {{"default": "{url}"}}', URLS
    )
    workshop.app("blog", models=MODELS)
    workshop.write("tests/test_without.py", WITHOUT_THE_FIXTURE)
    workshop.write("pytest.ini", "[pytest]\nfilterwarnings = error\n")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=workshop.root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "24 passed" in done.stdout, done.stdout + done.stderr
    assert not (workshop.root / "db.sqlite3").exists()


CONFIGURED = """
    import pytest
    import raystack_orm
    from raystack_orm import models


    class Note(models.Model):
        text = models.CharField(max_length=10)

        class Meta:
            app_label = "alone"


    @pytest.fixture(scope="module")
    def tables(tmp_path_factory):
        path = tmp_path_factory.mktemp("db")
        raystack_orm.configure(databases={"default": f"sqlite:////{path}/mine.sqlite3"})
        raystack_orm.create_all()


    def test_a_database_of_ones_own_setup(tables):
        Note.objects.create(text="mine")
        assert Note.objects.count() == 1


    def test_the_fixture_puts_a_test_database_in_its_place(tables, db):
        assert Note.objects.count() == 0


    def test_which_is_for_the_tests_with_the_fixture(tables):
        with pytest.raises(RuntimeError, match="has not asked for it"):
            Note.objects.count()
"""


def test_who_calls_configure_needs_no_fixture(tmp_path: Path) -> None:
    """Such tests bring their own databases and clean up themselves."""
    (tmp_path / "test_alone.py").write_text(dedent(CONFIGURED))
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "3 passed" in done.stdout, done.stdout + done.stderr
