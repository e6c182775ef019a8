"""The fixtures of a project's own tests, run in a process of their own."""

import sqlite3
import subprocess
import sys

import pytest
from requirements import postgres_url
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
