"""A family that nobody opens but by its own door, and somebody who does."""

from typing import Any

from portal.core import clock
from portal.core.db import db
from portal.models.families import Clearance, Family
from tests.support.people import Council, Team, a_family, an_active_family
from tests.support.web import Browser, Page

DOOR = "/break-glass"
WHY = "Police rang at two in the night"


def a_restricted_team(council: Council) -> Team:
    """One manager is cleared."""
    team = an_active_family(council, a_family(council, name="Hidden"))
    with council.behind_the_scenes():
        db.session.get_one(Family, team.family.id).restricted = True
        of = {"family_id": team.family.id, "user_id": council.manager.id}
        db.session.add(Clearance(**of, cleared_at=clock.now()))
    return team


def open_it(browser: Browser, reference: str, **more: Any) -> Page:
    answers = {"reference": reference, "reason": "child_at_risk", "why": WHY, "hours": "4", **more}
    return browser.submit(DOOR, answers)
