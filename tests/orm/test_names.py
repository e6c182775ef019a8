"""Names in queries: resolved against what is declared, before any SQL.

The cases SQ-02, SQ-05 and SQ-17 stand under their ids.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from press import Article, Author

from raystack_orm import FieldError
from raystack_orm.models import F, Q
from raystack_orm.testing import CaptureQueries, assert_num_queries

EVIL = ('x" FROM auth_user; --', "title) OR 1=1 --", "title__regex_evil", "title; DROP TABLE x", "")

METHODS: dict[str, Callable[[str], Any]] = {
    "filter": lambda name: Article.objects.filter(**{name: 1}),
    "exclude": lambda name: Article.objects.exclude(**{name: 1}),
    "Q": lambda name: Article.objects.filter(Q(**{name: 1}) | Q(pk=1)),
    "get": lambda name: Article.objects.get(**{name: 1}),
    "order_by": lambda name: Article.objects.order_by(name),
    "order_by desc": lambda name: Article.objects.order_by(f"-{name}"),
    "values": lambda name: Article.objects.values(name),
    "values_list": lambda name: Article.objects.values_list("title", name),
    "select_related": lambda name: Article.objects.select_related(name),
    "update": lambda name: Article.objects.update(**{name: 1}),
    "F": lambda name: Article.objects.filter(title=F(name)),
    "F in update": lambda name: Article.objects.update(views=F(name) + 1),
    "in_bulk": lambda name: Article.objects.in_bulk([1], field_name=name),
}


@pytest.mark.parametrize("name", EVIL)
@pytest.mark.parametrize("method", METHODS)
def test_sq_02_05_17_no_name_reaches_sql(db: str, method: str, name: str) -> None:
    """SQ-02, SQ-05, SQ-17: a name that is not declared is a FieldError, and nothing is sent."""
    with assert_num_queries(0), pytest.raises(FieldError):
        METHODS[method](name)


def test_sq_05_an_unknown_lookup_lists_the_valid_ones() -> None:
    """SQ-05: the message says which lookups there are."""
    with pytest.raises(FieldError) as caught:
        Article.objects.filter(title__regex_evil=1)

    assert str(caught.value) == (
        'filter(title__regex_evil=...): the CharField "title" has no lookup "regex_evil". '
        'Did you mean "regex"?\n'
        "  Lookups: contains, endswith, exact, gt, gte, icontains, iendswith, iexact, in, iregex, "
        "isnull, istartswith, lt, lte, range, regex, startswith."
    )


def test_sq_17_unknown_keys_of_writes(db: str) -> None:
    """SQ-17: update() and the constructor that bulk_create() needs refuse unknown names."""
    with pytest.raises(FieldError, match="update\\(title = 1 --=...\\): Article has no field"):
        Article.objects.update(**{"title = 1 --": 2})
    with pytest.raises(TypeError, match="unexpected keyword arguments: 'title = 1 --'"):
        Article.objects.bulk_create([Article(**{"title = 1 --": 2})])


@given(st.text(max_size=20))
def test_no_random_name_is_taken_for_a_field(name: str) -> None:
    """Whatever the text is: it is a declared name, or an error."""
    known = Article._meta.names
    for method in ("filter", "order_by", "values"):
        try:
            METHODS[method](name)
        except (FieldError, ValueError):
            continue
        first = name.lstrip("-+").split("__")[0]
        assert first in known or name == "?"


def test_values_are_always_bound(db: str) -> None:
    """What is compared with is a parameter, and never part of the SQL."""
    evil = "' OR '1'='1'; --"
    with CaptureQueries() as captured:
        list(Author.objects.filter(name=evil, name__in=[evil, "x"], name__contains=evil))
        Author.objects.filter(pk__in=[1, 2, 3]).update(name=evil)
        Author.objects.create(name=evil)

    assert all(evil not in query.sql for query in captured.queries)
    assert Author.objects.get().name == evil


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({"author__titel": 1}, 'filter(author__titel=...): Author has no field "titel".'),
        ({"author__nam": 1}, 'Author has no field "nam". Did you mean "name"?'),
        ({"title__contain": 1}, 'has no lookup "contain". Did you mean "contains"?'),
        ({"author__icontains": 1}, "has no lookup icontains."),
        ({"title__year": 1}, 'the CharField "title" has no lookup "year".'),
        ({"published_at__year__yeer": 1}, 'has no lookup "yeer".'),
        ({"title__exact__exact": 1}, 'has no lookup "exact".'),
    ],
)
def test_messages(conditions: dict[str, Any], message: str) -> None:
    """Each names the model, the field and the nearest name."""
    with pytest.raises(FieldError) as caught:
        Article.objects.filter(**conditions)

    assert message in str(caught.value)


def test_objects_of_another_model_are_refused() -> None:
    """Comparing a relation with something else's object is a mistake, not an empty result."""
    with pytest.raises(ValueError, match='Must be "Author" instance'):
        Article.objects.filter(author=Article(pk=1))
    with pytest.raises(ValueError, match="unsaved Author"):
        Article.objects.filter(author=Author(name="Ann"))
