"""Uses of the names of fields."""

import datetime as dt
import decimal
import json
import uuid
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

import raystack_orm
from raystack_orm import IntegrityError, ValidationError, connection, models, transaction
from raystack_orm.files import ContentFile
from raystack_orm.files.storage import FileSystemStorage
from raystack_orm.models import F, Q, Value
from raystack_orm.models.functions import Upper
from raystack_orm.testing import isolate_apps
from raystack_orm.validators import MinValueValidator

from .library import Article, Author, article, stored
from .uses import refused, uses

PAGE = "ref/models/fields"


def columns(model: Any) -> str:
    """Return what SQLite knows of a model's table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = %s", [model._meta.db_table])
        return "\n".join(row[0] for row in cursor.fetchall() if row[0])


@uses(
    PAGE,
    "Field.null",
    "Field.db_column",
    "Field.db_comment",
    "Field.db_default",
    "Field.db_index",
    "Field.db_tablespace",
    "Field.default",
    "Field.primary_key",
    "Field.unique",
    "CharField.db_collation",
    "TextField.db_collation",
)
@isolate_apps()
def options_that_make_columns() -> None:
    class Town(models.Model):
        code = models.CharField(max_length=5, primary_key=True, db_comment="Its code")
        name = models.CharField(max_length=9, db_column="town_name", db_collation="NOCASE")
        size = models.IntegerField(db_default=7)
        note = models.TextField(null=True, db_collation="NOCASE")
        number = models.IntegerField(unique=True, default=lambda: 3)
        area = models.IntegerField(default=1, db_index=True, db_tablespace="")

        class Meta:
            app_label = "atlas"

    stored(Town)
    assert "town_name" in columns(Town)
    assert "CREATE INDEX" in columns(Town)
    assert Town._meta.table.c.code.comment == "Its code"
    town = Town.objects.create(code="ulm", name="Ulm")
    town.refresh_from_db()
    assert (town.pk, town.size, town.number, town.note) == ("ulm", 7, 3, None)
    assert Town.objects.get(name="ULM") == town
    town.note = "Old"
    town.save()
    assert Town.objects.filter(note="old").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Town.objects.create(code="bad", name="Bad", number=3)


@uses(
    PAGE,
    "Field.blank",
    "Field.choices",
    "Field.editable",
    "Field.error_messages",
    "Field.help_text",
    "Field.verbose_name",
    "Field.validators",
    "Field.unique_for_date",
    "Field.unique_for_month",
    "Field.unique_for_year",
)
@isolate_apps()
def options_that_validate() -> None:
    class Note(models.Model):
        kind = models.CharField("sort", max_length=1, choices={"a": "A"}, blank=True, help_text="!")
        size = models.IntegerField(
            default=1, validators=[MinValueValidator(1)], error_messages={"invalid": "No number"}
        )
        made = models.DateField(default=dt.date(2026, 1, 1), editable=False)
        by_day = models.CharField(max_length=1, default="", unique_for_date="made", blank=True)
        by_month = models.CharField(max_length=1, default="", unique_for_month="made", blank=True)
        by_year = models.CharField(max_length=1, default="", unique_for_year="made", blank=True)

        class Meta:
            app_label = "atlas"

    stored(Note)
    Note().full_clean()
    kind, made = Note._meta.get_field("kind"), Note._meta.get_field("made")
    assert (kind.verbose_name, kind.help_text, made.editable) == ("sort", "!", False)
    for values, message in [
        ({"kind": "z"}, "kind"),
        ({"size": 0}, "size"),
        ({"size": "x"}, "No number"),
    ]:
        with pytest.raises(ValidationError, match=message):
            Note(**values).full_clean()
    Note.objects.create(by_day="d", by_month="m", by_year="y")
    later = {
        "by_day": ("d", dt.date(2026, 1, 1)),
        "by_month": ("m", dt.date(2026, 1, 2)),
        "by_year": ("y", dt.date(2026, 2, 1)),
    }
    for name, (value, made_on) in later.items():
        with pytest.raises(ValidationError, match=name):
            Note(made=made_on, **{name: value}).full_clean()


@uses(
    PAGE,
    "AutoField",
    "BigAutoField",
    "SmallAutoField",
    "BigIntegerField",
    "IntegerField",
    "SmallIntegerField",
    "PositiveBigIntegerField",
    "PositiveIntegerField",
    "PositiveSmallIntegerField",
    "FloatField",
    "BooleanField",
    "DecimalField",
    "DecimalField.max_digits",
    "DecimalField.decimal_places",
    "BinaryField",
    "BinaryField.max_length",
    "CharField",
    "CharField.max_length",
    "TextField",
    "EmailField",
    "URLField",
    "SlugField",
    "SlugField.allow_unicode",
    "UUIDField",
    "GenericIPAddressField",
    "GenericIPAddressField.protocol",
    "GenericIPAddressField.unpack_ipv4",
    "DurationField",
    "DateField",
    "TimeField",
    "DateTimeField",
)
@isolate_apps()
def kinds_of_fields() -> None:
    class Small(models.Model):
        id = models.SmallAutoField(primary_key=True)

        class Meta:
            app_label = "atlas"

    class Large(models.Model):
        id = models.BigAutoField(primary_key=True)

        class Meta:
            app_label = "atlas"

    class All(models.Model):
        id = models.AutoField(primary_key=True)
        big = models.BigIntegerField()
        whole = models.IntegerField()
        small = models.SmallIntegerField()
        positive_big = models.PositiveBigIntegerField()
        positive = models.PositiveIntegerField()
        positive_small = models.PositiveSmallIntegerField()
        ratio = models.FloatField()
        truth = models.BooleanField()
        price = models.DecimalField(max_digits=5, decimal_places=2)
        raw = models.BinaryField(max_length=2)
        name = models.CharField(max_length=3)
        text = models.TextField()
        email = models.EmailField()
        link = models.URLField()
        slug = models.SlugField(allow_unicode=True)
        key = models.UUIDField()
        address = models.GenericIPAddressField(protocol="both", unpack_ipv4=True)
        length = models.DurationField()
        day = models.DateField()
        clock = models.TimeField()
        moment = models.DateTimeField()

        class Meta:
            app_label = "atlas"

    values = {
        "big": 2**62,
        "whole": -1,
        "small": 3,
        "positive_big": 2**62,
        "positive": 5,
        "positive_small": 6,
        "ratio": 1.5,
        "truth": True,
        "price": decimal.Decimal("123.45"),
        "raw": b"\0\1",
        "name": "abc",
        "text": "long",
        "email": "a@example.org",
        "link": "https://example.org/",
        "slug": "über",
        "key": uuid.uuid4(),
        "address": "::ffff:1.2.3.4",
        "length": dt.timedelta(hours=1),
        "day": dt.date(2026, 1, 2),
        "clock": dt.time(3, 4),
        "moment": dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC),
    }
    stored(Small, Large, All)
    made = All(**values)
    made.full_clean()
    assert made.address == "1.2.3.4"
    made.save()
    found = All.objects.get(pk=made.pk)
    for name, value in (values | {"address": "1.2.3.4"}).items():
        assert getattr(found, name) == value, name
    for wrong in (
        {"name": "abcd"},
        {"price": decimal.Decimal("1234.5")},
        {"raw": b"123"},
        {"positive": -1},
        {"slug": "a b"},
        {"email": "a"},
        {"link": "a"},
    ):
        with pytest.raises(ValidationError):
            All(**(values | wrong)).full_clean()
    assert (Small.objects.create().pk, Large.objects.create().pk) == (1, 1)
    with pytest.raises(ValidationError):
        models.GenericIPAddressField(protocol="IPv6").clean("1.2.3.4", None)


@uses(PAGE, "DateField.auto_now", "DateField.auto_now_add")
@isolate_apps()
def moments_that_set_themselves() -> None:
    class Note(models.Model):
        made = models.DateTimeField(auto_now_add=True)
        changed = models.DateTimeField(auto_now=True)

        class Meta:
            app_label = "atlas"

    stored(Note)
    note = Note.objects.create()
    made, changed = note.made, note.changed
    note.save()
    assert note.made == made
    assert note.changed > changed


@uses(
    PAGE,
    "FileField",
    "FileField.upload_to",
    "FileField.storage",
    "FieldFile",
    "FieldFile.name",
    "FieldFile.path",
    "FieldFile.size",
    "FieldFile.url",
    "FieldFile.open",
    "FieldFile.close",
    "FieldFile.save",
    "FieldFile.delete",
    "ImageField",
    "ImageField.height_field",
    "ImageField.width_field",
    "FilePathField",
    "FilePathField.path",
    "FilePathField.match",
    "FilePathField.recursive",
    "FilePathField.allow_files",
    "FilePathField.allow_folders",
)
@isolate_apps()
def files() -> None:
    with TemporaryDirectory() as folder:
        storage = FileSystemStorage(location=folder, base_url="/media/")

        class Upload(models.Model):
            file = models.FileField(upload_to="files", storage=storage)
            image = models.ImageField(storage=storage, width_field="w", height_field="h")
            w = models.IntegerField(null=True)
            h = models.IntegerField(null=True)
            picked = models.FilePathField(
                path=folder,
                match=r".*\.txt$",
                recursive=True,
                allow_files=True,
                allow_folders=False,
            )

            class Meta:
                app_label = "atlas"

        stored(Upload)
        upload = Upload()
        upload.file.save("a.txt", ContentFile(b"Hello"), save=False)
        upload.image.save("dot.png", ContentFile(_png()), save=False)
        upload.picked = upload.file.path
        upload.full_clean()
        upload.save()
        found = Upload.objects.get()
        assert type(found.file).__mro__[1].__name__ in {"FieldFile", "File"} or found.file
        assert isinstance(found.file, models.FieldFile)
        assert (found.file.name, found.file.size) == ("files/a.txt", 5)
        assert (found.file.url, found.w, found.h) == ("/media/files/a.txt", 2, 3)
        assert Path(found.file.path).read_bytes() == b"Hello"
        with found.file.open() as opened:
            assert opened.read() == b"Hello"
        found.file.close()
        found.file.delete(save=False)
        assert not (Path(folder) / "files" / "a.txt").exists()


def _png() -> bytes:
    import io

    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (2, 3)).save(made, "PNG")
    return made.getvalue()


@uses(
    PAGE,
    "GeneratedField",
    "GeneratedField.expression",
    "GeneratedField.output_field",
    "GeneratedField.db_persist",
    "CompositePrimaryKey",
    "JSONField",
    "JSONField.encoder",
    "JSONField.decoder",
)
@isolate_apps()
def computed_composite_and_json_fields() -> None:
    class Encoder(json.JSONEncoder):
        def default(self, o: Any) -> Any:
            return sorted(o) if isinstance(o, set) else super().default(o)

    class Decoder(json.JSONDecoder):
        def decode(self, s: str, *args: Any) -> Any:
            return {"decoded": super().decode(s, *args)}

    class Seat(models.Model):
        pk = models.CompositePrimaryKey("row", "number")
        row = models.CharField(max_length=1)
        number = models.IntegerField()
        label = models.GeneratedField(
            expression=Upper(F("row")), output_field=models.CharField(max_length=1), db_persist=True
        )
        data = models.JSONField(encoder=Encoder, decoder=Decoder)

        class Meta:
            app_label = "atlas"

    stored(Seat)
    Seat.objects.create(row="a", number=1, data={2, 1})
    seat = Seat.objects.get(pk=("a", 1))
    assert (seat.label, seat.data, seat.pk) == ("A", {"decoded": [1, 2]}, ("a", 1))


@uses(
    PAGE,
    "ForeignKey",
    "ForeignKey.on_delete",
    "ForeignKey.limit_choices_to",
    "ForeignKey.related_name",
    "ForeignKey.related_query_name",
    "ForeignKey.to_field",
    "ForeignKey.db_constraint",
    "ForeignKey.swappable",
    "OneToOneField",
    "OneToOneField.parent_link",
    "ManyToManyField",
    "ManyToManyField.related_name",
    "ManyToManyField.related_query_name",
    "ManyToManyField.limit_choices_to",
    "ManyToManyField.symmetrical",
    "ManyToManyField.through",
    "ManyToManyField.through_fields",
    "ManyToManyField.db_table",
    "ManyToManyField.db_constraint",
    "ManyToManyField.swappable",
)
@isolate_apps()
def relations() -> None:
    class Person(models.Model):
        name = models.CharField(max_length=9, unique=True)
        friends = models.ManyToManyField("self", symmetrical=True)
        heroes = models.ManyToManyField("self", symmetrical=False, related_name="fans")

        class Meta:
            app_label = "atlas"

    class Group(models.Model):
        boss = models.ForeignKey(
            Person,
            models.PROTECT,
            related_name="led",
            related_query_name="led_group",
            to_field="name",
            limit_choices_to={"name": "Ann"},
            swappable=True,
        )
        loose = models.ForeignKey(Person, models.DO_NOTHING, "+", null=True, db_constraint=False)
        members = models.ManyToManyField(
            Person,
            through="Membership",
            through_fields=("group", "person"),
            related_name="groups",
            related_query_name="member_of",
        )
        guests = models.ManyToManyField(
            Person,
            db_table="guests",
            limit_choices_to=Q(name="Bob"),
            related_name="+",
            db_constraint=False,
            swappable=False,
        )

        class Meta:
            app_label = "atlas"

    class Membership(models.Model):
        group = models.ForeignKey(Group, models.CASCADE)
        person = models.ForeignKey(Person, models.CASCADE, related_name="+")
        inviter = models.ForeignKey(Person, models.CASCADE, related_name="+")

        class Meta:
            app_label = "atlas"

    class Team(Group):
        base = models.OneToOneField(Group, models.CASCADE, parent_link=True, related_name="team")

        class Meta:
            app_label = "atlas"

    stored(Person, Group, Membership, Team)
    ann, bob = Person.objects.create(name="Ann"), Person.objects.create(name="Bob")
    ann.friends.add(bob)
    ann.heroes.add(bob)
    assert list(bob.friends.all()) == list(bob.fans.all()) == [ann]
    assert not bob.heroes.exists()
    team = Team.objects.create(boss=ann)
    Group.objects.update(loose_id=99)
    Group.objects.update(loose=None)
    group = Group.objects.get(team=team)
    assert (team.base, group.boss_id, list(ann.led.all())) == (group, "Ann", [group])
    group.members.add(bob, through_defaults={"inviter": ann})
    group.guests.add(bob)
    assert list(bob.groups.all()) == [group]
    assert Person.objects.get(led_group=group) == ann
    assert Person.objects.get(member_of=group) == bob
    assert "guests" in raystack_orm.connections["default"].introspection.table_names()
    assert Group._meta.get_field("guests").get_limit_choices_to() == Q(name="Bob")
    with pytest.raises(models.ProtectedError):
        ann.delete()
    with pytest.raises(ValidationError, match="boss"):
        Group(boss=bob).clean_fields()
    assert Group._meta.get_field("guests").swappable is False


@uses(
    PAGE,
    "Field",
    "Field.description",
    "Field.descriptor_class",
    "Field.get_internal_type",
    "Field.db_type",
    "Field.rel_db_type",
    "Field.get_prep_value",
    "Field.get_db_prep_value",
    "Field.from_db_value",
    "Field.get_db_prep_save",
    "Field.pre_save",
    "Field.to_python",
    "Field.value_from_object",
    "Field.value_to_string",
    "Field.deconstruct",
)
@isolate_apps()
def a_field_of_ones_own() -> None:
    class Remembering:
        def __init__(self, field: Any) -> None:
            self.field = field

        def __get__(self, instance: Any, owner: Any) -> Any:
            return instance.__dict__[self.field.attname] if instance else self

        def __set__(self, instance: Any, value: Any) -> None:
            instance.__dict__[self.field.attname] = value
            instance.__dict__["was_set"] = True

    class Words(models.Field[Any, Any]):
        description = "Words, up to %(max_length)s letters"
        descriptor_class = Remembering

        def db_type(self, connection: Any) -> str:
            return "varchar(100)"

        def rel_db_type(self, connection: Any) -> str:
            return self.db_type(connection)

        def get_internal_type(self) -> str:
            return "CharField"

        def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
            return value.split()

        def to_python(self, value: Any) -> Any:
            return value if isinstance(value, list) else value.split()

        def get_prep_value(self, value: Any) -> Any:
            return " ".join(value)

        def pre_save(self, model_instance: Any, add: bool) -> Any:
            return [*super().pre_save(model_instance, add), "saved"]

        def value_to_string(self, obj: Any) -> str:
            return str(self.get_prep_value(self.value_from_object(obj)))

    class Note(models.Model):
        words = Words()

        class Meta:
            app_label = "atlas"

    stored(Note)
    Note(words=["a", "b"]).save()
    note, field = Note.objects.get(), Note._meta.get_field("words")
    assert note.words == ["a", "b", "saved"]
    assert note.__dict__["was_set"]
    assert field.value_to_string(note) == "a b saved"
    assert field.clean("a b", note) == ["a", "b"]
    assert field.get_db_prep_value(["a"], connection) == "a"
    assert field.get_db_prep_save(["a"], connection) == "a"
    assert field.deconstruct()[0] == "words"
    assert "varchar(100)" in columns(Note).lower()
    assert "letters" in field.description


@uses(
    PAGE,
    "Field.auto_created",
    "Field.concrete",
    "Field.hidden",
    "Field.is_relation",
    "Field.model",
    "Field.many_to_many",
    "Field.many_to_one",
    "Field.one_to_many",
    "Field.one_to_one",
    "Field.related_model",
)
def what_fields_tell() -> None:
    key, author, tags = (Article._meta.get_field(name) for name in ("id", "author", "tags"))
    back = Author._meta.get_field("articles")
    assert (key.auto_created, key.concrete, key.hidden, key.is_relation) == (
        True,
        True,
        False,
        False,
    )
    assert (author.model, author.related_model, author.many_to_one) == (Article, Author, True)
    assert (tags.many_to_many, back.one_to_many, back.one_to_one) == (True, True, False)
    assert (back.concrete, back.auto_created) == (False, True)


@refused(PAGE, "Field.formfield")
def form_fields() -> None:
    with pytest.raises(NotImplementedError):
        Article._meta.get_field("title").formfield()


MANAGER = "ref/models/relations"


@uses(
    MANAGER,
    "RelatedManager",
    "RelatedManager.add",
    "RelatedManager.create",
    "RelatedManager.remove",
    "RelatedManager.clear",
    "RelatedManager.set",
)
def related_managers() -> None:
    tags = article().tags
    fun = tags.create(name="fun")
    assert isinstance(Author.objects.get().articles, models.RelatedManager)
    tags.remove(fun)
    assert not tags.exists()
    tags.add(fun)
    tags.clear()
    assert not tags.exists()
    tags.set([fun])
    assert list(tags.annotate(one=Value(1))) == [fun]


@uses(
    MANAGER,
    "RelatedManager.aadd",
    "RelatedManager.acreate",
    "RelatedManager.aremove",
    "RelatedManager.aclear",
    "RelatedManager.aset",
)
def related_managers_awaited() -> None:
    from .loop import awaited

    tags = article().tags

    async def live() -> None:
        fun = await tags.acreate(name="fun")
        await tags.aremove(fun)
        assert not await tags.aexists()
        await tags.aadd(fun)
        await tags.aclear()
        assert not await tags.aexists()
        await tags.aset([fun])
        assert await tags.acount() == 1

    awaited(live)
