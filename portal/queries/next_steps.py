"""A family's next step: its sentence, whom it waits on, and the page where it is taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain.dates import Calendar
from portal.domain.next_steps import NOT_TO_BE_RUNG, OF_ACTIONS, OF_CHECKS, SENTENCES, Next
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.domain.words import Word, say
from portal.models.families import Family
from portal.policies import rules
from portal.queries.shapes import Due, due

NOTHING = "Nothing is waiting for anybody"
START = "Start {step_down:a}"
NOTHING_OPEN = "Nothing is open for this {family}"
ALREADY = "Record that it is in {early_help} already"


@dataclass(frozen=True)
class NextStep:
    """The most urgent open thing. `may`: the viewer can take it themselves, so that its link is a button. `note`: what
    is to be known first."""

    sentence: str
    who: str | None
    due: Due | None
    href: str | None = None
    link: str | None = None
    may: bool = False
    note: str | None = None


@dataclass(frozen=True)
class _Way:
    """Where a kind of step is taken and what the button says; and for those who may not take it, where it can be
    looked at. <subject>, <family> and <step_down> stand for references."""

    permission: P
    page: str
    button: str
    look_page: str | None = None
    look: str = ""


_SEE_STEP_DOWN = ("/step-downs/<step_down>", "See the {step_down}")
_ACTION = _Way(
    P.ACTION_UPDATE, "/actions/<subject>/update", "Update this action", "/actions/<subject>", "See this action"
)
_MEETING = _Way(
    P.MEETING_WRITE_UP, "/meetings/<subject>/write-up", "Write up the meeting", "/meetings/<subject>", "See the meeting"
)
_CHECK = _Way(P.CHECK_RECORD, "/checks/<subject>", "Record what happened", "/checks/<subject>", "See this check")
_WAYS: Mapping[Next, _Way] = {
    Next.NAME_HOLDER: _Way(P.HOLDER_NAME, "/families/<family>/holder", "Say who holds this family", *_SEE_STEP_DOWN),
    Next.REOPEN_SOCIAL_WORK: _Way(
        P.SOCIAL_WORK_REOPEN, "/families/<family>/social-work-open", "Open social work again", *_SEE_STEP_DOWN
    ),
    Next.STOP_ASKED: _Way(
        P.STOP_SETTLE,
        "/families/<family>/agreement/stop",
        "Say what happens now",
        "/families/<family>/agreement",
        "See what was said",
    ),
    Next.ASK_LEAD: _Way(P.LEAD_NOMINATE, "/families/<family>/team/lead", "Ask someone to lead"),
    Next.ANSWER_LEAD: _Way(P.LEAD_ANSWER, "/nominations/<subject>", "Answer", *_SEE_STEP_DOWN),
    Next.CONFIRM_STAY: _Way(P.STEP_DOWN_AGREE, "/step-downs/<step_down>/stays", "Answer", *_SEE_STEP_DOWN),
    Next.ANSWER_QUESTION: _Way(P.STEP_DOWN_REPLY, "/step-downs/<step_down>/answer", "Answer", *_SEE_STEP_DOWN),
    Next.SETTLE_DECLINE: _Way(
        P.STEP_DOWN_SETTLE_DECLINE, "/step-downs/<step_down>/what-now", "Say what happens now", *_SEE_STEP_DOWN
    ),
    Next.RECORD_LEAD: _Way(P.LEAD_NOMINATE, "/nominations/<subject>/as-told", "Record what they said", *_SEE_STEP_DOWN),
    Next.ANSWER_STEP_DOWN: _Way(P.STEP_DOWN_ANSWER, "/step-downs/<step_down>", "Answer", *_SEE_STEP_DOWN),
    Next.SEND_STEP_DOWN: _Way(
        P.STEP_DOWN_EDIT, "/step-downs/<step_down>/edit", "Go on with the {step_down}", *_SEE_STEP_DOWN
    ),
    Next.CONFIRM: _Way(P.STEP_DOWN_COMPLETE, "/step-downs/<step_down>", "Go to the {step_down}", *_SEE_STEP_DOWN),
    Next.SETTLE_OUTSTANDING: _Way(
        P.OUTSTANDING_SETTLE, "/step-downs/<step_down>", "Go to the {step_down}", *_SEE_STEP_DOWN
    ),
    Next.COVER_NEEDS: _Way(P.PLAN_EDIT, "/families/<family>/plan", "Go to the {plan}", *_SEE_STEP_DOWN),
    Next.ARRANGE_MEETING: _Way(
        P.MEETING_ARRANGE, "/families/<family>/meetings/new", "Arrange the meeting", *_SEE_STEP_DOWN
    ),
    Next.ARRANGE_NEXT: _Way(P.MEETING_ARRANGE, "/families/<family>/meetings/new", "Arrange the meeting"),
    Next.WRITE_UP_STEP_DOWN: _MEETING,
    Next.WRITE_UP_FIRST_TEAM: _MEETING,
    Next.WRITE_UP_REVIEW: _MEETING,
    **dict.fromkeys(OF_CHECKS, _CHECK),
    Next.PUT_OFF: _Way(P.CHECK_VIEW, "/checks/<subject>", "See this check"),
    Next.INSTEAD: _Way(
        P.REFERRAL_RECORD,
        "/families/<family>/support/new?instead_of=<subject>",
        "Suggest another service",
        "/referrals/<subject>",
        "See what did not start",
    ),
    **dict.fromkeys(OF_ACTIONS, _ACTION),
    Next.ACTION_BACK: _Way(
        P.ACTION_MOVE, "/actions/<subject>/owner", "Choose who does it", "/actions/<subject>", "See this action"
    ),
    Next.PUT_IN_FORCE: _Way(
        P.PLAN_IN_FORCE, "/families/<family>/plan", "Go to the {plan}", "/families/<family>/plan", "See the {plan}"
    ),
}


def sentence(kind: str | None, text: str | None, words: Mapping[str, Word], *, rung: bool = True) -> str:
    """The council's words go in first, then what people wrote, so that theirs passes through unharmed. Not `rung`:
    whoever answered is not to be."""
    if kind is None:
        return NOTHING
    said = SENTENCES[Next(kind)] if rung or kind != Next.CALL_BACK else NOT_TO_BE_RUNG
    return say(said, words).replace("{text}", text or "")


def by_when(kind: str | None, due_on: date | None, today: date, days: Calendar) -> Due | None:
    """None where the sentence says the day itself: a check that is put off."""
    return None if kind == Next.PUT_OFF else due(due_on, today, days)


def who(name: str | None, user_id: int | None, viewer: Viewer, words: Mapping[str, Word]) -> str | None:
    """A person's name, "you", or the people of a concept: {coordinator:many}."""
    if user_id is not None and user_id == viewer.user_id:
        return "you"
    return say(name, words) if name and name.startswith("{") else name


def begins(family: Family, viewer: Viewer, words: Mapping[str, Word]) -> NextStep | None:
    """What social care or early help does next for a family for which nothing is open."""
    here = f"/families/{family.ref}"
    if rules.allowed(viewer, P.STEP_DOWN_START, family):
        return NextStep(say(START, words), None, None, f"{here}/step-downs/new", START, may=True)
    social_work_open = family.social_worker_id is not None and family.social_work_closed_on is None
    if not social_work_open and rules.allowed(viewer, P.ALREADY_HELPED, family):
        return NextStep(say(NOTHING_OPEN, words), None, None, f"{here}/already", ALREADY, may=True)
    return None


def way(
    kind: Next, thing: Any, viewer: Viewer, *, family: str, subject: str | None, step_down: str | None
) -> tuple[str | None, str | None, bool]:
    """Address, words (with concepts in braces), and whether the viewer may take the step, asked of `thing` by the
    rule of the page it leads to. References: the family's, the step's, the step-down's it belongs to."""
    found = _WAYS[kind]
    may = rules.allowed(viewer, found.permission, thing)
    page = found.page if may else found.look_page
    if page is None or ("<step_down>" in page and step_down is None):
        return None, None, False
    for slot, ref in (("<family>", family), ("<subject>", subject), ("<step_down>", step_down)):
        page = page.replace(slot, ref or "")
    return page, found.button if may else found.look, may
