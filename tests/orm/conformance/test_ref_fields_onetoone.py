"""OneToOneField: one object on either side.

https://docs.djangoproject.com/en/stable/ref/models/fields/#onetoonefield
"""

import pytest

from raystack_orm import IntegrityError, models, transaction
from raystack_orm.testing import assert_num_queries


class Maker(models.Model):
    class Meta:
        app_label = "c1_o2o"


class Car(models.Model):
    maker = models.ForeignKey(Maker, on_delete=models.CASCADE)

    class Meta:
        app_label = "c1_o2o"


class Engine(models.Model):
    car = models.OneToOneField(Car, models.CASCADE)
    spare_for = models.OneToOneField(Car, models.CASCADE, null=True, related_name="spare")

    class Meta:
        app_label = "c1_o2o"


class Keyed(models.Model):
    car = models.OneToOneField(Car, models.CASCADE, primary_key=True)
    note = models.CharField(max_length=10, default="")

    class Meta:
        app_label = "c1_o2o"


@pytest.fixture
def maker(db: str) -> Maker:
    return Maker.objects.create()


def test_one_to_one_gives_one_object_back(maker: Maker) -> None:
    car = Car.objects.create(maker=maker)
    engine = Engine.objects.create(car=car)
    assert Car.objects.get().engine == engine
    assert Car.objects.get(engine=engine) == car


def test_the_reverse_of_one_to_one_is_loaded_once(maker: Maker) -> None:
    Engine.objects.create(car=Car.objects.create(maker=maker))
    car = Car.objects.get()
    with assert_num_queries(1):
        engine = car.engine
        assert car.engine is engine
        assert engine.car is car


def test_without_an_object_the_reverse_raises(maker: Maker) -> None:
    car = Car.objects.create(maker=maker)
    with pytest.raises(Engine.DoesNotExist):
        car.engine  # noqa: B018 - reading it is what raises
    with pytest.raises(Car.engine.RelatedObjectDoesNotExist):
        car.engine  # noqa: B018 - as above
    assert not hasattr(car, "engine")


def test_one_to_one_is_unique(maker: Maker) -> None:
    car = Car.objects.create(maker=maker)
    Engine.objects.create(car=car)
    assert Engine._meta.get_field("car").unique is True
    with pytest.raises(IntegrityError), transaction.atomic():
        Engine.objects.create(car=car)


def test_assigning_the_reverse_sets_the_key(maker: Maker) -> None:
    car = Car.objects.create(maker=maker)
    engine = Engine(car=Car.objects.create(maker=maker))
    car.spare = engine
    assert engine.spare_for_id == car.pk
    engine.save()
    assert Car.objects.get(spare=engine) == car


def test_one_to_one_may_be_the_primary_key(maker: Maker) -> None:
    car = Car.objects.create(maker=maker)
    keyed = Keyed.objects.create(car=car)
    assert keyed.pk == car.pk
    assert Keyed.objects.get(pk=car.pk) == keyed
    assert car.keyed == keyed
