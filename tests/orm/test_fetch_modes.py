"""Fetch modes: what is missing is loaded for all instances of a result, for one, or not at all."""

import copy
import gc
import pickle
import weakref

import pytest
from press import Article, Author, Comment
from relations import Passport, Person

from raystack_orm import models
from raystack_orm.exceptions import FieldFetchBlocked
from raystack_orm.query.operations.fetch_modes import Batch
from raystack_orm.testing import assert_num_queries, override_settings


@pytest.fixture
def articles(db: str) -> list[Article]:
    authors = [Author.objects.create(name=name) for name in ("Ann", "Bob")]
    made = [Article.objects.create(title=str(n), author=authors[n % 2]) for n in range(6)]
    for article in made:
        Comment.objects.create(article=article, author="x")
    return made


def test_the_first_access_loads_for_all(articles: list[Article]) -> None:
    """Two queries, whatever the number of rows; so it is by default."""
    with assert_num_queries(2):
        assert {article.author.name for article in Article.objects.all()} == {"Ann", "Bob"}
    with assert_num_queries(3):
        comments = list(Comment.objects.all())
        assert len([comment.article.author for comment in comments]) == 6


def test_one_by_one(articles: list[Article]) -> None:
    """FETCH_ONE is what Django does by default."""
    with assert_num_queries(7):
        for article in Article.objects.fetch_mode(models.FETCH_ONE):
            assert article.author.name


def test_loading_can_be_forbidden(articles: list[Article]) -> None:
    """FETCH_RAISE names what was asked for; what is loaded is given."""
    found = Article.objects.fetch_mode(models.FETCH_RAISE).select_related("author")[0]

    assert found.author.name
    assert found.editor is None
    comment = Comment.objects.fetch_mode(models.FETCH_RAISE)[0]
    with pytest.raises(FieldFetchBlocked, match="Fetching of Comment.article blocked"):
        _ = comment.article
    person = Person.objects.create(name="Ann")
    person = Person.objects.fetch_mode(models.FETCH_RAISE).get(pk=person.pk)
    with pytest.raises(FieldFetchBlocked, match="Fetching of Person.passport blocked"):
        _ = person.passport


def test_a_mode_goes_on_to_what_it_loads(articles: list[Article]) -> None:
    """Also through related managers."""
    comment = Comment.objects.fetch_mode(models.FETCH_ONE)[0]
    assert comment._state.fetch_mode is models.FETCH_ONE
    assert comment.article._state.fetch_mode is models.FETCH_ONE
    with assert_num_queries(4):
        author = Author.objects.fetch_mode(models.FETCH_ONE).order_by("name")[0]
        for article in author.articles.exclude(title="0"):
            article.comments.get().article = article
    raising = Author.objects.fetch_mode(models.FETCH_RAISE)[0]
    assert raising.articles.all()[0]._state.fetch_mode is models.FETCH_RAISE


def test_deferred_fields_are_loaded_for_all(articles: list[Article]) -> None:
    """Each field with one query."""
    with assert_num_queries(2):
        found = list(Article.objects.only("title").order_by("title"))
        assert [article.views for article in found] == [0] * 6
    with assert_num_queries(2):
        one = Article.objects.only("title").get(title="1")
        assert one.views == 0


def test_the_other_end_of_one_to_one_is_loaded_for_all(db: str) -> None:
    """Those that nothing refers to included."""
    ann, _, eve = (Person.objects.create(name=name) for name in ("Ann", "Bob", "Eve"))
    Passport.objects.create(owner=ann, number="1")
    Passport.objects.create(owner=eve, number="2")

    with assert_num_queries(2):
        found = list(Person.objects.all())
        assert [hasattr(person, "passport") for person in found] == [True, False, True]
        assert found[0].passport.owner is found[0]


def test_what_is_loaded_stays(articles: list[Article]) -> None:
    """Only those that miss it are asked for."""
    found = list(Article.objects.order_by("title"))
    other = Author.objects.create(name="Eve")
    found[0].author = other

    with assert_num_queries(1):
        assert found[1].author.name == "Bob"
        assert found[0].author is other


def test_peers_do_not_keep_each_other(articles: list[Article]) -> None:
    """Keeping one of them frees the rest, and costs the others no query."""
    found = list(Article.objects.order_by("title"))
    kept, gone = found[0], weakref.ref(found[1])
    del found
    gc.collect()

    assert gone() is None
    with assert_num_queries(1) as captured:
        assert kept.author.name == "Ann"
    assert captured.queries[0].params[0] == kept.author_id


def test_pickles_and_copies_are_on_their_own(articles: list[Article]) -> None:
    """They forget their peers, and keep the mode."""
    first, second = list(Article.objects.order_by("title")[:2])
    pickled = pickle.loads(pickle.dumps(first))
    copied = copy.deepcopy(second)

    assert pickled._state.fetch_mode is models.FETCH_PEERS
    with assert_num_queries(2):
        assert pickled.author.name == "Ann"
        assert copied.author.name == "Bob"
    with assert_num_queries(1):
        assert (first.author.name, second.author.name) == ("Ann", "Bob")


def test_a_setting_chooses_the_mode_of_all(articles: list[Article]) -> None:
    """A QuerySet's own choice goes before it."""
    with override_settings(DEFAULT_FETCH_MODE="FETCH_ONE"):
        with assert_num_queries(7):
            assert [article.author.name for article in Article.objects.all()]
        with assert_num_queries(2):
            peers = Article.objects.fetch_mode(models.FETCH_PEERS)
            assert [article.author.name for article in peers]


def test_modes_are_pickled_by_name() -> None:
    """There is one object of each."""
    for mode in (models.FETCH_ONE, models.FETCH_PEERS, models.FETCH_RAISE):
        assert pickle.loads(pickle.dumps(mode)) is mode
        assert copy.deepcopy(mode) is mode


def test_what_blocks_a_fetch_hides_nothing_else(db: str) -> None:
    """The error stands alone: it was not caused by another one."""
    author = Author.objects.create(name="Ann")
    Article.objects.create(title="One", author=author)
    article = Article.objects.fetch_mode(models.FETCH_RAISE).get()

    with pytest.raises(FieldFetchBlocked) as caught:
        _ = article.author

    assert caught.value.__suppress_context__


def test_a_new_object_has_the_mode_of_its_queryset(db: str) -> None:
    """As if it had been loaded with it."""
    made = Author.objects.fetch_mode(models.FETCH_PEERS).create(name="Ann")

    assert made._state.fetch_mode is models.FETCH_PEERS


def test_keys_that_are_changed_one_by_one_do_not_look_at_all_peers_each_time(
    articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    """That would be quadratic. Those that are changed together still cost one query."""
    keys = [Author.objects.create(name=name).pk for name in ("Eve", "Fay")]
    found = list(Article.objects.all())
    looked: list[Batch] = []
    peers = Batch.peers

    def look(batch: Batch) -> list[Article]:
        looked.append(batch)
        return peers(batch)

    monkeypatch.setattr(Batch, "peers", look)
    assert found[0].author
    for turn in range(20):
        for article in found:
            article.author_id = keys[turn % 2]
            assert article.author.pk == keys[turn % 2]

    assert len(looked) < 12

    found = list(Article.objects.all())
    assert found[0].author
    for article in found:
        article.author_id = keys[0]
    with assert_num_queries(1):
        assert {article.author.name for article in found} == {"Eve"}
