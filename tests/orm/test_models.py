"""Instances: making, saving, loading and comparing them."""

from typing import Any

import pytest
from press import Article, Author, Everything

from raystack_orm import (
    DatabaseError,
    FieldDoesNotExist,
    FieldError,
    IntegrityError,
    ValidationError,
    models,
)
from raystack_orm.testing import assert_num_queries, isolate_apps


def test_a_saved_object_has_the_key_that_the_database_made(db: str) -> None:
    """save() of an object without a key inserts a row."""
    author = Author(name="Ann")

    author.save()

    assert author.pk is not None
    assert Author.objects.get(pk=author.pk).name == "Ann"


def test_saving_again_updates_the_same_row(db: str) -> None:
    """save() of a saved object is one UPDATE."""
    author = Author.objects.create(name="Ann")
    author.name = "Anna"

    with assert_num_queries(1):
        author.save()

    assert list(Author.objects.values_list("name", flat=True)) == ["Anna"]


def test_an_object_with_a_key_of_no_row_is_inserted(db: str) -> None:
    """As in Django, an UPDATE that finds nothing is followed by an INSERT."""
    Author(pk=4711, name="Ann").save()

    assert Author.objects.get().pk == 4711


def test_update_fields_writes_those_alone(db: str) -> None:
    """What another process changed in the meantime stays."""
    author = Author.objects.create(name="Ann", email="ann@example.com")
    Author.objects.update(email="new@example.com")
    author.name = "Anna"

    author.save(update_fields=["name"])

    author.refresh_from_db()
    assert (author.name, author.email) == ("Anna", "new@example.com")


def test_forcing_an_update_of_a_missing_row_is_an_error(db: str) -> None:
    """force_update never inserts."""
    with pytest.raises(DatabaseError, match="save\\(\\) was told to update press.Author 7"):
        Author(pk=7, name="Ann").save(force_update=True)


def test_an_expression_is_computed_by_the_database(db: str) -> None:
    """article.views = F("views") + 1 loses no concurrent change."""
    author = Author.objects.create(name="Ann")
    article = Article.objects.create(title="One", author=author, views=1)
    Article.objects.update(views=10)
    article.views = models.F("views") + 1  # type: ignore[assignment]

    article.save()

    article.refresh_from_db()
    assert article.views == 11


def test_objects_of_the_same_row_are_equal() -> None:
    """Equality is that of class and key; without a key an object equals itself alone."""
    assert Author(pk=1, name="a") == Author(pk=1, name="b")
    assert Author(pk=1) != Article(pk=1)
    assert Author(name="a") != Author(name="a")
    assert len({Author(pk=1), Author(pk=1), Author(pk=2)}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(Author())


def test_a_column_is_a_plain_attribute_of_the_instance(db: str) -> None:
    """No descriptor stands between: reading an attribute costs what it costs anywhere."""
    author = Author.objects.create(name="Ann", email="a@example.com")

    loaded = Author.objects.get(pk=author.pk)

    assert vars(loaded) == {"id": author.pk, "name": "Ann", "email": "a@example.com"}


def test_a_loaded_object_knows_that_it_is_a_row(db: str) -> None:
    """_state says whether it was saved, and where."""
    assert Author(name="Ann")._state.adding is True
    Author.objects.create(name="Ann")
    assert Author.objects.get()._state.adding is False
    assert Author.objects.get()._state.db == "default"


def test_a_deferred_column_is_loaded_when_it_is_asked_for(db: str) -> None:
    """An attribute that is missing from the instance comes from the database."""
    author = Author.objects.create(name="Ann")
    del author.name

    assert author.get_deferred_fields() == {"name"}
    assert author.name == "Ann"


def test_from_db_is_called_when_it_is_overridden(db: str) -> None:
    """A class that wants to know when its rows are loaded is told."""
    Author.objects.create(name="Ann")

    with isolate_apps():

        class Loud(models.Model):
            name = models.CharField(max_length=100)

            class Meta:
                db_table = "press_author"

            @classmethod
            def from_db(cls, *args: Any) -> Any:
                made = super().from_db(*args)
                made.name = made.name.upper()
                return made

    assert Loud.objects.get().name == "ANN"


def test_a_property_that_fails_says_so_itself() -> None:
    """Its AttributeError is not mistaken for a missing attribute of the model."""
    with isolate_apps():

        class Odd(models.Model):
            @property
            def broken(self) -> str:
                return self.nowhere  # type: ignore[attr-defined,no-any-return]

    with pytest.raises(AttributeError, match="nowhere"):
        _ = Odd().broken


def test_a_property_does_not_hide_a_column_of_its_name(db: str) -> None:
    """What a mixin calls by the column's name would hide a plain attribute: the column wins."""

    class Mixin:
        @property
        def name(self) -> str:
            return "hidden"

    with isolate_apps():

        class Person(Mixin, models.Model):
            name = models.CharField(max_length=100)  # type: ignore[assignment]

            class Meta:
                db_table = "press_author"

    Author.objects.create(name="Ann")

    assert Person.objects.get().name == "Ann"
    assert Person(name="Bob").name == "Bob"


def test_an_unknown_name_in_the_constructor_is_an_error() -> None:
    """The message lists the fields and suggests one."""
    with pytest.raises(TypeError) as caught:
        Author(nam="Ann")

    assert str(caught.value) == (
        "Author() got unexpected keyword arguments: 'nam'. Did you mean \"name\"?\n"
        "  Fields of Author: id, name, email."
    )


def test_a_constraint_that_breaks_is_an_integrity_error(db: str) -> None:
    """The driver's error is the cause of Django's class."""
    author = Author.objects.create(name="Ann")
    Article.objects.create(title="One", author=author)

    with pytest.raises(IntegrityError) as caught:
        Article.objects.create(title="One", author=author)

    assert caught.value.__cause__ is not None


def test_full_clean_reports_every_field() -> None:
    """Messages are Django's, by field."""
    article = Article(title="", status="x", author_id=1, views="many")

    with pytest.raises(ValidationError) as caught:
        article.full_clean(
            exclude=["author", "subtitle", "editor", "published_at"], validate_unique=False
        )

    assert caught.value.message_dict == {
        "title": ["This field cannot be blank."],
        "status": ["Value 'x' is not a valid choice."],
        "views": ["“many” value must be an integer."],
    }


def test_full_clean_finds_what_is_not_unique(db: str) -> None:
    """unique_together is asked of the database."""
    author = Author.objects.create(name="Ann")
    Article.objects.create(title="One", author=author)

    with pytest.raises(ValidationError) as caught:
        Article(title="One", author=author).validate_unique()

    assert caught.value.messages == ["Article with this Author and Title already exists."]


def test_a_choice_has_its_name_for_people() -> None:
    """get_FOO_display() comes with choices."""
    assert Article(status="p").get_status_display() == "Published"  # type: ignore[attr-defined]


def test_meta_has_djangos_documented_names() -> None:
    """_meta is how other code looks at a model."""
    meta = Article._meta

    assert (meta.label, meta.label_lower) == ("press.Article", "press.article")
    assert (meta.app_label, meta.model_name, meta.db_table) == ("press", "article", "press_article")
    assert (meta.verbose_name, meta.verbose_name_plural) == ("article", "articles")
    assert meta.pk.name == "id"
    assert meta.get_field("author").related_model is Author
    assert [field.name for field in meta.many_to_many] == ["tags"]
    assert {"comments", "awards"} <= {field.name for field in meta.get_fields()}
    with pytest.raises(FieldDoesNotExist, match="no field named 'titel'. Did you mean \"title\""):
        meta.get_field("titel")


def test_an_abstract_model_lends_its_fields_and_its_meta() -> None:
    """Each model that inherits has fields of its own."""
    with isolate_apps():

        class Dated(models.Model):
            created = models.DateTimeField(auto_now_add=True)

            class Meta:
                abstract = True
                ordering = ("-created",)

        class Note(Dated):
            text = models.TextField()

        class Memo(Dated):
            text = models.TextField()

    assert [field.name for field in Note._meta.fields] == ["id", "created", "text"]
    assert Note._meta.ordering == ("-created",)
    assert Note._meta.get_field("created") is not Memo._meta.get_field("created")


def test_two_fields_of_one_attribute_are_refused() -> None:
    """Author and author_id would store over each other."""
    with isolate_apps(), pytest.raises(FieldError, match="two fields for the attribute"):

        class Wrong(models.Model):
            author = models.ForeignKey(Author, on_delete=models.CASCADE)
            author_id = models.IntegerField()


def test_defaults_are_made_for_each_object() -> None:
    """A callable default is called each time."""
    assert Everything().key != Everything().key
