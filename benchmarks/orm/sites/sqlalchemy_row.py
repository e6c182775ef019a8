"""One row by primary key: FastAPI with SQLAlchemy's AsyncSession over aiosqlite."""

import os

from adapters.sqlalchemy import Article, set_pragmas
from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(f"sqlite+aiosqlite:///{os.environ['BENCH_DATABASE']}")
event.listen(engine.sync_engine, "connect", set_pragmas)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


@app.get("/row/{key}")
async def row(key: int) -> dict[str, object]:
    async with sessions() as session:
        article = await session.get_one(Article, key)
    return {"id": article.id, "title": article.title, "views": article.views}
