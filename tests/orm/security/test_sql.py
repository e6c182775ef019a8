"""Names and values that carry SQL. The ids are those of the project's list of cases.

Those whose subject has a file of its own stand there: SQ-05 and SQ-17 in ``test_names.py``, SQ-09
in ``test_queries.py``, SQ-13 in ``test_schemas_requests.py``; what a client is answered (SQ-01,
SQ-12, SQ-13, SQ-15) in ``test_responses.py``; SQ-19 in ``test_random_names.py``.
"""

from collections.abc import Callable
from typing import Any

import pytest
from press import Article, Author, Everything
from vendors import only

from raystack_orm import FieldError
from raystack_orm.models import Count, F, OuterRef, Subquery, Value
from raystack_orm.testing import CaptureQueries, assert_num_queries

ALIASES = ('x" FROM auth_user; --', "x; DROP TABLE press_article", "x' OR '1'='1", "x/**/", "a.b")


@pytest.mark.parametrize("alias", ALIASES)
@pytest.mark.parametrize(
    "method",
    [
        lambda a: Article.objects.annotate(**{a: F("id")}),
        lambda a: Article.objects.alias(**{a: F("id")}),
        lambda a: Article.objects.values(**{a: F("id")}),
        lambda a: Article.objects.values_list("id").annotate(**{a: F("id")}),
        lambda a: Article.objects.aggregate(**{a: Count("id")}),
    ],
    ids=["annotate", "alias", "values", "values_list", "aggregate"],
)
def test_sq_02_an_alias_that_carries_sql_is_a_field_error(
    db: str, method: Callable[[str], Any], alias: str
) -> None:
    """SQ-02: before any SQL is sent."""
    with assert_num_queries(0), pytest.raises(FieldError):
        method(alias)


def test_sq_04_an_alias_with_a_dot_is_not_sorted_by(db: str) -> None:
    """SQ-04: it would read as a column of a table in ORDER BY (CVE-2026-1312)."""
    with assert_num_queries(0):
        with pytest.raises(FieldError):
            Article.objects.annotate(**{"press_article.id": Count("tags")})
        with pytest.raises(FieldError):
            Article.objects.alias(**{"a.b": Count("tags")}).order_by("a.b")
        for name in ("press_article.id", "a.b", "press_author.name", "-author.name"):
            with pytest.raises(FieldError):
                Article.objects.order_by(name)


KEYS = ("a'b", 'a"]', "$[*]", "a->>b", "a\\", "'); DROP TABLE press_everything; --", "%s", "$.a")


@pytest.mark.parametrize("key", KEYS)
def test_sq_07_a_key_of_json_is_compared_letter_by_letter(db: str, key: str) -> None:
    """SQ-07: as a keyword and in order_by() it is that key and no other."""
    mine = Everything.objects.create(slug="mine", data={key: "v"})
    Everything.objects.create(slug="other", data={"a": "v", "b": "v", "ab": "v"})

    assert Everything.objects.get(**{f"data__{key}": "v"}) == mine
    assert Everything.objects.get(**{f"data__{key}__isnull": False}) == mine
    assert Everything.objects.get(data__has_key=key) == mine
    assert len(Everything.objects.order_by(f"data__{key}")) == 2
    assert Everything.objects.filter(**{f"data__{key}": "v"}).update(text=F("slug")) == 1


UNNAMEABLE = ("a'b", 'a"]', "$[*]", "'); DROP TABLE press_everything; --")


@pytest.mark.parametrize("key", sorted({*KEYS} - {*UNNAMEABLE}))
def test_sq_07_values_reads_the_key_of_json_that_it_is_given(db: str, key: str) -> None:
    """SQ-07: that key and no other."""
    Everything.objects.create(slug="mine", data={key: "v"})
    Everything.objects.create(slug="other", data={"a": "v", "b": "v", "ab": "v"})

    assert set(Everything.objects.values_list(f"data__{key}", flat=True)) == {"v", None}


@pytest.mark.parametrize("key", UNNAMEABLE)
def test_sq_07_a_key_that_no_column_can_be_called_is_refused_in_values(key: str) -> None:
    """SQ-07: values() names a column by it."""
    with pytest.raises(ValueError, match=r"values\(\)"):
        Everything.objects.values(f"data__{key}")


def test_sq_07_the_value_of_a_key_is_bound(db: str) -> None:
    """SQ-07: what is compared with stands in the parameters alone."""
    evil = "' OR '1'='1"
    with CaptureQueries() as captured:
        assert not Everything.objects.filter(data__a=evil).exists()

    [query] = captured.queries
    assert evil not in query.sql


@pytest.mark.parametrize("value", ["' OR 1=1", b"' OR 1=1", "%s", "x'; DROP TABLE press_author --"])
def test_sq_10_a_value_in_raw_is_bound(db: str, value: Any) -> None:
    """SQ-10: it finds what equals it."""
    Author.objects.create(name="Ann")
    Author.objects.create(name="Bob", email=value if isinstance(value, str) else "")
    cast = "CAST(email AS BYTEA)" if isinstance(value, bytes) and db == "postgresql" else "email"

    found = Author.objects.raw(f"SELECT * FROM press_author WHERE {cast} = %s", [value])

    assert [a.name for a in found] == ([] if isinstance(value, bytes) else ["Bob"])
    assert Author.objects.count() == 2


@pytest.mark.parametrize("value", [{"a": 1}, {1, 2}, Author(name="Ann")])
def test_sq_10_what_cannot_be_bound_is_a_type_error(db: str, value: Any) -> None:
    """SQ-10: on every database, before any SQL is sent."""
    with assert_num_queries(0), pytest.raises(TypeError):
        list(Author.objects.raw("SELECT * FROM press_author WHERE name = %s", [value]))


def test_sq_10_a_list_is_bound_where_the_database_has_lists(db: str) -> None:
    """SQ-10: elsewhere it is a TypeError."""
    Author.objects.create(name="Ann")
    Author.objects.create(name="' OR 1=1")
    condition = {"postgresql": "name = ANY(%s)", "mysql": "name IN %s"}.get(db, "name = %s")
    found = Author.objects.raw(f"SELECT * FROM press_author WHERE {condition}", [["' OR 1=1"]])

    if db == "sqlite":
        with pytest.raises(TypeError, match="SQLite cannot bind"):
            list(found)
    else:
        assert [author.name for author in found] == ["' OR 1=1"]


@pytest.mark.parametrize(
    "key",
    [slice(None, -1), slice(-1, None), -1, slice(2**70, None), slice(0, 2**70), 2**70],
)
def test_sq_12_a_slice_that_no_database_knows_is_a_value_error(db: str, key: Any) -> None:
    """SQ-12: before any SQL is sent."""
    with assert_num_queries(0), pytest.raises(ValueError, match="slice|indexing"):
        Article.objects.all()[key]


@pytest.mark.parametrize("key", ["1;drop", slice(None, "1;drop"), slice("1;drop", None)])
def test_sq_12_text_is_no_limit(db: str, key: Any) -> None:
    """SQ-12: nor is it made one."""
    with assert_num_queries(0), pytest.raises(TypeError):
        Article.objects.all()[key]


def test_sq_12_large_slices_and_steps_work(db: str) -> None:
    """SQ-12: what fits into 64 bits is asked of the database; a step is taken in Python."""
    for name in "abcde":
        Author.objects.create(name=name)
    authors = Author.objects.order_by("name")

    assert [a.name for a in authors[1 : 2**62]] == ["b", "c", "d", "e"]
    assert list(authors[2**62 :]) == []
    everyone = Author.objects.order_by()
    assert len(everyone.union(everyone)[: 2**62]) == 5
    with assert_num_queries(1):
        assert [a.name for a in authors[0:5:2]] == ["a", "c", "e"]


NUMBERS = ("1e400", "NaN", float("inf"), float("nan"), float("-inf"))


@pytest.mark.parametrize("value", NUMBERS)
@pytest.mark.parametrize("lookup", ["exact", "gt", "gte", "lt", "lte"])
def test_sq_13_what_is_no_whole_number_is_a_value_error(db: str, lookup: str, value: Any) -> None:
    """SQ-13: for every comparison, on every database."""
    with assert_num_queries(0), pytest.raises(ValueError, match="expected a number"):
        list(Author.objects.filter(**{f"pk__{lookup}": value}))


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**30])
def test_sq_13_a_number_beyond_the_column_fits_no_row(db: str, value: int) -> None:
    """SQ-13: so that ``get()`` finds nothing, which is a 404, and nothing fails."""
    author = Author.objects.create(name="Ann")

    with pytest.raises(Author.DoesNotExist):
        Author.objects.get(pk=value)
    assert list(Author.objects.filter(pk__gt=value)) == ([author] if value < 0 else [])
    assert list(Author.objects.filter(pk__in=[value, author.pk])) == [author]
    assert list(Author.objects.exclude(pk=value)) == [author]


@only("postgresql")
def test_names_of_inner_queries_are_resolved_as_well(db: str) -> None:
    """What stands in OuterRef() is a name too."""
    inner = Author.objects.filter(pk=OuterRef('id" OR 1=1 --')).values("name")
    with assert_num_queries(0), pytest.raises(FieldError):
        list(Article.objects.annotate(name=Subquery(inner)))


@pytest.mark.parametrize(
    "alias", ["class", "a:b", "a(", "x=made", "x,r", "\ufb01", "__debug__", "é"]
)
def test_the_name_of_an_annotation_is_no_python_either(db: str, alias: str) -> None:
    """Loaders are generated code: whatever Python makes of the name, it is the attribute's."""
    Author.objects.create(name="Ann")

    [author] = Author.objects.annotate(**{alias: Value(7)})
    [row] = Author.objects.annotate(**{alias: Value(7)}).values("name", alias)

    assert vars(author)[alias] == 7
    assert row == {"name": "Ann", alias: 7}


def test_values_does_not_take_the_name_of_a_field_for_something_else(db: str) -> None:
    """It conflicts, as in annotate(); the field itself does not."""
    Author.objects.create(name="Ann", email="a@example.org")

    with pytest.raises(ValueError, match="conflicts with a field"):
        Author.objects.values(name=F("email"))
    assert list(Author.objects.values_list(F("name"))) == [("Ann",)]
