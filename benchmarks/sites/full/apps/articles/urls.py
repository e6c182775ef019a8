"""The three answers, as a user of Raystack writes them."""

from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, Response

from raystack_templates import render_template

from .models import Article

router = APIRouter()


@router.get("/json/{item}")
async def json(item: int) -> dict[str, int]:
    return {"item": item}


@router.get("/page", response_class=HTMLResponse)
async def page() -> Response:
    names = [f"Article {number}" for number in range(20)]
    return render_template("page.html", {"names": names})


@router.get("/row/{key}")
def row(key: int) -> dict[str, Any]:
    try:
        found = Article.objects.get(pk=key)
    except Article.DoesNotExist:
        raise HTTPException(404) from None
    return {"id": found.id, "title": found.title, "body": found.body}
