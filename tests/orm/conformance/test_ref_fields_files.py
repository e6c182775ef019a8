"""Files in fields: where they are stored, and what the attribute can do.

https://docs.djangoproject.com/en/stable/ref/models/fields/#filefield
"""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.exceptions import SuspiciousFileOperation
from raystack_orm.files.base import ContentFile, File
from raystack_orm.files.storage import FileSystemStorage

places: dict[str, Path] = {}


def storage() -> FileSystemStorage:
    return FileSystemStorage(location=places["here"], base_url="/media/")


class Lazy(FileSystemStorage):
    """Where files are, decided anew by each test."""

    @property
    def base_location(self) -> Any:
        return places["here"]

    @property
    def location(self) -> str:
        return str(places["here"])


def by_name(instance: "Document", filename: str) -> str:
    return f"by/{instance.title}/{filename}"


STORE = Lazy(base_url="/media/")


class Document(models.Model):
    title = models.CharField(max_length=20, default="x")
    file = models.FileField(upload_to="docs/", storage=STORE, blank=True)
    dated = models.FileField(upload_to="%Y/%m/%d", storage=STORE, blank=True)
    named = models.FileField(upload_to=by_name, storage=STORE, blank=True)

    class Meta:
        app_label = "c1_files"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    places["here"] = tmp_path
    yield tmp_path
    del places["here"]


def test_a_file_is_stored_when_the_object_is_saved(db: str, folder: Path) -> None:
    document = Document(file=ContentFile(b"hello", name="a.txt"))
    assert not (folder / "docs/a.txt").exists()
    document.save()
    assert (folder / "docs/a.txt").read_bytes() == b"hello"


def test_the_database_has_the_path_within_the_storage(db: str) -> None:
    Document.objects.create(file=ContentFile(b"hello", name="a.txt"))
    assert Document.objects.values_list("file", flat=True).get() == "docs/a.txt"
    assert Document.objects.get(file="docs/a.txt").file.name == "docs/a.txt"


def test_path_size_and_url(db: str, folder: Path) -> None:
    document = Document.objects.create(file=ContentFile(b"hello", name="a.txt"))
    assert Path(document.file.path) == folder / "docs/a.txt"
    assert document.file.size == 5
    assert document.file.url == "/media/docs/a.txt"


def test_upload_to_may_be_a_date(db: str) -> None:
    document = Document.objects.create(dated=ContentFile(b"x", name="a.txt"))
    assert document.dated.name == f"{dt.datetime.now(dt.UTC):%Y/%m/%d}/a.txt"


def test_upload_to_may_be_a_function(db: str) -> None:
    document = Document.objects.create(title="t", named=ContentFile(b"x", name="a.txt"))
    assert document.named.name == "by/t/a.txt"


def test_a_name_that_is_taken_gets_a_suffix(db: str) -> None:
    first = Document.objects.create(file=ContentFile(b"1", name="a.txt"))
    second = Document.objects.create(file=ContentFile(b"2", name="a.txt"))
    assert first.file.name != second.file.name
    assert second.file.name.startswith("docs/a_")
    assert second.file.name.endswith(".txt")


def test_a_file_is_read_and_rewound(db: str) -> None:
    Document.objects.create(file=ContentFile(b"hello", name="a.txt"))
    document = Document.objects.get()
    with document.file.open("rb") as opened:
        assert opened.read() == b"hello"
    with document.file.open() as opened:
        assert opened.read() == b"hello"
    assert document.file.closed is True


def test_save_stores_and_saves_the_object(db: str, folder: Path) -> None:
    document = Document()
    document.file.save("b.txt", ContentFile(b"new"))
    assert document.pk is not None
    assert (folder / "docs/b.txt").read_bytes() == b"new"


def test_save_may_leave_the_object_unsaved(db: str) -> None:
    document = Document()
    document.file.save("b.txt", ContentFile(b"new"), save=False)
    assert document.pk is None
    assert document.file.name == "docs/b.txt"


def test_save_takes_a_file_around_an_open_one(db: str, folder: Path) -> None:
    document = Document()
    document.file.save("c.bin", File(io.BytesIO(b"raw")))
    assert (folder / "docs/c.bin").read_bytes() == b"raw"


def test_delete_removes_the_file_and_clears_the_field(db: str, folder: Path) -> None:
    document = Document.objects.create(file=ContentFile(b"x", name="a.txt"))
    document.file.delete()
    assert not (folder / "docs/a.txt").exists()
    assert not document.file
    assert Document.objects.get().file.name in ("", None)


def test_delete_may_leave_the_object_unsaved(db: str) -> None:
    document = Document.objects.create(file=ContentFile(b"x", name="a.txt"))
    document.file.delete(save=False)
    assert Document.objects.get().file.name == "docs/a.txt"


def test_deleting_the_object_keeps_the_file(db: str, folder: Path) -> None:
    document = Document.objects.create(file=ContentFile(b"x", name="a.txt"))
    document.delete()
    assert (folder / "docs/a.txt").exists()


def test_without_a_file_the_attribute_is_false(db: str) -> None:
    document = Document.objects.create()
    assert not document.file
    for name in ("path", "size", "url"):
        with pytest.raises(ValueError, match="file"):
            getattr(document.file, name)


def test_a_string_is_a_file_that_is_there_already(db: str, folder: Path) -> None:
    (folder / "there.txt").write_bytes(b"old")
    document = Document.objects.create(file="there.txt")
    assert document.file.read() == b"old"
    document.file.close()


def test_files_are_equal_by_name(db: str) -> None:
    document = Document.objects.create(file=ContentFile(b"x", name="a.txt"))
    assert document.file == Document.objects.get().file
    assert document.file == "docs/a.txt"
    assert str(document.file) == "docs/a.txt"


@pytest.mark.parametrize("name", ["../out.txt", "docs/../../out.txt"])
def test_a_name_cannot_leave_the_storage(db: str, name: str) -> None:
    document = Document()
    with pytest.raises(SuspiciousFileOperation):
        document.file.storage.save(name, ContentFile(b"x"))


def test_max_length_is_100_by_default() -> None:
    assert Document._meta.get_field("file").max_length == 100
    assert models.FileField(max_length=10).max_length == 10


def test_storage_may_be_a_callable() -> None:
    field = models.FileField(storage=storage)
    assert isinstance(field.storage, FileSystemStorage)
