"""An endpoint that reads nothing."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/row/{key}")
async def row(key: int) -> dict[str, object]:
    return {"id": key, "title": "Article 00007", "views": 7}
