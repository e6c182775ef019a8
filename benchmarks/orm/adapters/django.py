"""Django, with its connection kept open."""

from typing import Any

import django
from databases import Target
from django.conf import settings
from interface import Adapter, Values

settings.configure(USE_TZ=False, DATABASES={}, INSTALLED_APPS=["adapters"])
django.setup()

from django.db import connections, models, transaction  # noqa: E402 - wants the settings

PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"


class Author(models.Model):
    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=100)
    email = models.CharField(max_length=200)

    class Meta:
        db_table = "author"


class Tag(models.Model):
    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=30)

    class Meta:
        db_table = "tag"


class Content(models.Model):
    id = models.AutoField(primary_key=True)
    title = models.CharField(max_length=200)
    body = models.TextField()
    views = models.IntegerField()
    rating = models.FloatField()
    published = models.BooleanField()
    created = models.DateTimeField()
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class Article(Content):
    tags = models.ManyToManyField(Tag, db_table="article_tags", related_name="articles")

    class Meta:
        db_table = "article"


class Note(Content):
    class Meta:
        db_table = "note"


def database(target: Target) -> dict[str, Any]:
    if target.vendor == "sqlite":
        options = {"init_command": PRAGMAS, "transaction_mode": "IMMEDIATE"}
        own = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": options}
    else:
        own = {name.upper(): value for name, value in target.server.items()}
        own["ENGINE"] = "django.db.backends.postgresql"
    return {"NAME": target.name, "CONN_MAX_AGE": None, **own}


class Peer(Adapter):
    def __init__(self, target: Target) -> None:
        connections.settings = connections.configure_settings({"default": database(target)})
        del connections["default"]  # models were made with one to nowhere

    def get(self, key: int) -> Any:
        return Article.objects.get(pk=key)

    def page(self, views: int) -> Any:
        found = Article.objects.filter(published=True, views__lte=views)
        return list(found.order_by("-views")[:20])

    def everything(self) -> Any:
        return list(Article.objects.order_by("id"))

    def related(self) -> Any:
        articles = Article.objects.select_related("author").order_by("id")[:1000]
        return [(article.id, article.author.name) for article in articles]

    def tagged(self) -> Any:
        articles = Article.objects.filter(id__lte=100).order_by("id").prefetch_related("tags")
        return [(article.id, [tag.name for tag in article.tags.all()]) for article in articles]

    def values(self) -> Any:
        return list(Article.objects.order_by("id").values("id", "title", "views")[:1000])

    def of_author(self, name: str) -> Any:
        return list(Article.objects.filter(author__name=name).order_by("id"))

    def create(self, values: Values) -> None:
        Note.objects.create(**values)

    def create_each(self, rows: list[Values]) -> None:
        with transaction.atomic():
            for values in rows:
                Note.objects.create(**values)

    def bulk(self, rows: list[Values]) -> None:
        Note.objects.bulk_create([Note(**values) for values in rows])

    def change(self, key: int, views: int) -> None:
        note = Note.objects.get(pk=key)
        note.views = views
        note.save()

    def update(self, key: int, views: int) -> None:
        Note.objects.filter(pk=key).update(views=views)

    def remove(self, key: int) -> None:
        Note.objects.get(pk=key).delete()

    def count(self, views: int) -> Any:
        return Article.objects.filter(views__lt=views).count()

    def aggregate(self, views: int) -> Any:
        found = Article.objects.filter(views__lt=views).aggregate(
            rating=models.Avg("rating"), views=models.Max("views")
        )
        return found["rating"], found["views"]
