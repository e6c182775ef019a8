"""FilePathField, ImageField, and options that belong to one kind of field.

https://docs.djangoproject.com/en/stable/ref/models/fields/#filepathfield
"""

import datetime as dt
import io
import struct
import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from raystack_orm import ValidationError, models
from raystack_orm.files.base import ContentFile
from raystack_orm.files.storage import FileSystemStorage
from raystack_orm.models import F
from raystack_orm.models.functions import Cast

places: dict[str, Path] = {}


class Here(FileSystemStorage):
    """Where files are, decided anew by each test."""

    @property
    def base_location(self) -> Any:
        return places["here"]

    @property
    def location(self) -> str:
        return str(places["here"])


class Photo(models.Model):
    image = models.ImageField(
        upload_to="photos", storage=Here(), height_field="height", width_field="width", blank=True
    )
    height = models.PositiveIntegerField(null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        app_label = "c1_paths"


class Measure(models.Model):
    day = models.DateField(null=True)
    moment = models.DateTimeField(null=True)
    price = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    length = models.DurationField(null=True)

    class Meta:
        app_label = "c1_paths"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    places["here"] = tmp_path
    yield tmp_path
    del places["here"]


def png(width: int, height: int) -> bytes:
    """Return a grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\x00" + b"\x80" * width for _ in range(height)))
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_an_image_knows_its_size(db: str) -> None:
    pytest.importorskip("PIL")
    photo = Photo.objects.create(image=ContentFile(png(4, 3), name="a.png"))
    assert (photo.image.width, photo.image.height) == (4, 3)
    assert (photo.width, photo.height) == (4, 3)
    found = Photo.objects.get()
    assert (found.width, found.height) == (4, 3)


def test_sizes_follow_the_assigned_image(db: str) -> None:
    pytest.importorskip("PIL")
    photo = Photo(image=ContentFile(png(4, 3), name="a.png"))
    assert (photo.width, photo.height) == (4, 3)
    photo.image = ContentFile(png(2, 5), name="b.png")
    assert (photo.width, photo.height) == (2, 5)
    photo.image = None
    assert (photo.width, photo.height) == (None, None)


def test_an_image_is_a_file(db: str, folder: Path) -> None:
    pytest.importorskip("PIL")
    photo = Photo.objects.create(image=ContentFile(png(1, 1), name="a.png"))
    assert (folder / "photos" / "a.png").exists()
    assert io.BytesIO(photo.image.read()).getvalue() == png(1, 1)
    photo.image.close()


@pytest.fixture
def tree(folder: Path) -> Path:
    for name in ("foo.png", "bar.txt", "sub/foo.txt"):
        path = folder / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return folder / "tree"


def test_a_path_field_keeps_its_options(tree: Path) -> None:
    field = models.FilePathField(path=str(tree), match=r"foo.*", recursive=True)
    assert (field.path, field.match, field.recursive) == (str(tree), r"foo.*", True)
    assert (field.allow_files, field.allow_folders, field.max_length) == (True, False, 100)


def test_a_path_field_takes_a_callable(tree: Path) -> None:
    def where() -> str:
        return str(tree)

    field = models.FilePathField(path=where)
    assert field.path is where
    assert field.deconstruct()[3]["path"] is where


def test_a_datetime_given_to_a_date_field_loses_its_time(db: str) -> None:
    Measure.objects.create(day=dt.datetime(2024, 1, 31, 23, 30, tzinfo=dt.UTC))
    assert Measure.objects.get().day == dt.date(2024, 1, 31)
    assert Measure.objects.filter(day=dt.datetime(2024, 1, 31, 5, tzinfo=dt.UTC)).exists()


@pytest.mark.filterwarnings("ignore:.*received a naive datetime:RuntimeWarning")
def test_a_date_given_to_a_datetime_field_is_midnight(db: str) -> None:
    Measure.objects.create(moment=dt.date(2024, 1, 31))
    assert Measure.objects.get().moment == dt.datetime(2024, 1, 31, tzinfo=dt.UTC)


def test_a_date_minus_a_day_can_be_cast_to_a_date(db: str) -> None:
    Measure.objects.create(day=dt.date(2024, 3, 1))
    before = Cast(F("day") - dt.timedelta(days=1), output_field=models.DateField())
    found = Measure.objects.annotate(before=before).get().before
    assert found == dt.date(2024, 2, 29)


@pytest.mark.parametrize("given", ["1.5", Decimal("1.5"), 1.5])
def test_decimals_are_stored_with_their_places(db: str, given: Any) -> None:
    Measure.objects.create(price=given)
    assert Measure.objects.get().price == Decimal("1.500")
    assert str(Measure.objects.get().price) == "1.500"


def test_a_decimal_of_too_many_digits_is_refused(db: str) -> None:
    with pytest.raises(ValidationError):
        Measure(price=Decimal("123456.789")).clean_fields()


@pytest.mark.parametrize("options", [{"auto_now": True}, {"auto_now_add": True}])
def test_automatic_dates_are_kept_by_deconstruct(options: dict[str, bool]) -> None:
    assert models.DateField(**options).deconstruct()[3] == options


def test_durations_can_be_compared_and_summed(db: str) -> None:
    for hours in (1, 2):
        Measure.objects.create(length=dt.timedelta(hours=hours))
    assert Measure.objects.filter(length__gt=dt.timedelta(minutes=90)).count() == 1
    total = Measure.objects.aggregate(total=models.Sum("length"))["total"]
    assert total == dt.timedelta(hours=3)
