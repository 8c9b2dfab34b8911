"""A time of early help: opened in preparing when a step-down is accepted, active once responsibility moves."""

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.episodes import EpisodeState
from portal.domain.event_kinds import E
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.handover import Episode
from portal.models.teamwork import ActionPlan
from portal.services import history
from portal.services.moves import walk

NO_PLAN = "There is no {plan} yet: it begins when {early_help} accepts {step_down:a} for this family."


def open_of(family_id: int) -> Episode | None:
    """The family's open episode; there is at most one."""
    return db.session.execute(
        select(Episode).where(
            Episode.family_id == family_id,
            Episode.state.in_([EpisodeState.PREPARING, EpisodeState.ACTIVE]),
        )
    ).scalar_one_or_none()


def to_plan_in(family: Family) -> Episode:
    """The episode whose plan is written. Raises Refused where there is none."""
    episode = open_of(family.id)
    if episode is None:
        raise Refused(NO_PLAN)
    return episode


def prepare(family: Family, *, lead_needed: bool, by: Viewer) -> Episode:
    """The open episode, or a new one in preparing with its first plan as a draft. A second acceptance joins it."""
    found = open_of(family.id)
    if found is not None:
        found.lead_needed = found.lead_needed or lead_needed
        return found
    episode = Episode(family_id=family.id, opened_on=clock.today(), lead_needed=lead_needed)
    db.session.add(episode)
    db.session.flush()
    db.session.add(ActionPlan(family_id=family.id, episode_id=episode.id))
    history.record(E.EPISODE_OPENED, episode, by=by)
    return episode


def activate(episode: Episode, *, by: Viewer) -> None:
    """Responsibility has moved. Nothing happens where it already had, for a sibling."""
    if episode.state is EpisodeState.PREPARING:
        walk(episode, "activate", by=by, follows=True, active_on=clock.today())


def end_before_start(episode: Episode, *, by: Viewer) -> None:
    """The step-down ended otherwise: early help does not begin, and its plan stays readable."""
    walk(episode, "end_before_start", by=by, follows=True)
