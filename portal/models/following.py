"""Services, what was suggested to a family, and the checks until support has really started."""

import enum
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import vocabulary
from portal.core.sealed import HasSealed, Sealed, SealedField, SealedText
from portal.domain.support import (
    CheckOutcome,
    CheckStage,
    CheckState,
    EndedHow,
    Escalation,
    Helped,
    HowGiven,
    Method,
    NeedNow,
    NotStarted,
    ReferralState,
    Source,
)
from portal.models.base import FamilyScoped, Model, Referenced, Versioned, index_where, one_of


class ServiceOrigin(enum.StrEnum):
    DIRECTORY = "directory"
    HAND = "hand"


class Service(Versioned, Referenced, Model):
    """A service of the directory, as HSDS-UK 3.0 describes it or as somebody added it by hand."""

    ref_prefix: ClassVar[str] = "D"
    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[ServiceOrigin]
    external_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    organisation_name: Mapped[str] = mapped_column(String(300))
    description: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    url: Mapped[str | None] = mapped_column(String(500))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(60))
    fees: Mapped[str | None] = mapped_column(String(500))
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    assured_on: Mapped[date | None]
    alert: Mapped[str | None] = mapped_column(String(1000))
    address: Mapped[str | None] = mapped_column(String(500))
    postcode: Mapped[str | None] = mapped_column(String(20))
    opening: Mapped[str | None] = mapped_column(String(1000))
    topics: Mapped[list[str]]
    # Where its own people sign in, and answer on a page of theirs.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    changed_at: Mapped[datetime]
    # Columns that somebody of early help set: an import leaves them, and keeps what the publisher says of them here.
    by_hand: Mapped[list[str]] = mapped_column(default=list)
    publisher_says: Mapped[dict[str, Any]] = mapped_column(default=dict)
    changed_by_name: Mapped[str | None]
    changed_why: Mapped[str | None] = mapped_column(String(500))
    __table_args__ = (
        CheckConstraint("minimum_age IS NULL OR maximum_age IS NULL OR minimum_age <= maximum_age", name="ages"),
        Index("ix_service_name", "active", "name"),
    )


class SupportReferral(FamilyScoped, HasSealed, Versioned, Referenced, Model):
    """Support the family was pointed to. It stays open until it has started or it is known why not."""

    ref_prefix: ClassVar[str] = "R"
    id: Mapped[int] = mapped_column(primary_key=True)
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"))
    plan_need_id: Mapped[int | None] = mapped_column(ForeignKey("plan_need.id"), index=True)
    need_text: Mapped[str | None] = mapped_column(String(500))
    # For whom: somebody of the family, or in the words of who did not reach it; with neither, the whole family.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    person_text: Mapped[str | None] = mapped_column(String(100))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    # The service as it was on that day; a later change of the directory changes no history.
    service_name: Mapped[str] = mapped_column(String(300))
    service_organisation: Mapped[str | None] = mapped_column(String(300))
    service_phone: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[ReferralState] = mapped_column(default=ReferralState.INFORMATION_GIVEN)
    given_on: Mapped[date]
    how_given: Mapped[HowGiven]
    label: Mapped[str | None] = mapped_column(String(60))
    # Who of the family asked for it: nobody else reads it.
    label_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    recorded_by_name: Mapped[str]
    social_care_team_id: Mapped[int | None] = mapped_column(ForeignKey("social_care_team.id"), index=True)
    recorded_at: Mapped[datetime]
    # Another one that failed, instead of which this was suggested.
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("support_referral.id"))
    # What the service was sent: why, how the family is reached safely, who agreed; or why it was shared all the same.
    sent_on: Mapped[date | None]
    sent_reason: Mapped[str | None] = mapped_column(String(1000))
    safe_contact_sealed: Mapped[Sealed | None] = mapped_column(SealedText("support_referral.safe_contact_sealed"))
    safe_contact = SealedField[str | None]("safe_contact_sealed", longest=500)
    share_agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    share_agreed_by_text: Mapped[str | None] = mapped_column(String(200))
    shared_despite: Mapped[str | None] = mapped_column(String(1000))
    receiving_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    # How it stands with the service: since when, and how that is known.
    state_on: Mapped[date | None]
    state_source: Mapped[Source | None] = mapped_column(vocabulary(Source))
    # The service said no, and it is not decided yet what happens instead.
    declined_on: Mapped[date | None]
    declined_why: Mapped[str | None] = mapped_column(String(1000))
    expected_on: Mapped[date | None]
    interim: Mapped[str | None] = mapped_column(String(500))
    booked_for: Mapped[date | None]
    started_on: Mapped[date | None]
    started_source: Mapped[Source | None]
    started_told_by: Mapped[str | None]
    started_what: Mapped[str | None] = mapped_column(String(500))
    # It went on before anybody suggested it.
    already_receiving: Mapped[bool] = mapped_column(default=False)
    confirmed_on: Mapped[date | None]
    confirmed_source: Mapped[Source | None] = mapped_column(vocabulary(Source))
    confirmed_told_by: Mapped[str | None]
    stopped_on: Mapped[date | None]
    last_on: Mapped[date | None]
    ended_how: Mapped[EndedHow | None]
    ended_why: Mapped[str | None] = mapped_column(String(1000))
    helped: Mapped[Helped | None]
    not_started_code: Mapped[NotStarted | None]
    not_started_reason: Mapped[str | None] = mapped_column(String(1000))
    need_now: Mapped[NeedNow | None]
    # By when another service is suggested; in words what happens instead, and who sees to it.
    instead_by: Mapped[date | None]
    need_now_words: Mapped[str | None] = mapped_column(String(500))
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("plan_need_id IS NOT NULL OR need_text IS NOT NULL", name="answers_a_need"),
        CheckConstraint(
            "state <> 'started' OR "
            "(started_on IS NOT NULL AND started_source IS NOT NULL AND started_what IS NOT NULL)",
            name="started_known",
        ),
        CheckConstraint(
            "state <> 'not_started' OR (not_started_code IS NOT NULL AND need_now IS NOT NULL)",
            name="not_started_known",
        ),
        CheckConstraint("need_now <> 'another_service' OR instead_by IS NOT NULL", name="instead_dated"),
        CheckConstraint(
            "state <> 'sent' OR (sent_on IS NOT NULL AND sent_reason IS NOT NULL AND safe_contact_sealed IS NOT NULL)",
            name="sent_known",
        ),
        CheckConstraint(
            "state <> 'waiting_list' OR (expected_on IS NOT NULL AND interim IS NOT NULL)", name="waiting_known"
        ),
        CheckConstraint("state <> 'booked' OR booked_for IS NOT NULL", name="booked_known"),
        CheckConstraint(
            "state <> 'ended' OR "
            "(started_on IS NOT NULL AND last_on IS NOT NULL AND ended_how IS NOT NULL AND helped IS NOT NULL)",
            name="ended_known",
        ),
    )


class SharedReferral(FamilyScoped, HasSealed, Referenced, Model):
    """All that the receiving service sees of a referral: what was agreed to be shared, as it was when it was sent."""

    ref_prefix: ClassVar[str] = "G"
    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("support_referral.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    whom: Mapped[str] = mapped_column(String(300))
    service_name: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(1000))
    safe_contact_sealed: Mapped[Sealed] = mapped_column(SealedText("shared_referral.safe_contact_sealed"))
    safe_contact = SealedField[str]("safe_contact_sealed", longest=500)
    sent_on: Mapped[date]
    sent_by_name: Mapped[str]
    sent_by_phone_sealed: Mapped[Sealed | None] = mapped_column(SealedText("shared_referral.sent_by_phone_sealed"))
    sent_by_phone = SealedField[str | None]("sent_by_phone_sealed", longest=60)
    # From then on it is over: the service sees it for some days more.
    ended_on: Mapped[date | None]


class FollowUpCheck(FamilyScoped, Versioned, Referenced, Model):
    """Somebody asks whether support has begun. One named owner; of exactly one referral, step-down or episode."""

    ref_prefix: ClassVar[str] = "C"
    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("support_referral.id"), index=True)
    step_down_id: Mapped[int | None] = mapped_column(ForeignKey("step_down.id"))
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"))
    stage: Mapped[CheckStage]
    state: Mapped[CheckState] = mapped_column(default=CheckState.DUE)
    due_on: Mapped[date]
    owner_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    hand_named: Mapped[bool] = mapped_column(default=False)
    # How many tries in a row had no answer before this one, and to whom that was escalated.
    unanswered: Mapped[int] = mapped_column(default=0)
    escalated_to: Mapped[Escalation | None]
    outcome: Mapped[CheckOutcome | None]
    method: Mapped[Method | None]
    waiting_on: Mapped[str | None] = mapped_column(String(300))
    waived_until: Mapped[date | None]
    waived_reason: Mapped[str | None] = mapped_column(String(500))
    waived_by_name: Mapped[str | None]
    note: Mapped[str | None] = mapped_column(String(2000))
    done_on: Mapped[date | None]
    done_by_name: Mapped[str | None]
    __table_args__ = (
        CheckConstraint(one_of("referral_id", "step_down_id", "episode_id"), name="of_one_thing"),
        CheckConstraint("state <> 'done' OR (done_on IS NOT NULL AND outcome IS NOT NULL)", name="done_known"),
        CheckConstraint(
            "state <> 'waived' OR "
            "(waived_until IS NOT NULL AND waived_reason IS NOT NULL AND waived_by_name IS NOT NULL)",
            name="waived_known",
        ),
        # The sweep may run twice, or on two machines: a referral has one due check of a stage.
        index_where("uq_one_due_check", "referral_id", "stage", where="state = 'due'", unique=True),
        # What the clock moves: put off until a day, or tried in vain and with no manager yet.
        index_where("ix_check_put_off", "waived_until", "id", where="state = 'waived'"),
        index_where("ix_check_tried", "id", where="state = 'due' AND unanswered > 0 AND escalated_to IS NULL"),
    )
