"""The teams that lack something, with what each lacks."""

import re
from dataclasses import dataclass

from sqlalchemy import or_, select, true

from portal.core.db import db
from portal.core.errors import NotInReach
from portal.domain.roles import Role
from portal.domain.sharing import Warn
from portal.domain.team import LACKS
from portal.domain.viewer import Viewer
from portal.facts import practice, sharing, team_needs
from portal.models.families import Family
from portal.models.handover import Episode
from portal.models.people import User
from portal.models.record import FamilySummary

PAGE = 50
_KEY = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True)
class Lacking:
    """A team; `lacks` may hold concepts in braces."""

    ref: str
    name: str
    lacks: list[str]
    lead: str | None
    coordinator: str | None


@dataclass(frozen=True)
class Page:
    """`more` is the key the next page begins after; `agreements` how many end soon or have ended."""

    teams: list[Lacking]
    more: str | None
    further: bool
    agreements: int
    own: bool


def page(viewer: Viewer, *, after: str | None) -> Page:
    """By reference; four statements. A coordinator's are their own families', the manager's are everybody's. Raises
    NotInReach where there is no such page."""
    if after is not None and not _KEY.fullmatch(after):
        raise NotInReach("There is no such list of teams.")
    own = Role.COORDINATOR in viewer.roles and Role.EARLY_HELP_MANAGER not in viewer.roles
    conditions = team_needs.conditions(team_needs.cutoffs(practice.calendar()))
    rows = db.session.execute(
        select(
            Family.id,
            Family.name,
            FamilySummary.lead_name,
            FamilySummary.lead_asked,
            User.name.label("coordinator"),
            *(condition.label(lacks.value) for lacks, condition in conditions.items()),
        )
        .select_from(Episode)
        .join(Family, Family.id == Episode.family_id)
        .join(FamilySummary, FamilySummary.family_id == Family.id)
        .outerjoin(User, User.id == FamilySummary.coordinator_id)
        .where(
            team_needs.has_a_team(),
            FamilySummary.coordinator_id == viewer.user_id if own else true(),
            Family.id > int(after or 0),
            or_(*conditions.values()),
        )
        .order_by(Family.id)
        .limit(PAGE + 1)
    ).all()
    shown = rows[:PAGE]
    warned = [each for each in sharing.standings().values() if each.warn is not Warn.NOT_YET and each.ends_on]
    return Page(
        teams=[
            Lacking(
                ref=f"{Family.ref_prefix}-{row.id}",
                name=row.name,
                lacks=[LACKS[lacks] for lacks in conditions if getattr(row, lacks.value)],
                lead=None if row.lead_asked else row.lead_name,
                coordinator=row.coordinator,
            )
            for row in shown
        ],
        more=str(shown[-1].id) if len(rows) > PAGE else None,
        further=after is not None,
        agreements=len(warned),
        own=own,
    )
