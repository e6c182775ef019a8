"""What every field has: Django's constructor, deconstruct(), copies, an order."""

import copy
import datetime as dt
import pickle
import uuid
from typing import Any

import pytest
from kinds import HandField, Kinds, Purchase
from press import Article, Everything

from raystack_orm import ValidationError, models
from raystack_orm.validators import MaxValueValidator, validate_slug

CASES: list[tuple[Any, dict[str, Any]]] = [
    (models.CharField, {"verbose_name": "Title", "max_length": 5, "db_index": True}),
    (models.CharField, {"max_length": 5, "db_collation": "C"}),
    (models.CharField, {"choices": [("a", "A")], "error_messages": {"null": "n"}}),
    (models.TextField, {"null": True, "blank": True, "default": "x"}),
    (models.SlugField, {"max_length": 60, "allow_unicode": True, "db_index": False}),
    (models.EmailField, {"max_length": 254}),
    (models.URLField, {"max_length": 300}),
    (models.IntegerField, {"validators": [validate_slug], "unique": True}),
    (models.IntegerField, {"db_default": 3, "help_text": "h", "serialize": False}),
    (models.BigAutoField, {"primary_key": True}),
    (models.DateField, {"auto_now": True}),
    (models.DateTimeField, {"auto_now_add": True, "db_comment": "c"}),
    (models.TimeField, {"unique_for_date": "day"}),
    (models.DurationField, {"db_column": "d"}),
    (models.DecimalField, {"max_digits": 5, "decimal_places": 2}),
    (models.FloatField, {"db_tablespace": "fast"}),
    (models.JSONField, {"default": dict}),
    (models.BinaryField, {"max_length": 3}),
    (models.BinaryField, {"editable": True}),
    (models.GenericIPAddressField, {"protocol": "IPv4"}),
    (models.UUIDField, {"default": uuid.uuid4, "editable": False}),
    (models.FilePathField, {"path": "/etc", "match": "x", "recursive": True}),
    (models.FileField, {"upload_to": "a/%Y"}),
    (models.ImageField, {"upload_to": "", "width_field": "w"}),
]


@pytest.mark.parametrize(("kind", "options"), CASES)
def test_a_field_remembers_what_it_was_made_with(kind: Any, options: dict[str, Any]) -> None:
    """deconstruct() returns what differs from the defaults, and clone() makes it again."""
    field = kind(**options)

    name, path, args, kwargs = field.deconstruct()

    assert (name, args) == (None, [])
    assert path == f"raystack_orm.models.{kind.__name__}"
    assert kwargs == options
    assert field.clone().deconstruct() == (name, path, args, kwargs)


def test_the_order_of_arguments_is_django_s() -> None:
    """Positions count where somebody uses them."""
    field: Any = models.CharField("Title", "title", False, 5, True, True, True, True)

    assert (field.verbose_name, field.name, field.max_length) == ("Title", "title", 5)
    assert [field.unique, field.blank, field.null, field.db_index] == [True] * 4


def test_fields_are_sorted_by_their_creation() -> None:
    """And equal to themselves, in one model."""
    first, second = models.IntegerField(), models.IntegerField()
    automatic = models.IntegerField(auto_created=True)

    assert automatic < first < second
    assert sorted([second, first, automatic]) == [automatic, first, second]
    assert first == copy.copy(first)
    assert first != second
    assert hash(first) == hash(copy.copy(first))


def test_a_pickled_field_of_a_model_is_that_field() -> None:
    """It is found again by model and name; others keep their values."""
    field = Everything._meta.get_field("text")
    alone = models.CharField(max_length=5)

    assert pickle.loads(pickle.dumps(field)) is field
    assert pickle.loads(pickle.dumps(alone)).max_length == 5
    assert copy.deepcopy(alone).max_length == 5
    assert copy.deepcopy(alone) == alone


def test_text_and_representation_name_the_field() -> None:
    """The model's label and the name."""
    assert str(Article._meta.get_field("title")) == "press.Article.title"
    assert repr(models.IntegerField()) == "<IntegerField>"


def test_a_custom_field_is_deconstructed_too() -> None:
    """By its own path."""
    _, path, args, kwargs = HandField(help_text="h").deconstruct()

    assert path == "kinds.HandField"
    assert (args, kwargs) == ([], {"help_text": "h"})


def test_there_are_no_form_fields() -> None:
    """The error says what to use."""
    with pytest.raises(NotImplementedError, match=r"schema\(\)"):
        models.IntegerField().formfield()


def test_messages_can_be_given() -> None:
    """error_messages is by code, a validator's codes included."""
    field = models.CharField(
        max_length=3, error_messages={"max_length": "Too long", "blank": "Nothing"}
    )

    for value, message in (("abcd", "Too long"), ("", "Nothing")):
        with pytest.raises(ValidationError) as caught:
            field.clean(value, None)
        assert caught.value.messages == [message]


def test_a_field_that_is_not_editable_is_not_validated() -> None:
    """But its validators run."""
    field = models.IntegerField(editable=False, choices=[(1, "one")])

    assert field.clean(2, None) == 2


def test_a_narrower_limit_replaces_the_column_s() -> None:
    """One validator says it."""
    field = models.IntegerField(validators=[MaxValueValidator(10)])

    assert [type(v).__name__[:8] for v in field.validators] == ["MaxValue", "MinValue"]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (models.AutoField(), "fields.E100"),
        (models.IntegerField(primary_key=True, null=True), "fields.E007"),
        (models.CharField(max_length=-1), "fields.E121"),
        (models.DecimalField(max_digits=3), "fields.E135"),
        (models.DecimalField(max_digits=3, decimal_places=5), "fields.E134"),
        (models.DecimalField(max_digits=-3, decimal_places=-5), "fields.E131"),
        (models.DateField(auto_now=True, default=dt.date.today), "fields.E160"),
        (models.GenericIPAddressField(blank=True), "fields.E150"),
        (models.JSONField(default={}), "fields.E010"),
        (models.FileField(upload_to="/x"), "fields.E202"),
        (models.FileField(primary_key=True), "fields.E201"),
        (models.FilePathField(allow_files=False), "fields.E140"),
        (models.IntegerField(name="a__b"), "fields.E002"),
        (models.IntegerField(name="a_"), "fields.E001"),
        (models.IntegerField(name="pk"), "fields.E003"),
        (models.CompositePrimaryKey("a", "b", name="key"), "fields.E013"),
        (models.IntegerField(validators=[3]), "fields.E008"),  # type: ignore[list-item]  # that is the mistake
    ],
)
def test_a_wrong_declaration_is_found(field: models.Field[Any, Any], expected: str) -> None:
    """check() has Django's ids."""
    assert expected in [message.id for message in field.check()]


def test_values_as_text_for_fixtures() -> None:
    """value_to_string() writes what to_python() reads."""
    made = Kinds(counted=1, duration=dt.timedelta(days=1, seconds=2), raw=b"\0", hand=("a", "b"))

    for name in ("duration", "raw", "hand"):
        field = Kinds._meta.get_field(name)
        assert field.to_python(field.value_to_string(made)) == getattr(made, name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 04:05:06.5", dt.timedelta(3, hours=4, minutes=5, seconds=6.5)),
        ("-1 00:00:01", dt.timedelta(-1, seconds=1)),
        ("05:06", dt.timedelta(minutes=5, seconds=6)),
        ("15", dt.timedelta(seconds=15)),
        ("15.1234567", dt.timedelta(seconds=15, microseconds=123456)),
        ("P3DT4H5M6S", dt.timedelta(3, hours=4, minutes=5, seconds=6)),
        ("-PT0.5S", dt.timedelta(seconds=-0.5)),
        ("3 days 04:05:06", dt.timedelta(3, hours=4, minutes=5, seconds=6)),
        ("2 days", dt.timedelta(2)),
    ],
)
def test_durations_are_read_in_all_documented_forms(text: str, expected: dt.timedelta) -> None:
    """Standard, ISO 8601, PostgreSQL's."""
    assert models.DurationField().to_python(text) == expected


@pytest.mark.parametrize("text", ["x", "P", "1:2:3:4", "9" * 100, "1 day ago"])
def test_other_text_is_no_duration(text: str) -> None:
    """A ValidationError says so."""
    with pytest.raises(ValidationError):
        models.DurationField().to_python(text)


def test_a_composite_key_is_a_tuple() -> None:
    """Pk reads and sets the parts."""
    made = Purchase(shop=1, number=2)

    assert made.pk == (1, 2)
    assert made._is_pk_set()
    made.pk = (3, 4)
    assert (made.shop, made.number) == (3, 4)
    made.pk = None
    assert not made._is_pk_set()
    with pytest.raises(ValueError, match="2 elements"):
        made.pk = (1,)
    assert Purchase(pk=(5, 6)).number == 6
    assert [column.name for column in Purchase._meta.table.primary_key] == ["shop", "number"]


@pytest.mark.parametrize(
    ("names", "options"),
    [
        (("a",), {}),
        (("a", "a"), {}),
        ((), {}),
        (("a", "b"), {"default": 1}),
        (("a", "b"), {"db_column": "c"}),
    ],
)
def test_a_composite_key_has_several_fields(names: Any, options: dict[str, Any]) -> None:
    """And no default or column of its own."""
    with pytest.raises(ValueError, match="CompositePrimaryKey"):
        models.CompositePrimaryKey(*names, **options)


def test_a_generated_field_has_no_default() -> None:
    """The database computes it."""
    output = models.IntegerField()
    field = models.GeneratedField(expression=None, output_field=output, db_persist=True)

    assert (field.editable, field.blank, field.generated) == (False, True, True)
    assert set(field.deconstruct()[3]) == {"expression", "output_field", "db_persist"}
    with pytest.raises(ValueError, match="default"):
        models.GeneratedField(expression=None, output_field=output, db_persist=True, default=1)


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        (models.DateField(), "2026-02-30", "invalid_date"),
        (models.DateField(), "soon", "invalid"),
        (models.DateTimeField(), "2026-02-30", "invalid_date"),
        (models.DateTimeField(), "2026-02-30 10:00", "invalid_datetime"),
        (models.TimeField(), "25:00", "invalid_time"),
        (models.TimeField(), "ten", "invalid"),
        (models.BooleanField(), "maybe", "invalid"),
        (models.BooleanField(null=True), "maybe", "invalid"),
    ],
)
def test_codes_tell_impossible_values_from_other_text(field: Any, text: str, code: str) -> None:
    """Django's codes."""
    with pytest.raises(ValidationError) as caught:
        field.to_python(text)
    assert caught.value.code == code
