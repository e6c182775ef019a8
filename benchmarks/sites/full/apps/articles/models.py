"""The model of the row."""

from raystack_orm import models


class Article(models.Model):
    """An article."""

    title = models.CharField(max_length=100)
    body = models.CharField(max_length=500)
