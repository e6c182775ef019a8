"""Checked by test_typing.py: relations, as a user's code sees them."""
# pyright: strict

from typing import Any, assert_type

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
    sequel = models.ForeignKey["Book"]("self", models.CASCADE)
    untold = models.ForeignKey("Writer", models.CASCADE)
    genres = models.ManyToManyField(Genre, related_name="books")
    similar = models.ManyToManyField["Book"]("self")

    publisher_id: int
    reprint_id: int | None


class Writer(models.Model):
    name = models.CharField(max_length=100)


class Address(models.Model):
    publisher = models.OneToOneField(Publisher, models.CASCADE, related_name="address")
    former = models.OneToOneField(Publisher, models.SET_NULL, null=True, related_name="+")

    publisher_id: int


def to_one(book: Book, publisher: Publisher, address: Address) -> None:
    assert_type(book.publisher, Publisher)
    assert_type(book.publisher.name, str)
    assert_type(book.reprint, Publisher | None)
    assert_type(book.author, Writer)
    assert_type(book.sequel, Book)
    assert_type(book.sequel.sequel, Book)
    assert_type(address.publisher, Publisher)
    assert_type(address.former, Publisher | None)
    assert_type(publisher.address, Address)


def keys(book: Book, address: Address) -> None:
    """The key's attribute is declared by an annotation, as a reverse manager is."""
    assert_type(book.publisher_id, int)
    assert_type(book.reprint_id, int | None)
    assert_type(address.publisher_id, int)
    book.publisher_id = 3
    book.publisher_id = None  # error: assignment reportAttributeAccessIssue
    print(book.author_id)  # error: attr-defined reportAttributeAccessIssue


def to_many(book: Book, publisher: Publisher, genre: Genre) -> None:
    assert_type(publisher.books, models.RelatedManager[Book])
    assert_type(publisher.books.first(), Book | None)
    assert_type(publisher.books.create(), Book)
    assert_type(publisher.books.get_or_create(), tuple[Book, bool])
    assert_type(publisher.books.filter(author__name="x"), models.QuerySet[Book])
    assert_type(book.genres, models.ManyRelatedManager[Genre])
    assert_type(book.genres.get(), Genre)
    assert_type(book.similar.get(), Book)
    assert_type(genre.books.all(), models.QuerySet[Book])
    assert_type(genre.books.update_or_create(), tuple[Book, bool])
    for found in genre.books.all():
        assert_type(found, Book)
    publisher.books.add(book, bulk=False)
    publisher.books.set([book], clear=True)
    genre.books.add(book, 3, through_defaults={"x": 1})
    genre.books.remove(book)
    genre.books.clear()


def writes(book: Book, address: Address, publisher: Publisher) -> None:
    book.publisher = publisher
    book.reprint = None
    address.former = None


def mistakes(book: Book, publisher: Publisher, genre: Genre, address: Address) -> None:
    book.publisher = None  # error: assignment reportAttributeAccessIssue
    book.publisher = genre  # error: assignment reportAttributeAccessIssue
    address.publisher = None  # error: assignment reportAttributeAccessIssue
    print(book.reprint.name)  # error: union-attr reportOptionalMemberAccess
    print(book.publisher.title)  # error: attr-defined reportAttributeAccessIssue
    publisher.books.add(genre)  # error: arg-type reportArgumentType
    publisher.books.set([genre])  # error: list-item reportArgumentType
    publisher.magazines.all()  # error: attr-defined reportAttributeAccessIssue
    list(publisher.books)  # error: call-overload reportArgumentType
    models.ForeignKey(Publisher)  # error: call-arg reportCallIssue
    models.ForeignKey(Publisher, models.CASCADE, nul=True)  # error: call-arg reportCallIssue


def without_a_type(book: Book) -> None:
    """A relation to a model named by a string says nothing of its type, unless it is annotated."""
    writer: Any = book.untold
    print(writer)
