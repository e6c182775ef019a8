"""Sessions: what a site remembers of a visitor from one request to the next."""

from .middleware import SessionMiddleware as SessionMiddleware
from .session import Session as Session
