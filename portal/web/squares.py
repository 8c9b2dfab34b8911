"""An address as a square that a phone reads."""

import segno
from markupsafe import Markup


def square(address: str) -> Markup:
    """Black on white, drawn into the page itself."""
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, light="white", svgclass="app-square", title="")
    return Markup(drawn)  # noqa: S704  (drawn here, from an address made here)
