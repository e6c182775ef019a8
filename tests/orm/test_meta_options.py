"""``class Meta`` and ``_meta``: what a model says of itself, and what can be asked of it."""

import copy
from typing import Any

import pytest
from family import Answer, Event, Place, Question
from press import Article, Author

from raystack_orm import FieldDoesNotExist, models
from raystack_orm.testing import isolate_apps


def test_what_meta_does_not_say_has_a_default() -> None:
    """Names come from the class and its app."""
    with isolate_apps():

        class BlogPost(models.Model):
            class Meta:
                app_label = "blog"

    meta = BlogPost._meta
    assert (meta.app_label, meta.model_name, meta.object_name) == ("blog", "blogpost", "BlogPost")
    assert (meta.label, meta.label_lower, str(meta)) == (
        "blog.BlogPost",
        "blog.blogpost",
        "blog.blogpost",
    )
    assert (meta.db_table, meta.db_table_comment, meta.db_tablespace) == ("blog_blogpost", "", "")
    assert (meta.verbose_name, meta.verbose_name_plural) == ("blog post", "blog posts")
    assert meta.verbose_name_raw == "blog post"
    assert meta.default_permissions == ("add", "change", "delete", "view")
    assert (meta.managed, meta.abstract, meta.proxy, meta.swappable) == (True, False, False, None)
    assert (meta.get_latest_by, meta.order_with_respect_to) == (None, None)
    assert (meta.select_on_save, meta.auto_created) == (False, False)
    assert (meta.required_db_features, meta.required_db_vendor) == ([], None)
    assert (meta.default_related_name, meta.base_manager_name) == (None, None)
    assert meta.default_manager_name is None
    assert not meta.permissions
    assert meta.concrete_model is BlogPost
    assert meta.pk.name == "id"
    assert meta.auto_field is meta.pk
    assert meta.pk_fields == (meta.pk,)
    assert repr(meta) == "<Options for BlogPost>"
    assert BlogPost.__doc__ == "BlogPost(id)"


@pytest.mark.parametrize(
    ("name", "spoken"),
    [("BlogPost", "blog post"), ("HTMLPage", "html page"), ("Ab2Cd", "ab2 cd"), ("X", "x")],
)
def test_verbose_names_are_spoken(name: str, spoken: str) -> None:
    """Capitals start words, but those of an abbreviation."""
    with isolate_apps():
        model: Any = type(models.Model)(name, (models.Model,), {"__module__": __name__})
    assert model._meta.verbose_name == spoken


def test_an_unknown_option_is_an_error() -> None:
    """It suggests the nearest one."""
    with isolate_apps(), pytest.raises(TypeError) as caught:

        class Wrong(models.Model):
            class Meta:
                orderin = ("id",)

    assert "'class Meta' got invalid attribute(s): orderin" in str(caught.value)
    assert 'Did you mean "ordering"?' in str(caught.value)


def test_options_are_kept_as_they_were_given() -> None:
    """unique_together may be one tuple of names."""
    with isolate_apps():

        class Given(models.Model):
            a = models.IntegerField()
            b = models.IntegerField()

            class Meta:
                app_label = "x"
                db_table = "given"
                db_table_comment = "A table."
                get_latest_by = ("a",)
                managed = False
                ordering = ("-a", "b")
                permissions = (("fly", "Can fly"),)
                default_permissions = ()
                select_on_save = True
                unique_together = ("a", "b")
                verbose_name = "Gift"
                verbose_name_plural = "Gifts"
                required_db_vendor = "sqlite"
                required_db_features = ("gis_enabled",)

    meta = Given._meta
    assert meta.unique_together == (("a", "b"),)
    assert (meta.ordering, meta.get_latest_by) == (("-a", "b"), ("a",))
    assert meta.permissions == (("fly", "Can fly"),)
    assert meta.original_attrs["db_table"] == "given"
    assert not meta.can_migrate("default")


def test_get_field_finds_fields_and_relations_back() -> None:
    """Reverse relations are named as in queries."""
    meta = Article._meta
    assert meta.get_field("title").max_length == 200
    assert meta.get_field("author_id") is meta.get_field("author")
    assert meta.get_field("comments").related_model.__name__ == "Comment"
    with pytest.raises(FieldDoesNotExist, match="no field named 'pk'"):
        meta.get_field("pk")
    with pytest.raises(FieldDoesNotExist, match='Did you mean "title"'):
        meta.get_field("titel")


def test_get_fields_lists_relations_back_first() -> None:
    """Hidden relations are left out unless asked for."""
    found = [field.name for field in Author._meta.get_fields()]
    assert found[-3:] == ["id", "name", "email"]
    assert {"articles", "edited"} <= set(found)
    shown = Article._meta.get_fields()
    hidden = Article._meta.get_fields(include_hidden=True)
    assert len(hidden) == len(shown) + 1
    assert [field.name for field in Article._meta.many_to_many] == ["tags"]
    assert {rel.name for rel in Article._meta.related_objects} == {"comments", "awards"}
    with pytest.raises(TypeError, match="include_parents"):
        Article._meta.get_fields(include_parents="x")  # type: ignore[arg-type]


def test_a_relation_that_comes_later_is_found() -> None:
    """What was computed from the fields is forgotten when relations are added."""
    with isolate_apps():

        class Early(models.Model):
            pass

        assert set(Early._meta.names) == {"id", "pk"}

        class Late(models.Model):
            early = models.ForeignKey(Early, models.CASCADE)

    assert set(Early._meta.names) == {"id", "pk", "late"}
    Early.add_to_class("name", models.CharField(max_length=5, default=""))
    assert "name" in Early._meta.names
    assert Early(name="x").name == "x"  # type: ignore[attr-defined]


def test_a_related_object_in_the_default_related_name() -> None:
    """Meta.default_related_name names the ways back of all relations."""
    with isolate_apps():

        class Foo(models.Model):
            pass

        class Bar(models.Model):
            foo = models.ForeignKey(Foo, models.CASCADE)

            class Meta:
                default_related_name = "bars"

    assert "bars" in Foo._meta.names


def test_managers() -> None:
    """The default one is the first, unless Meta names another; the base one is plain."""
    with isolate_apps():

        class Narrow(models.Manager[Any]):
            pass

        class Two(models.Model):
            first = Narrow()
            second = models.Manager[Any]()

            class Meta:
                base_manager_name = "first"
                default_manager_name = "second"

        class Wrong(models.Model):
            class Meta:
                base_manager_name = "missing"

    meta = Two._meta
    assert [manager.name for manager in meta.managers] == ["first", "second"]
    assert meta.managers_map["second"] is meta.default_manager is Two._default_manager
    assert meta.base_manager is Two._base_manager is meta.managers_map["first"]
    assert Place._base_manager.name == "_base_manager"
    with pytest.raises(ValueError, match="Wrong has no manager named 'missing'"):
        _ = Wrong._base_manager
    with pytest.raises(AttributeError, match="isn't accessible via Two instances"):
        _ = Two().first


def test_a_field_called_objects_needs_another_manager() -> None:
    """Without one there would be no way to the rows."""
    with isolate_apps(), pytest.raises(ValueError, match="must specify a custom Manager"):

        class Wrong(models.Model):
            objects = models.IntegerField()  # type: ignore[assignment,misc]


def test_indexes_get_names_that_differ() -> None:
    """A name is made of table, column, and a digest of the whole."""
    index = Article._meta.indexes[0]
    assert index.name.startswith("press_artic_views_")
    assert index.name.endswith("_idx")
    assert len(index.name) <= 30
    assert copy.copy(index) == index
    assert [c.name for c in Event._meta.total_unique_constraints] == ["family_event_name_room"]


def test_order_with_respect_to_is_a_field_and_an_order() -> None:
    """_order is the place among the others of the same object."""
    meta = Answer._meta
    assert meta.ordering == ("_order",)
    assert meta.order_with_respect_to is meta.get_field("question")
    assert meta.get_field("_order").editable is False
    assert hasattr(Question, "get_answer_order")
    assert hasattr(Question, "set_answer_order")
    with isolate_apps(), pytest.raises(FieldDoesNotExist, match="no field named 'questio'"):

        class Wrong(models.Model):
            question = models.ForeignKey(Question, models.CASCADE)

            class Meta:
                order_with_respect_to = "questio"


def test_long_names_of_tables_are_shortened() -> None:
    """PostgreSQL takes 63 characters; a digest keeps them apart."""
    with isolate_apps():
        made: list[Any] = [
            type(models.Model)("M" + "x" * 80 + end, (models.Model,), {"__module__": __name__})
            for end in "ab"
        ]
    tables = {model._meta.db_table for model in made}
    assert len(tables) == 2
    assert {len(table) for table in tables} == {63}
