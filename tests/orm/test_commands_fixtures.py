"""dumpdata and loaddata: fixtures in Django's form, whole or not at all."""

import datetime as dt
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from press import Article, Author, Comment, Everything, Tag

import raystack_orm
from raystack_orm import models
from raystack_orm.commands.dumpdata import dumpdata
from raystack_orm.commands.loaddata import loaddata
from raystack_orm.configuration import Configuration, configured
from raystack_orm.databases import connections
from raystack_orm.exceptions import ImproperlyConfigured
from raystack_orm.serialization import DeserializationError
from raystack_orm.testing.databases import emptied


class ShelfManager(models.Manager["Shelf"]):
    def get_by_natural_key(self, room: str, number: int) -> "Shelf":
        return self.get(room=room, number=number)


class Shelf(models.Model):
    """A shelf has a natural key."""

    room = models.CharField(max_length=20)
    number = models.IntegerField()
    left = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")

    objects = ShelfManager()

    class Meta:
        app_label = "fixtures"
        unique_together = (("room", "number"),)

    def natural_key(self) -> tuple[str, int]:
        return self.room, self.number


class Volume(models.Model):
    title = models.CharField(max_length=20)
    shelf = models.ForeignKey(Shelf, models.CASCADE)
    copies = models.ManyToManyField(Shelf, related_name="copies")

    class Meta:
        app_label = "fixtures"


class Atlas(Volume):
    """Its row is beside the volume's."""

    scale = models.IntegerField()

    class Meta:
        app_label = "fixtures"


@pytest.fixture
def library(database: Configuration) -> Iterator[str]:
    """The tables of the library, on each database."""
    made = [Shelf, Volume, Atlas]
    with configured(database):
        raystack_orm.create_all(made)
        try:
            with emptied(made):
                yield connections["default"].vendor
        finally:
            raystack_orm.drop_all(made)


def dumped(capsys: pytest.CaptureFixture[str], *labels: str, **options: Any) -> Any:
    capsys.readouterr()
    dumpdata(list(labels), **options)
    return json.loads(capsys.readouterr().out)


def fixture(folder: Path, *records: Any) -> str:
    path = folder / "some.json"
    path.write_text(json.dumps(records))
    return str(path)


def test_a_dump_has_djangos_form(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Model, pk, fields; a relation is its key, one to many a list of keys."""
    author = Author.objects.create(name="Änn")
    article = Article.objects.create(title="On joins", author=author)
    tag = Tag.objects.create(name="sql")
    article.tags.add(tag)

    assert dumped(capsys, "press.Article", "press.Author") == [
        {
            "model": "press.article",
            "pk": article.pk,
            "fields": {
                "title": "On joins",
                "subtitle": None,
                "status": "d",
                "views": 0,
                "published_at": None,
                "author": author.pk,
                "editor": None,
                "tags": [tag.pk],
            },
        },
        {"model": "press.author", "pk": author.pk, "fields": {"name": "Änn", "email": ""}},
    ]


def test_every_kind_of_value_comes_back(db: str, tmp_path: Path) -> None:
    """Exactly, microseconds too."""
    moment = dt.datetime(2024, 2, 29, 12, 30, 15, 123456, tzinfo=dt.UTC)
    made = Everything.objects.create(
        small=-1, big=2**60, truth=True, ratio=0.1, price=Decimal("1.10"), text="a\n☃",
        day=moment.date(), moment=moment, clock=dt.time(1, 2, 3, 4), data={"a": [None, "b"]},
    )  # fmt: skip
    before = Everything.objects.values().get()
    dumpdata(["press.Everything"], output=str(tmp_path / "all.jsonl"))
    made.delete()

    loaddata([str(tmp_path / "all.jsonl")])

    assert Everything.objects.values().get() == before


def test_objects_may_refer_to_later_ones(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Foreign keys are looked at when all are there; new keys follow the loaded ones."""
    loaddata([
        fixture(
            tmp_path,
            {"model": "press.comment", "pk": 11,
             "fields": {"article": 70, "parent": 12, "author": "a"}},
            {"model": "press.comment", "pk": 12, "fields": {"article": 70, "author": "b"}},
            {"model": "press.article", "pk": 70,
             "fields": {"title": "x", "author": 3, "tags": [5]}},
            {"model": "press.author", "pk": 3, "fields": {"name": "Ann"}},
            {"model": "press.tag", "pk": 5, "fields": {"name": "sql"}},
        )
    ])  # fmt: skip

    assert capsys.readouterr().out == "Installed 5 object(s) from 1 fixture(s)\n"
    assert Comment.objects.get(pk=11).parent.author == "b"
    assert Article.objects.get().tags.get().name == "sql"
    assert Article.objects.get().status == "d"
    assert Author.objects.create(name="Bob").pk > 3


WRONG = [
    ({"model": "press.autor"}, "There is no model \"press.autor\". Did you mean \"press.Author\"?"),
    ({"model": "press.tag", "fields": {"nam": "x"}},
     'field "nam": press.Tag has no such field. Did'),
    ({"model": "press.tag", "pk": "x", "fields": {"name": "a"}},
     'field "pk": “x” value must be an'),
    ({"model": "press.article", "pk": 1, "fields": {"title": "a", "author": 77}},
     'field "author": there is no press.Author with id=77.'),
    ({"model": "press.article", "pk": 1, "fields": {"title": "a", "author": 1, "tags": [9]}},
     'field "tags": there is no press.Tag with id=9.'),
    ({"model": "press.tag", "pk": 1, "fields": {"name": "one"}},
     "press.Tag(pk=1): "),
    ([], 'a record is {"model": "app.model"'),
]  # fmt: skip


@pytest.mark.parametrize(("record", "message"), WRONG, ids=lambda value: str(value)[:30])
def test_a_mistake_names_file_object_and_field(
    db: str, tmp_path: Path, record: Any, message: str
) -> None:
    """And nothing is loaded."""
    first = {"model": "press.author", "pk": 1, "fields": {"name": "Ann"}}
    Tag.objects.create(pk=50, name="one")

    with pytest.raises(DeserializationError) as caught:
        loaddata([fixture(tmp_path, first, record)])

    assert str(caught.value).startswith(f"{tmp_path / 'some.json'}, object 2")
    assert message in str(caught.value)
    assert not Author.objects.exists()


def test_a_connection_checks_foreign_keys_again(library: str, tmp_path: Path) -> None:
    """After a load that failed, too."""
    with pytest.raises(DeserializationError):
        loaddata([fixture(tmp_path, {"model": "fixtures.volume", "pk": 1,
                                     "fields": {"title": "t" * 20, "shelf": 1}})])  # fmt: skip

    with pytest.raises(raystack_orm.IntegrityError):
        Volume.objects.create(title="x", shelf_id=1)


def test_natural_keys_go_where_primary_keys_would(
    library: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They find the rows that are there, and those that the fixture brings later."""
    left = Shelf.objects.create(room="A", number=1)
    shelf = Shelf.objects.create(room="A", number=2, left=left)
    volume = Volume.objects.create(title="SQL", shelf=shelf)
    volume.copies.add(left, shelf)
    records = dumped(capsys, "fixtures", natural_foreign=True, natural_primary=True)
    assert records[1] == {
        "model": "fixtures.shelf",
        "fields": {"room": "A", "number": 2, "left": ["A", 1]},
    }
    assert records[2]["fields"] == {
        "title": "SQL",
        "shelf": ["A", 2],
        "copies": [["A", 1], ["A", 2]],
    }
    Volume.objects.all().delete()
    left.delete()

    loaddata([fixture(tmp_path, *reversed(records))])

    assert Shelf.objects.count() == 2
    found = Volume.objects.get()
    assert (found.shelf_id, found.shelf.left.natural_key()) == (shelf.pk, ("A", 1))
    assert found.copies.count() == 2


def test_a_natural_key_that_leads_nowhere_is_told(library: str, tmp_path: Path) -> None:
    record = {"model": "fixtures.volume", "pk": 1, "fields": {"title": "x", "shelf": ["B", 7]}}

    with pytest.raises(DeserializationError, match=r'field "shelf": there is no fixtures\.Shelf'):
        loaddata([fixture(tmp_path, record)])


def test_a_childs_row_is_a_record_of_its_own(
    library: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside its parent's, as in Django."""
    shelf = Shelf.objects.create(room="A", number=1)
    atlas = Atlas.objects.create(title="World", scale=9, shelf=shelf)
    records = dumped(capsys, "fixtures")
    assert records[-1] == {"model": "fixtures.atlas", "pk": atlas.pk, "fields": {"scale": 9}}
    Atlas.objects.all().delete()

    loaddata([fixture(tmp_path, *records)])

    assert Atlas.objects.get().title == "World"


def test_options_choose_what_is_dumped(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Apps, models, what to exclude, keys."""
    tags = [Tag.objects.create(name=name) for name in "abc"]
    Author.objects.create(name="Ann")
    everything = ["press"]

    dumpdata(everything, exclude=["press.Author"], format="jsonl")
    names = [json.loads(line)["fields"]["name"] for line in capsys.readouterr().out.splitlines()]
    assert names == ["a", "b", "c"]
    some = dumped(capsys, "press.Tag", pks=f"{tags[0].pk},{tags[2].pk}", indent=2)
    assert [one["fields"]["name"] for one in some] == ["a", "c"]
    assert dumped(capsys, "press.Award") == []
    with pytest.raises(ImproperlyConfigured, match="--pks is for one model"):
        dumpdata(everything, pks="1")
    with pytest.raises(ImproperlyConfigured, match='Did you mean "press.Article"?'):
        dumpdata(["press.Artcle"])


def test_fixtures_come_from_standard_input_too(
    db: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Or are looked for; where there is none, it is told where they were looked for."""
    record = {"model": "press.tag", "pk": 1, "fields": {"name": "a"}}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps([record])))

    loaddata(["-"])

    assert Tag.objects.get().name == "a"
    with pytest.raises(ImproperlyConfigured, match="There is no fixture 'none'"):
        loaddata(["none"])
    (tmp_path / "bad.json").write_text("[{]")
    with pytest.raises(DeserializationError, match="this is no JSON"):
        loaddata([str(tmp_path / "bad.json")])
