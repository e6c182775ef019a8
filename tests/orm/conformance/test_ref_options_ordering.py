"""The options of ``Meta`` that order things.

https://docs.djangoproject.com/en/stable/ref/models/options/
"""

import datetime as dt

import pytest

from raystack_orm import FieldError, models
from raystack_orm.models import F
from raystack_orm.testing import assert_num_queries


class Plain(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_options_order"


class Story(models.Model):
    day = models.DateField()
    priority = models.IntegerField(default=0)
    author = models.CharField(max_length=20, null=True)
    plain = models.ForeignKey(Plain, on_delete=models.CASCADE, null=True)

    class Meta:
        app_label = "c1_options_order"
        get_latest_by = "day"
        ordering = ("-day", F("author").asc(nulls_last=True))
        verbose_name_plural = "stories"
        default_related_name = "%(app_label)s_stories"


class Urgent(models.Model):
    day = models.DateField()
    priority = models.IntegerField(default=0)

    class Meta:
        app_label = "c1_options_order"
        get_latest_by = ("-priority", "day")


class Question(models.Model):
    text = models.TextField()

    class Meta:
        app_label = "c1_options_order"


class Answer(models.Model):
    question = models.ForeignKey(Question, on_delete=models.CASCADE)
    text = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_options_order"
        order_with_respect_to = "question"


def day(number: int) -> dt.date:
    return dt.date(2024, 1, number)


def test_get_latest_by_is_the_field_of_latest_and_earliest(db: str) -> None:
    for number in (2, 3, 1):
        Story.objects.create(day=day(number))
    assert Story.objects.latest().day == day(3)
    assert Story.objects.earliest().day == day(1)


def test_get_latest_by_may_be_several_fields(db: str) -> None:
    for priority, number in ((1, 1), (1, 2), (2, 3)):
        Urgent.objects.create(priority=priority, day=day(number))
    assert Urgent.objects.latest().day == day(2)
    assert Urgent.objects.earliest().day == day(3)


def test_latest_without_fields_is_an_error(db: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Plain.objects.latest()


def test_ordering_is_that_of_every_list(db: str) -> None:
    for number, author in ((1, "b"), (1, None), (1, "a"), (2, "z")):
        Story.objects.create(day=day(number), author=author)
    assert [s.author for s in Story.objects.all()] == ["z", "a", "b", None]
    assert Story.objects.first().author == "z"
    assert Story.objects.last().author is None


def test_ordering_does_not_apply_to_groups(db: str) -> None:
    for author in ("a", "a", "b"):
        Story.objects.create(day=day(1), author=author)
    found = Story.objects.values("day").annotate(n=models.Count("pk"))
    assert [row["n"] for row in found] == [3]


def test_order_with_respect_to_keeps_the_order_of_children(db: str) -> None:
    question = Question.objects.create(text="?")
    keys = [Answer.objects.create(question=question, text=text).pk for text in "abc"]
    assert list(question.get_answer_order()) == keys
    assert question.set_answer_order([keys[2], keys[0], keys[1]]) is None
    assert list(question.get_answer_order()) == [keys[2], keys[0], keys[1]]
    assert [answer.text for answer in question.answer_set.all()] == ["c", "a", "b"]


def test_order_with_respect_to_knows_neighbours(db: str) -> None:
    question = Question.objects.create(text="?")
    first, second = (Answer.objects.create(question=question, text=text) for text in "ab")
    assert first.get_next_in_order() == second
    assert second.get_previous_in_order() == first
    with pytest.raises(Answer.DoesNotExist):
        second.get_next_in_order()


def test_order_with_respect_to_excludes_ordering() -> None:
    assert Answer._meta.get_field("_order").editable is False
    assert Answer._meta.order_with_respect_to.name == "question"


def test_setting_the_order_is_one_query(db: str) -> None:
    question = Question.objects.create(text="?")
    keys = [Answer.objects.create(question=question, text=text).pk for text in "abc"]
    with assert_num_queries(1):
        question.set_answer_order(keys[::-1])


def test_ordering_by_nothing_known_is_an_error(db: str) -> None:
    with pytest.raises(FieldError):
        list(Plain.objects.order_by("nmae"))
