"""One row by primary key: Django, for gunicorn's sync worker."""

import os

from adapters.django import Article, Peer
from databases import Target
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, JsonResponse
from django.urls import path

Peer(Target("sqlite", os.environ["BENCH_DATABASE"]))
settings.ROOT_URLCONF = __name__
settings.ALLOWED_HOSTS = ["127.0.0.1"]


def row(_request: HttpRequest, key: int) -> JsonResponse:
    article = Article.objects.get(pk=key)
    return JsonResponse({"id": article.id, "title": article.title, "views": article.views})


urlpatterns = [path("row/<int:key>", row)]
app = WSGIHandler()
