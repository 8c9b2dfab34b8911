"""Whether whoever answered by a link may be rung, for every list that says so; and whom to ask where they may not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, select

from portal.core.db import db, written
from portal.domain import viewer as asking
from portal.domain.reach import Reach
from portal.domain.support import CheckStage
from portal.models.asking import FamilyAnswer, FamilyQuestion
from portal.models.families import Person, SafeContact
from portal.models.following import FollowUpCheck
from portal.models.record import FamilySummary
from portal.queries.waits import Waits

# In the place of “Ring them: they answered”.
NOT_RUNG = "They answered, and are not to be rung."
_answered = select(FamilyAnswer.question_id).join(FamilyQuestion, FamilyQuestion.id == FamilyAnswer.question_id)


def notes(checks: Iterable[str | None]) -> Mapping[str, str]:
    """Why the family of a call-back is not to be rung and what to do instead, by the check's reference; only where it
    is so. One statement, none where there is no check."""
    numbers = [int(ref.removeprefix("C-")) for ref in checks if ref and ref.startswith("C-")]
    if not numbers:
        return {}
    found = {f"C-{row.id}": _note(row) for row in db.session.execute(_whom_to_ring(numbers))}
    return {ref: note for ref, note in found.items() if note}


def of_rows(rows: Iterable[Any]) -> Mapping[str, str]:
    """The same of rows that have the id and the stage of a check."""
    return notes(f"{FollowUpCheck.ref_prefix}-{row.id}" for row in rows if row.stage is CheckStage.CALL_BACK)


def on_lines(lines: Sequence[Waits]) -> list[Waits]:
    """The same lines, with what is to be known before somebody rings."""
    found = notes(each.remindable for each in lines if each.rings)
    return [replace(each, note=found.get(each.remindable or "")) for each in lines]


def _whom_to_ring(numbers: list[int]) -> Any:
    """The last one who answered about the same support, and how they can be reached."""
    last = (
        _answered.where(
            FamilyQuestion.family_id == FollowUpCheck.family_id, FamilyQuestion.referral_id == FollowUpCheck.referral_id
        )
        .order_by(FamilyAnswer.id.desc())
        .limit(1)
        .correlate(FollowUpCheck)
        .scalar_subquery()
    )
    asked = FamilyQuestion
    safe = SafeContact
    return (
        select(
            FollowUpCheck.id,
            Person.given_name,
            Person.known_as,
            Person.family_name,
            safe.by_phone,
            safe.by_text,
            safe.by_email,
            safe.by_post,
            safe.never_contact,
            FamilySummary.lead_name,
            FamilySummary.lead_asked,
            FamilySummary.lead_user_id,
        )
        .join(FamilySummary, FamilySummary.family_id == FollowUpCheck.family_id)
        .join(asked, and_(asked.family_id == FollowUpCheck.family_id, asked.id == last))
        .join(Person, Person.id == asked.person_id)
        .outerjoin(safe, safe.person_id == Person.id)
        .where(FollowUpCheck.id.in_(numbers), FollowUpCheck.stage == written(CheckStage.CALL_BACK))
    )


def _note(row: Any) -> str | None:
    name = f"{row.known_as or row.given_name} {row.family_name}"
    if row.never_contact:
        return f"Never contact {name}. {_instead(row)}"
    if row.by_phone:
        return None
    # Without the number and the address: where they are needed, on the page of the check, they stand.
    ways = Reach(by_text=bool(row.by_text), by_email=bool(row.by_email), by_post=bool(row.by_post))
    if ways.is_known:
        return f"Do not ring {name}: {ways.words}"
    return f"No safe way to reach {name} is known. {_instead(row)}"


def _instead(row: Any) -> str:
    """Somebody who works with them, and never somebody they live with."""
    viewer = asking.current()
    led = row.lead_name is not None and not row.lead_asked
    leads = led and (viewer is None or row.lead_user_id != viewer.user_id)
    return f"Ask {row.lead_name}, who leads, instead" if leads else "Ask somebody who sees the family instead"
