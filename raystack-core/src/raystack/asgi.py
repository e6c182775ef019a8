"""The project's application for a server: ``uvicorn raystack.asgi:app``."""

from .application import get_asgi_application as get_asgi_application

app = get_asgi_application()
