"""Models that inherit from each other: places, what they are, and what stands for them."""

from typing import Any

from raystack_orm import models


class PlaceManager(models.Manager["Place"]):
    def named(self, name: str) -> Any:
        return self.filter(name=name)


class Place(models.Model):
    name = models.CharField(max_length=50)
    address = models.CharField(max_length=80, blank=True)

    objects = PlaceManager()

    class Meta:
        app_label = "family"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Rated(models.Model):
    rating = models.IntegerField(null=True)

    class Meta:
        abstract = True


class Restaurant(Place, Rated):
    serves_pizza = models.BooleanField(default=False)
    chef = models.CharField(max_length=50, blank=True)

    class Meta(Rated.Meta):
        app_label = "family"


class ItalianRestaurant(Restaurant):
    serves_gnocchi = models.BooleanField(default=False)

    class Meta:
        app_label = "family"


class Supplier(Place):
    customers = models.ManyToManyField(Restaurant, related_name="provider")

    class Meta:
        app_label = "family"


class ParkingLot(Place):
    place = models.OneToOneField(
        Place, models.CASCADE, parent_link=True, primary_key=True, related_name="lot"
    )
    spaces = models.IntegerField(default=0)

    class Meta:
        app_label = "family"


class Landmark(Place):
    """Another name for a place, with an order and a method of its own."""

    class Meta:
        app_label = "family"
        proxy = True
        ordering = ("-name",)

    def sign(self) -> str:
        return f"* {self.name} *"


class Book(models.Model):
    book_id = models.AutoField(primary_key=True)
    title = models.CharField(max_length=50)

    class Meta:
        app_label = "family"


class Article(models.Model):
    article_id = models.AutoField(primary_key=True)
    headline = models.CharField(max_length=50)

    class Meta:
        app_label = "family"


class BookReview(Book, Article):
    """A child of two."""

    class Meta:
        app_label = "family"


class Question(models.Model):
    text = models.CharField(max_length=50)

    class Meta:
        app_label = "family"


class Answer(models.Model):
    question = models.ForeignKey(Question, models.CASCADE)
    text = models.CharField(max_length=50)

    class Meta:
        app_label = "family"
        order_with_respect_to = "question"


class Event(models.Model):
    name = models.CharField(max_length=50, unique_for_date="day", unique_for_month="day")
    slug = models.CharField(max_length=50, unique=True, null=True)
    day = models.DateField()
    room = models.IntegerField(default=0)
    place = models.ForeignKey(Place, models.SET_NULL, null=True)

    class Meta:
        app_label = "family"
        unique_together = (("day", "room"),)
        constraints = (
            models.UniqueConstraint(fields=["name", "room"], name="family_event_name_room"),
        )


class Square(models.Model):
    side: Any = models.IntegerField()
    area: Any = models.GeneratedField(
        expression=models.F("side") * models.F("side"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        app_label = "family"
