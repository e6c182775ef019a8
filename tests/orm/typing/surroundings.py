"""Checked by test_typing.py: transactions, signals and schemas, as a user's code sees them."""
# pyright: strict

from typing import Any, assert_type

from pydantic import BaseModel

from raystack_orm import models, transaction
from raystack_orm.models.signals import m2m_changed, post_save
from raystack_orm.signals import receiver


class Author(models.Model):
    name = models.CharField(max_length=100)
    friends = models.ManyToManyField["Author"]("self")


@transaction.atomic
def rename(author: Author, name: str) -> Author:
    author.name = name
    author.save(update_fields=["name"])
    return author


@transaction.atomic(using="default", savepoint=False, durable=True)
def count(author: Author) -> int:
    return author.friends.count()


def transactions(author: Author) -> None:
    with transaction.atomic(), transaction.atomic(using="other"):
        assert_type(rename(author, "x"), Author)
    assert_type(count(author), int)
    transaction.on_commit(lambda: None, using="default")
    rename(author, 3)  # error: arg-type reportArgumentType
    count("x")  # error: arg-type reportArgumentType
    transaction.atomic(durably=True)  # error: call-overload reportCallIssue


@receiver(post_save, sender=Author)
def saved(sender: type[Author], instance: Author, created: bool, **kwargs: Any) -> None:
    assert_type(instance.name, str)


@receiver([post_save, m2m_changed])
async def told(sender: Any, **kwargs: Any) -> None: ...


def signals(author: Author) -> None:
    assert_type(post_save.disconnect(saved, sender=Author), Any)
    m2m_changed.connect(told, sender="blog.Author", dispatch_uid="x")
    saved(Author, author, "yes")  # error: arg-type reportArgumentType
    post_save.connect("told")  # error: arg-type reportArgumentType


def schemas() -> None:
    assert_type(Author.schema(), type[BaseModel])
    assert_type(Author.schema("create", exclude=["id"])(name="x").model_dump(), dict[str, Any])
    Author.schema("creat")  # error: arg-type reportArgumentType


def fetching(author: Author) -> None:
    models.prefetch_related_objects([author], "friends", models.Prefetch("friends", to_attr="all"))
    author.refresh_from_db(fields=["name"])
    assert_type(author.get_deferred_fields(), set[str])
    Author.objects.fetch_mode("RAISE")  # error: arg-type reportArgumentType


def exceptions() -> str:
    try:
        return Author.objects.get(pk=1).name
    except (Author.DoesNotExist, Author.MultipleObjectsReturned) as error:
        return str(error)
