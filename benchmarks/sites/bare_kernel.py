"""The smallest Raystack application, with no plugin."""

from raystack import Kernel, Raystack

app = Raystack(Kernel(discover=False))


@app.get("/")
async def index() -> dict[str, str]:
    return {"hello": "world"}
