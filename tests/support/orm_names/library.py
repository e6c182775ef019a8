"""The models that names are used on."""

import raystack_orm
from raystack_orm import models


class Author(models.Model):
    name = models.CharField(max_length=100, unique=True)
    email = models.EmailField(blank=True)
    born = models.DateField(null=True)

    class Meta:
        app_label = "library"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    name = models.CharField(max_length=30)

    class Meta:
        app_label = "library"


class Article(models.Model):
    title = models.CharField(max_length=200)
    views = models.IntegerField(default=0)
    price = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    published = models.DateTimeField(null=True)
    data = models.JSONField(null=True)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="articles")
    tags = models.ManyToManyField(Tag, related_name="articles")

    class Meta:
        app_label = "library"
        ordering = ("id",)
        get_latest_by = "published"


MODELS = [Author, Tag, Article]


def article(title: str = "On joins", author: str = "Ann", **values: object) -> Article:
    """Store an article, and its author if there is none."""
    ann, _ = Author.objects.get_or_create(name=author)
    made: Article = Article.objects.create(title=title, author=ann, **values)
    return made


def stored(*made: type[models.Model]) -> None:
    """Create the tables of models that a use defines, in the place of another use's."""
    raystack_orm.drop_all(made)
    raystack_orm.create_all(list(made))
