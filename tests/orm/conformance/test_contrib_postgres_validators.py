"""Validators of arrays, hstore keys and ranges.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/validators/
"""

from types import SimpleNamespace
from typing import Any

import pytest

from raystack_orm import ValidationError, models
from raystack_orm.postgres.fields import ArrayField, IntegerRangeField
from raystack_orm.postgres.validators import (
    ArrayMaxLengthValidator,
    ArrayMinLengthValidator,
    KeysValidator,
    RangeMaxValueValidator,
    RangeMinValueValidator,
)


def code_of(validator: Any, value: Any) -> str | None:
    """Return the code that a value is refused with, ``None`` where it passes."""
    try:
        validator(value)
    except ValidationError as error:
        return error.code
    return None


def between(lower: int | None, upper: int | None) -> Any:
    return SimpleNamespace(lower=lower, upper=upper)


@pytest.mark.parametrize(
    ("validator", "value", "code"),
    [
        (ArrayMaxLengthValidator(2), [1, 2], None),
        (ArrayMaxLengthValidator(2), [1, 2, 3], "max_length"),
        (ArrayMinLengthValidator(2), [1, 2], None),
        (ArrayMinLengthValidator(2), [1], "min_length"),
        (KeysValidator(["a"]), {"a": 1, "b": 2}, None),
        (KeysValidator(["a", "c"]), {"a": 1}, "missing_keys"),
        (KeysValidator(["a"], strict=True), {"a": 1, "b": 2}, "extra_keys"),
        (RangeMaxValueValidator(5), between(1, 5), None),
        (RangeMaxValueValidator(5), between(1, 6), "max_value"),
        (RangeMaxValueValidator(5), between(1, None), "max_value"),
        (RangeMinValueValidator(5), between(5, 6), None),
        (RangeMinValueValidator(5), between(4, 6), "min_value"),
        (RangeMinValueValidator(5), between(None, 6), "min_value"),
    ],
)
def test_validators(validator: Any, value: Any, code: str | None) -> None:
    assert code_of(validator, value) == code


def test_messages_of_keys_can_be_replaced() -> None:
    validator = KeysValidator(["a"], messages={"missing_keys": "Where is %(keys)s?"})
    with pytest.raises(ValidationError) as caught:
        validator({})
    assert caught.value.messages == ["Where is a?"]


def test_keys_validators_compare() -> None:
    assert KeysValidator(["a"]) == KeysValidator(["a"])
    assert KeysValidator(["a"]) != KeysValidator(["a"], strict=True)


def test_a_sized_array_is_validated() -> None:
    field = ArrayField(models.IntegerField(), size=2)
    assert field.clean([1, 2], None) == [1, 2]
    with pytest.raises(ValidationError):
        field.clean([1, 2, 3], None)


def test_a_range_field_takes_validators() -> None:
    field = IntegerRangeField(validators=[RangeMinValueValidator(5)])
    with pytest.raises(ValidationError):
        field.run_validators(between(1, 2))
