"""The same three answers on Raystack with no plugin."""

from plain import add_routes

from raystack import Kernel, Raystack

app = Raystack(Kernel(discover=False))
add_routes(app)
