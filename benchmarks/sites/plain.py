"""The three answers as a user of FastAPI alone writes them, and the bare application with them."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, select

FOLDER = Path(__file__).parent
DATABASE = FOLDER / "full" / "rows.sqlite3"

articles = Table(
    "articles_article",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("title", String(100)),
    Column("body", String(500)),
)
engine = create_engine(f"sqlite:///{DATABASE}")
templates = Jinja2Templates(FOLDER / "full" / "templates")


def add_routes(app: FastAPI) -> None:
    """Add the three answers to an application."""

    @app.get("/json/{item}")
    async def json(item: int) -> dict[str, int]:
        return {"item": item}

    @app.get("/page")
    async def page(request: Request) -> HTMLResponse:
        names = [f"Article {number}" for number in range(20)]
        return templates.TemplateResponse(request, "page.html", {"names": names})

    @app.get("/row/{key}")
    def row(key: int) -> dict[str, Any]:
        with engine.connect() as connection:
            found = connection.execute(select(articles).where(articles.c.id == key)).first()
        if found is None:
            raise HTTPException(404)
        return {"id": found.id, "title": found.title, "body": found.body}


app = FastAPI()
add_routes(app)
