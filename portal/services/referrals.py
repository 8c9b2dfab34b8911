"""Support suggested to a family: recorded with the service as it was that day, and followed from then on."""

from datetime import date

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.event_kinds import E
from portal.domain.plans import NeedState
from portal.domain.support import CheckStage, HowGiven
from portal.domain.viewer import Viewer
from portal.facts import owners
from portal.models.families import Family, Person
from portal.models.following import FollowUpCheck, Service, SupportReferral
from portal.models.teamwork import PlanNeed
from portal.services import checks, duty, episodes, history


def signpost(
    family: Family,
    *,
    by: Viewer,
    given_on: date,
    how_given: HowGiven,
    service_id: int | None = None,
    service_name: str | None = None,
    service_organisation: str | None = None,
    service_phone: str | None = None,
    plan_need_id: int | None = None,
    need_text: str | None = None,
    person_id: int | None = None,
    person_text: str | None = None,
    label: str | None = None,
    label_by_id: int | None = None,
    instead_of_id: int | None = None,
) -> tuple[SupportReferral, FollowUpCheck]:
    """Record what was suggested: a service of the directory, or one described in words; for a need of the plan, or one
    in words; for somebody of the family, somebody in words, or all of it. It is not an ending: the first check,
    returned with it, asks whether it has started. `label_by_id`: who asked for the label, where that is not whom it is
    for. `instead_of_id`: one of the same family that did not start."""
    if given_on > clock.today():
        raise FieldRefused("given_on", "The date it was suggested must be today or in the past")
    service = _service(service_id)
    name = service.name if service else (service_name or "").strip()
    if not name:
        raise FieldRefused("service_name", "Enter the name of the service")
    need = _need(family, plan_need_id)
    if need is None and not (need_text or "").strip():
        raise FieldRefused("need_text", "Enter which need it is for")
    episode = episodes.open_of(family.id)
    referral = SupportReferral(
        family_id=family.id,
        episode_id=episode.id if episode else None,
        plan_need_id=need.id if need else None,
        need_text=None if need else need_text,
        person_id=_person(family, person_id),
        person_text=None if person_id else person_text or None,
        service_id=service.id if service else None,
        service_name=name,
        service_organisation=service.organisation_name if service else service_organisation or None,
        service_phone=service.phone if service else service_phone or None,
        given_on=given_on,
        how_given=how_given,
        label=label or None,
        label_by_id=_asked_for_it(family, label_by_id or person_id) if label else None,
        instead_of_id=_failed(family, instead_of_id),
        receiving_organisation_id=service.organisation_id if service else None,
        recorded_by_id=by.user_id,
        recorded_by_name=by.name,
        social_care_team_id=_team(family, by),
        recorded_at=clock.now(),
    )
    db.session.add(referral)
    db.session.flush()
    duty.take_up(family, by=by)
    history.record(E.REFERRAL_INFORMATION_GIVEN, referral, by=by, happened_on=given_on, data={"service": name})
    return referral, checks.make(referral, CheckStage.SIGNPOSTED, by=by)


def _service(service_id: int | None) -> Service | None:
    if service_id is None:
        return None
    found = db.session.execute(select(Service).where(Service.id == service_id, Service.active)).scalar_one_or_none()
    if found is None:
        raise FieldRefused("service", "This service is no longer in the directory. Choose another one, or type it")
    return found


def _need(family: Family, plan_need_id: int | None) -> PlanNeed | None:
    if plan_need_id is None:
        return None
    found = db.session.execute(
        select(PlanNeed).where(
            PlanNeed.id == plan_need_id, PlanNeed.family_id == family.id, PlanNeed.state == NeedState.OPEN
        )
    ).scalar_one_or_none()
    if found is None:
        raise FieldRefused("need", "This need is no longer open. Choose another one, or type it")
    return found


def _failed(family: Family, referral_id: int | None) -> int | None:
    if referral_id is None:
        return None
    return db.session.execute(
        select(SupportReferral.id).where(SupportReferral.id == referral_id, SupportReferral.family_id == family.id)
    ).scalar_one_or_none()


def _person(family: Family, person_id: int | None) -> int | None:
    if person_id is None:
        return None
    found = db.session.execute(
        select(Person.id).where(Person.id == person_id, Person.family_id == family.id)
    ).scalar_one_or_none()
    if found is None:
        raise FieldRefused("person", "Select somebody of this family, or the whole family")
    return found


def _asked_for_it(family: Family, person_id: int | None) -> int | None:
    try:
        return _person(family, person_id)
    except FieldRefused as refusal:
        raise FieldRefused("label_by", "Select somebody of this family") from refusal


def _team(family: Family, by: Viewer) -> int | None:
    """The social-care team that reaches the family through this referral: the recorder's, else the owner's."""
    if by.is_social_worker:
        return by.social_care_team_id
    owner = owners.of_checks(family.id)
    return owner.social_care_team_id if owner.does_social_work else None
