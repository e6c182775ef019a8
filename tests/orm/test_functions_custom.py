"""Expressions, functions and lookups of one's own, written as the documentation says."""

from collections.abc import Iterator
from typing import Any

import pytest
from press import Article, Author

from raystack_orm.models import (
    CharField,
    Expression,
    F,
    Func,
    IntegerField,
    Lookup,
    Transform,
    Value,
)
from raystack_orm.models.functions import Length, Lower


class NotEqual(Lookup):
    """From the how-to: ``<>``."""

    lookup_name = "ne"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        return f"{lhs} <> {rhs}", [*lhs_params, *rhs_params]


class UpperCase(Transform):
    """From the how-to: both sides in upper case."""

    lookup_name = "upper"
    function = "UPPER"
    bilateral = True


class Joined(Expression):
    """From "Writing your own Query Expressions": texts, with a text between."""

    template = "%(expressions)s"

    def __init__(self, expressions: list[Any], between: str) -> None:
        super().__init__(output_field=CharField())
        self.expressions = [e if hasattr(e, "resolve_expression") else F(e) for e in expressions]
        self.between = between

    def get_source_expressions(self) -> list[Any]:
        return self.expressions

    def set_source_expressions(self, exprs: list[Any]) -> None:
        self.expressions = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        parts, params = [], []
        for number, expression in enumerate(self.expressions):
            if number:
                parts.append("%s")
                params.append(self.between)
            sql, its_params = compiler.compile(expression)
            parts.append(sql)
            params += its_params
        return f"({' || '.join(parts)})", params

    def as_mysql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, params = self.as_sql(compiler, connection)
        return f"CONCAT{sql.replace(' || ', ', ')}", params


class Shout(Func):
    """A template of its own, and another one for a vendor."""

    function = "UPPER"
    template = "%(function)s(%(expressions)s)"
    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="(%(function)s(%(expressions)s))", **extra
        )


class OwnLength(Length):
    """A function of ours with another SQL for one vendor."""

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, function="CHAR_LENGTH", **extra)


@pytest.fixture(autouse=True)
def authors(db: str) -> Iterator[None]:
    """Two authors; the lookups are registered."""
    Author.objects.create(name="Ann", email="a'%s@example.org")
    Author.objects.create(name="Bob", email="")
    for lookup in (NotEqual, UpperCase):
        CharField.register_lookup(lookup)
    yield
    for lookup in (NotEqual, UpperCase):
        CharField._unregister_lookup(lookup)


def names(**keywords: Any) -> list[str]:
    return list(Author.objects.filter(**keywords).values_list("name", flat=True))


def test_a_lookup() -> None:
    assert names(name__ne="Ann") == ["Bob"]
    assert names(name__ne="x' OR 1=1 --") == ["Ann", "Bob"]
    assert names(name__ne=F("name")) == []


def test_a_bilateral_transform() -> None:
    assert names(name__upper="ann") == ["Ann"]
    assert names(name__upper__ne="ann") == ["Bob"]
    assert names(name__upper__contains="NN") == ["Ann"]


def test_an_expression_with_its_own_sql() -> None:
    joined = Joined(["name", Lower("email"), Value("%s")], "' %")
    found = Author.objects.annotate(all=joined).get(name="Ann")
    assert found.all == "Ann' %a'%s@example.org' %%s"
    assert Author.objects.filter(name=Joined(["name"], "x")).count() == 2
    assert Author.objects.annotate(all=joined).order_by("-all")[0].name == "Bob"


def test_templates_and_functions_can_be_given() -> None:
    rows = Author.objects.filter(name="Ann")
    assert rows.annotate(x=Shout("name")).get().x == "ANN"
    assert rows.annotate(x=Func("name", function="LOWER")).get().x == "ann"
    lowered = Func(F("name"), function="LOWER", template="(%(function)s(%(expressions)s))")
    assert rows.annotate(x=lowered).get().x == "ann"
    both = Func(Value(5), Value(3), template="(%(expressions)s)", arg_joiner=" - ",
                output_field=IntegerField())  # fmt: skip
    assert rows.annotate(x=both).get().x == 2
    assert rows.annotate(x=OwnLength("name")).get().x == 3


def test_what_was_built_of_our_own_is_written_by_the_bridge() -> None:
    """An as_sql may compile any node of ours."""
    ann = Author.objects.get(name="Ann")
    Article.objects.create(title="One", author=ann)
    titles = Article.objects.annotate(x=Joined(["title", "author__name"], "-"))
    assert titles.get().x == "One-Ann"
