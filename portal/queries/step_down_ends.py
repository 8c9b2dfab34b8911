"""How a step-down ended without early help, and what its social care manager is asked to agree to."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.sealed import within
from portal.domain.dates import full, london_date, near
from portal.domain.step_downs import OPEN, StepDownState
from portal.domain.wording import CHOICES
from portal.models.families import Person, PersonKind
from portal.models.following import FollowUpCheck
from portal.models.handover import StepDown
from portal.models.people import User
from portal.models.step_down_ends import FamilySaidNo, StaysWithSocialCare


@dataclass(frozen=True)
class Line:
    """One fact: its name and what it says; either may hold concepts in braces. `typed`: a person's own words."""

    key: str
    value: str
    typed: bool = False


@dataclass(frozen=True)
class End:
    """`since`: where it waits for the manager's answer, the day it was asked. `said_no`: it ended with the family, and
    there is a way back."""

    title: str
    lines: list[Line]
    since: str | None = None
    said_no: bool = False


def of(step_down: StepDown) -> list[End]:
    """What was recorded of an end, or asked for; nothing for most step-downs."""
    today = clock.today()
    found = []
    if step_down.state is StepDownState.FAMILY_SAID_NO:
        found.append(_said_no(step_down, today))
    if step_down.state in OPEN or step_down.state is StepDownState.STAYS:
        found += _stays(step_down, today)
    return found


def _said_no(step_down: StepDown, today: date) -> End:
    row = db.session.execute(
        select(FamilySaidNo, FollowUpCheck.id, FollowUpCheck.due_on, User.name)
        .outerjoin(FollowUpCheck, FollowUpCheck.step_down_id == FamilySaidNo.step_down_id)
        .outerjoin(User, User.id == FollowUpCheck.owner_id)
        .where(FamilySaidNo.step_down_id == step_down.id)
        .order_by(FollowUpCheck.id.desc())
        .limit(1)
    ).one()
    said: FamilySaidNo = row.FamilySaidNo
    lines = [Line("What the family said, or what was tried", said.words, typed=True)]
    if said.person_name and said.said_on:
        lines.append(Line("Who said it", f"{said.person_name}, {near(said.said_on, today)}"))
    lines += [
        Line("Recorded by", f"{said.recorded_by_name}, {near(london_date(said.recorded_at), today)}"),
        Line("Who reviews this", f"{{{said.review_by.value}:a}}"),
        Line(
            "Who keeps an eye out",
            ", ".join(part for part in (said.watcher_name, within(said.watcher_contact)) if part),
        ),
        Line("How they were told", said.watcher_told or "By a message of this portal"),
    ]
    if row.id:
        lines.append(Line("Asked again", f"C-{row.id}, {row.name}, {near(row.due_on, today)}"))
    if said.offer_again_on:
        lines.append(Line("Offered again on", full(said.offer_again_on)))
    lines.append(Line("The way back", said.way_back, typed=True))
    return End(CHOICES[said.kind], lines, said_no=True)


def _stays(step_down: StepDown, today: date) -> list[End]:
    rows = db.session.scalars(
        select(StaysWithSocialCare)
        .where(StaysWithSocialCare.step_down_id == step_down.id)
        .order_by(StaysWithSocialCare.id.desc())
    ).all()
    return [_stay(row, today) for row in rows]


def _stay(row: StaysWithSocialCare, today: date) -> End:
    now = CHOICES[row.what_now] + (f": {row.worker_name}" if row.worker_name else "")
    lines = [
        Line("Why", row.reason, typed=True),
        Line("What happens now", now),
        Line("Asked by", f"{row.asked_by_name}, {near(row.asked_on, today)}"),
    ]
    if row.trigger:
        lines += [
            Line("What raised the concern", row.trigger, typed=True),
            Line("Contact made about it", row.contact_made or "", typed=True),
        ]
    if row.settled_on is None:
        return End("Asked for: the family stays with social care", [*lines], since=near(row.asked_on, today))
    lines.append(Line("Answered by", f"{row.settled_by_name}, {near(row.settled_on, today)}"))
    lines.append(Line("What they said", row.settled_words or "", typed=True))
    return End("Stays with social care" if row.agreed else "Not agreed: the {step_down} goes on", lines)


def people(step_down: StepDown) -> list[tuple[int, str]]:
    """Those of the family who can have said no: the living, adults first."""
    rows = db.session.execute(
        select(Person.id, Person.given_name, Person.known_as, Person.family_name)
        .where(Person.family_id == step_down.family_id, Person.died_on.is_(None), Person.expected_on.is_(None))
        .order_by(Person.kind != PersonKind.ADULT, Person.id)
    ).all()
    return [(row.id, f"{row.known_as or row.given_name} {row.family_name}") for row in rows]
