"""Words that were hidden: of one family all of them, and one of them with what it was and who may have read it."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.core.db import db
from portal.domain.dates import counted, moment
from portal.domain.hiding import WHY
from portal.models.families import Family
from portal.models.hiding import HiddenPlace, HiddenWords
from portal.queries import looked
from portal.queries.looked import Looker

# What a table is called on the page; the rest by its name.
TABLES = {
    "action_plan": "an earlier version of the {plan}",
    "audit": "the reason in a line of the log",
    "contact": "a visit or call",
    "contact_person": "a visit or call",
    "earlier_address": "an earlier address",
    "engagement_record": "what somebody said about {early_help}",
    "event": "a line of history",
    "family_answer": "an answer by a link",
    "family_question": "a question by a link",
    "follow_up_check": "{follow_up_check:a}",
    "form_draft": "a form that was not sent yet",
    "household": "a home",
    "keep_apart_reason": "why two people are kept apart",
    "look_up": "the reason of a look-up",
    "meeting": "a meeting",
    "meeting_voice": "what a child said at a meeting",
    "need_review": "a review of a need",
    "note": "a note",
    "outstanding_action": "an outstanding action",
    "person": "what is known of somebody",
    "plan_action": "{action:a}",
    "plan_need": "{need:a}",
    "restriction_request": "that only some may see the {family}, as somebody asked",
    "safe_contact": "how somebody is reached",
    "shared_referral": "what a service was sent",
    "sharing_decision": "a decision about sharing",
    "step_down": "{step_down:a}",
    "step_down_child": "a child of {step_down:a}",
    "step_down_need": "a need of {step_down:a}",
    "step_down_parent": "a parent’s view in {step_down:a}",
    "step_down_question": "a question about {step_down:a}",
    "support_referral": "{support_referral:a}",
    "team_member": "somebody on the {team}",
}


@dataclass(frozen=True)
class Hiding:
    """One time that words were hidden."""

    ref: str
    at: str
    by: str
    code: str
    why: str
    where: str
    put_back: str | None


@dataclass(frozen=True)
class Sealed:
    """The same with what the words were. `looked`: who opened the record while they could be read."""

    hiding: Hiding
    family_ref: str
    words: list[str]
    places: list[str]
    since: str
    looked: list[Looker]


def of_family(family: Family) -> list[Hiding]:
    """The latest first; never what the words were."""
    counts = select(func.count()).where(HiddenPlace.hiding_id == HiddenWords.id).scalar_subquery()
    rows = db.session.execute(
        select(HiddenWords, counts.label("places"))
        .where(HiddenWords.family_id == family.id)
        .order_by(HiddenWords.id.desc())
    )
    return [_hiding(row.HiddenWords, row.places) for row in rows]


def sealed(row: HiddenWords) -> Sealed:
    """The one page that shows what the words were."""
    tables = Counter(db.session.scalars(select(HiddenPlace.of_table).where(HiddenPlace.hiding_id == row.id)))
    return Sealed(
        hiding=_hiding(row, sum(tables.values())),
        family_ref=f"{Family.ref_prefix}-{row.family_id}",
        words=row.words,
        places=[_place(table, n) for table, n in sorted(tables.items())],
        since=moment(row.since),
        looked=looked.between(row.family_id, row.since, row.hidden_at),
    )


def _place(table: str, n: int) -> str:
    words = TABLES.get(table, table.replace("_", " "))
    words = words[:1].upper() + words[1:] if not words.startswith("{") else words
    return words if n == 1 else f"{words}, {n} times"


def _hiding(row: HiddenWords, places: int) -> Hiding:
    return Hiding(
        ref=row.ref,
        at=moment(row.hidden_at),
        by=row.hidden_by_name,
        code=WHY[row.code],
        why=row.why,
        where=counted(places, "place", "places"),
        put_back=f"Put back by {row.put_back_by_name} on {moment(row.put_back_at)}: {row.put_back_why}"
        if row.put_back_at
        else None,
    )
