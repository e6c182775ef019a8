"""One row by primary key: FastAPI with Raystack's ORM."""

import os

from adapters.raystack import Article, Peer
from databases import Target
from fastapi import FastAPI

Peer(Target("sqlite", os.environ["BENCH_DATABASE"]))
app = FastAPI()


@app.get("/row/{key}")
async def row(key: int) -> dict[str, object]:
    article = await Article.objects.aget(pk=key)
    return {"id": article.id, "title": article.title, "views": article.views}
