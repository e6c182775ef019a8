"""The models that the ORM's tests share: a small press, with one of every kind of thing."""

import uuid

from raystack_orm import models


class Author(models.Model):
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)

    class Meta:
        app_label = "press"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    name = models.CharField(max_length=30, unique=True)

    class Meta:
        app_label = "press"

    def __str__(self) -> str:
        return self.name


class ArticleManager(models.Manager["Article"]):
    def popular(self) -> "models.QuerySet[Article]":
        return self.filter(views__gte=100)


class Article(models.Model):
    STATUSES = (("d", "Draft"), ("p", "Published"))

    title = models.CharField(max_length=200)
    subtitle = models.CharField(max_length=200, null=True)
    status = models.CharField(max_length=1, choices=STATUSES, default="d")
    views = models.IntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="articles")
    editor = models.ForeignKey(
        "press.Author", on_delete=models.SET_NULL, null=True, related_name="edited"
    )
    tags = models.ManyToManyField(Tag, related_name="articles")

    objects = ArticleManager()

    class Meta:
        app_label = "press"
        unique_together = (("author", "title"),)
        indexes = (models.Index(fields=["-views", "title"]),)

    def __str__(self) -> str:
        return self.title


class Comment(models.Model):
    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="replies")
    author = models.CharField(max_length=50)
    spam = models.BooleanField(default=False)

    class Meta:
        app_label = "press"

    def __str__(self) -> str:
        return f"{self.author} on {self.article}"


class Award(models.Model):
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="awards")
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "press"


class Everything(models.Model):
    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    small = models.SmallIntegerField(null=True)
    whole = models.IntegerField(null=True)
    big = models.BigIntegerField(null=True)
    positive = models.PositiveIntegerField(null=True)
    truth = models.BooleanField(null=True)
    ratio = models.FloatField(null=True)
    price = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    text = models.TextField(null=True)
    slug = models.SlugField(null=True)
    link = models.URLField(null=True)
    day = models.DateField(null=True)
    moment = models.DateTimeField(null=True)
    clock = models.TimeField(null=True)
    data = models.JSONField(null=True)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "press"
