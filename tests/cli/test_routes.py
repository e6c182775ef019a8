"""raystack routes: every route in the order it is tried, with its owner."""

import json

from shop import Shop


def test_routes_have_method_path_name_view_and_owner(shop: Shop) -> None:
    shop.app(
        "orders",
        urls="""
        from fastapi import APIRouter, WebSocket
        router = APIRouter()

        @router.get("/{number:int}", name="detail")
        def detail(number: int): ...

        @router.websocket("/live", name="live")
        async def live(socket: WebSocket): ...
        """,
    )
    shop.write("config/settings.py", "INSTALLED_APPS = ['apps.orders']\n")
    shop.write(
        "config/urls.py",
        """
        from fastapi import APIRouter
        from raystack import include
        router = APIRouter()
        router.include_router(include("apps.orders.urls", namespace="orders"), prefix="/orders")
        """,
    )

    rows = json.loads(shop.run("routes", "orders:", "--format", "json").out)

    assert rows == [
        {
            "method": "GET",
            "path": "/orders/{number:int}",
            "name": "orders:detail",
            "view": "apps.orders.urls.detail",
            "owner": "apps.orders",
        },
        {
            "method": "websocket",
            "path": "/orders/live",
            "name": "orders:live",
            "view": "apps.orders.urls.live",
            "owner": "apps.orders",
        },
    ]
    table = shop.run("routes", "LIVE").out.splitlines()
    assert table[0].split() == ["method", "path", "name", "view", "owner"]
    assert len(table) == 2


def test_a_filter_that_fits_nothing_says_so(shop: Shop) -> None:
    done = shop.run("routes", "nowhere")

    assert (done.code, done.out) == (0, 'No route has "nowhere" in it.\n')
