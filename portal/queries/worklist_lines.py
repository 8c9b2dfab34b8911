"""One family in the worklist, every value ready to print."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from portal.domain.dates import Calendar, london_date, near
from portal.domain.episodes import Stage
from portal.domain.next_steps import REMINDABLE, Next
from portal.domain.viewer import Viewer
from portal.domain.wording import STATES
from portal.domain.words import Word, say
from portal.facts import reminding
from portal.models.families import Family
from portal.queries import next_steps
from portal.queries.families import CANNOT_SEE, lead_words
from portal.queries.shapes import Due, sentence

NOBODY = ("Nobody holds this family", "govuk-tag govuk-tag--red")
NO_LEAD_CLASS = "govuk-tag govuk-tag--red"
NEW = timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """A family in the list; every value ready to print. `action_ref`: the next step is an action, whose date and owner
    can be changed in the list. `remind_of`: what somebody else could be reminded of, ticked where it is `chosen`."""

    ref: str
    href: str
    name: str
    new: bool
    next: str
    note: str | None
    action_ref: str | None
    who: str | None
    due: Due | None
    lead: str
    lead_class: str
    lead_note: str | None
    stage: str
    stage_class: str
    support: str
    changed: str
    remind_of: str | None
    chosen: bool
    reminded: str | None


def line(
    row: Any,
    *,
    now: datetime,
    today: date,
    days: Calendar,
    viewer: Viewer,
    words: Mapping[str, Word],
    stages: Mapping[Stage, Any],
    not_rung: Mapping[str, str],
    select_overdue: bool,
) -> Line:
    stage, stage_class = NOBODY if row.nobody_holds_since else stages[row.stage]
    ref = f"{Family.ref_prefix}-{row.family_id}"
    by = next_steps.by_when(row.next_kind, row.next_due_on, today, days)
    others = row.next_who_id not in (None, viewer.user_id)
    remindable = others and row.reminded_at is None and row.next_kind in REMINDABLE
    return Line(
        ref=ref,
        href=f"/families/{ref}",
        name=row.name,
        new=now - row.added_at <= NEW,
        next=next_steps.sentence(row.next_kind, row.next_text, words, rung=row.next_subject not in not_rung),
        note=not_rung.get(row.next_subject or ""),
        action_ref=row.next_subject if row.next_kind == Next.ACTION else None,
        who=sentence(next_steps.who(row.next_who, row.next_who_id, viewer, words)),
        due=by,
        lead=say(lead_words(row.stage, row.lead_name, row.lead_asked, wanted=row.lead_wanted), words),
        lead_class=NO_LEAD_CLASS if row.lead_wanted and row.lead_name is None else "",
        lead_note=_lead_note(row, today, days, words),
        stage=stage,
        stage_class=stage_class,
        support=f"{row.supports_started} of {row.supports} started" if row.supports else "Nothing suggested yet",
        changed=near(london_date(row.last_event_at), today) if row.last_event_at else "",
        remind_of=row.next_subject if remindable else None,
        reminded=sentence(reminding.reminded_words(row.reminded_at, today)),
        chosen=remindable and select_overdue and by is not None and by.late,
    )


def _lead_note(row: Any, today: date, days: Calendar, words: Mapping[str, Word]) -> str | None:
    """What is wrong with who leads, or was asked to."""
    if row.lead_unseeing:
        return say(CANNOT_SEE, words)
    late = row.lead_answer_by and days.is_overdue(row.lead_answer_by, today)
    return f"To answer by {near(row.lead_answer_by, today)}" if late else None


def stages() -> dict[Stage, tuple[str, str]]:
    """Each stage in words, with how it is shown."""
    return {stage: _stage(stage) for stage in Stage}


def _stage(stage: Stage) -> tuple[str, str]:
    words, colour = STATES[stage].words, STATES[stage].colour.value
    return words, f"govuk-tag govuk-tag--{colour}" if colour else ""
