"""The fixtures of a project's own tests, run in a process of their own."""

import subprocess
import sys

import pytest
from vendors import POSTGRES_URL
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


@pytest.mark.parametrize("url", ["sqlite:///db.sqlite3", *([POSTGRES_URL] if POSTGRES_URL else [])])
def test_a_projects_tests_use_its_database(workshop: Workshop, url: str) -> None:
    """What the test and the client's threads do is one transaction, and never in db.sqlite3."""
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
