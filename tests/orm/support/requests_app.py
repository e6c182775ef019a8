"""An application of the press, as somebody writes one: it catches no errors of the database."""

from typing import Any

from press import Article, Author, Award, Everything

from raystack import Kernel, Raystack
from raystack_orm import plugin, transaction


def make_application() -> Raystack:
    """Return a Raystack application with the ORM's plugin, and endpoints of both colours."""
    app = Raystack(Kernel(plugins=[plugin], discover=False))

    @app.get("/articles")
    def articles(sort: str = "pk", limit: int = 20, offset: int = 0) -> list[str]:
        found = Article.objects.order_by(*sort.split(","))[offset:][:limit]
        return [article.title for article in found]

    @app.get("/articles-async")
    async def articles_async(sort: str = "pk") -> list[str]:
        return [article.title async for article in Article.objects.order_by(sort)]

    @app.get("/broken")
    def broken(sort: str = "") -> int:
        return Article.objects.filter(titel=sort).count()

    @app.get("/authors/{number}")
    async def author(number: str) -> Any:
        found = await Author.objects.filter(pk=number).afirst()
        return found and found.name

    @app.post("/authors")
    @transaction.atomic
    def create_author(name: str, pk: int | None = None) -> int:
        return Author.objects.create(pk=pk, name=name).pk

    @app.post("/awards")
    async def create_award(article: int) -> int:
        async with transaction.atomic():
            return (await Award.objects.acreate(article_id=article, name="orphan")).pk

    @app.delete("/articles")
    def delete_articles() -> None:
        with transaction.atomic():
            Article.objects.all().delete()

    @app.post("/numbers")
    def create_number(value: int) -> None:
        Everything.objects.create(big=value)

    return app
