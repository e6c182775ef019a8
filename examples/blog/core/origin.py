"""No other site's page can make a visitor's browser change something here.

Browsers say which site a request comes from, and pages cannot forge it. This is what the blog has
until there are CSRF tokens: together with the session's cookie, which is ``SameSite=Lax``.
"""

from fastapi import HTTPException, Request

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


async def same_origin(request: Request) -> None:
    """Refuse a request that changes something and comes from another site's page.

    Programs that are no browsers send neither header. They are let through, for they have no
    visitor's cookies to abuse.

    Raises:
        HTTPException: 403, if the request comes from elsewhere.
    """
    if request.method in SAFE_METHODS:
        return
    fetch_site = request.headers.get("sec-fetch-site")
    if fetch_site is not None:
        allowed = fetch_site in {"same-origin", "none"}
    else:
        origin = request.headers.get("origin")
        allowed = origin is None or origin == f"{request.url.scheme}://{request.url.netloc}"
    if not allowed:
        raise HTTPException(403, "This request comes from another site.")
