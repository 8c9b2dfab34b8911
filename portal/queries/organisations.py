"""Organisations as an administrator sees them: how their people may see families, and what was agreed with each."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import counted, full, moment
from portal.domain.organisations import KINDS, OrganisationKind
from portal.domain.sharing import Standing, Warn
from portal.facts import sharing
from portal.models.people import AgreementExtension, Organisation, SharingAgreement, SocialCareTeam, User
from portal.queries import administration
from portal.queries.administration import ChangeLine

NONE_NEEDED = "Needs no agreement"
NOTHING_SEEN = "No sharing agreement today: its people see no {family}"


@dataclass(frozen=True)
class Body:
    """`sharing` may hold concepts; `ends`: it ends soon, or has ended."""

    ref: str
    name: str
    kind: str
    sharing: str
    ends: bool
    people: str
    retired: bool


def every() -> list[Body]:
    """By name, retired ones last; two statements."""
    standings = sharing.standings()
    here = _people_of()
    rows = db.session.execute(
        select(
            Organisation.id,
            Organisation.name,
            Organisation.kind,
            Organisation.retired_at,
            here.label("people"),
        ).order_by(Organisation.retired_at.is_not(None), Organisation.name, Organisation.id)
    )
    return [_body(row, standings[row.id]) for row in rows]


@dataclass(frozen=True)
class Agreement:
    """`live`: it covers today; `open`: it can be ended at once."""

    ref: str
    words: str
    live: bool
    open: bool
    review: str | None
    contact: str | None
    document: str | None
    extensions: list[str]


@dataclass(frozen=True)
class OneBody:
    about: Body
    phone: str | None
    contact: str | None
    needs_agreement: bool
    teams: list[str]
    agreements: list[Agreement]
    changes: list[ChangeLine]


def one(organisation: Organisation) -> OneBody:
    """Six statements."""
    people = db.session.execute(
        select(_people_of()).select_from(Organisation).where(Organisation.id == organisation.id)
    ).scalar_one()
    teams = db.session.scalars(
        select(SocialCareTeam.name)
        .where(SocialCareTeam.organisation_id == organisation.id)
        .order_by(SocialCareTeam.name, SocialCareTeam.id)
    )
    standing = sharing.standings([organisation.id])[organisation.id]
    agreements = list(
        db.session.scalars(
            select(SharingAgreement)
            .where(SharingAgreement.organisation_id == organisation.id)
            .order_by(SharingAgreement.ends_on.desc(), SharingAgreement.id.desc())
        )
    )
    extensions = _extensions([each.id for each in agreements])
    return OneBody(
        Body(
            organisation.ref,
            organisation.name,
            KINDS[organisation.kind],
            *_sharing(standing, organisation.kind),
            counted(people, "person", "people"),
            organisation.retired_at is not None,
        ),
        organisation.phone,
        organisation.contact,
        organisation.kind is not OrganisationKind.COUNCIL,
        list(teams),
        [_agreement(each, extensions.get(each.id, [])) for each in agreements],
        administration.of([organisation.ref, *(each.ref for each in agreements)]),
    )


def name_of(organisation_id: int) -> str:
    return db.session.execute(select(Organisation.name).where(Organisation.id == organisation_id)).scalar_one()


def _people_of() -> Any:
    here = select(func.count(User.id)).where(User.organisation_id == Organisation.id, User.active)
    return here.correlate(Organisation).scalar_subquery()


def _body(row: Any, standing: Standing) -> Body:
    return Body(
        f"{Organisation.ref_prefix}-{row.id}",
        row.name,
        KINDS[row.kind],
        *_sharing(standing, row.kind),
        counted(row.people, "person", "people"),
        row.retired_at is not None,
    )


def _sharing(standing: Standing, kind: OrganisationKind) -> tuple[str, bool]:
    if kind is OrganisationKind.COUNCIL:
        return NONE_NEEDED, False
    if standing.warn is Warn.ENDED or standing.ends_on is None:
        ended = f"{NOTHING_SEEN}. The last one ended on {full(standing.ends_on)}" if standing.ends_on else NOTHING_SEEN
        return ended, True
    return f"Agreement until {full(standing.ends_on)}", standing.warn is not Warn.NOT_YET


def _agreement(row: SharingAgreement, extensions: list[str]) -> Agreement:
    today = clock.today()
    return Agreement(
        ref=row.ref,
        words=f"{full(row.starts_on)} to {full(row.ends_on)}",
        live=row.starts_on <= today <= row.ends_on,
        open=row.ends_on >= today,
        review=full(row.review_on) if row.review_on else None,
        contact=row.contact,
        document=row.document,
        extensions=extensions,
    )


def _extensions(ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = db.session.scalars(
        select(AgreementExtension).where(AgreementExtension.agreement_id.in_(ids)).order_by(AgreementExtension.id)
    )
    for row in rows:
        words = f"{row.by_name} extended it from {full(row.before)} to {full(row.after)} on {moment(row.at)}. {row.why}"
        found.setdefault(row.agreement_id, []).append(words)
    return found
