"""What somebody suggested to families, of those that they reach and those that they only looked up."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import near
from portal.domain.notice_words import by_initials
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.following import SupportReferral
from portal.policies import barred
from portal.policies.scope import unscoped
from portal.queries.shapes import Tag, referral_tag

MOST = 50


@dataclass(frozen=True)
class Suggestion:
    """One, as they wrote it, and how it stands. `href`: where it is seen, if the viewer reaches the family; else the
    family is called by its reference and initials alone."""

    ref: str
    service: str
    family: str
    given: str
    tag: Tag
    href: str | None


@dataclass(frozen=True)
class Suggestions:
    """At most fifty, the latest first; `more`: there are others."""

    rows: list[Suggestion]
    more: bool


def recorded_by(viewer: Viewer) -> Suggestions:
    """Two statements. A family that the viewer is barred from is as if it were not there."""
    with unscoped("what somebody suggested to a family they looked up"):
        rows = db.session.execute(
            select(
                SupportReferral.id,
                SupportReferral.family_id,
                SupportReferral.service_name,
                SupportReferral.state,
                SupportReferral.given_on,
                SupportReferral.confirmed_on,
                SupportReferral.declined_on,
                Family.name.label("family"),
            )
            .join(Family, Family.id == SupportReferral.family_id)
            .where(
                SupportReferral.recorded_by_id == viewer.user_id,
                barred.may_know(Family, viewer.user_id),
            )
            .order_by(SupportReferral.id.desc())
            .limit(MOST + 1)
        ).all()
    shown = rows[:MOST]
    reached = set(db.session.scalars(select(Family.id).where(Family.id.in_([row.family_id for row in shown]))))
    return Suggestions([_row(row, reached=row.family_id in reached) for row in shown], more=len(rows) > MOST)


def reaches(family_id: int) -> bool:
    """Whether the viewer reaches this family, having suggested something to it or not."""
    return db.session.scalars(select(Family.id).where(Family.id == family_id)).first() is not None


def _row(row: Any, *, reached: bool) -> Suggestion:
    ref, family_ref = f"{SupportReferral.ref_prefix}-{row.id}", f"{Family.ref_prefix}-{row.family_id}"
    return Suggestion(
        ref=ref,
        service=row.service_name,
        family=f"{row.family}, {family_ref}" if reached else by_initials(family_ref, row.family),
        given=near(row.given_on, clock.today()),
        tag=referral_tag(row.state, confirmed=row.confirmed_on is not None, declined=row.declined_on is not None),
        href=f"/referrals/{ref}" if reached else None,
    )
