"""Checked by mypy in test_typing.py: relations, as a user's code sees them with no plugin."""

from typing import assert_type

from raystack_orm import models


class Publisher(models.Model):
    name = models.CharField(max_length=100)
    books: models.RelatedManager["Book"]
    address: "Address"


class Genre(models.Model):
    books: models.ManyRelatedManager["Book"]


class Book(models.Model):
    publisher = models.ForeignKey(Publisher, on_delete=models.CASCADE, related_name="books")
    reprint = models.ForeignKey(Publisher, models.SET_NULL, "+", null=True)
    author: models.ForeignKey["Writer"] = models.ForeignKey("Writer", models.CASCADE)
    genres = models.ManyToManyField(Genre, related_name="books")


class Writer(models.Model):
    name = models.CharField(max_length=100)


class Address(models.Model):
    publisher = models.OneToOneField(Publisher, models.CASCADE, related_name="address")
    former = models.OneToOneField(Publisher, models.SET_NULL, null=True, related_name="+")


def relations(book: Book, publisher: Publisher, genre: Genre, address: Address) -> None:
    assert_type(book.publisher, Publisher)
    assert_type(book.reprint, Publisher | None)
    assert_type(book.author, Writer)
    assert_type(address.publisher, Publisher)
    assert_type(address.former, Publisher | None)
    assert_type(publisher.address, Address)
    assert_type(publisher.books.first(), Book | None)
    assert_type(publisher.books.create(), Book)
    assert_type(book.genres.get(), Genre)
    assert_type(genre.books.all(), models.QuerySet[Book])
    publisher.books.add(book, bulk=False)
    genre.books.add(book, 3, through_defaults={"x": 1})
    publisher.books.add(genre)  # error: Argument 1 to "add" of "RelatedManager" has incompatible
    book.reprint = None
    book.publisher = None  # error: Incompatible types in assignment
    models.ForeignKey(Publisher)  # error: Missing positional argument "on_delete"


async def asynchronous(book: Book, publisher: Publisher) -> None:
    assert_type(await publisher.books.acreate(), Book)
    assert_type(await book.genres.aget_or_create(), tuple[Genre, bool])
