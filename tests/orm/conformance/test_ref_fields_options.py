"""The options that all fields take.

https://docs.djangoproject.com/en/stable/ref/models/fields/#field-options
"""

import datetime as dt
from typing import Any

import pytest

from raystack_orm import IntegrityError, ValidationError, models, transaction
from raystack_orm.models.functions import Now, Upper
from raystack_orm.testing import assert_num_queries
from raystack_orm.validators import MinValueValidator

calls: list[int] = []


def counted() -> int:
    calls.append(1)
    return len(calls)


def even(value: int) -> None:
    if value % 2:
        raise ValidationError("%(value)s is odd", code="odd", params={"value": value})


class Sample(models.Model):
    name = models.CharField("full name", max_length=20)
    first_name = models.CharField(max_length=20, null=True, blank=True, help_text="As <b>given</b>")
    number = models.IntegerField(default=counted, validators=[even, MinValueValidator(0)])
    fixed = models.CharField(max_length=5, default="abc", editable=False)
    code = models.CharField(
        max_length=5,
        unique=True,
        null=True,
        error_messages={"unique": "Taken!", "max_length": "Too long!"},
    )
    odd_column = models.IntegerField(default=0, db_column="from-to", db_index=True)
    noted = models.IntegerField(default=0, db_comment="how often")

    class Meta:
        app_label = "c1_field_options"


class FromDatabase(models.Model):
    size = models.IntegerField(db_default=7)
    name = models.CharField(max_length=10, db_default="abc")
    both = models.IntegerField(default=1, db_default=2)
    created = models.DateTimeField(db_default=Now())
    shouted = models.CharField(max_length=10, db_default=Upper(models.Value("abc")))

    class Meta:
        app_label = "c1_field_options"


class Fruit(models.Model):
    name = models.CharField(max_length=20, primary_key=True)

    class Meta:
        app_label = "c1_field_options"


def test_null_is_false_by_default(db: str) -> None:
    assert Sample._meta.get_field("name").null is False
    with pytest.raises(IntegrityError), transaction.atomic():
        Sample.objects.create(name=None)


def test_null_stores_empty_values_as_null(db: str) -> None:
    Sample.objects.create(name="a", first_name=None)
    assert Sample.objects.filter(first_name__isnull=True).exists()


def test_an_empty_string_is_not_null(db: str) -> None:
    Sample.objects.create(name="a", first_name="")
    assert not Sample.objects.filter(first_name__isnull=True).exists()


def test_blank_is_a_matter_of_validation(db: str) -> None:
    Sample.objects.create(name="", number=0)
    with pytest.raises(ValidationError) as caught:
        Sample(name="", number=0, code="x").full_clean()
    assert set(caught.value.message_dict) == {"name"}


def test_a_default_is_used_when_no_value_is_given() -> None:
    assert Sample(name="a").fixed == "abc"
    assert Sample(name="a", fixed="x").fixed == "x"


def test_a_callable_default_is_called_each_time() -> None:
    first, second = Sample(name="a"), Sample(name="a")
    assert second.number == first.number + 1


def test_a_default_is_not_called_when_a_value_is_given() -> None:
    before = len(calls)
    Sample(name="a", number=4)
    assert len(calls) == before


def test_none_is_a_value_too() -> None:
    assert Sample(name="a", number=None).number is None


def test_editable_is_remembered() -> None:
    assert Sample._meta.get_field("fixed").editable is False
    assert Sample._meta.get_field("name").editable is True


def test_error_messages_replace_the_fields_own(db: str) -> None:
    Sample.objects.create(name="a", code="x", number=0)
    with pytest.raises(ValidationError) as caught:
        Sample(name="a", code="x", number=0).full_clean()
    assert caught.value.message_dict == {"code": ["Taken!"]}


def test_error_messages_do_not_reach_a_validator_of_another_code() -> None:
    with pytest.raises(ValidationError) as caught:
        Sample(name="a", code="x" * 9, number=0).clean_fields()
    assert [error.code for error in caught.value.error_dict["code"]] == ["max_length"]


def test_verbose_name_may_come_first() -> None:
    assert Sample._meta.get_field("name").verbose_name == "full name"


def test_verbose_name_is_the_attribute_in_words() -> None:
    assert Sample._meta.get_field("first_name").verbose_name == "first name"


def test_help_text_is_kept_as_it_is() -> None:
    assert Sample._meta.get_field("first_name").help_text == "As <b>given</b>"
    assert Sample._meta.get_field("name").help_text == ""


def test_validators_run_when_the_model_is_cleaned(db: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Sample(name="a", number=-3, code="x").clean_fields()
    found = {error.code for error in caught.value.error_dict["number"]}
    assert found == {"odd", "min_value"}
    Sample.objects.create(name="a", number=-3)


def test_a_message_takes_the_errors_parameters() -> None:
    with pytest.raises(ValidationError) as caught:
        Sample(name="a", number=3, code="x").clean_fields()
    assert caught.value.message_dict["number"] == ["3 is odd"]


def test_unique_is_kept_by_the_database(db: str) -> None:
    Sample.objects.create(name="a", code="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Sample.objects.create(name="b", code="x")


def test_unique_allows_many_nulls(db: str) -> None:
    Sample.objects.create(name="a", code=None)
    Sample.objects.create(name="b", code=None)
    assert Sample.objects.filter(code=None).count() == 2


def test_db_column_is_the_columns_name(db: str) -> None:
    field = Sample._meta.get_field("odd_column")
    assert (field.column, field.attname) == ("from-to", "odd_column")
    Sample.objects.create(name="a", odd_column=5)
    assert Sample.objects.filter(odd_column=5).values_list("odd_column", flat=True).get() == 5


def test_db_comment_and_db_index_are_remembered() -> None:
    assert Sample._meta.get_field("noted").db_comment == "how often"
    assert Sample._meta.get_field("odd_column").db_index is True


def test_a_primary_key_is_unique_and_not_null() -> None:
    field = Fruit._meta.pk
    assert field is not None
    assert (field.name, field.primary_key, field.unique, field.null) == ("name", True, True, False)
    assert not hasattr(Fruit(), "id")


def test_a_changed_primary_key_makes_another_object(db: str) -> None:
    fruit = Fruit.objects.create(name="Apple")
    fruit.name = "Pear"
    fruit.save()
    assert set(Fruit.objects.values_list("name", flat=True)) == {"Apple", "Pear"}


def test_deleting_sets_the_primary_key_to_none(db: str) -> None:
    fruit = Fruit.objects.create(name="Apple")
    fruit.delete()
    assert fruit.name is None


def test_db_default_is_the_databases(db: str) -> None:
    made = FromDatabase.objects.create()
    assert (made.size, made.name, made.shouted) == (7, "abc", "ABC")
    assert isinstance(made.created, dt.datetime)
    found = FromDatabase.objects.get()
    assert (found.size, found.name, found.shouted) == (7, "abc", "ABC")


def test_db_default_yields_to_a_value(db: str) -> None:
    FromDatabase.objects.create(size=1)
    assert FromDatabase.objects.get().size == 1


def test_default_comes_before_db_default() -> None:
    assert FromDatabase().both == 1


def test_an_unsaved_object_has_no_value_of_the_database_yet(db: str) -> None:
    unsaved = FromDatabase()
    assert unsaved.size != 7
    unsaved.save()
    assert unsaved.size == 7


def test_db_defaults_cost_no_further_query_where_the_database_returns_them(db: str) -> None:
    with assert_num_queries(1):
        made = FromDatabase.objects.create()
        assert made.size == 7


def test_db_default_in_bulk_create(db: str) -> None:
    FromDatabase.objects.bulk_create([FromDatabase(), FromDatabase(size=3)])
    assert sorted(FromDatabase.objects.values_list("size", flat=True)) == [3, 7]


def test_a_db_default_needs_no_validation(db: str) -> None:
    FromDatabase().full_clean()


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("null", False),
        ("blank", False),
        ("unique", False),
        ("db_index", False),
        ("primary_key", False),
        ("editable", True),
        ("help_text", ""),
        ("unique_for_date", None),
        ("db_comment", None),
        ("choices", None),
    ],
)
def test_defaults_of_the_options(option: str, value: Any) -> None:
    assert getattr(models.IntegerField(), option) == value


def test_a_field_knows_whether_it_has_a_default() -> None:
    assert models.IntegerField(default=0).has_default() is True
    assert models.IntegerField().has_default() is False
    assert models.IntegerField(default=3).get_default() == 3
    assert models.IntegerField().get_default() is None
    assert models.CharField(max_length=3).get_default() == ""
