"""What the page asks about a family that is in early help already, and what is known of it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.core.db import db
from portal.domain.episodes import OPEN_EPISODES
from portal.domain.roles import Role
from portal.models.families import Family
from portal.models.handover import Episode
from portal.models.people import User, UserRole
from portal.queries import candidates
from portal.queries.candidates import Candidate


@dataclass(frozen=True)
class Asked:
    """`brought_in`: it stands already, and only dates can be filled in. Candidates are for a first time."""

    brought_in: bool
    started_on: date | None
    next_review_on: date | None
    coordinators: list[tuple[int, str]]
    candidates: list[Candidate]


def of_family(family: Family) -> Asked:
    episode = db.session.execute(
        select(Episode.opened_on, Episode.start_known, Episode.next_review_on).where(
            Episode.family_id == family.id, Episode.state.in_(OPEN_EPISODES), Episode.brought_in
        )
    ).first()
    if episode is not None:
        return Asked(True, episode.opened_on if episode.start_known else None, episode.next_review_on, [], [])
    return for_first_time()


def for_first_time() -> Asked:
    """Nothing is known yet; the rest can be chosen."""
    people = db.session.execute(
        select(User.id, User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.active, UserRole.role == Role.COORDINATOR)
        .order_by(User.name, User.id)
    )
    return Asked(False, None, None, [(row.id, row.name) for row in people], candidates.candidates())
