"""The URL map of the portal, as tests look at it."""

from typing import Any

from flask import Flask, url_for
from werkzeug.routing import Rule

from portal.web.policy import Door, Policy
from portal.web.refs import Ref
from tests.support.world import FullFamily


def door_of(app: Flask, endpoint: str) -> Door:
    """What the route of this endpoint asks."""
    door = getattr(app.view_functions[endpoint], "policy", None)
    assert isinstance(door, Door), f"{endpoint} is not guarded"
    return door


def doors(app: Flask) -> dict[str, Door]:
    """Every endpoint but the static files', with its door."""
    return {
        rule.endpoint: door_of(app, rule.endpoint) for rule in app.url_map.iter_rules() if rule.endpoint != "static"
    }


def path_of(app: Flask, rule: Rule, family: FullFamily | None = None, thing: str = "") -> str:
    """The address of this family's thing, or of no family; a family's link is one that opens nothing."""
    values: dict[str, Any] = dict.fromkeys(rule.arguments, "altered")
    if family is not None and rule.arguments:
        door = door_of(app, rule.endpoint)
        assert isinstance(door, Policy)
        assert door.model is not None, f"{rule.endpoint} names no thing, so its row has one word"
        prefix, number = family.ref(door.model, thing).split("-")
        (name,) = rule.arguments
        values = {name: Ref(prefix, int(number))}
    with app.test_request_context():
        return url_for(rule.endpoint, **values)
