"""Done to several families at once: somebody is asked to lead them, or the day of their next review is set; and taken
back together while nobody was told."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain import together as words
from portal.domain.dates import full, london_date
from portal.domain.episodes import EpisodeState
from portal.domain.event_kinds import E
from portal.domain.leads import EndCode, LeadState
from portal.domain.meetings import MeetingState
from portal.domain.permissions import P
from portal.domain.reminders import CLICK
from portal.domain.undo import WINDOW, Latest, why_not
from portal.domain.viewer import Viewer
from portal.facts import leading
from portal.models.families import Family
from portal.models.handover import LeadAssignment
from portal.models.people import User
from portal.models.record import Event
from portal.models.teamwork import Meeting
from portal.policies import rules
from portal.services import episodes, history, leads, meetings, summary, team, undo
from portal.services.leads import Whom
from portal.services.moves import as_it_is, put_back

KINDS = (E.LEAD_WITHDRAWN, E.LEAD_LEAVING, E.LEAD_NOMINATED, E.MEETING_REVIEW_BY)
# Whoever wrote one of these later said something else about when a family is reviewed.
OF_REVIEWS = (E.MEETING_REVIEW_BY, E.MEETING_ARRANGED, E.MEETING_HELD, E.EPISODE_FILLED_IN)


@dataclass(frozen=True)
class Outcome:
    """A line of history by which all is taken back, and in words what came of it."""

    event: Event
    number: int
    words: str


def ask_to_lead(families: Iterable[Family], user_id: int, code: EndCode | None, *, by: Viewer) -> Outcome:
    """Ask this person to lead each of them, in the place of who was asked and has not answered; who leads goes on
    until they accept, and `code` says why. Of the rest it is said why not. Raises Refused where none is left."""
    user = db.session.get_one(User, user_id)
    left, wanted = _sorted(families, lambda family: _why_not_asked(family, user, by))
    if not wanted:
        raise Refused(words.nothing(words.NOBODY_ASKED, left))
    with history.in_one_click():
        made = [_ask(family, user.id, code, by=by) for family in wanted]
    return Outcome(_line_of(made[0]), len(made), words.asked(user.name, len(made), left))


def _sorted(families: Iterable[Family], why_not: Callable[[Family], str | None]) -> tuple[dict[str, str], list[Family]]:
    """By name, why some are left as they are; and the others, locked."""
    left, wanted = {}, []
    for family in families:
        summary.lock(family.id)
        why = why_not(family)
        if why is None:
            wanted.append(family)
        else:
            left[f"{family.name}, {family.ref}"] = why
    return left, wanted


def _why_not_asked(family: Family, user: User, by: Viewer) -> str | None:
    if not (rules.allowed(by, P.LEAD_NOMINATE, family) and rules.allowed(by, P.LEAD_END, family)):
        return words.NOT_YOURS
    if episodes.open_of(family.id) is None:
        return words.NOT_OPEN
    standing = leading.standing(family.id)
    if standing.lead is not None and standing.lead.user_id == user.id:
        return f"{user.name} leads it"
    if standing.asked is not None and standing.asked.user_id == user.id:
        return f"{user.name} was asked already"
    try:
        team.may_see(family, user)
    except FieldRefused as refusal:
        return refusal.words
    return None


def _ask(family: Family, user_id: int, code: EndCode | None, *, by: Viewer) -> LeadAssignment:
    standing = leading.standing(family.id)
    if standing.asked is not None:
        leads.withdraw(db.session.get_one(LeadAssignment, standing.asked.assignment_id), by=by)
    if standing.lead is not None and not standing.lead.may_be_followed:
        if code is None:
            raise FieldRefused(
                "end_code", f"{standing.lead.name} leads {family.ref} since. Select why they stop leading"
            )
        leads.leave(db.session.get_one(LeadAssignment, standing.lead.assignment_id), code, None, by=by)
    return leads.ask(family, Whom(user_id), by=by)


def _line_of(asked: LeadAssignment) -> Event:
    return db.session.scalars(
        select(Event).where(Event.family_id == asked.family_id, Event.subject == asked.ref).order_by(Event.id)
    ).one()


def set_review(families: Iterable[Family], on: date, *, by: Viewer) -> Outcome:
    """The team of each of them meets for a review by this day, unless a meeting is arranged or that is later than the
    standard allows without a reason: those are left as they are, and named. Raises Refused where none is left."""
    if on < clock.today():
        raise FieldRefused("on", "Date of the next review must be today or later")
    left, wanted = _sorted(families, lambda family: _why_not_reviewed(family, on, by))
    if not wanted:
        raise Refused(words.nothing(words.NOT_SET, left))
    with history.in_one_click():
        lines = [_set_review(family, on, by=by) for family in wanted]
    return Outcome(lines[0], len(lines), words.review_set(full(on), len(lines), left))


def _why_not_reviewed(family: Family, on: date, by: Viewer) -> str | None:
    if not rules.allowed(by, P.MEETING_ARRANGE, family):
        return words.NOT_YOURS
    episode = episodes.open_of(family.id)
    if episode is None or episode.state is not EpisodeState.ACTIVE:
        return words.NOT_BEGUN
    next_meeting = db.session.scalars(
        select(Meeting.starts_at)
        .where(Meeting.family_id == family.id, Meeting.state == MeetingState.ARRANGED)
        .order_by(Meeting.starts_at, Meeting.id)
    ).first()
    if next_meeting is not None:
        return words.arranged(full(london_date(next_meeting)))
    if episode.next_review_on == on:
        return words.already(full(on))
    return meetings.why_too_late(family.id, on)


def _set_review(family: Family, on: date, *, by: Viewer) -> Event:
    episode = episodes.to_plan_in(family)
    before = as_it_is(episode, ["next_review_on", "review_set_at"])
    episode.next_review_on, episode.review_set_at = on, clock.now()
    return history.record(
        E.MEETING_REVIEW_BY, family, by=by, data={"when": full(on)}, notify=("lead_professional",), before=before
    )


def take_back(event: Event, *, by: Viewer) -> str:
    """Everything of the same click, so that nobody is told of it. A family of which something changed since is left
    as it is, and named. Raises Refused where none can be taken back."""
    lines = _of_click(event, by)
    if not lines:
        raise Refused(words.TOO_LATE)
    families = {each.id: each for each in db.session.scalars(select(Family).where(Family.id.in_(lines)))}
    left, wanted = _sorted(
        [families[number] for number in sorted(families)],
        lambda family: next(filter(None, map(_why_not_taken_back, lines[family.id])), None),
    )
    if not wanted:
        raise Refused(words.nothing("Nothing was undone", left))
    for family in wanted:
        for line in reversed(lines[family.id]):
            _take_back(family, line, by=by)
    return words.undone(len(wanted), left)


def _of_click(event: Event, by: Viewer) -> Mapping[int, list[Event]]:
    """By family what this click of this person wrote within the minutes of undo, in its order, if it stands."""
    back = aliased(Event)
    rows = db.session.scalars(
        select(Event)
        .where(
            Event.actor_id == by.user_id,
            Event.kind.in_(KINDS),
            Event.recorded_at >= clock.now() - WINDOW,
            ~select(back.id).where(back.family_id == Event.family_id, back.undoes_id == Event.id).exists(),
        )
        .order_by(Event.id)
    )
    found: dict[int, list[Event]] = defaultdict(list)
    for row in rows:
        if event.data.get(CLICK) and row.data.get(CLICK) == event.data[CLICK]:
            found[row.family_id].append(row)
    return found


def _why_not_taken_back(line: Event) -> str | None:
    """Of a family itself much is written that leaves the day of its review as it is."""
    if line.kind is not E.MEETING_REVIEW_BY:
        return undo.why_not_now(line)
    later = db.session.execute(
        select(Event.id, Event.undoes_id, Event.actor_name, Event.recorded_at)
        .where(Event.family_id == line.family_id, Event.kind.in_(OF_REVIEWS))
        .order_by(Event.id.desc())
        .limit(1)
    ).one()
    return why_not(line.id, line.recorded_at, latest=Latest(*later), now=clock.now())


def _take_back(family: Family, line: Event, *, by: Viewer) -> None:
    if line.kind is E.MEETING_REVIEW_BY:
        put_back(episodes.to_plan_in(family), line.before or {})
        undo.cancel_notices(line)
        history.record(E.CHANGE_UNDONE, family, by=by, data={**line.data, "undone": line.kind}, undoes_id=line.id)
        return
    thing = db.session.get_one(LeadAssignment, int(line.subject.partition("-")[2]))
    # Who was never told that they are asked need not be told that they are not.
    asked_no_more = {"state": LeadState.WITHDRAWN.value, "answered_at": clock.now().isoformat()}
    undo.take_back(line, thing, by=by, to=asked_no_more if line.kind is E.LEAD_NOMINATED else None)
    db.session.flush()
