"""A step-down that ends without early help: the family said no or was not reached, or it stays with social care."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.deciding import Together
from portal.domain.engagement import EngagementAnswer
from portal.domain.episodes import EpisodeState
from portal.domain.step_downs import OPEN, NoKind, StayNow
from portal.domain.support import CheckStage, Escalation
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import handovers, waivers
from portal.models.deciding import JointDecision
from portal.models.families import Family, Person
from portal.models.handover import EngagementRecord, Episode, StepDown
from portal.models.people import User
from portal.models.step_down_ends import FamilySaidNo, StaysWithSocialCare
from portal.services import afterwards, checks, episodes, leads, social_work, stays, step_downs, team
from portal.services.moves import walk


@dataclass(frozen=True)
class Watcher:
    """Who keeps an eye out: a colleague with a sign-in, who gets a message, or somebody else who was told."""

    user_id: int | None = None
    name: str | None = None
    contact: str | None = None
    told: str | None = None


@dataclass(frozen=True)
class SaidNo:
    """What the family said, or that it could not be reached, and how it comes back."""

    kind: NoKind
    words: str
    way_back: str
    watcher: Watcher
    person_id: int | None = None
    said_on: date | None = None
    offer_again_on: date | None = None


@dataclass(frozen=True)
class Staying:
    """Why the family stays, what happens now, and, where concern has risen, the trigger and the contact made."""

    reason: str
    what_now: StayNow
    worker_id: int | None = None
    trigger: str | None = None
    contact_made: str | None = None


def family_said_no(step_down: StepDown, said: SaidNo, *, by: Viewer) -> FamilySaidNo:
    """Record it, tell who reviews it and who keeps an eye out, and set the check that asks again."""
    family = db.session.get_one(Family, step_down.family_id)
    person = _who_said(family, said)
    watcher = _watcher(family, said.watcher)
    walk(
        step_down,
        "family_says_no",
        by=by,
        text=said.words,
        happened_on=said.said_on,
        ended_at=clock.now(),
        data={"part": CHOICES[said.kind].lower(), "whom": watcher},
    )
    row = FamilySaidNo(
        family_id=family.id,
        step_down_id=step_down.id,
        kind=said.kind,
        words=said.words,
        person_name=person.name if person else None,
        said_on=said.said_on,
        offer_again_on=said.offer_again_on,
        way_back=said.way_back,
        review_by=_reviewer(family, step_down),
        watcher_id=said.watcher.user_id,
        watcher_name=watcher,
        watcher_contact=said.watcher.contact,
        watcher_told=said.watcher.told,
        recorded_by_name=by.name,
        recorded_at=clock.now(),
    )
    db.session.add(row)
    if person is not None:
        db.session.add(
            EngagementRecord(
                family_id=family.id,
                person_id=person.id,
                step_down_id=step_down.id,
                purpose="{Early_help}",
                answer=EngagementAnswer.SAID_NO,
                asked_by_name=by.name,
                asked_on=said.said_on,
                worries=said.words,
                offer_again_on=said.offer_again_on,
                recorded_at=clock.now(),
            )
        )
    stays.overtaken(step_down, by=by)
    _finish(step_down, by=by)
    afterwards.make(step_down, CheckStage.AFTER_NO, by=by)
    return row


def ask_to_stay(step_down: StepDown, staying: Staying, *, by: Viewer) -> StaysWithSocialCare:
    """Ask the social care manager to agree that the family stays; a later request takes the place of an open one.
    Where both managers decided so already, nobody is asked again: the step-down ends."""
    worker = _worker(step_down, staying)
    stays.overtaken(step_down, by=by)
    decided = waivers.decided(step_down, Together.STAYS)
    if decided is None:
        walk(step_down, "ask_to_stay", by=by, text=staying.reason)
        # The same state, a newer version: a request written before this one does not take its place unseen.
        flag_modified(step_down, "state")
    row = StaysWithSocialCare(
        family_id=step_down.family_id,
        step_down_id=step_down.id,
        reason=staying.reason,
        what_now=staying.what_now,
        worker_id=staying.worker_id,
        worker_name=worker,
        trigger=staying.trigger,
        contact_made=staying.contact_made,
        asked_by_name=by.name,
        asked_on=clock.today(),
    )
    db.session.add(row)
    db.session.flush()
    if decided is not None:
        _as_decided(step_down, row, decided, by=by)
    return row


def _as_decided(step_down: StepDown, row: StaysWithSocialCare, decided: JointDecision, *, by: Viewer) -> None:
    both = f"{decided.proposed_by_name} and {decided.agreed_by_name}"
    walk(
        step_down,
        "stay_as_decided",
        by=by,
        text=row.reason,
        ended_at=clock.now(),
        data={"part": CHOICES[row.what_now].lower(), "whom": both},
    )
    stays.settle(row, decided.reason, agreed=True, by_name=both)
    _back_to_social_work(step_down, row, by=by)


def agree_to_stay(step_down: StepDown, words: str, *, by: Viewer) -> None:
    """The social care manager agrees: the step-down ends, and social work goes on, open again where it had closed."""
    row = open_request(step_down)
    walk(step_down, "stay", by=by, text=words, ended_at=clock.now(), data={"part": CHOICES[row.what_now].lower()})
    stays.settle(row, words, agreed=True, by_name=by.name)
    _back_to_social_work(step_down, row, by=by)


def _back_to_social_work(step_down: StepDown, row: StaysWithSocialCare, *, by: Viewer) -> None:
    family = db.session.get_one(Family, step_down.family_id)
    family.social_work_closed_on = None
    family.social_worker_id = row.worker_id or step_down.social_worker_id
    family.social_care_team_id = step_down.social_care_team_id
    _finish(step_down, by=by)


def not_agreed_to_stay(step_down: StepDown, words: str, *, by: Viewer) -> None:
    """The social care manager does not agree, with why: the step-down goes on where it stood."""
    row = open_request(step_down)
    walk(step_down, "go_on", by=by, text=words)
    stays.settle(row, words, agreed=False, by_name=by.name)


def open_request(step_down: StepDown) -> StaysWithSocialCare:
    """What the manager is asked to agree to. Raises Refused where nobody asked."""
    row = stays.waiting(step_down)
    if row is None:
        raise Refused("Nobody has asked for this family to stay with social care, or it was answered already.")
    return row


def _finish(step_down: StepDown, *, by: Viewer) -> None:
    """The children are free, the episode it was preparing ends unless another step-down goes on with it, and with it
    who leads or was asked to; due checks go to whom it lies with now."""
    step_downs.free_children(step_down)
    db.session.flush()
    others = select(StepDown.id).where(StepDown.family_id == step_down.family_id, StepDown.state.in_(OPEN)).limit(1)
    if step_down.episode_id is not None and db.session.execute(others).first() is None:
        episode = db.session.get_one(Episode, step_down.episode_id)
        if episode.state is EpisodeState.PREPARING:
            episodes.end_before_start(episode, by=by)
            leads.end_with(episode, by=by)
    if db.session.execute(others).first() is None:
        social_work.end_question(db.session.get_one(Family, step_down.family_id))
    checks.reown(step_down.family_id, by=by)


def _who_said(family: Family, said: SaidNo) -> Person | None:
    """Somebody of this family. Raises FieldRefused."""
    if said.kind is NoKind.NOT_REACHED:
        return None
    person = db.session.scalars(
        select(Person).where(Person.id == (said.person_id or 0), Person.family_id == family.id)
    ).first()
    if person is None:
        raise FieldRefused("person", "Choose who said no")
    if said.said_on is None or said.said_on > clock.today():
        raise FieldRefused("said_on", "The date they said no must be today or in the past")
    return person


def _watcher(family: Family, watcher: Watcher) -> str:
    """Their name. Raises FieldRefused where the person may not know of this family."""
    if watcher.user_id is None:
        if not watcher.name or not watcher.told:
            raise FieldRefused("watcher_name", "Enter who will keep an eye out, and how they were told")
        return watcher.name
    user = db.session.get(User, watcher.user_id)
    if user is None:
        raise FieldRefused("watcher", "Choose who will keep an eye out")
    team.may_see(family, user, field="watcher")
    return user.name


def _reviewer(family: Family, step_down: StepDown) -> Escalation:
    """Social work's manager until responsibility moves; early help's where social work has closed."""
    closed = step_down.social_work_closed_on or family.social_work_closed_on
    return Escalation.EARLY_HELP_MANAGER if closed else Escalation.SOCIAL_CARE_MANAGER


def _worker(step_down: StepDown, staying: Staying) -> str | None:
    """The other social worker's name, of the same team. Raises FieldRefused."""
    if staying.what_now is StayNow.CLOSING:
        raise FieldRefused("what_now", "Record instead that the family said no: that ends the {step_down}")
    if staying.what_now is not StayNow.OTHER_WORKER:
        return None
    found = next((each.name for each in handovers.answerers(step_down) if each.user_id == staying.worker_id), None)
    if found is None:
        raise FieldRefused("worker", "Choose who goes on with the family")
    return found
