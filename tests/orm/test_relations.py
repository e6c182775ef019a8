"""Relations: following them, filtering over them, and the managers at both ends."""

import pytest
from press import Article, Author, Award, Comment, Tag

from raystack_orm import FieldError, ImproperlyConfigured, ProtectedError, models
from raystack_orm.registry import apps
from raystack_orm.testing import assert_num_queries, isolate_apps


@pytest.fixture
def ann(db: str) -> Author:
    return Author.objects.create(name="Ann")


@pytest.fixture
def bob(db: str) -> Author:
    return Author.objects.create(name="Bob")


def test_a_related_object_is_loaded_once(ann: Author) -> None:
    """The first access asks the database, the next ones do not."""
    Article.objects.create(title="One", author=ann)
    article = Article.objects.get()

    with assert_num_queries(1):
        assert article.author == ann
        assert article.author is article.author


def test_a_changed_key_forgets_the_object(ann: Author, bob: Author) -> None:
    """The object always fits the key."""
    article = Article.objects.create(title="One", author=ann)

    article.author_id = bob.pk  # type: ignore[attr-defined]

    assert article.author == bob


def test_select_related_loads_in_the_same_query(ann: Author, bob: Author) -> None:
    """Over several steps, and with None where nothing is related."""
    article = Article.objects.create(title="One", author=ann, editor=bob)
    other = Article.objects.create(title="Two", author=ann)
    Comment.objects.create(article=article, author="x")
    Comment.objects.create(article=other, author="y")

    with assert_num_queries(1):
        found = list(
            Comment.objects.select_related("article__author", "article__editor", "parent").order_by(
                "pk"
            )
        )
        assert [comment.article.author.name for comment in found] == ["Ann", "Ann"]
        assert [comment.article.editor for comment in found] == [bob, None]
        assert [comment.parent for comment in found] == [None, None]
    with assert_num_queries(1):
        assert [c.article.author.name for c in Comment.objects.select_related()] == ["Ann", "Ann"]
    with pytest.raises(
        FieldError, match='has no relation to one object called "auther". Did you mean "author"'
    ):
        Article.objects.select_related("auther")


def test_an_object_assigned_before_it_was_saved_gives_its_key_later(db: str) -> None:
    """save() takes the key; without one it refuses to lose the relation."""
    author = Author(name="Ann")
    article = Article(title="One", author=author)

    with pytest.raises(ValueError, match="unsaved related object 'author'"):
        article.save()
    author.save()
    article.save()

    assert Article.objects.get().author == author


def test_assigning_something_else_is_an_error() -> None:
    """A ForeignKey takes objects of its model."""
    with pytest.raises(ValueError, match='must be a "Author" instance'):
        Article(author=Tag(name="x"))


def test_filters_follow_relations_in_both_directions(ann: Author, bob: Author) -> None:
    """Forward, back, through the table between, and several steps."""
    one = Article.objects.create(title="One", author=ann)
    Article.objects.create(title="Two", author=bob)
    one.tags.add(Tag.objects.create(name="orm"))
    Comment.objects.create(article=one, author="reader")

    assert Article.objects.get(author__name="Ann") == one
    assert Article.objects.get(author=ann) == one
    assert Article.objects.get(author_id=ann.pk) == one
    assert Article.objects.get(author__in=[ann]) == one
    assert Author.objects.get(articles__title="Two") == bob
    assert Author.objects.get(articles__tags__name="orm") == ann
    assert Author.objects.get(articles__comments__author="reader") == ann
    assert Tag.objects.get(articles__author__name__startswith="A").name == "orm"
    assert Comment.objects.get(article__author=ann).author == "reader"
    assert list(Article.objects.filter(comments__isnull=True)) == list(
        Article.objects.filter(author=bob)
    )


def test_a_key_is_compared_without_a_join(ann: Author) -> None:
    """The key of the other row stands in this one."""
    for name in ("author", "author_id", "author__id", "author__pk"):
        assert "JOIN" not in str(Article.objects.filter(**{name: ann.pk}).query)
    assert str(Article.objects.filter(tags=1).query).count("JOIN") == 1
    assert str(Article.objects.filter(author__name="x", author__email="y").query).count("JOIN") == 1


def test_conditions_in_one_filter_speak_of_one_comment(ann: Author) -> None:
    """filter(a, b) over a to-many relation wants one related row that fits both."""
    article = Article.objects.create(title="On joins", author=ann)
    article.comments.create(author="ann", spam=False)  # type: ignore[attr-defined]
    article.comments.create(author="bob", spam=True)  # type: ignore[attr-defined]

    found = Article.objects.filter(comments__author="ann", comments__spam=True)
    chained = Article.objects.filter(comments__author="ann").filter(comments__spam=True)

    assert list(found) == []
    assert list(chained) == [article]


def test_exclude_over_many_means_none_of_them(ann: Author) -> None:
    """An article with one spam comment is out, whatever the others are; one without is in."""
    mixed = Article.objects.create(title="Mixed", author=ann)
    silent = Article.objects.create(title="Silent", author=ann)
    Comment.objects.create(article=mixed, author="a", spam=True)
    Comment.objects.create(article=mixed, author="b", spam=False)

    assert list(Article.objects.exclude(comments__spam=True)) == [silent]
    assert list(Article.objects.exclude(comments__isnull=True)) == [mixed]
    assert list(Article.objects.exclude(comments__isnull=False)) == [silent]
    assert list(Article.objects.filter(~models.Q(comments__author="a"))) == [silent]


def test_exclude_over_a_nullable_relation_keeps_rows_without_one(ann: Author, bob: Author) -> None:
    """SQL would say neither yes nor no to a missing editor's name."""
    edited = Article.objects.create(title="Edited", author=ann, editor=bob)
    alone = Article.objects.create(title="Alone", author=ann)

    assert list(Article.objects.exclude(editor__name="Bob")) == [alone]
    assert list(Article.objects.exclude(editor__name="x").order_by("pk")) == [edited, alone]


def test_a_query_in_a_query(ann: Author, bob: Author) -> None:
    """__in takes a QuerySet, which runs inside of the other."""
    one = Article.objects.create(title="One", author=ann)
    Article.objects.create(title="Two", author=bob)

    with assert_num_queries(1):
        assert list(Article.objects.filter(author__in=Author.objects.filter(name="Ann"))) == [one]
    names = Author.objects.filter(articles__title="Two").values("name")
    assert list(Author.objects.filter(name__in=names)) == [bob]


def test_the_manager_of_referring_objects(ann: Author, bob: Author) -> None:
    """create() and add() set the key, and its objects know theirs without a query."""
    made = ann.articles.create(title="One")  # type: ignore[attr-defined]
    moved = Article.objects.create(title="Two", author=bob)

    ann.articles.add(moved)  # type: ignore[attr-defined]

    assert set(ann.articles.all()) == {made, moved}  # type: ignore[attr-defined]
    assert ann.articles.filter(title="One").count() == 1  # type: ignore[attr-defined]
    assert list(ann.articles.popular()) == []  # type: ignore[attr-defined]
    with assert_num_queries(1):
        assert [article.author for article in ann.articles.all()] == [ann, ann]  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="needs a ForeignKey with null=True"):
        ann.articles.remove(made)  # type: ignore[attr-defined]


def test_the_manager_of_a_nullable_key_can_let_go(ann: Author, bob: Author) -> None:
    """remove(), clear() and set() make it refer to nothing."""
    one = Article.objects.create(title="One", author=ann, editor=bob)
    two = Article.objects.create(title="Two", author=ann, editor=bob)

    bob.edited.remove(one)  # type: ignore[attr-defined]
    assert list(bob.edited.all()) == [two]  # type: ignore[attr-defined]
    bob.edited.set([one])  # type: ignore[attr-defined]
    assert list(bob.edited.all()) == [one]  # type: ignore[attr-defined]
    bob.edited.clear()  # type: ignore[attr-defined]
    assert list(bob.edited.all()) == []  # type: ignore[attr-defined]


def test_many_to_many(ann: Author) -> None:
    """add(), remove(), set(), clear(), create(), from both sides, by object or key."""
    article = Article.objects.create(title="One", author=ann)
    orm, web, sql = (Tag.objects.create(name=name) for name in ("orm", "web", "sql"))

    article.tags.add(orm, web.pk)
    article.tags.add(orm)
    assert set(article.tags.all()) == {orm, web}
    assert list(web.articles.all()) == [article]  # type: ignore[attr-defined]
    article.tags.remove(orm)
    assert set(article.tags.all()) == {web}
    article.tags.set([sql, orm])
    assert set(article.tags.order_by("name")) == {orm, sql}
    made = article.tags.create(name="new")
    assert made in article.tags.all()
    sql.articles.clear()  # type: ignore[attr-defined]
    assert set(article.tags.all()) == {orm, made}
    assert article.tags.filter(name="orm").exists()
    with pytest.raises(TypeError, match="Use tags.set\\(\\)"):
        article.tags = [orm]  # type: ignore[assignment]
    with pytest.raises(ValueError, match="needs to have a primary key"):
        _ = Article(title="new").tags


def test_deleting_takes_what_refers_along(ann: Author, bob: Author) -> None:
    """CASCADE goes down every level, SET_NULL lets go; the counts are by model."""
    article = Article.objects.create(title="One", author=ann, editor=bob)
    comment = Comment.objects.create(article=article, author="x")
    Comment.objects.create(article=article, author="y", parent=comment)
    article.tags.create(name="orm")

    assert bob.delete() == (1, {"press.Author": 1})
    article.refresh_from_db()
    assert article.editor is None
    assert ann.delete() == (
        5,
        {"press.Comment": 2, "press.Article": 1, "press.Article_tags": 1, "press.Author": 1},
    )
    assert ann.pk is None
    assert Tag.objects.count() == 1


def test_deleting_what_is_protected_is_refused(ann: Author) -> None:
    """PROTECT names who holds it, and nothing is deleted."""
    article = Article.objects.create(title="One", author=ann)
    award = Award.objects.create(article=article, name="Best")

    with pytest.raises(ProtectedError, match="Cannot delete some articles: 1 of awards") as caught:
        ann.delete()

    assert caught.value.protected_objects == {award}
    assert Author.objects.count() == 1


def test_order_over_a_relation(ann: Author, bob: Author) -> None:
    """By a related field, or by the related model's own order."""
    one = Article.objects.create(title="One", author=bob)
    two = Article.objects.create(title="Two", author=ann)

    assert list(Article.objects.order_by("author__name")) == [two, one]
    assert list(Article.objects.order_by("author")) == [two, one]
    assert list(Article.objects.order_by("-author")) == [one, two]


def test_a_model_may_be_named_before_it_is_defined() -> None:
    """References are resolved in any order; one that never is fails when it is used."""
    with isolate_apps() as registry:

        class Page(models.Model):
            book = models.ForeignKey("Book", on_delete=models.CASCADE, related_name="pages")
            lost = models.ForeignKey("Nowhere", on_delete=models.CASCADE, null=True)

            class Meta:
                app_label = "shelf"

        class Book(models.Model):
            class Meta:
                app_label = "shelf"

    assert Page._meta.get_field("book").related_model is Book
    assert registry.unresolved == [("shelf.Page.lost", ("shelf", "nowhere"))]
    with pytest.raises(FieldError, match="shelf.Page.lost refers to the model 'Nowhere'"):
        Page.objects.filter(lost__name="x")


def test_a_relation_back_can_be_without_a_name() -> None:
    """related_name="+" leaves the other model alone."""
    with isolate_apps():

        class Book(models.Model):
            pass

        class Page(models.Model):
            book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="+")

    assert not hasattr(Book, "page_set")
    assert Page._meta.get_field("book").related_model is Book


def test_models_are_found_by_their_label() -> None:
    """The registry is Django's apps."""
    assert apps.get_model("press.Article") is Article
    assert apps.get_model("press", "article") is Article
    with pytest.raises(LookupError, match='no model "press.Artikle". Did you mean "press.Article"'):
        apps.get_model("press.Artikle")


def test_wrong_declarations_are_refused() -> None:
    """What cannot work says so where it stands."""
    with pytest.raises(ImproperlyConfigured, match="needs null=True"):
        models.ForeignKey(Author, on_delete=models.SET_NULL)
    with pytest.raises(TypeError, match="on_delete is 'cascade'"):
        models.ForeignKey(Author, on_delete="cascade")  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="takes a model, or the name of one"):
        models.ForeignKey(3, on_delete=models.CASCADE)  # type: ignore[call-overload]
