"""Exceptions: their families, and what a ValidationError holds.

https://docs.djangoproject.com/en/stable/ref/exceptions/
"""

import pickle
from typing import Any

import pytest

from raystack_orm import connection, exceptions, models, transaction
from raystack_orm.exceptions import NON_FIELD_ERRORS, ValidationError


class Thing(models.Model):
    name = models.CharField(max_length=5, unique=True)
    number = models.IntegerField(default=0)

    class Meta:
        app_label = "c1_exceptions"


@pytest.mark.parametrize(
    ("name", "parent"),
    [
        ("InterfaceError", "Error"),
        ("DatabaseError", "Error"),
        ("DataError", "DatabaseError"),
        ("OperationalError", "DatabaseError"),
        ("IntegrityError", "DatabaseError"),
        ("InternalError", "DatabaseError"),
        ("ProgrammingError", "DatabaseError"),
        ("NotSupportedError", "DatabaseError"),
        ("ProtectedError", "IntegrityError"),
        ("RestrictedError", "IntegrityError"),
        ("TransactionManagementError", "ProgrammingError"),
        ("FieldFetchBlocked", "FieldError"),
    ],
)
def test_families(name: str, parent: str) -> None:
    assert issubclass(getattr(exceptions, name), getattr(exceptions, parent))


@pytest.mark.parametrize(
    "name",
    [
        "FieldDoesNotExist",
        "FieldError",
        "ObjectDoesNotExist",
        "MultipleObjectsReturned",
        "ImproperlyConfigured",
        "SuspiciousOperation",
        "EmptyResultSet",
        "FullResultSet",
        "SynchronousOnlyOperation",
        "ConnectionDoesNotExist",
    ],
)
def test_more_exceptions(name: str) -> None:
    assert issubclass(getattr(exceptions, name), Exception)


def test_a_broken_constraint_is_an_integrity_error(db: str) -> None:
    Thing.objects.create(name="a")
    with pytest.raises(exceptions.IntegrityError) as caught, transaction.atomic():
        Thing.objects.create(name="a")
    assert caught.value.__cause__ is not None


def test_wrong_sql_is_a_database_error_with_its_cause(db: str) -> None:
    with (
        pytest.raises(exceptions.DatabaseError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM there_is_no_such_table")
    assert isinstance(caught.value, exceptions.OperationalError | exceptions.ProgrammingError)
    assert caught.value.__cause__ is not None


def test_a_missing_field_is_a_field_error(db: str) -> None:
    with pytest.raises(exceptions.FieldError, match="nmae"):
        Thing.objects.filter(nmae="x")
    with pytest.raises(exceptions.FieldDoesNotExist, match="nmae"):
        Thing._meta.get_field("nmae")


def test_a_query_that_cannot_match_is_not_run(db: str) -> None:
    with pytest.raises(exceptions.EmptyResultSet):
        str(Thing.objects.filter(pk__in=[]).query)


def test_one_message() -> None:
    error = ValidationError("Wrong %(what)s", code="bad", params={"what": "x"})
    assert (error.message, error.code, error.params) == ("Wrong %(what)s", "bad", {"what": "x"})
    assert error.messages == ["Wrong x"]
    assert list(error) == ["Wrong x"]
    assert str(error) == "['Wrong x']"


def test_a_list_of_messages() -> None:
    error = ValidationError(["one", ValidationError("two", code="b"), ["three"]])
    assert error.messages == ["one", "two", "three"]
    assert [e.code for e in error.error_list] == [None, "b", None]


def test_a_dictionary_of_messages() -> None:
    error = ValidationError({"name": "a", "number": ["b", "c"]})
    assert error.message_dict == {"name": ["a"], "number": ["b", "c"]}
    assert sorted(error.messages) == ["a", "b", "c"]
    assert set(error.error_dict) == {"name", "number"}
    assert dict(error) == {"name": ["a"], "number": ["b", "c"]}


def test_update_error_dict_collects() -> None:
    found: dict[str, Any] = {}
    ValidationError({"name": "a"}).update_error_dict(found)
    ValidationError("b").update_error_dict(found)
    ValidationError({"name": "c"}).update_error_dict(found)
    assert {k: [e.message for e in v] for k, v in found.items()} == {
        "name": ["a", "c"],
        NON_FIELD_ERRORS: ["b"],
    }


def test_validation_errors_compare_by_content() -> None:
    one = ValidationError(["x", "y"])
    assert one == ValidationError(["y", "x"])
    assert one != ValidationError(["x"])
    assert ValidationError({"a": ["x"]}) == ValidationError({"a": ["x"]})
    assert ValidationError("x", code="1") != ValidationError("x", code="2")
    assert hash(one) == hash(ValidationError(["y", "x"]))


def test_validation_errors_can_be_pickled() -> None:
    error = pickle.loads(pickle.dumps(ValidationError({"a": ["x"]})))
    assert error.message_dict == {"a": ["x"]}


def test_non_field_errors_is_a_key() -> None:
    assert NON_FIELD_ERRORS == "__all__"


def test_does_not_exist_can_be_pickled(db: str) -> None:
    with pytest.raises(Thing.DoesNotExist) as caught:
        Thing.objects.get()
    assert isinstance(pickle.loads(pickle.dumps(caught.value)), Thing.DoesNotExist)
