"""ManyToManyField: its arguments.

https://docs.djangoproject.com/en/stable/ref/models/fields/#manytomanyfield
"""

import pytest

from raystack_orm import FieldError, models
from raystack_orm.testing import assert_num_queries


class Person(models.Model):
    name = models.CharField(max_length=20)
    friends = models.ManyToManyField("self")
    following = models.ManyToManyField("self", symmetrical=False, related_name="followers")
    cousins = models.ManyToManyField("self", symmetrical=True, through="Cousinship")

    class Meta:
        app_label = "c1_m2m"


class Cousinship(models.Model):
    one = models.ForeignKey(Person, models.CASCADE, related_name="+")
    two = models.ForeignKey(Person, models.CASCADE, related_name="+")
    degree = models.IntegerField(default=1)

    class Meta:
        app_label = "c1_m2m"


class Band(models.Model):
    name = models.CharField(max_length=20, default="")
    members = models.ManyToManyField(
        Person, through="Membership", through_fields=("band", "person"), related_name="bands"
    )
    fans = models.ManyToManyField(
        Person, related_name="liked", related_query_name="likes", db_table="c1 fans of"
    )
    secret = models.ManyToManyField(Person, related_name="+")
    loose = models.ManyToManyField(Person, db_constraint=False, related_name="loosely")

    class Meta:
        app_label = "c1_m2m"


class Membership(models.Model):
    band = models.ForeignKey(Band, models.CASCADE)
    person = models.ForeignKey(Person, models.CASCADE)
    inviter = models.ForeignKey(Person, models.CASCADE, null=True, related_name="invitations")
    role = models.CharField(max_length=20, default="singer")

    class Meta:
        app_label = "c1_m2m"


@pytest.fixture
def people(db: str) -> list[Person]:
    return [Person.objects.create(name=name) for name in ("ann", "bob", "cid")]


def test_the_table_between_has_the_names_of_both() -> None:
    table = Person.friends.through
    assert table._meta.db_table == "c1_m2m_person_friends"
    assert table._meta.auto_created is Person
    assert {field.name for field in table._meta.fields} == {"id", "from_person", "to_person"}
    assert {f.name for f in Band.fans.through._meta.fields} == {"id", "band", "person"}


def test_the_table_between_can_be_queried(people: list[Person]) -> None:
    ann, bob, _ = people
    ann.following.add(bob)
    row = Person.following.through.objects.get()
    assert (row.from_person_id, row.to_person_id) == (ann.pk, bob.pk)


def test_db_table_names_the_table(people: list[Person]) -> None:
    band = Band.objects.create()
    band.fans.add(people[0])
    assert Band.fans.through._meta.db_table == "c1 fans of"
    assert band.fans.count() == 1


def test_self_is_symmetrical(people: list[Person]) -> None:
    ann, bob, _ = people
    ann.friends.add(bob)
    assert list(bob.friends.all()) == [ann]
    bob.friends.remove(ann)
    assert not ann.friends.exists()


def test_symmetry_has_no_reverse_name(people: list[Person]) -> None:
    assert not hasattr(people[0], "person_set")


def test_symmetry_can_be_switched_off(people: list[Person]) -> None:
    ann, bob, _ = people
    ann.following.add(bob)
    assert list(bob.following.all()) == []
    assert list(bob.followers.all()) == [ann]


def test_symmetry_with_a_model_between(people: list[Person]) -> None:
    ann, bob, _ = people
    ann.cousins.add(bob, through_defaults={"degree": 2})
    assert list(bob.cousins.all()) == [ann]
    assert set(Cousinship.objects.values_list("degree", flat=True)) == {2}


def test_through_has_data_of_its_own(people: list[Person]) -> None:
    band = Band.objects.create()
    Membership.objects.create(band=band, person=people[0], role="drums")
    assert list(band.members.all()) == [people[0]]
    assert list(people[0].bands.all()) == [band]
    assert Band.objects.filter(membership__role="drums").get() == band


def test_through_fields_say_which_keys_count(people: list[Person]) -> None:
    ann, bob, _ = people
    band = Band.objects.create()
    Membership.objects.create(band=band, person=ann, inviter=bob)
    assert list(band.members.all()) == [ann]
    assert not bob.bands.exists()


def test_through_defaults_fill_the_rest(people: list[Person]) -> None:
    band = Band.objects.create()
    band.members.add(people[0], through_defaults={"role": "bass"})
    band.members.create(name="dan", through_defaults={"role": lambda: "horn"})
    assert set(Membership.objects.values_list("role", flat=True)) == {"bass", "horn"}


def test_set_with_through_defaults(people: list[Person]) -> None:
    band = Band.objects.create()
    band.members.set(people, through_defaults={"role": "choir"})
    assert Membership.objects.filter(role="choir").count() == 3


def test_related_query_name(people: list[Person]) -> None:
    band = Band.objects.create()
    band.fans.add(people[0])
    assert Person.objects.get(likes=band) == people[0]
    assert people[0].liked.get() == band
    with pytest.raises(FieldError):
        Person.objects.filter(liked=band)


def test_a_plus_makes_no_reverse_name(people: list[Person]) -> None:
    band = Band.objects.create()
    band.secret.add(people[0])
    assert Band.objects.filter(secret__name="ann").exists()
    assert not hasattr(people[0], "band_set")


def test_without_constraints_relations_work_the_same(people: list[Person]) -> None:
    band = Band.objects.create()
    band.loose.add(people[0])
    assert people[0].loosely.get() == band


def test_null_and_validators_do_not_apply() -> None:
    field = Band._meta.get_field("fans")
    assert (field.many_to_many, field.concrete, field.null) == (True, False, False)
    assert field.related_model is Person


def test_an_unsaved_object_has_no_relations(db: str) -> None:
    with pytest.raises(ValueError, match="Band"):
        Band().fans.all()


def test_assigning_is_refused(people: list[Person]) -> None:
    band = Band.objects.create()
    with pytest.raises(TypeError):
        band.fans = people


def test_constructing_with_a_relation_is_refused(people: list[Person]) -> None:
    with pytest.raises(TypeError):
        Band(fans=people)


def test_deleting_either_side_deletes_the_row_between(people: list[Person]) -> None:
    band = Band.objects.create()
    band.fans.add(*people)
    people[0].delete()
    assert Band.fans.through.objects.count() == 2
    band.delete()
    assert Band.fans.through.objects.count() == 0
    assert Person.objects.count() == 2


def test_reading_is_one_query(people: list[Person]) -> None:
    band = Band.objects.create()
    band.fans.add(*people)
    with assert_num_queries(1):
        assert len(band.fans.all()) == 3
