"""ValidationError in all its forms, and the families of the other errors."""

import pickle

import pytest

from raystack_orm import exceptions as e
from raystack_orm.exceptions import NON_FIELD_ERRORS, ValidationError


def test_one_error_has_message_code_and_params() -> None:
    """The parameters are filled in when it is read."""
    error = ValidationError("%(n)s is odd", code="odd", params={"n": 3})

    assert (error.message, error.code, error.params) == ("%(n)s is odd", "odd", {"n": 3})
    assert error.messages == list(error) == ["3 is odd"]
    assert str(error) == "['3 is odd']"
    assert repr(error) == "ValidationError(['3 is odd'])"
    assert error.error_list == [error]
    assert not hasattr(error, "error_dict")
    with pytest.raises(AttributeError):
        _ = error.message_dict


def test_a_list_has_no_message_of_its_own() -> None:
    """Errors, texts and lists in it become one list."""
    inner = ValidationError(["b", ValidationError("c", code="x")])
    error = ValidationError(["a", inner, ValidationError({"f": ["d"]})])

    assert error.messages == ["a", "b", "c", "d"]
    assert [one.code for one in error.error_list] == [None, None, "x", None]
    assert not hasattr(error, "message")


def test_a_dictionary_has_errors_by_field() -> None:
    """Iterating gives pairs."""
    error = ValidationError({"title": "short", "body": ["a", ValidationError("b")]})

    assert error.message_dict == dict(error) == {"title": ["short"], "body": ["a", "b"]}
    assert error.messages == ["short", "a", "b"]
    assert not hasattr(error, "error_list")


def test_an_error_of_an_error_is_like_it() -> None:
    """Whichever form that had."""
    for given in ("a", ["a", "b"], {"f": ["a"]}):
        error = ValidationError(given)
        assert ValidationError(error) == error


def test_errors_are_collected_by_field() -> None:
    """Those of no field go under NON_FIELD_ERRORS."""
    collected: dict[str, list[ValidationError]] = {}

    ValidationError("a").update_error_dict(collected)
    ValidationError({"f": "b"}).update_error_dict(collected)
    ValidationError({"f": "c"}).update_error_dict(collected)

    assert ValidationError(collected).message_dict == {NON_FIELD_ERRORS: ["a"], "f": ["b", "c"]}


def test_equal_errors_have_equal_hashes() -> None:
    """The order in a list does not count."""
    assert ValidationError("a", code="x") == ValidationError("a", code="x")
    assert ValidationError("a", code="x") != ValidationError("a", code="y")
    assert ValidationError(["a", "b"]) == ValidationError(["b", "a"])
    assert ValidationError({"f": ["a"]}) == ValidationError({"f": "a"})
    assert ValidationError("a", params={"x": [1]}) == ValidationError("a", params={"x": [1]})
    assert len({ValidationError("a"), ValidationError("a")}) == 1
    assert ValidationError("a") != "a"


def test_what_refers_is_told() -> None:
    """Protected and restricted errors have the objects, pickled too."""
    error = e.ProtectedError("no", {1, 2})

    assert error.protected_objects == {1, 2}
    assert str(error) == "no"
    assert pickle.loads(pickle.dumps(error)).protected_objects == {1, 2}
    assert e.RestrictedError("no", [1]).restricted_objects == {1}


def test_families_are_as_in_django() -> None:
    """Who catches a base catches what belongs to it."""
    assert issubclass(e.FieldFetchBlocked, e.FieldError)
    assert issubclass(e.TransactionManagementError, e.ProgrammingError)
    assert issubclass(e.ProtectedError, e.IntegrityError)
    assert issubclass(e.DataError, e.DatabaseError)
    assert issubclass(e.DatabaseError, e.Error)
    assert issubclass(e.InterfaceError, e.Error)
    assert not issubclass(e.InterfaceError, e.DatabaseError)
    assert issubclass(e.SuspiciousFileOperation, e.SuspiciousOperation)
    assert issubclass(e.InvalidValue, ValueError)
    assert issubclass(e.InvalidValue, ValidationError)
