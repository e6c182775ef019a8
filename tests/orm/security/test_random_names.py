"""SQ-19: 2,000 random names through every method that takes one, and what PostgreSQL reads then.

A name is an error before any SQL is sent, or it changes nothing in the SQL but one quoted
identifier, or one text for a key of JSON. The SQL is taken apart into its words for that, and
compared with that of a harmless name; it is run too, so that the server agrees.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from press import Article, Author, Everything
from vendors import only

from raystack_orm import (
    DatabaseError,
    FieldDoesNotExist,
    FieldError,
    NotSupportedError,
    transaction,
)
from raystack_orm.models import Count, F, FilteredRelation, OuterRef, Q, Subquery, Value
from raystack_orm.testing import CaptureQueries

FRAGMENTS = (
    *('"', "'", "`", "\\", ";", "--", "/*", "*/", "(", ")", "[", "]", ",", ".", " ", "\t", "\n"),
    *(
        "\x00",
        "%",
        "%s",
        "%(x)s",
        "$1",
        "$$",
        ":x",
        "::",
        "?",
        "#",
        "-",
        "+",
        "=",
        "__",
        "_",
        "\\'",
    ),
    *(
        "select",
        "from",
        "union",
        "or 1=1",
        "drop table x",
        "null",
        "E'",
        "U&'",
        "“",
        "\uff07",
        "é",
        "٣",
    ),
    *("title", "author", "id", "pk", "views", "lower", "year", "x", "A", "0"),
)
random_names = st.lists(
    st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=3)), min_size=1, max_size=6
).map("".join)

ALIASES: dict[str, Callable[[str], Any]] = {
    "annotate": lambda name: Article.objects.annotate(**{name: F("views")}),
    "alias": lambda name: Article.objects.alias(**{name: F("views")}).order_by(F(name)),
    "values": lambda name: Article.objects.values(**{name: F("views")}),
    "values_list": lambda name: Article.objects.annotate(**{name: Count("tags")}).values_list(name),
    "aggregate": lambda name: Article.objects.aggregate(**{name: Count("id")}),
    "FilteredRelation": lambda name: Article.objects.annotate(
        **{name: FilteredRelation("tags", condition=Q(tags__name="x"))}
    ).filter(**{f"{name}__name": "x"}),
}
FIELDS: dict[str, Callable[[str], Any]] = {
    "filter": lambda name: Article.objects.filter(**{name: 1}),
    "exclude": lambda name: Article.objects.exclude(**{name: 1}),
    "Q": lambda name: Article.objects.filter(Q(**{name: 1}) | Q(pk=1)),
    "get": lambda name: Article.objects.get(**{name: 1}),
    "order_by": lambda name: Article.objects.order_by(f"-{name}"),
    "values": lambda name: Article.objects.values(name),
    "values_list": lambda name: Article.objects.values_list("title", name),
    "only": lambda name: Article.objects.only(name),
    "defer": lambda name: Article.objects.defer(name),
    "select_related": lambda name: Article.objects.select_related(name),
    "distinct": lambda name: Article.objects.distinct(name),
    "update": lambda name: Article.objects.update(**{name: 1}),
    "F": lambda name: Article.objects.filter(views=F(name)),
    "Count": lambda name: Article.objects.aggregate(n=Count(name)),
    "OuterRef": lambda name: Article.objects.annotate(
        found=Subquery(Author.objects.filter(pk=OuterRef(name)).values("pk")[:1])
    ),
    "latest": lambda name: Article.objects.latest(name),
    "in_bulk": lambda name: Article.objects.in_bulk([1], field_name=name),
    "dates": lambda name: Article.objects.dates(name, "year"),
    "create": lambda name: Article.objects.create(**{name: 1}),
    "get_or_create": lambda name: Article.objects.get_or_create(**{name: 1}),
    "bulk_update": lambda name: Article.objects.bulk_update([Article(pk=1)], [name]),
}
KEYS: dict[str, Callable[[str], Any]] = {
    "filter": lambda name: Everything.objects.filter(**{f"data__{name}": 1}),
    "exclude": lambda name: Everything.objects.exclude(**{f"data__{name}": 1}),
    "values": lambda name: Everything.objects.values(f"data__{name}"),
    "order_by": lambda name: Everything.objects.order_by(f"data__{name}"),
    "F": lambda name: Everything.objects.annotate(x=F(f"data__{name}")),
    "update": lambda name: Everything.objects.filter(pk=None).update(text=Value(name)),
}
ERRORS = (FieldError, FieldDoesNotExist, AttributeError, ValueError, TypeError, NotSupportedError)
DECLARED = {
    word
    for model in (Article, Author, Article.tags.through, Article.tags.rel.model)
    for field in model._meta.concrete_fields
    for word in (model._meta.db_table, field.column)
}
NOT_UNDERSTOOD = {"42601", "42703", "42P01", "42704"}  # bad syntax; unknown names
COMPUTED = {"random", "count", "col", "found", "date_trunc", "day", "n", "anon"}

# The words of PostgreSQL, https://www.postgresql.org/docs/current/sql-syntax-lexical.html
WORDS = re.compile(
    r"""
    (?P<name>"(?:[^"]|"")*")
    | (?P<text>'(?:[^']|'')*')
    | (?P<parameter>\$\d+)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<space>\s+)
    | (?P<comment>--|/\*)
    | (?P<sign>.)
    """,
    re.VERBOSE,
)


def words(sql: str, name: str) -> list[tuple[str, str]]:
    """Take SQL apart; the name, and what stands in texts, becomes something harmless."""
    found = []
    sql = sql.replace("::VARCHAR", "")  # of a bound text
    for match in WORDS.finditer(sql):
        kind, said = match.lastgroup or "", match[0]
        assert kind != "comment", sql
        if kind == "text":
            kind, said = "value", "..."
        if said.startswith("$"):  # a key with a quotation mark is bound
            kind, said = "value", "..."
        if kind == "name":
            kind, said = "word", said[1:-1].replace('""', '"')
        if kind != "space":
            found.append((kind, "x1" if kind == "word" and said == name else said))
    return found


def sent(use: Callable[[str], Any], name: str) -> list[str] | None:
    """Use a name and run the query; return the SQL, or None if the name is an error."""
    refused = False
    with CaptureQueries() as captured, transaction.atomic():
        try:
            made = use(name)
            if hasattr(made, "query"):
                list(made)
        except Article.DoesNotExist:
            pass
        except ERRORS:
            refused = True
        except DatabaseError as error:  # a declared field of a type that does not fit there
            if getattr(error.__cause__, "sqlstate", "") in NOT_UNDERSTOOD:
                raise
        transaction.set_rollback(True)  # names of declared fields write
    found = [query.sql for query in captured.queries if "SAVEPOINT" not in query.sql]
    declared = name.partition("__")[0] in Article._meta.names  # its value may be wrong later on
    assert declared or not (refused and found)
    return None if refused else found


@pytest.fixture(autouse=True)
def article(db: str) -> None:
    """One row, so that what is only looked at with rows is looked at."""
    Article.objects.create(title="a", author=Author.objects.create(name="Ann"))


def harmless(found: list[str], name: str, use: Callable[[str], Any]) -> bool:
    """Say whether the SQL is that of the name "x1", word by word."""
    usual = sent(use, "x1")
    assert usual is not None
    expected = [words(sql, "x1") for sql in usual]
    if any(("word", name) in each for each in expected):
        return name.isidentifier()  # a word that is there anyway, such as a column
    return [words(sql, name) for sql in found] == expected


run_2000 = settings(
    max_examples=2000,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@only("postgresql")
@pytest.mark.slow
@run_2000
@given(name=random_names)
def test_sq_19_an_alias_is_one_quoted_identifier_or_an_error(name: str) -> None:
    """SQ-19: in the SQL nothing else differs from that of an alias "x1"."""
    for method, use in ALIASES.items():
        found = sent(use, name)
        if found is not None:
            assert harmless(found, name, use), (method, found)


@only("postgresql")
@pytest.mark.slow
@run_2000
@given(name=random_names)
def test_sq_19_the_name_of_a_field_is_declared_or_an_error(name: str) -> None:
    """SQ-19: what is accepted begins with a declared field; nothing of the rest is in the SQL."""
    for method, use in FIELDS.items():
        found = sent(use, name)
        if found:
            first = name.lstrip("-+").partition("__")[0]
            assert first in {*Article._meta.names, "pk", "?"}, method
            said = {word for sql in found for kind, word in words(sql, "") if kind == "word"}
            unknown = {re.sub(r"_*\d+$", "", word) for word in said if not word.isupper()}
            assert unknown <= DECLARED | COMPUTED, (method, found)


@only("postgresql")
@pytest.mark.slow
@run_2000
@given(name=random_names)
def test_sq_19_a_key_of_json_is_one_text_or_an_error(name: str) -> None:
    """SQ-19: in the SQL nothing else differs from that of a key "x1"."""
    assume("__" not in f"_{name}_" and "\x00" not in name)  # one key, which PostgreSQL can hold
    for method, use in KEYS.items():
        found = sent(use, name)
        if found is not None and not re.fullmatch(r"-?\d+", name):
            assert harmless(found, name, use), (method, found)
