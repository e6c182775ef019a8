"""Constraints and indexes: what they take, and what they are equal to."""

from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models import CheckConstraint, Deferrable, F, Index, Q, UniqueConstraint


@pytest.mark.parametrize(
    ("args", "kwargs", "said"),
    [
        ((), {}, "At least one field or expression"),
        ((F("a"),), {"fields": ["b"], "name": "x"}, "mutually exclusive"),
        ((F("a"),), {}, "named to use expressions"),
        ((), {"fields": "ab"}, "fields must be a list or tuple"),
        ((), {"fields": [F("a")]}, "only strings with field names"),
        ((), {"fields": ["a"], "opclasses": ["x"]}, "named to use opclasses"),
        ((), {"fields": ["a"], "name": "x", "opclasses": ["x", "y"]}, "same number of elements"),
        ((), {"fields": ["a"], "name": "x", "opclasses": "xy"}, "opclasses must be a list"),
        ((F("a"),), {"name": "x", "opclasses": ["x"]}, "cannot be used with expressions"),
        ((), {"fields": ["a"], "condition": Q(a=1)}, "named to use condition"),
        ((), {"fields": ["a"], "name": "x", "condition": "a"}, "condition must be a Q"),
        ((), {"fields": ["a"], "include": ["b"]}, "named to cover further fields"),
        ((), {"fields": ["a"], "name": "x", "include": "b"}, "include must be a list"),
    ],
)
def test_an_index_checks_its_arguments(args: Any, kwargs: Any, said: str) -> None:
    """With Django's exceptions."""
    with pytest.raises(ValueError, match=said):
        Index(*args, **kwargs)


@pytest.mark.parametrize(
    ("args", "kwargs", "error", "said"),
    [
        ((), {"fields": ["a"], "name": ""}, ValueError, "must be named"),
        ((), {"name": "x"}, ValueError, "At least one field or expression"),
        ((F("a"),), {"fields": ["b"], "name": "x"}, ValueError, "mutually exclusive"),
        ((), {"fields": ["a"], "name": "x", "condition": 1}, ValueError, "must be a Q instance"),
        ((), {"fields": ["a"], "name": "x", "deferrable": "no"}, TypeError, "Deferrable instance"),
        ((), {"fields": ["a"], "name": "x", "include": "b"}, TypeError, "include must be"),
        ((), {"fields": ["a"], "name": "x", "opclasses": "b"}, TypeError, "opclasses must be"),
        ((), {"fields": ["a"], "name": "x", "nulls_distinct": 1}, TypeError, "must be a bool"),
        ((), {"fields": ["a"], "name": "x", "opclasses": ["b", "c"]}, ValueError, "same number"),
        ((F("a"),), {"name": "x", "opclasses": ["b"]}, ValueError, "cannot be used with expr"),
    ],
)
def test_a_unique_constraint_checks_its_arguments(
    args: Any, kwargs: Any, error: Any, said: str
) -> None:
    """With Django's exceptions."""
    with pytest.raises(error, match=said):
        UniqueConstraint(*args, **kwargs)


@pytest.mark.parametrize("with_", [{"condition": Q(a=1)}, {"include": ["b"]}, {"opclasses": ["x"]}])
def test_what_cannot_wait_is_not_deferrable(with_: Any) -> None:
    """Only a plain constraint can be checked at the end of a transaction."""
    with pytest.raises(ValueError, match="cannot be deferred"):
        UniqueConstraint(fields=["a"], name="x", deferrable=Deferrable.DEFERRED, **with_)


def test_a_check_takes_a_condition() -> None:
    """A Q, or an expression that is true or false."""
    with pytest.raises(TypeError, match="must be a Q instance or boolean expression"):
        CheckConstraint(condition="price > 0", name="x")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Index(fields=["-a", "b"], name="x", include=["c"], condition=Q(a=1)),
        lambda: Index(F("a").desc(), "b", name="x", db_tablespace="fast"),
        lambda: UniqueConstraint(fields=["a"], name="x", violation_error_message="no"),
        lambda: UniqueConstraint(fields=["a"], name="x", deferrable=Deferrable.IMMEDIATE),
        lambda: UniqueConstraint(F("a"), name="x", condition=Q(b=2), nulls_distinct=False),
        lambda: CheckConstraint(condition=Q(a__gt=1), name="x", violation_error_code="low"),
    ],
)
def test_copies_are_equal_and_deconstruct_alike(make: Any) -> None:
    """Migrations make them again from their arguments."""
    one = make()
    copy = one.clone()
    path, args, kwargs = one.deconstruct()

    assert one == make() == copy
    assert one is not copy
    assert path == f"raystack_orm.models.{type(one).__name__}"
    assert type(one)(*args, **kwargs) == one
    other = one.clone()
    other.name = "y"
    assert one != other
    assert "name='x'" in repr(one)
    assert one != object()


def test_what_they_say_of_themselves() -> None:
    """repr() shows what was given."""
    assert repr(Index(fields=["-a"], name="x")) == "<Index: fields=['-a'] name='x'>"
    assert Index(fields=["-a", "b"]).fields_orders == [("a", "DESC"), ("b", "")]
    constraint = UniqueConstraint(fields=["a"], name="x", deferrable=Deferrable.DEFERRED)
    assert repr(constraint) == (
        "<UniqueConstraint: fields=('a',) name='x' deferrable=Deferrable.DEFERRED>"
    )
    assert not constraint.contains_expressions
    assert UniqueConstraint("a", name="x").contains_expressions
    assert constraint.get_violation_error_message() == "Constraint “x” is violated."


def test_a_class_of_ones_own_says_what_it_lacks() -> None:
    """BaseConstraint is to be inherited from."""

    class Mine(models.BaseConstraint):
        pass

    with pytest.raises(NotImplementedError, match="Mine does not say how it is validated"):
        Mine(name="x").validate(None, None)
