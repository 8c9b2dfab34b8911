"""What a request of htmx 4 asks for; of flask-htmx only what htmx 4 kept."""

from flask import make_response
from flask.typing import ResponseReturnValue
from flask_htmx import HTMX

htmx = HTMX()


def wants_a_piece() -> bool:
    """Whether this request is htmx's and gets a piece of the page."""
    return bool(htmx)


def go_to(location: str) -> ResponseReturnValue:
    """Send the whole browser somewhere, from an answer to htmx."""
    response = make_response("", 200)
    response.headers["HX-Redirect"] = location
    return response
