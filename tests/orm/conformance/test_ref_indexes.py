"""Indexes: their options, their names, and their use.

https://docs.djangoproject.com/en/stable/ref/models/indexes/
"""

from typing import Any

import pytest
from vendors import only

from raystack_orm import connection, models
from raystack_orm.models import F, Index, Q
from raystack_orm.models.functions import Lower, Upper


class Article(models.Model):
    title = models.CharField(max_length=50)
    author = models.CharField(max_length=50, default="")
    views = models.IntegerField(default=0)
    draft = models.BooleanField(default=False)

    class Meta:
        app_label = "c1_indexes"
        indexes = (
            Index(fields=["title", "-views"]),
            Index(fields=["author"], name="c1_author_idx"),
            Index(Lower("title").desc(), name="c1_lower_title"),
            Index(fields=["views"], condition=Q(draft=False), name="c1_published"),
            Index(F("views") + 1, name="c1_next"),
        )


class Covered(models.Model):
    title = models.CharField(max_length=50)
    author = models.CharField(max_length=50, default="")

    class Meta:
        app_label = "c1_indexes"
        required_db_vendor = "postgresql"
        indexes = (
            Index(fields=["title"], include=["author"], name="c1_covering_idx"),
            Index(fields=["author"], opclasses=["varchar_pattern_ops"], name="c1_opclass"),
        )


class Base(models.Model):
    title = models.CharField(max_length=50)

    class Meta:
        app_label = "c1_indexes"
        abstract = True
        indexes = (Index(fields=["title"], name="%(app_label)s_%(class)s_t"),)


class Heir(Base):
    class Meta(Base.Meta):
        app_label = "c1_indexes"


def index_names(table: str) -> set[str]:
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = %s",
        "postgresql": "SELECT indexname FROM pg_indexes WHERE tablename = %s",
        "mysql": "SELECT index_name FROM information_schema.statistics WHERE table_name = %s",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql, [table])
        return {row[0] for row in cursor.fetchall()}


def test_indexes_are_made_with_the_table(db: str) -> None:
    found = index_names("c1_indexes_article")
    assert "c1_author_idx" in found
    if db != "mysql":  # it has neither indexes over expressions nor partial ones
        assert {"c1_lower_title", "c1_published", "c1_next"} <= found


def test_a_name_is_made_of_table_fields_and_a_hash() -> None:
    name = Article._meta.indexes[0].name
    assert len(name) <= 30
    assert name.startswith("c1_indexes_")
    assert name.endswith("_idx")


@only("sqlite")
def test_an_index_over_an_expression_is_used(db: str) -> None:
    found = Article.objects.annotate(low=Lower("title")).filter(low="x")
    assert "c1_lower_title" in found.explain()


@only("sqlite")
def test_a_partial_index_is_used_where_its_condition_holds(db: str) -> None:
    assert "c1_published" in Article.objects.filter(views=1, draft=False).explain()


@only("postgresql")
def test_covering_columns_and_operator_classes(db: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'c1_indexes_covered'")
        definitions = " ".join(row[0] for row in cursor.fetchall())
    assert "INCLUDE (author)" in definitions
    assert "varchar_pattern_ops" in definitions


def test_names_of_abstract_models_hold_label_and_class(db: str) -> None:
    assert Heir._meta.indexes[0].name == "c1_indexes_heir_t"
    assert "c1_indexes_heir_t" in index_names("c1_indexes_heir")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: Index(), ValueError),
        (lambda: Index(Lower("title")), ValueError),
        (lambda: Index(Lower("title"), fields=["title"], name="x"), ValueError),
        (lambda: Index(fields=["title"], condition=Q(a=1)), ValueError),
        (lambda: Index(fields=["title"], include=["author"]), ValueError),
        (lambda: Index(fields=["title"], opclasses=["x"]), ValueError),
        (lambda: Index(fields=["title"], opclasses=["x", "y"], name="x"), ValueError),
        (lambda: Index(Lower("title"), opclasses=["x"], name="x"), ValueError),
        (lambda: Index(fields="title"), ValueError),
        (lambda: Index(fields=[models.Value(1)], name="x"), ValueError),
        (lambda: Index(fields=["title"], condition="x", name="x"), ValueError),
        (lambda: Index(fields=["title"], include="author", name="x"), ValueError),
    ],
)
def test_contradicting_arguments_are_an_error(wrong: Any, error: type[Exception]) -> None:
    with pytest.raises((error, TypeError)):
        wrong()


def test_defaults() -> None:
    index = Index(fields=["title"])
    assert (index.fields, index.name, index.condition) == (["title"], "", None)
    assert (tuple(index.include), tuple(index.opclasses)) == ((), ())
    assert index.db_tablespace is None
    assert Index.max_name_length == 30


def test_a_minus_sorts_descending() -> None:
    assert Index(fields=["title", "-views"]).fields_orders == [("title", ""), ("views", "DESC")]


def test_indexes_compare_and_deconstruct() -> None:
    index = Index(fields=["title"], name="x", condition=Q(views=1))
    assert index == Index(fields=["title"], name="x", condition=Q(views=1))
    assert index != Index(fields=["title"], name="y", condition=Q(views=1))
    assert index.clone() == index
    _, args, kwargs = Index(Upper("title"), name="x").deconstruct()
    assert (tuple(args), kwargs) == ((Upper("title"),), {"name": "x"})


def test_queries_give_the_same_with_and_without_an_index(db: str) -> None:
    for number in range(5):
        Article.objects.create(title=f"T{number}", views=number, draft=number > 2)
    assert Article.objects.filter(views__gt=0, draft=False).count() == 2
    found = Article.objects.annotate(low=Lower("title")).filter(low="t3")
    assert [article.views for article in found] == [3]
    assert Article.objects.annotate(next=F("views") + 1).get(next=5).views == 4
