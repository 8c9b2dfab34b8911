"""Families that were in early help before the portal came: brought in as they are, gaps and all."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.dates import full
from portal.domain.episodes import EARLIEST_START, EpisodeState
from portal.domain.event_kinds import E
from portal.domain.roles import Role
from portal.domain.step_downs import OPEN
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.handover import Episode, StepDown
from portal.models.people import User, UserRole
from portal.models.teamwork import ActionPlan
from portal.services import coordinators, episodes, history, leads, team


@dataclass(frozen=True)
class Known:
    """What is known of early help that goes on already; None is *not known*."""

    started_on: date | None = None
    next_review_on: date | None = None

    @property
    def words(self) -> str:
        """Since 3 March 2024. Next review: not known."""
        since = f"Since {full(self.started_on)}" if self.started_on else "Since when is not known"
        review = f"on {full(self.next_review_on)}" if self.next_review_on else "not known"
        return f"{since}. Next review: {review}"

    def changed(self, before: "Known") -> str:
        """Start from not known to 1 August 2026. Next review from 3 May 2026 to 1 June 2026: what differs alone."""
        parts = (
            ("Start", before.started_on, self.started_on),
            ("Next review", before.next_review_on, self.next_review_on),
        )
        return ". ".join(f"{what} from {_day(old)} to {_day(new)}" for what, old, new in parts if old != new)


def _day(day: date | None) -> str:
    return full(day) if day else "not known"


def bring_in(family: Family, known: Known, *, coordinator_id: int, lead_id: int | None, by: Viewer) -> Episode:
    """Open an active episode with a plan to be written. Who leads was asked long ago, so nobody is asked again:
    they are told that it was recorded.
    Refused where something is open already; raises FieldRefused at the answer that cannot stand."""
    _demand_nothing_open(family)
    _demand_possible(known)
    coordinator = _coordinator(coordinator_id)
    episode = Episode(
        family_id=family.id,
        state=EpisodeState.ACTIVE,
        opened_on=known.started_on or clock.today(),
        active_on=clock.today(),
        brought_in=True,
        start_known=known.started_on is not None,
        next_review_on=known.next_review_on,
    )
    db.session.add(episode)
    db.session.flush()
    db.session.add(ActionPlan(family_id=family.id, episode_id=episode.id))
    flag_modified(family, "name")  # whoever has the form open with other answers is told
    history.record(E.EPISODE_BROUGHT_IN, family, by=by, data={"what": known.words})
    coordinators.assign(family, coordinator, by=by)
    team.join_user(family, coordinator.id, by=by, field="coordinator")
    if lead_id is not None:
        leads.known_to_lead(family, episode, lead_id, by=by)
    return episode


def fill_in(family: Family, known: Known, *, by: Viewer) -> None:
    """Say later what was not known, or put it right. Nothing happens where nothing differs."""
    episode = episodes.open_of(family.id)
    if episode is None or not episode.brought_in:
        raise Refused("This {family} was not brought in from before, so there is nothing to fill in.")
    now = Known(episode.opened_on if episode.start_known else None, episode.next_review_on)
    if known == now:
        return
    _demand_possible(known, was=now)
    episode.start_known = known.started_on is not None
    episode.opened_on = known.started_on or episode.opened_on
    episode.next_review_on = known.next_review_on
    flag_modified(family, "name")
    history.record(E.EPISODE_FILLED_IN, family, by=by, data={"what": known.changed(now)})


def _demand_nothing_open(family: Family) -> None:
    if episodes.open_of(family.id) is not None:
        raise Refused("{Early_help} is open for this {family} already.")
    step_down = db.session.scalars(
        select(StepDown.id).where(StepDown.family_id == family.id, StepDown.state.in_(OPEN)).order_by(StepDown.id)
    ).first()
    if step_down is not None:
        raise Refused(f"This {{family}} comes with the {{step_down}} S-{step_down}: {{early_help}} begins with that.")
    if family.social_worker_id is not None and family.social_work_closed_on is None:
        raise Refused(
            "Social work is open for this {family}. It comes to {early_help} with {step_down:a}, or once social work "
            "has closed."
        )


def _demand_possible(known: Known, *, was: Known | None = None) -> None:
    today = clock.today()
    if known.started_on and known.started_on < EARLIEST_START:
        raise FieldRefused("started_on", f"Date early help started must be after {full(EARLIEST_START)}")
    if known.started_on and known.started_on > today:
        raise FieldRefused("started_on", "Date early help started must be today or in the past")
    unchanged = was is not None and known.next_review_on == was.next_review_on
    if known.next_review_on and known.next_review_on < today and not unchanged:
        raise FieldRefused("next_review_on", "Date of the next review must be today or later")


def _coordinator(user_id: int) -> User:
    found = db.session.scalars(
        select(User)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.id == user_id, User.active, UserRole.role == Role.COORDINATOR)
    ).first()
    if found is None:
        raise FieldRefused("coordinator", "Choose {coordinator:a}")
    return found
