"""Who leads a family in a test, who was asked, and how a lead is ended."""

from sqlalchemy import select

from portal.core.db import db
from portal.domain.leads import LeadState
from portal.models.handover import LeadAssignment
from tests.support.people import Council
from tests.support.web import Browser, Page


def lead_of(council: Council, family_id: int, state: LeadState = LeadState.ACCEPTED) -> LeadAssignment:
    with council.behind_the_scenes():
        return db.session.scalars(
            select(LeadAssignment)
            .where(LeadAssignment.family_id == family_id, LeadAssignment.state == state)
            .order_by(LeadAssignment.id.desc())
        ).first() or LeadAssignment(id=0)


def accepted(council: Council, family_id: int) -> list[str]:
    with council.behind_the_scenes():
        return list(
            db.session.scalars(
                select(LeadAssignment.name).where(
                    LeadAssignment.family_id == family_id, LeadAssignment.state == LeadState.ACCEPTED
                )
            )
        )


def ended(browser: Browser, of: LeadAssignment, **answers: object) -> Page:
    return browser.submit(f"/leads/{of.ref}/end", {"end_code": "left_role", **answers})
