"""Sharing agreements that end soon or have ended, with the families they concern and who extended them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import counted, full, moment
from portal.domain.leads import LeadState
from portal.domain.sharing import Standing, Warn
from portal.domain.viewer import Viewer
from portal.facts import sharing
from portal.models.families import Family
from portal.models.handover import LeadAssignment
from portal.models.people import AgreementExtension, SharingAgreement, User
from portal.models.teamwork import TeamMember

LISTED = 100
NAMED = 10


@dataclass(frozen=True)
class Led:
    ref: str
    name: str


@dataclass(frozen=True)
class Extension:
    words: str
    why: str


@dataclass(frozen=True)
class Ending:
    """An organisation's last agreement. `led` are families led from there, `more_led` how many are not named;
    `members` says of how many families somebody from there is on the team."""

    agreement_id: int
    organisation: str
    words: str
    ended: bool
    ends_on: date
    contact: str | None
    led: list[Led]
    more_led: str
    members: str
    extensions: list[Extension]


def ending() -> list[Ending]:
    """The earliest end first; five statements, whatever there is."""
    warned = sorted(
        ((id_, each) for id_, each in sharing.standings().items() if each.warn is not Warn.NOT_YET and each.ends_on),
        key=lambda pair: (pair[1].ends_on, pair[1].organisation),
    )[:LISTED]
    organisations = [id_ for id_, _ in warned]
    agreements = _agreements(organisations)
    led, counts = _led(organisations), _counts(organisations)
    extensions = _extensions([row.id for row in agreements.values()])
    return [
        _ending(standing, agreements[id_], led.get(id_, []), counts.get(id_, 0), extensions)
        for id_, standing in warned
        if id_ in agreements
    ]


def of_lead(viewer: Viewer) -> str | None:
    """What somebody who leads families is told of their own organisation's agreement that ends; two statements at
    most."""
    leads = select(LeadAssignment.id).where(
        LeadAssignment.user_id == viewer.user_id, LeadAssignment.state == LeadState.ACCEPTED
    )
    if db.session.execute(leads.limit(1)).first() is None:
        return None
    standing = sharing.standings([viewer.organisation_id])[viewer.organisation_id]
    if not standing.words:
        return None
    if standing.warn is Warn.ENDED:
        return f"{standing.words}. Until there is one, you cannot see the families you lead."
    return f"{standing.words}. After that you cannot see the families you lead, unless it is renewed."


def _ending(
    standing: Standing, agreement: Any, led: list[Led], members: int, extensions: dict[int, list[Extension]]
) -> Ending:
    return Ending(
        agreement_id=agreement.id,
        organisation=standing.organisation,
        words=standing.words,
        ended=standing.warn is Warn.ENDED,
        ends_on=agreement.ends_on,
        contact=agreement.contact,
        led=led[:NAMED],
        more_led=f"and {len(led) - NAMED:,} more" if len(led) > NAMED else "",
        members=counted(members, "family", "families"),
        extensions=extensions.get(agreement.id, []),
    )


def _agreements(organisations: Collection[int]) -> dict[int, Any]:
    """Of each organisation the agreement that lasts longest: the one to extend."""
    rows = db.session.execute(
        select(
            SharingAgreement.id, SharingAgreement.organisation_id, SharingAgreement.ends_on, SharingAgreement.contact
        )
        .where(
            SharingAgreement.organisation_id.in_(organisations),
            SharingAgreement.starts_on <= clock.today(),
        )
        .order_by(SharingAgreement.ends_on, SharingAgreement.id)
    )
    return {row.organisation_id: row for row in rows}


def _led(organisations: Collection[int]) -> dict[int, list[Led]]:
    rows = db.session.execute(
        select(User.organisation_id, Family.id, Family.name)
        .join(LeadAssignment, LeadAssignment.user_id == User.id)
        .join(Family, Family.id == LeadAssignment.family_id)
        .where(User.organisation_id.in_(organisations), LeadAssignment.state == LeadState.ACCEPTED)
        .order_by(Family.id)
    )
    found: dict[int, list[Led]] = {}
    for row in rows:
        found.setdefault(row.organisation_id, []).append(Led(f"{Family.ref_prefix}-{row.id}", row.name))
    return found


def _counts(organisations: Collection[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(User.organisation_id, func.count(TeamMember.family_id.distinct()).label("families"))
        .join(TeamMember, TeamMember.user_id == User.id)
        .where(User.organisation_id.in_(organisations), TeamMember.left_on.is_(None))
        .group_by(User.organisation_id)
    )
    return {row.organisation_id: row.families for row in rows}


def _extensions(agreements: Collection[int]) -> dict[int, list[Extension]]:
    rows = db.session.scalars(
        select(AgreementExtension)
        .where(AgreementExtension.agreement_id.in_(agreements))
        .order_by(AgreementExtension.id.desc())
    )
    found: dict[int, list[Extension]] = {}
    for row in rows:
        words = f"{row.by_name} extended it from {full(row.before)} to {full(row.after)} on {moment(row.at)}"
        found.setdefault(row.agreement_id, []).append(Extension(words, row.why))
    return found
