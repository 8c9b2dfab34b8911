"""Support on the family page: whether it started, how that is known, and who asks next or has put it off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.dates import Calendar, near
from portal.domain.support import Escalation, NeedNow, NotStarted, ReferralState, Source
from portal.domain.wording import CHOICES
from portal.queries.family_rows import Row
from portal.queries.shapes import Due, Tag, due, referral_tag
from portal.queries.support import SHOWN


@dataclass(frozen=True)
class Check:
    """`put_off`: until when nobody asks, and why; then it is not due."""

    ref: str
    href: str
    owner: str
    due: Due | None
    put_off: str | None
    escalated_to: str | None


@dataclass(frozen=True)
class Support:
    """Something suggested to the family: whether it started, how that is known, who asks next."""

    ref: str
    href: str
    service: str
    tag: Tag
    words: str
    check: Check | None


def of_rows(rows: Mapping[str, list[Row]], today: date, days: Calendar) -> list[Support]:
    """The latest first."""
    return [_support(row, rows["check"], today, days) for row in reversed(rows["referral"])]


def _support(row: Row, checks: list[Row], today: date, days: Calendar) -> Support:
    state = ReferralState(row.state)
    # `other_on`: until when it is put off. What is still asked comes before that.
    own = sorted((check for check in checks if check.parent_id == row.id), key=lambda check: check.other_on is not None)
    found = next(iter(own), None)
    return Support(
        ref=f"R-{row.id}",
        href=f"/referrals/R-{row.id}",
        service=row.text,
        tag=referral_tag(state, confirmed=row.team_id == 1, declined=row.team_id == 2),  # noqa: PLR2004
        words=_how_it_went(state, row, today),
        check=Check(
            ref=f"C-{found.id}",
            href=f"/checks/C-{found.id}",
            owner=found.who,
            due=None if found.other_on else due(found.on, today, days),
            put_off=f"Not asked until {near(found.other_on, today)}: {found.text}" if found.other_on else None,
            escalated_to=CHOICES[Escalation(found.state)] if found.state else None,
        )
        if found
        else None,
    )


def _how_it_went(state: ReferralState, row: Row, today: date) -> str:
    if state in (ReferralState.STARTED, ReferralState.ENDED) and row.other_on:
        return f"First received on {near(row.other_on, today)}. {SHOWN[Source(row.who)]}"
    if state is ReferralState.NOT_STARTED:
        return f"{CHOICES[NotStarted(row.label)]}. {CHOICES[NeedNow(row.more)]}"
    return f"Suggested on {near(row.on, today)}" if row.on else ""
