"""Files: names are safe, nothing is overwritten, the column has the name."""

import datetime as dt
import io
import pickle
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from raystack_orm import FieldError, ImproperlyConfigured, create_all, drop_all, models
from raystack_orm.configuration import Configuration, configured
from raystack_orm.exceptions import SuspiciousFileOperation
from raystack_orm.files import (
    ContentFile,
    File,
    FileSystemStorage,
    SimpleUploadedFile,
    StorageHandler,
    default_storage,
    get_image_dimensions,
    storages,
)
from raystack_orm.files.names import upload_name


def by_year(instance: Any, filename: str) -> str:
    return f"made/{instance.title}/{filename}"


class Document(models.Model):
    title = models.CharField(max_length=20, default="x")
    file = models.FileField(upload_to="docs/%Y")
    other = models.FileField(upload_to=by_year, max_length=50, null=True)
    picture = models.ImageField(width_field="width", height_field="height", null=True)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)

    class Meta:
        app_label = "files"


@pytest.fixture
def media(database: Configuration, tmp_path: Path) -> Iterator[Path]:
    """The folder of uploaded files; the table is there."""
    orm = database.orm.model_copy(update={"MEDIA_ROOT": str(tmp_path), "MEDIA_URL": "/media/"})
    made = replace(database, orm=orm)
    with configured(made):
        create_all([Document])
        yield tmp_path
        drop_all([Document])


def image(width: int, height: int) -> ContentFile:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (width, height)).save(stream, "PNG")
    return ContentFile(stream.getvalue(), "a.png")


def test_a_file_is_kept_when_its_object_is_saved(media: Path) -> None:
    """upload_to is a folder with strftime's codes; the column has the name."""
    made = Document(file=ContentFile(b"hello", name="a b.txt"))
    made.save()

    loaded = Document.objects.get()

    year = dt.datetime.now(dt.UTC).year
    assert loaded.file.name == f"docs/{year}/a_b.txt"
    assert str(loaded.file) == loaded.file.name
    assert loaded.file.path == str(media / loaded.file.name)
    assert loaded.file.url == f"/media/docs/{year}/a_b.txt"
    assert loaded.file.size == 5
    with loaded.file.open() as opened:
        assert opened.read() == b"hello"
    assert loaded.file.closed
    assert loaded.file == made.file.name
    assert pickle.loads(pickle.dumps(loaded.file)) == loaded.file


def test_save_and_delete_of_a_file(media: Path) -> None:
    """They save the object too, unless they are told not to."""
    made = Document(title="t")
    made.other.save("x.txt", ContentFile("text"))
    place = Path(made.other.path)

    assert made.pk is not None
    assert Document.objects.get().other.name == "made/t/x.txt"
    assert place.read_text() == "text"
    made.other.delete()
    assert not place.exists()
    assert not made.other
    assert not Document.objects.get().other


def test_no_file_has_no_path(media: Path) -> None:
    """The attribute is there, and false."""
    made = Document()

    assert not made.file
    for name in ("path", "url", "size", "file"):
        with pytest.raises(ValueError, match="no file associated"):
            getattr(made.file, name)


def test_a_file_without_a_name_cannot_be_saved(media: Path) -> None:
    """The error says what to do."""
    with pytest.raises(FieldError, match="ContentFile takes a name"):
        Document(file=ContentFile(b"x")).save()


def test_two_files_of_one_name_are_both_kept(media: Path) -> None:
    """The second gets another name."""
    storage = FileSystemStorage()

    first = storage.save("a/x.tar.gz", ContentFile(b"1"))
    second = storage.save("a/x.tar.gz", ContentFile(b"2"))

    assert first == "a/x.tar.gz"
    assert second != first
    assert second.startswith("a/x_")
    assert second.endswith(".gz")
    assert (media / first).read_bytes() == b"1"
    assert sorted(storage.listdir("a")[1]) == sorted([first[2:], second[2:]])
    assert FileSystemStorage(allow_overwrite=True).save(first, ContentFile(b"3")) == first
    assert (media / first).read_bytes() == b"3"


def test_a_long_name_is_shortened_to_fit(media: Path) -> None:
    """Its extension stays."""
    made = Document(title="t", other=ContentFile(b"x", name="n" * 90 + ".txt"))
    made.save()

    assert len(made.other.name) <= 50
    assert made.other.name.endswith(".txt")
    with pytest.raises(SuspiciousFileOperation):
        FileSystemStorage().save("f" * 30 + "/a.txt", ContentFile(b""), max_length=20)


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/etc/passwd", "..", ".", "", "a/..", "a\\..\\..\\x", "a\0b"]
)
def test_fi_03_a_name_does_not_lead_out(media: Path, name: str) -> None:
    """Whoever gives it, the storage refuses."""
    with pytest.raises(SuspiciousFileOperation):
        FileSystemStorage().save(name, ContentFile(b"x"))
    if name not in {".", "", "a/.."} and "\\" not in name:
        with pytest.raises(SuspiciousFileOperation):
            FileSystemStorage(media / "inner").path(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../app.py", "app.py"),
        ("C:\\x", "x"),
        (".", "file"),
        ("", "file"),
        ("a\0.png", "a.png"),
        ("n" * 300 + ".png", "n" * 251 + ".png"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("/etc/passwd", "passwd"),
    ],
)
def test_fi_03_an_upload_gets_a_safe_name(name: str, expected: str) -> None:
    """Its last part, printable, not too long."""
    assert upload_name(name) == expected
    assert SimpleUploadedFile(name, b"x").name == expected


def test_fi_03_a_device_is_no_name(media: Path) -> None:
    """Windows would open it."""
    made = Document(file=SimpleUploadedFile("CON.txt", b"x"))
    made.save()

    assert Path(made.file.path).name == "_CON.txt"


def test_what_a_storage_knows(media: Path) -> None:
    """Sizes and times; deleting what is gone is fine."""
    storage = FileSystemStorage(base_url="/f")
    name = storage.save("é x.txt", io.BytesIO(b"1234"))

    assert storage.exists(name)
    assert storage.size(name) == 4
    assert storage.url(name) == "/f/%C3%A9%20x.txt"
    assert storage.get_modified_time(name).tzinfo is not None
    with storage.open(name) as opened:
        assert opened.read() == b"1234"
    assert (media / name).stat().st_mode & 0o777 == 0o644
    storage.delete(name)
    storage.delete(name)
    assert not storage.exists(name)
    with pytest.raises(ValueError, match="name"):
        storage.delete("")


def test_storages_are_made_as_the_settings_say(media: Path) -> None:
    """default_storage is the one called default, whichever that is."""
    assert default_storage.location == str(media)
    assert storages["default"] is storages["default"]
    with pytest.raises(ImproperlyConfigured, match='Did you mean "default"'):
        _ = storages["defalt"]
    with pytest.raises(ImproperlyConfigured, match="cannot be imported"):
        _ = StorageHandler({"x": {"BACKEND": "nowhere.Storage"}})["x"]
    handler = StorageHandler(
        {"x": {"BACKEND": "raystack_orm.files.FileSystemStorage", "OPTIONS": {"location": "/x"}}}
    )
    assert handler["x"].path("a") == "/x/a"


def test_a_storage_can_be_given_by_a_callable() -> None:
    """Which deconstruct() returns again."""
    storage = FileSystemStorage("/x")

    def choose() -> FileSystemStorage:
        return storage

    field = models.FileField(storage=choose)

    assert field.storage is storage
    assert field.deconstruct()[3]["storage"] is choose
    with pytest.raises(TypeError, match="returns no Storage"):
        models.FileField(storage=str)  # type: ignore[arg-type]  # that is the mistake


def test_an_image_keeps_its_size_in_fields(media: Path) -> None:
    """They follow the image, and are not asked of the file again when it is loaded."""
    made = Document(file="x", picture=image(3, 2))
    assert (made.width, made.height) == (3, 2)
    made.save()

    loaded = Document.objects.get()
    assert (loaded.width, loaded.height) == (3, 2)
    assert (loaded.picture.width, loaded.picture.height) == (3, 2)
    loaded.picture = image(5, 4)
    assert (loaded.width, loaded.height) == (5, 4)
    loaded.picture = None
    assert (loaded.width, loaded.height) == (None, None)


def test_what_is_no_image_has_no_size() -> None:
    """The file stays at its place."""
    file = ContentFile(b"no image at all", "a.png")
    file.seek(3)

    assert get_image_dimensions(file) == (None, None)
    assert file.tell() == 3


def test_a_file_is_read_in_chunks_and_lines() -> None:
    """Lines that two chunks share come whole."""
    file = ContentFile(b"ab\ncd\r\nef")
    file.DEFAULT_CHUNK_SIZE = 3  # type: ignore[misc]  # so that lines are cut

    assert list(file.chunks(4)) == [b"ab\nc", b"d\r\ne", b"f"]
    assert list(file) == [b"ab\n", b"cd\r\n", b"ef"]
    assert file.multiple_chunks(4)
    assert len(file) == 9
    assert File(io.StringIO("abc"), "n").size == 3


def test_another_name_keeps_all_extensions(media: Path) -> None:
    """What makes a name free stands before ``.tar.gz``, not in it."""
    storage = FileSystemStorage()
    storage.save(Path("a.tar.gz"), ContentFile(b"1"))

    assert re.fullmatch(r"a_\w{7}\.tar\.gz", storage.save("a.tar.gz", ContentFile(b"2")))


def test_a_name_is_made_short_of_dots(media: Path) -> None:
    """Folders that lead nowhere are left out."""
    assert default_storage.generate_filename("./some/./path/a b.txt") == "some/path/a_b.txt"


def test_permissions_come_from_the_settings(database: Configuration, tmp_path: Path) -> None:
    """FILE_UPLOAD_PERMISSIONS and its like for folders, unless a storage has its own."""
    given = {"FILE_UPLOAD_PERMISSIONS": 0o600, "FILE_UPLOAD_DIRECTORY_PERMISSIONS": 0o700}
    orm = database.orm.model_copy(update={"MEDIA_ROOT": str(tmp_path), **given})
    with configured(replace(database, orm=orm)):
        FileSystemStorage().save("new/a.txt", ContentFile(b"1"))
        FileSystemStorage(file_permissions_mode=0o640).save("b.txt", ContentFile(b"1"))

    assert (tmp_path / "new/a.txt").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "b.txt").stat().st_mode & 0o777 == 0o640


def test_a_field_may_take_the_default_storage_from_a_callable() -> None:
    """default_storage is a storage, though it is found when it is used."""
    assert models.FileField(storage=lambda: default_storage).storage is default_storage


def test_the_size_of_an_image_by_its_path(tmp_path: Path) -> None:
    """A missing file has none."""
    path = tmp_path / "a.png"
    path.write_bytes(image(3, 2).read())

    assert get_image_dimensions(str(path)) == (3, 2)
    assert get_image_dimensions(str(tmp_path / "b.png")) == (None, None)
