"""Every address with every number from 1 to 200, as everybody: what is not in reach is not there."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import select
from werkzeug.routing import Rule

from portal.core.db import db
from portal.models.families import Family
from portal.web.policy import Policy
from portal.web.refs import Ref
from tests.attack import FOR_LONG, Record
from tests.policies.person_route import PEOPLE, ROWS
from tests.support.people import Council
from tests.support.routes import door_of
from tests.support.web import SignIn
from tests.support.world import World, a_world

LAST = 200 if FOR_LONG else 12
ABSENT = 404


def rules(app: Flask) -> Iterator[tuple[Rule, type[Any]]]:
    """Each page that is about a thing of a family."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if "GET" in (rule.methods or ()) and ROWS.get(rule.endpoint) and ROWS[rule.endpoint].another is not None:
            door = door_of(app, rule.endpoint)
            assert isinstance(door, Policy)
            assert door.model is not None
            yield rule, door.model


def families_of(council: Council, models: set[type[Any]]) -> dict[tuple[type[Any], int], int]:
    """Whose each thing is, read past the seat-belt."""
    with council.behind_the_scenes():
        return {
            (model, row[0]): row[1]
            for model in models
            for row in db.session.execute(select(model.id, model.id if model is Family else model.family_id))
        }


def closed_to(world: World, who: str) -> set[int]:
    """Families of which this person finds nothing, at whatever address."""
    own, another = world.of(who)
    place = PEOPLE.index(who)
    told = [(row.own[place], row.another[place]) for row in ROWS.values() if row.another is not None]
    found = {world.closed.home.id}
    if all(word == "-" for word, _ in told):
        found.add(own.home.id)
    if all(word == "-" for _, word in told):
        found.add(another.home.id)
    return found


@pytest.mark.parametrize("who", [*PEOPLE, None] if FOR_LONG else ["partner_other_organisation", None])
def test_what_is_not_in_reach_is_not_there(
    council: Council, sign_in: SignIn, record_property: Record, who: str | None
) -> None:
    world, app = a_world(council), council.app
    client = sign_in(getattr(council, who) if who else None).client
    pages = list(rules(app))
    whose = families_of(council, {model for _rule, model in pages})
    closed = closed_to(world, who) if who else set(whose.values())

    tried, faults = 0, []
    for rule, model in pages:
        (name,) = rule.arguments
        for number in range(1, LAST + 1):
            family = whose.get((model, number))
            if family is not None and family not in closed:
                continue
            with app.test_request_context():
                thing: dict[str, Any] = {name: Ref(model.ref_prefix, number)}
                path = url_for(rule.endpoint, **thing)
            answer = client.get(path)
            tried += 1
            absent = answer.status_code == ABSENT if who else answer.headers.get("Location", "").startswith("/sign-in")
            if not absent:
                faults.append(f"{path} as {who or 'nobody'}: {answer.status_code}")

    record_property("addresses", tried)
    assert tried > 100
    assert not faults, "\n" + "\n".join(faults)
