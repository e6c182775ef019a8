"""Model inheritance: abstract base classes, tables of their own, proxies.

https://docs.djangoproject.com/en/stable/topics/db/models/#model-inheritance
"""

import pytest

from raystack_orm import FieldError, models
from raystack_orm.testing import assert_num_queries, isolate_apps


class CommonInfo(models.Model):
    name = models.CharField(max_length=100)
    age = models.PositiveIntegerField(default=1)

    class Meta:
        app_label = "c1_inherit"
        abstract = True
        ordering = ("name",)

    def shout(self) -> str:
        return self.name.upper()


class Unmanaged(models.Model):
    class Meta:
        abstract = True
        managed = False


class Student(CommonInfo):
    group = models.CharField(max_length=5, default="")

    class Meta(CommonInfo.Meta):
        db_table = "c1_student_info"


class Teacher(CommonInfo):
    age = None

    class Meta:
        app_label = "c1_inherit"


class Pupil(CommonInfo):
    name = models.CharField(max_length=5, default="changed")

    class Meta:
        app_label = "c1_inherit"


class Tagged(models.Model):
    m2m = models.ManyToManyField(
        Student,
        related_name="%(app_label)s_%(class)s_related",
        related_query_name="%(app_label)s_%(class)ss",
    )

    class Meta:
        app_label = "c1_inherit"
        abstract = True


class ChildA(Tagged):
    class Meta:
        app_label = "c1_inherit"


class ChildB(Tagged):
    class Meta:
        app_label = "c1_inherit"


class Place(models.Model):
    name = models.CharField(max_length=50)
    address = models.CharField(max_length=80, default="")

    class Meta:
        app_label = "c1_inherit"
        ordering = ("name",)
        get_latest_by = "pk"


class Restaurant(Place):
    serves_pizza = models.BooleanField(default=False)

    class Meta:
        app_label = "c1_inherit"


class Italian(Restaurant):
    chef = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "c1_inherit"
        ordering = ()


class Bar(Place):
    parent = models.OneToOneField(Place, models.CASCADE, parent_link=True, primary_key=True)

    class Meta:
        app_label = "c1_inherit"


class Supplier(Place):
    customers = models.ManyToManyField(Place, related_name="provider")

    class Meta:
        app_label = "c1_inherit"


class Guide(models.Model):
    place = models.ForeignKey(Place, models.CASCADE, related_name="guides")
    restaurant = models.ForeignKey(Restaurant, models.CASCADE, null=True)

    class Meta:
        app_label = "c1_inherit"


class Piece(models.Model):
    piece_id = models.AutoField(primary_key=True)
    word = models.CharField(max_length=5, default="p")

    class Meta:
        app_label = "c1_inherit"


class Article(models.Model):
    article_id = models.AutoField(primary_key=True)
    headline = models.CharField(max_length=5, default="h")

    class Meta:
        app_label = "c1_inherit"


class BookReview(Piece, Article):
    class Meta:
        app_label = "c1_inherit"


def test_an_abstract_models_fields_are_its_childrens(db: str) -> None:
    Student.objects.create(name="ann", age=20, group="x")
    assert Student.objects.get(name="ann").shout() == "ANN"
    assert [field.name for field in Student._meta.fields] == ["id", "name", "age", "group"]


def test_the_abstract_meta_is_inherited() -> None:
    assert tuple(Student._meta.ordering) == ("name",)
    assert Student._meta.abstract is False
    assert Student._meta.db_table == "c1_student_info"


def test_a_field_may_be_replaced_or_removed(db: str) -> None:
    assert Pupil._meta.get_field("name").max_length == 5
    assert Pupil().name == "changed"
    assert "age" not in {field.name for field in Teacher._meta.fields}
    Teacher.objects.create(name="t")


def test_the_abstract_models_own_field_stays_as_it_was() -> None:
    assert CommonInfo._meta.get_field("name").max_length == 100


def test_related_names_in_abstract_models_hold_the_class(db: str) -> None:
    student = Student.objects.create(name="ann")
    a, b = ChildA.objects.create(), ChildB.objects.create()
    a.m2m.add(student)
    b.m2m.add(student)
    assert student.c1_inherit_childa_related.get() == a
    assert student.c1_inherit_childb_related.get() == b
    assert Student.objects.get(c1_inherit_childas=a) == student


def test_a_child_with_a_table_has_its_parents_fields(db: str) -> None:
    Restaurant.objects.create(name="Bob's", serves_pizza=True)
    assert Place.objects.filter(name="Bob's").count() == 1
    assert Restaurant.objects.filter(name="Bob's", serves_pizza=True).count() == 1


def test_a_parent_finds_its_child_by_the_lower_case_name(db: str) -> None:
    made = Restaurant.objects.create(name="Bob's")
    place = Place.objects.get(pk=made.pk)
    with assert_num_queries(1):
        assert place.restaurant == made
        assert place.restaurant is place.restaurant


def test_a_parent_without_the_child_raises(db: str) -> None:
    place = Place.objects.create(name="x")
    with pytest.raises(Restaurant.DoesNotExist):
        place.restaurant  # noqa: B018 - reading it is what raises
    assert not hasattr(place, "restaurant")


def test_the_link_is_a_one_to_one_field() -> None:
    link = Restaurant._meta.get_field("place_ptr")
    assert isinstance(link, models.OneToOneField)
    assert link.remote_field.parent_link is True
    assert (link.primary_key, link.auto_created) == (True, True)


def test_the_link_may_be_declared(db: str) -> None:
    bar = Bar.objects.create(name="x")
    assert bar.parent_id == bar.pk
    assert not hasattr(bar, "place_ptr_id")
    assert Place.objects.get().bar == bar


def test_reading_a_child_is_one_query(db: str) -> None:
    Italian.objects.create(name="a", chef="c")
    with assert_num_queries(1):
        found = Italian.objects.get()
        assert (found.name, found.serves_pizza, found.chef) == ("a", False, "c")


def test_three_levels_share_the_key(db: str) -> None:
    made = Italian.objects.create(name="a")
    assert made.pk == made.id == made.place_ptr_id == made.restaurant_ptr_id
    assert Place.objects.get().restaurant.italian == made


def test_ordering_and_get_latest_by_are_inherited() -> None:
    assert tuple(Restaurant._meta.ordering) == ("name",)
    assert Restaurant._meta.get_latest_by == "pk"
    assert tuple(Italian._meta.ordering) == ()


def test_sorting_filtering_and_updating_over_the_parents_columns(db: str) -> None:
    for name in ("b", "a", "c"):
        Restaurant.objects.create(name=name)
    assert [r.name for r in Restaurant.objects.all()] == ["a", "b", "c"]
    assert Restaurant.objects.filter(name="a").update(name="z", serves_pizza=True) == 1
    assert Restaurant.objects.get(serves_pizza=True).name == "z"
    assert Place.objects.filter(restaurant__serves_pizza=True).get().name == "z"


def test_reverse_relations_are_inherited(db: str) -> None:
    made = Restaurant.objects.create(name="a")
    guide = Guide.objects.create(place=made, restaurant=made)
    assert list(made.guides.all()) == [guide]
    assert list(made.guide_set.all()) == [guide]
    assert Restaurant.objects.get(guides=guide) == made


def test_a_relation_to_the_parent_wants_a_related_name(db: str) -> None:
    supplier = Supplier.objects.create(name="s")
    place = Place.objects.create(name="p")
    supplier.customers.add(place)
    assert list(place.provider.all()) == [supplier]


def test_deferred_columns_of_the_parent_load(db: str) -> None:
    Restaurant.objects.create(name="a", address="x")
    found = Restaurant.objects.only("serves_pizza").get()
    with assert_num_queries(1):
        assert found.address == "x"


def test_several_parents_with_tables(db: str) -> None:
    review = BookReview.objects.create(word="a", headline="b")
    found = BookReview.objects.get()
    assert (found.word, found.headline) == ("a", "b")
    assert review.piece_ptr_id == review.piece_id
    assert Article.objects.get().bookreview == review


def test_a_concrete_parents_field_cannot_be_hidden() -> None:
    with isolate_apps(), pytest.raises(FieldError, match="name"):

        class Hiding(Place):
            name = models.CharField(max_length=5)

            class Meta:
                app_label = "c1_inherit"


def test_delete_of_a_parent_deletes_the_child(db: str) -> None:
    made = Restaurant.objects.create(name="a")
    assert Place.objects.get().delete()[1] == {
        "c1_inherit.Restaurant": 1,
        "c1_inherit.Place": 1,
    }
    assert not Restaurant.objects.filter(pk=made.pk).exists()
