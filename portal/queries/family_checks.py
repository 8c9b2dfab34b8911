"""All the checks of one family: those that are due, then what came of the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, near
from portal.domain.following import AFTERWARDS, in_short
from portal.domain.support import CheckState
from portal.domain.wording import CHOICES
from portal.facts import follow_up, practice
from portal.models.families import Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.people import User
from portal.queries import ringing
from portal.queries.ringing import NOT_RUNG
from portal.queries.shapes import Due, Tag, due, tag
from portal.queries.support import done_words, outcome_words


@dataclass(frozen=True)
class CheckOfFamily:
    """`due` where it still is; `came`: what came of it, how it was tried, or until when nobody asks; `byline`: when it
    was recorded, and by whom; `note`: why a family that answered is not to be rung."""

    ref: str
    asked: str
    note: str | None
    service: str
    owner: str
    tag: Tag
    due: Due | None
    escalated_to: str | None
    came: str | None
    byline: str | None


def of_family(family: Family) -> list[CheckOfFamily]:
    """The longest overdue first; after what is due, the latest of what is done, put off or void. Two statements."""
    today, days, check = clock.today(), practice.calendar(), FollowUpCheck
    still = check.state == CheckState.DUE
    rows = db.session.execute(
        select(
            check.id,
            check.stage,
            check.state,
            check.due_on,
            check.escalated_to,
            check.outcome,
            check.method,
            check.waiting_on,
            check.done_on,
            check.done_by_name,
            check.waived_until,
            check.waived_by_name,
            check.waived_reason,
            SupportReferral.service_name,
            follow_up.said_no_column().label("said_no"),
            User.name.label("owner"),
            follow_up.answered_by_column().label("answered_by"),
        )
        .outerjoin(SupportReferral, SupportReferral.id == check.referral_id)
        .join(User, User.id == check.owner_id)
        .where(check.family_id == family.id)
        .order_by(
            case((still, 0), else_=1),
            case((still, check.due_on)),
            func.coalesce(check.done_on, check.due_on).desc(),
            check.id.desc(),
        )
    ).all()
    not_rung = ringing.of_rows(row for row in rows if row.state == CheckState.DUE)
    return [_one(row, today, days, not_rung) for row in rows]


def _one(row: Any, today: date, days: Calendar, not_rung: Mapping[str, str]) -> CheckOfFamily:
    ref = f"{FollowUpCheck.ref_prefix}-{row.id}"
    still = row.state is CheckState.DUE
    return CheckOfFamily(
        ref=ref,
        asked=NOT_RUNG if ref in not_rung else in_short(row.stage, said_no=row.said_no),
        note=not_rung.get(ref),
        service=row.service_name or AFTERWARDS[row.stage].title,
        owner=row.owner,
        tag=tag(row.state),
        due=due(row.due_on, today, days) if still else None,
        escalated_to=CHOICES[row.escalated_to] if row.escalated_to and still else None,
        came=_came(row, today),
        byline=_byline(row, today),
    )


def _came(row: Any, today: date) -> str | None:
    if row.state is CheckState.WAIVED:
        return f"Not asked until {near(row.waived_until, today)}: {row.waived_reason}"
    return outcome_words(row) if row.outcome else None


def _byline(row: Any, today: date) -> str | None:
    if row.state is CheckState.WAIVED:
        return f"By {row.waived_by_name}"
    return done_words(row, today)
