"""Many families at once, each as if it had been added and brought in by hand; a fixed number of statements."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.episodes import EpisodeState
from portal.domain.event_kinds import E
from portal.domain.family_sheet import SheetFamily, SheetRow
from portal.domain.identifiers import name_key
from portal.domain.leads import OF_A_FILE
from portal.domain.roles import LEADERS, Role
from portal.domain.support import Source
from portal.domain.viewer import Viewer
from portal.facts import sharing
from portal.models.base import Model
from portal.models.families import (
    CoordinatorAssignment,
    Family,
    Household,
    HouseholdMembership,
    ParentalResponsibility,
    Person,
    PersonKind,
    Relationship,
    SafeContact,
)
from portal.models.handover import Episode, LeadAssignment
from portal.models.people import Organisation, User, UserRole
from portal.models.record import Event
from portal.models.teamwork import ActionPlan, TeamMember
from portal.services import history, leads
from portal.services.already_helped import Known

# Columns of a person that are taken as they stand.
OF_PERSON = ("school", "nhs_number", "upn", "social_care_number")
UNBORN = "Baby"


@dataclass(frozen=True)
class Wrong:
    """One cell cannot stand, for a reason that only the database knows."""

    key: str
    reason: str
    line: int


@dataclass(frozen=True)
class Colleague:
    """Somebody who can be named in the file; `barred` says why they cannot be given a family."""

    user: User
    organisation: str
    coordinates: bool
    may_lead: bool
    barred: str | None


Colleagues = Mapping[str, Colleague]


@dataclass(frozen=True)
class NewFamily:
    """A family that nothing speaks against."""

    sheet: SheetFamily
    people: list[Person]
    coordinator: Colleague
    lead: Colleague | None


def colleagues() -> Colleagues:
    """Everybody with an open account, by email address in lower case; read once for some hundred families."""
    roles: dict[int, set[Role]] = {}
    for row in db.session.execute(select(UserRole.user_id, UserRole.role)):
        roles.setdefault(row.user_id, set()).add(row.role)
    rows = db.session.execute(
        select(User, Organisation.name, sharing.is_live(clock.today()).label("shares"))
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(User.active)
    )
    return {
        user.email.lower(): Colleague(
            user,
            organisation,
            Role.COORDINATOR in roles.get(user.id, ()),
            bool(roles.get(user.id, set()) & set(LEADERS)),
            _barred(shares, roles.get(user.id, set())),
        )
        for user, organisation, shares in rows
    }


def _barred(shares: bool, roles: set[Role]) -> str | None:
    if Role.ADMINISTRATOR in roles:
        return "is an administrator, who sees no family"
    return None if shares else "belongs to an organisation without a sharing agreement at present"


def of_rows(each: SheetFamily, who: Colleagues, wrong: list[Wrong], *, by: Viewer) -> NewFamily | None:
    """None where a cell cannot stand: each one is added to `wrong`. Nothing is stored yet."""
    lead = _named(each, "lead_email", who, wrong)
    if lead is not None and not lead.may_lead:
        why = "is the address of somebody who is not asked to lead. Name somebody of a partner"
        wrong.append(Wrong("lead_email", why, each.line_of("lead_email")))
    coordinator = _coordinator(each, who, wrong, by=by)
    if all("kind" in row.values for row in each.rows) and not any(row.values["kind"] == "child" for row in each.rows):
        wrong.append(Wrong("kind", "no child is named in this family", each.line))
    wrong += _twice(each)
    if wrong or each.faults or coordinator is None:
        return None
    return NewFamily(each, [person(None, row) for row in each.rows], coordinator, lead)


def _twice(each: SheetFamily) -> list[Wrong]:
    """Rows that name somebody whom an earlier row named. Twins who are not born yet have no names to tell apart."""
    first: dict[tuple[Any, ...], int] = {}
    found = []
    for row in each.rows:
        said = row.values
        if "given_name" not in said or "family_name" not in said:
            continue
        named = (name_key(said["given_name"]), name_key(said["family_name"]), said.get("born_on"))
        if first.setdefault(named, row.line) != row.line:
            found.append(Wrong("given_name", f"names the same person as line {first[named]:,}", row.line))
    return found


def add(new: Iterable[NewFamily], *, by: Viewer) -> None:
    """Store them all, with their history. Who leads one is told; nobody else."""
    given = list(new)
    families = [_family(each, by=by) for each in given]
    db.session.add_all(families)
    db.session.flush()
    homes = [_home(family, each.sheet) for family, each in zip(families, given, strict=True)]
    episodes = [_episode(family, each.sheet) for family, each in zip(families, given, strict=True)]
    for family, each in zip(families, given, strict=True):
        for one in each.people:
            one.family_id = family.id
        db.session.add_all(each.people)
    db.session.add_all([*homes, *episodes])
    db.session.flush()
    for family, home, episode, each in zip(families, homes, episodes, given, strict=True):
        children = [one for one in each.people if one.kind is PersonKind.CHILD]
        for row, one in zip(each.sheet.rows, each.people, strict=True):
            db.session.add_all(ties(row, one, home, children))
        db.session.add_all(_early_help(family, episode, each))
        history.changed(family.id)
    leading = [
        _lead(family, episode, each, by=by) for family, episode, each in zip(families, episodes, given, strict=True)
    ]
    db.session.add_all(lead for lead in leading if lead is not None)
    db.session.flush()
    lines = [
        line
        for family, lead, each in zip(families, leading, given, strict=True)
        for line in _lines(family, lead, each, by=by)
    ]
    db.session.add_all(lines)
    db.session.flush()
    known = [line for line in lines if line.kind is E.LEAD_KNOWN]
    db.session.add_all(history.message_of(line, rule) for line in known for rule in leads.KNOWN_TELLS)
    db.session.flush()


def _family(each: NewFamily, *, by: Viewer) -> Family:
    said = each.sheet.said("family")
    return Family(
        name=said or f"The {each.people[0].family_name} family",
        council_reference=each.sheet.reference,
        added_by_id=by.user_id,
        added_at=clock.now(),
    )


def _home(family: Family, sheet: SheetFamily) -> Household:
    return Household(family_id=family.id, name="Home", address=sheet.said("address"), postcode=sheet.said("postcode"))


def known(sheet: SheetFamily) -> Known:
    """What the file says of early help. A review that has passed is history: when the next one is, is not known."""
    review = sheet.said("next_review_on")
    return Known(sheet.said("started_on"), review if review and review >= clock.today() else None)


def passed_review(sheet: SheetFamily) -> bool:
    """Whether the file names a next review that is no longer ahead."""
    review = sheet.said("next_review_on")
    return review is not None and review < clock.today()


def _episode(family: Family, sheet: SheetFamily) -> Episode:
    what = known(sheet)
    return Episode(
        family_id=family.id,
        state=EpisodeState.ACTIVE,
        opened_on=what.started_on or clock.today(),
        active_on=clock.today(),
        brought_in=True,
        start_known=what.started_on is not None,
        next_review_on=what.next_review_on,
    )


def person(family_id: int | None, row: SheetRow) -> Person:
    said = row.values
    return Person(
        family_id=family_id,
        kind=PersonKind(said["kind"]),
        given_name=said.get("given_name", UNBORN),
        family_name=said["family_name"],
        date_of_birth=said.get("born_on"),
        expected_on=said.get("expected_on"),
        **{name: said.get(name) for name in OF_PERSON},
    )


def ties(row: SheetRow, one: Person, home: Household, children: Sequence[Person]) -> Iterator[Model]:
    """Where somebody lives, how they can be reached, and what they are to the children."""
    of: dict[str, Any] = {"family_id": one.family_id}
    said = row.values
    yield HouseholdMembership(**of, household_id=home.id, person_id=one.id)
    if "phone" in said:
        yield SafeContact(**of, person_id=one.id, phone=said["phone"], by_phone=said.get("safe_to_ring", False))
    for child in children:
        if child is one:
            continue
        if "relation" in said:
            yield Relationship(**of, person_id=one.id, other_id=child.id, kind=said["relation"])
        if said.get("responsible"):
            yield ParentalResponsibility(**of, adult_id=one.id, child_id=child.id)


def _early_help(family: Family, episode: Episode, each: NewFamily) -> Iterator[Model]:
    of: dict[str, Any] = {"family_id": family.id}
    today = clock.today()
    yield ActionPlan(**of, episode_id=episode.id)
    yield CoordinatorAssignment(**of, user_id=each.coordinator.user.id, from_on=today)
    for colleague in _team(each):
        user = colleague.user
        yield TeamMember(
            **of,
            user_id=user.id,
            name=user.name,
            organisation=colleague.organisation,
            job=user.job,
            contact=user.phone,
            joined_on=today,
        )


def _lead(family: Family, episode: Episode, each: NewFamily, *, by: Viewer) -> LeadAssignment | None:
    return None if each.lead is None else leads.already_leading(family.id, episode.id, each.lead.user, by=by)


def _team(each: NewFamily) -> list[Colleague]:
    """The coordinator, and the lead where that is somebody else."""
    return list({one.user.id: one for one in (each.coordinator, each.lead) if one is not None}.values())


def _lines(family: Family, lead: LeadAssignment | None, each: NewFamily, *, by: Viewer) -> Iterator[Event]:
    def line(kind: E, **data: str) -> Event:
        return history.line_of(kind, family, by=by, data=data)

    yield line(E.FAMILY_ADDED)
    yield line(E.EPISODE_BROUGHT_IN, what=known(each.sheet).words)
    yield line(E.COORDINATOR_ASSIGNED, whom=each.coordinator.user.name)
    for colleague in _team(each):
        yield line(E.TEAM_JOINED, whom=colleague.user.name)
    if lead is not None:
        data = {"whom": lead.name, "known": OF_A_FILE}
        yield history.line_of(E.LEAD_KNOWN, lead, by=by, data=data, source=Source.TOLD)


def _named(each: SheetFamily, key: str, who: Colleagues, wrong: list[Wrong]) -> Colleague | None:
    email = each.said(key)
    if email is None:
        return None
    found = who.get(email.lower())
    if found is None:
        why = "nobody signs in with this address. Leave it empty where it is not known"
        wrong.append(Wrong(key, why, each.line_of(key)))
    elif found.barred:
        wrong.append(Wrong(key, found.barred, each.line_of(key)))
    else:
        return found
    return None


def _coordinator(each: SheetFamily, who: Colleagues, wrong: list[Wrong], *, by: Viewer) -> Colleague | None:
    key = "coordinator_email"
    named = _named(each, key, who, wrong)
    if named is not None and not named.coordinates:
        wrong.append(Wrong(key, "is the address of somebody who is no coordinator", each.line_of(key)))
    if each.said(key) is not None:
        return named
    own = next((one for one in who.values() if one.user.id == by.user_id and one.coordinates), None)
    if own is None:
        wrong.append(Wrong(key, "is empty, and whoever takes the file in is no coordinator", each.line))
    return own
