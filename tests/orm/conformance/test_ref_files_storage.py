"""Storages: URLs from a setting or an attribute, and files in memory.

https://docs.djangoproject.com/en/stable/ref/files/storage/
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.configuration import Configuration, configured
from raystack_orm.exceptions import SuspiciousFileOperation
from raystack_orm.files import ContentFile, FileSystemStorage, InMemoryStorage, storages


def with_media(database: Configuration, **settings: Any) -> Configuration:
    return replace(database, orm=database.orm.model_copy(update=settings))


@pytest.fixture
def media(database: Configuration, tmp_path: Path) -> Iterator[Path]:
    """The folder of uploaded files."""
    made = with_media(database, MEDIA_ROOT=str(tmp_path), MEDIA_URL="/media/")
    with configured(made):
        yield tmp_path


@pytest.mark.parametrize("kind", [FileSystemStorage, InMemoryStorage])
def test_location_and_url_follow_the_settings(
    database: Configuration, media: Path, kind: Any
) -> None:
    storage = kind()
    assert (storage.location, storage.base_url) == (str(media), "/media/")
    assert storage.url("a b.txt") == "/media/a%20b.txt"
    with configured(with_media(database, MEDIA_ROOT="/elsewhere", MEDIA_URL="/files")):
        assert (storage.location, storage.base_url) == ("/elsewhere", "/files/")


@pytest.mark.parametrize("kind", [FileSystemStorage, InMemoryStorage])
def test_the_base_url_can_be_given_and_set(media: Path, kind: Any) -> None:
    storage = kind(base_url="https://cdn.example.com/x")
    assert storage.url("a.txt") == "https://cdn.example.com/x/a.txt"
    storage.base_url = "/other/"
    assert (storage.base_url, storage.url("/a.txt")) == ("/other/", "/other/a.txt")


@pytest.fixture
def memory(media: Path) -> InMemoryStorage:
    return InMemoryStorage()


def test_files_in_memory_are_kept_and_never_written(memory: InMemoryStorage, media: Path) -> None:
    name = memory.save("docs/a.txt", ContentFile("Grüße"))
    assert name == "docs/a.txt"
    assert memory.exists("docs/a.txt")
    assert memory.exists("docs")
    assert memory.size(name) == 7
    with memory.open(name) as file:
        assert file.read() == "Grüße".encode()
    with memory.open(name, "r") as file:
        assert file.read() == "Grüße"
    assert list(media.iterdir()) == []


def test_another_storage_in_memory_has_other_files(memory: InMemoryStorage) -> None:
    memory.save("a.txt", ContentFile(b"a"))
    assert not InMemoryStorage().exists("a.txt")


def test_a_name_that_is_taken_gets_another_one(memory: InMemoryStorage) -> None:
    first, second = (memory.save("a.txt", ContentFile(text)) for text in (b"1", b"2"))
    assert first != second
    assert [memory.open(name).read() for name in (first, second)] == [b"1", b"2"]


def test_files_in_memory_can_be_written(memory: InMemoryStorage) -> None:
    with memory.open("new/a.txt", "w") as file:
        file.write("one\n")
    with memory.open("new/a.txt", "ab") as file:
        file.write(b"two\n")
    assert list(memory.open("new/a.txt")) == [b"one\n", b"two\n"]
    times = [
        memory.get_created_time("new/a.txt"),
        memory.get_modified_time("new/a.txt"),
        memory.get_accessed_time("new/a.txt"),
    ]
    assert times == sorted(times)


def test_folders_in_memory_are_listed_and_deleted(memory: InMemoryStorage) -> None:
    for name in ("a.txt", "x/b.txt", "x/y/c.txt"):
        memory.save(name, ContentFile(b"."))
    assert memory.listdir("") == (["x"], ["a.txt"])
    assert memory.listdir("x") == (["y"], ["b.txt"])
    memory.delete("x/b.txt")
    memory.delete("x/b.txt")
    assert not memory.exists("x/b.txt")
    memory.delete("x")
    assert memory.listdir(".") == ([], ["a.txt"])


def test_what_is_not_in_memory_is_missing(memory: InMemoryStorage) -> None:
    for ask in (memory.open, memory.size, memory.listdir, memory.get_created_time):
        with pytest.raises(FileNotFoundError):
            ask("none")  # type: ignore[operator]  # each takes a name


def test_a_file_is_no_folder(memory: InMemoryStorage) -> None:
    memory.save("a", ContentFile(b"."))
    with pytest.raises(FileExistsError):
        memory.save("a/b", ContentFile(b"."))


def test_names_stay_inside_of_a_storage_in_memory(memory: InMemoryStorage) -> None:
    for name in ("../a.txt", "/etc/passwd"):
        with pytest.raises(SuspiciousFileOperation):
            memory.open(name)


def test_fields_and_settings_take_a_storage_in_memory(database: Configuration) -> None:
    backend = {"BACKEND": "raystack_orm.files.storage.InMemoryStorage"}
    orm = database.orm.model_copy(update={"STORAGES": {"default": backend}})
    with configured(replace(database, orm=orm)):
        assert isinstance(storages["default"], InMemoryStorage)
    field = models.FileField(storage=InMemoryStorage(location="/x"))
    assert field.deconstruct()[3]["storage"].deconstruct() == (
        "raystack_orm.files.storage.InMemoryStorage",
        (),
        {"location": "/x"},
    )
