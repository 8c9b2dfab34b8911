"""One's own checks and call-backs that are due by today, for the page on which somebody begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar
from portal.domain.following import AFTERWARDS, in_short
from portal.domain.permissions import P
from portal.domain.support import CheckStage, CheckState
from portal.domain.viewer import Viewer
from portal.facts import follow_up, practice
from portal.models.families import Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.policies import rules
from portal.queries import ringing
from portal.queries.check_lists import calls_first, mine
from portal.queries.ringing import NOT_RUNG
from portal.queries.shapes import Due, due

MOST = 5


@dataclass(frozen=True)
class OwnCheck:
    ref: str
    asked: str
    service: str
    family_ref: str
    family_name: str
    due: Due | None
    note: str | None


@dataclass(frozen=True)
class OwnChecks:
    """At most five; `more` says that there are others."""

    rows: list[OwnCheck]
    more: bool


NONE = OwnChecks([], more=False)


def due_by_today(viewer: Viewer) -> OwnChecks:
    """Families that wait for a call first, then the longest overdue, what came to the viewer as a manager among them.
    Whoever is to be rung waits already. Two statements, and the calendar."""
    if not rules.allowed(viewer, P.CHECK_LIST):
        return NONE
    today, days = clock.today(), practice.calendar()
    # What falls due on a day off is due the next working day.
    by = today if days.is_working_day(today) else days.latest_overdue(today)
    rows = db.session.execute(
        select(
            FollowUpCheck.id,
            FollowUpCheck.stage,
            FollowUpCheck.due_on,
            FollowUpCheck.family_id,
            Family.name.label("family"),
            SupportReferral.service_name,
            follow_up.said_no_column().label("said_no"),
        )
        .join(Family, Family.id == FollowUpCheck.family_id)
        .outerjoin(SupportReferral, SupportReferral.id == FollowUpCheck.referral_id)
        .where(
            FollowUpCheck.state == CheckState.DUE,
            or_(FollowUpCheck.due_on <= by, FollowUpCheck.stage == CheckStage.CALL_BACK),
            mine(viewer),
        )
        .order_by(calls_first(), FollowUpCheck.due_on, FollowUpCheck.id)
        .limit(MOST + 1)
    ).all()
    not_rung = ringing.of_rows(rows)
    found = [_one(row, today, days, not_rung) for row in rows]
    return OwnChecks(found[:MOST], more=len(found) > MOST)


def _one(row: Any, today: date, days: Calendar, not_rung: Mapping[str, str]) -> OwnCheck:
    ref = f"{FollowUpCheck.ref_prefix}-{row.id}"
    return OwnCheck(
        ref=ref,
        asked=NOT_RUNG if ref in not_rung else in_short(row.stage, said_no=row.said_no),
        note=not_rung.get(ref),
        service=row.service_name or AFTERWARDS[row.stage].title,
        family_ref=f"{Family.ref_prefix}-{row.family_id}",
        family_name=row.family,
        due=due(row.due_on, today, days),
    )
