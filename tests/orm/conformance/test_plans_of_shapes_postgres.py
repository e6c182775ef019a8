"""As ``test_plans_of_shapes``, for the lookups that PostgreSQL's fields have."""

from typing import Any

import pytest
from vendors import only

from raystack_orm import models
from raystack_orm.models import F
from raystack_orm.postgres.fields import ArrayField, HStoreField, IntegerRangeField
from raystack_orm.query.plan.cache import plans

pytestmark = only("postgresql")


class Crate(models.Model):
    tags = ArrayField(models.CharField(max_length=5), null=True)
    words = HStoreField(null=True)
    span = IntegerRangeField(null=True)

    class Meta:
        required_db_vendor = "postgresql"


VALUES: dict[str, list[Any]] = {
    "tags": [["a"], ["a", "b"], [], None, F("tags")],
    "tags__in": [[["a"]], [["a"], ["a", "b"]], [], [[]]],
    "tags__contains": [["a"], [], ["a", "b"], F("tags")],
    "tags__contained_by": [["a"], [], ["a", "b", "c"]],
    "tags__overlap": [["a"], [], ["a", "b"]],
    "tags__len": [0, 1, 2],
    "tags__0": ["a", None],
    "words": [{"a": "1"}, {}, None],
    "words__contains": [{"a": "1"}, {}],
    "words__has_key": ["a", "z"],
    "words__has_keys": [["a"], [], ["a", "b"], ["z", "y", "x"]],
    "words__has_any_keys": [["a"], [], ["a", "b"], ["z", "y", "x"]],
    "words__a": ["1", None],
    "span__contains": [1, (1, 2), (None, 2), F("span")],
    "span__contained_by": [(0, 9), (None, None)],
    "span__overlap": [(0, 2), (8, None)],
    "span__isempty": [True, False],
}


@pytest.fixture(autouse=True)
def crates(db: str) -> None:
    """Crates with some of everything, with nothing in them, and of nulls."""
    Crate.objects.create(tags=["a"], words={"a": "1"}, span=(0, 3))
    Crate.objects.create(tags=["a", "b"], words={"a": "1", "b": None}, span=(2, None))
    Crate.objects.create(tags=[], words={}, span=(5, 5))
    Crate.objects.create()


@pytest.mark.parametrize("method", ["filter", "exclude"])
@pytest.mark.parametrize("annotated", [False, True])
@pytest.mark.parametrize("keyword", VALUES)
def test_a_query_finds_the_same_after_any_other(keyword: str, annotated: bool, method: str) -> None:
    """With one cache, in both orders, as with an empty one."""
    name, separator, rest = keyword.partition("__")
    asked = Crate.objects.annotate(a=F(name)) if annotated else Crate.objects.all()
    key = f"a{separator}{rest}" if annotated else keyword

    def answer(value: Any, *, fresh: bool = False) -> list[int]:
        if fresh:
            plans.clear()
        return sorted(obj.pk for obj in getattr(asked, method)(**{key: value}))

    values = VALUES[keyword]
    alone = [answer(value, fresh=True) for value in values]

    plans.clear()
    assert [answer(value) for value in values] == alone
    plans.clear()
    assert [answer(value) for value in reversed(values)] == alone[::-1]
