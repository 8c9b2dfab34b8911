"""The URL map of the portal, as tests look at it."""

from flask import Flask

from portal.web.policy import Door


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
