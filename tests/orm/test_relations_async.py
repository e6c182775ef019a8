"""The asynchronous twins of related managers, and loading what is missing by afetch()."""

import asyncio

import pytest
from press import Article, Author, Tag
from relations import Person

from raystack_orm import models
from raystack_orm.testing import assert_num_queries


def test_the_objects_that_refer(db: str) -> None:
    """Each method has a twin."""

    async def main() -> None:
        ann = await Author.objects.acreate(name="Ann")
        bob = await Author.objects.acreate(name="Bob")
        one = await ann.articles.acreate(title="One")
        two, created = await ann.articles.aget_or_create(title="Two")
        await ann.articles.aupdate_or_create(title="Two", defaults={"views": 3})
        assert created
        await bob.edited.aadd(one, two)
        assert await bob.edited.acount() == 2
        await bob.edited.aremove(one)
        assert [article async for article in bob.edited.all()] == [two]
        await bob.edited.aset([one])
        assert await bob.edited.aget() == one
        await bob.edited.aclear()
        assert not await bob.edited.aexists()

    asyncio.run(main())


def test_the_objects_at_the_other_side(db: str) -> None:
    """The same for a ManyToManyField."""

    async def main() -> None:
        ann = await Author.objects.acreate(name="Ann")
        article = await ann.articles.acreate(title="One")
        tag = await article.tags.acreate(name="a")
        other, _ = await article.tags.aget_or_create(name="b")
        await article.tags.aupdate_or_create(name="b", defaults={"name": "c"})
        await article.tags.aremove(tag)
        assert [tag.name async for tag in article.tags.all()] == ["c"]
        await article.tags.aset([tag])
        await article.tags.aadd(other)
        assert await article.tags.acount() == 2
        await article.tags.aclear()
        assert not await article.tags.aexists()

    asyncio.run(main())


def test_what_is_missing_can_be_awaited(db: str) -> None:
    """For all that were loaded together; then the attributes need no query."""
    author = Author.objects.create(name="Ann")
    for title in "12":
        article = author.articles.create(title=title)
        article.tags.create(name=title)

    async def main() -> None:
        found = [article async for article in Article.objects.only("title").order_by("title")]
        with assert_num_queries(3):
            await found[0].afetch("views", "author_id")
            await found[0].afetch("author")
        with assert_num_queries(0):
            assert [article.views for article in found] == [0, 0]
            assert found[1].author.name == "Ann"
        with assert_num_queries(1):
            await found[0].afetch("tags")
        with assert_num_queries(0):
            assert [[tag.name for tag in article.tags.all()] for article in found] == [["1"], ["2"]]

    asyncio.run(main())


def test_afetch_loads_what_lazy_access_may_not(db: str) -> None:
    """FETCH_RAISE forbids queries that nobody asked for."""
    Author.objects.create(name="Ann").articles.create(title="1")

    async def main() -> None:
        article = await Article.objects.fetch_mode(models.FETCH_RAISE).aget()
        await article.afetch("author__articles")
        assert [a.title for a in article.author.articles.all()] == ["1"]
        with pytest.raises(AttributeError, match="Cannot find 'writer' on Article"):
            await article.afetch("writer")

    asyncio.run(main())


def test_prefetching_can_be_awaited(db: str) -> None:
    """aprefetch_related_objects()."""
    ann = Person.objects.create(name="Ann")
    ann.friends.add(Person.objects.create(name="Bob"))

    async def main() -> None:
        found = [person async for person in Person.objects.order_by("name")]
        with assert_num_queries(1):
            await models.aprefetch_related_objects(found, "friends")
        assert [[f.name for f in person.friends.all()] for person in found] == [["Bob"], ["Ann"]]

    asyncio.run(main())


def test_tags_are_shared(db: str) -> None:
    """A model that only others refer to is loaded for all as well."""
    tag = Tag.objects.create(name="a")
    Author.objects.create(name="Ann").articles.create(title="1").tags.add(tag)

    async def main() -> list[str]:
        return [article.title async for article in tag.articles.all()]

    assert asyncio.run(main()) == ["1"]
