"""A step-down and all it carries: its children, views, needs, outstanding actions; and what the family agreed to."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.engagement import EngagementAnswer, SharingBasis
from portal.domain.episodes import EpisodeState
from portal.domain.leads import EndCode, LeadState, NotFound
from portal.domain.plans import Headline
from portal.domain.step_downs import (
    ChildOutcome,
    DeclineCode,
    DeclinedThen,
    Destination,
    NeedOutcome,
    Origin,
    OutstandingState,
    StepDownState,
    ViewKnown,
)
from portal.models.base import FamilyScoped, Model, Referenced, Versioned, index_where, one_of

__all__ = [
    "EngagementAnswer",
    "EngagementRecord",
    "Episode",
    "LeadAssignment",
    "LeadCover",
    "LeadDecision",
    "OutstandingAction",
    "SharingBasis",
    "SharingDecision",
    "StepDown",
    "StepDownChild",
    "StepDownNeed",
    "StepDownParent",
    "StepDownQuestion",
    "StopRequest",
]


class Episode(FamilyScoped, Versioned, Model):
    """A time of early help. A family has at most one open."""

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[EpisodeState] = mapped_column(default=EpisodeState.PREPARING)
    opened_on: Mapped[date]
    active_on: Mapped[date | None]
    # False where the destination asks for nobody to lead: the coordinator holds the family.
    lead_needed: Mapped[bool] = mapped_column(default=True)
    # Early help that was going on before the portal came: since when may not be known.
    brought_in: Mapped[bool] = mapped_column(default=False)
    start_known: Mapped[bool] = mapped_column(default=True)
    # By when the team next reviews, as it came in or as somebody set it; it holds until the team has met since.
    next_review_on: Mapped[date | None]
    review_set_at: Mapped[datetime | None]
    __table_args__ = (
        index_where("uq_one_open_episode", "family_id", where="state IN ('preparing', 'active')", unique=True),
    )


class StepDown(FamilyScoped, Versioned, Referenced, Model):
    """A family handed over from social care to early help."""

    ref_prefix: ClassVar[str] = "S"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[StepDownState] = mapped_column(default=StepDownState.DRAFT)
    social_worker_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    social_care_team_id: Mapped[int] = mapped_column(ForeignKey("social_care_team.id"), index=True)
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"))
    destination: Mapped[Destination | None]
    # The earliest decision among the children: every clock of the step-down runs from here.
    decision_on: Mapped[date | None]
    risks: Mapped[str | None] = mapped_column(Text)
    contingency: Mapped[str | None] = mapped_column(Text)
    step_up_triggers: Mapped[str | None] = mapped_column(Text)
    preferred_lead: Mapped[str | None]
    last_visit_on: Mapped[date | None]
    meeting_wishes: Mapped[str | None] = mapped_column(String(1000))
    started_at: Mapped[datetime]
    # Raised by every change of content, so that an edit of a child or a need raises the version too.
    edits: Mapped[int] = mapped_column(default=0)
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    agreed_by_name: Mapped[str | None]
    agreed_at: Mapped[datetime | None]
    # Where it was not the manager's own sign-in: the day they agreed, and who wrote that down.
    agreed_on: Mapped[date | None]
    agreed_told_by: Mapped[str | None]
    rationale: Mapped[str | None] = mapped_column(String(1000))
    # Why the social care manager lets children go straight from a child protection plan to early help.
    protection_override: Mapped[str | None] = mapped_column(String(1000))
    protection_override_by: Mapped[str | None]
    # The limits of the practice standards, counted once from the decision date when the step-down is sent.
    decide_by: Mapped[date | None]
    lead_by: Mapped[date | None]
    meeting_by: Mapped[date | None]
    complete_by: Mapped[date | None]
    proposed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    decline_code: Mapped[DeclineCode | None]
    decline_reason: Mapped[str | None] = mapped_column(String(1000))
    # By when social work says what happens after a decline, and what it said.
    answer_decline_by: Mapped[date | None]
    declined_then: Mapped[DeclinedThen | None]
    declined_then_words: Mapped[str | None] = mapped_column(String(1000))
    completed_at: Mapped[datetime | None]
    completed_by_name: Mapped[str | None]
    # When it ended without early help: the family said no, or it stays with social care.
    ended_at: Mapped[datetime | None]
    social_work_closed_on: Mapped[date | None]
    # Another of the family that was open when this one began, or whose children go on in this one.
    linked_to_id: Mapped[int | None] = mapped_column(ForeignKey("step_down.id"))
    # Its children were left out when the linked one was completed: what was done there counts here.
    goes_on: Mapped[bool | None]
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'family_said_no', 'stays_with_social_care') OR destination IS NOT NULL",
            name="destination_known",
        ),
        CheckConstraint("state <> 'completed' OR completed_at IS NOT NULL", name="completed_dated"),
        CheckConstraint("state <> 'declined' OR decline_reason IS NOT NULL", name="declined_reasoned"),
    )


class StepDownChild(FamilyScoped, Model):
    """One child of a step-down, with its own origin and dates. A child is in one open step-down at most."""

    id: Mapped[int] = mapped_column(primary_key=True)
    step_down_id: Mapped[int] = mapped_column(ForeignKey("step_down.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # Kept by the moves of the step-down, so that the database can hold the rule above.
    is_open: Mapped[bool] = mapped_column(default=True)
    origin: Mapped[Origin | None]
    origin_from: Mapped[date | None]
    origin_to: Mapped[date | None]
    decision_on: Mapped[date | None]
    why: Mapped[str | None] = mapped_column(Text)
    level_before: Mapped[int | None]
    level_now: Mapped[int | None]
    view: Mapped[str | None] = mapped_column(Text)
    view_known: Mapped[ViewKnown | None]
    # Known once the step-down is complete; where it ended otherwise, its state tells.
    outcome: Mapped[ChildOutcome | None]
    __table_args__ = (
        UniqueConstraint("step_down_id", "person_id"),
        index_where("uq_child_in_one_open_step_down", "person_id", where="is_open", unique=True),
        CheckConstraint("level_before BETWEEN 1 AND 4", name="level_before"),
        CheckConstraint("level_now BETWEEN 1 AND 4", name="level_now"),
    )


class StepDownQuestion(FamilyScoped, Model):
    """Something early help asked before it accepts, and the answer. Each is kept; at most one waits."""

    id: Mapped[int] = mapped_column(primary_key=True)
    step_down_id: Mapped[int] = mapped_column(ForeignKey("step_down.id"), index=True)
    question: Mapped[str] = mapped_column(String(1000))
    asked_of_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    asked_of_name: Mapped[str]
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    answer: Mapped[str | None] = mapped_column(String(2000))
    answered_by_name: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    __table_args__ = (
        index_where("uq_one_open_question", "step_down_id", where="answered_at IS NULL", unique=True),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered_in_words"),
    )


class StepDownParent(FamilyScoped, Model):
    """A parent's view of the step-down, or why it was not safe to ask."""

    id: Mapped[int] = mapped_column(primary_key=True)
    step_down_id: Mapped[int] = mapped_column(ForeignKey("step_down.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    view: Mapped[str | None] = mapped_column(Text)
    not_asked: Mapped[str | None] = mapped_column(String(500))
    __table_args__ = (UniqueConstraint("step_down_id", "person_id"),)


class StepDownNeed(FamilyScoped, Model):
    """A need as social work leaves it: met, or left for early help and where it went from there."""

    id: Mapped[int] = mapped_column(primary_key=True)
    step_down_id: Mapped[int] = mapped_column(ForeignKey("step_down.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    headline: Mapped[Headline]
    what: Mapped[str] = mapped_column(String(500))
    outcome: Mapped[NeedOutcome]
    plan_need_id: Mapped[int | None] = mapped_column(ForeignKey("plan_need.id"))
    brought_by_id: Mapped[int | None] = mapped_column(ForeignKey("team_member.id"))


class OutstandingAction(FamilyScoped, Versioned, Referenced, Model):
    """Something social work still had to do. Nothing of it is lost: carried, completed or dropped."""

    ref_prefix: ClassVar[str] = "O"
    id: Mapped[int] = mapped_column(primary_key=True)
    step_down_id: Mapped[int] = mapped_column(ForeignKey("step_down.id"), index=True)
    state: Mapped[OutstandingState] = mapped_column(default=OutstandingState.OUTSTANDING)
    what: Mapped[str] = mapped_column(String(500))
    concerns_safety: Mapped[bool] = mapped_column(default=False)
    plan_action_id: Mapped[int | None] = mapped_column(ForeignKey("plan_action.id"))
    evidence: Mapped[str | None] = mapped_column(String(500))
    drop_reason: Mapped[str | None] = mapped_column(String(500))
    # Of one that was dropped: the gate stays shut until the family knows.
    family_told_on: Mapped[date | None]
    settled_at: Mapped[datetime | None]
    settled_by_name: Mapped[str | None]
    __table_args__ = (
        CheckConstraint("state <> 'carried' OR plan_action_id IS NOT NULL", name="carried_into"),
        CheckConstraint("state <> 'completed' OR evidence IS NOT NULL", name="completed_shown"),
        CheckConstraint("state <> 'dropped' OR drop_reason IS NOT NULL", name="dropped_reasoned"),
    )


class LeadAssignment(FamilyScoped, Versioned, Referenced, Model):
    """Who was asked to lead, and what they answered. One accepted lead a family at any instant. Somebody with a
    sign-in, or a member of the team without one."""

    ref_prefix: ClassVar[str] = "L"
    id: Mapped[int] = mapped_column(primary_key=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"))
    step_down_id: Mapped[int | None] = mapped_column(ForeignKey("step_down.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("team_member.id"))
    # As they were called when they were asked; copied, so that no list looks it up in two places.
    name: Mapped[str]
    state: Mapped[LeadState] = mapped_column(default=LeadState.NOMINATED)
    nominated_by_name: Mapped[str]
    nominated_at: Mapped[datetime]
    answer_by: Mapped[date]
    # Not answered in time: since when the coordinator has it back.
    came_back_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer_reason: Mapped[str | None] = mapped_column(String(1000))
    # Until when a council worker leads for the time being.
    until_on: Mapped[date | None]
    # Set while they still lead: they go on until a successor has accepted.
    end_code: Mapped[EndCode | None]
    end_reason: Mapped[str | None] = mapped_column(String(1000))
    ended_on: Mapped[date | None]
    __table_args__ = (
        CheckConstraint(one_of("user_id", "member_id"), name="one_kind"),
        CheckConstraint("state <> 'ended' OR (end_code IS NOT NULL AND ended_on IS NOT NULL)", name="ended_reasoned"),
        index_where("uq_one_lead", "family_id", where="state = 'accepted'", unique=True),
        index_where("uq_one_nomination", "family_id", where="state = 'nominated'", unique=True),
        index_where(
            "ix_lead_assignment_unanswered",
            "answer_by",
            "id",
            where="state = 'nominated' AND came_back_at IS NULL",
        ),
        CheckConstraint("state <> 'declined' OR answer_reason IS NOT NULL", name="declined_reasoned"),
    )


class LeadCover(FamilyScoped, Referenced, Model):
    """Who stands in for somebody who leads, between which dates. Never a second lead."""

    ref_prefix: ClassVar[str] = "V"
    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("lead_assignment.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    named_by_name: Mapped[str]
    named_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (CheckConstraint("to_on >= from_on", name="dates_in_order"),)


class LeadDecision(FamilyScoped, Model):
    """What the manager decided while no lead could be found."""

    id: Mapped[int] = mapped_column(primary_key=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"))
    decision: Mapped[NotFound]
    why: Mapped[str] = mapped_column(String(1000))
    decided_by_name: Mapped[str]
    decided_on: Mapped[date]
    decided_at: Mapped[datetime]


class EngagementRecord(FamilyScoped, Model):
    """What one person said when asked whether they want this help. Never edited: a later answer is a later row."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    step_down_id: Mapped[int | None] = mapped_column(ForeignKey("step_down.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    purpose: Mapped[str]
    answer: Mapped[EngagementAnswer]
    exclusions: Mapped[str | None] = mapped_column(String(1000))
    asked_by_name: Mapped[str]
    asked_on: Mapped[date | None]
    how_explained: Mapped[str | None] = mapped_column(String(500))
    worries: Mapped[str | None] = mapped_column(String(1000))
    language_support: Mapped[str | None]
    offer_again_on: Mapped[date | None]
    child_can_decide: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("answer <> 'partly_agreed' OR exclusions IS NOT NULL", name="exclusions_said"),
        CheckConstraint("answer = 'not_yet_asked' OR asked_on IS NOT NULL", name="asked_dated"),
    )


class StopRequest(FamilyScoped, Versioned, Model):
    """Somebody asked us to stop: a task until it is settled what is ended and what happens now."""

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement_record.id"), unique=True)
    name: Mapped[str]
    asked_on: Mapped[date]
    settled_on: Mapped[date | None]
    settled_by_name: Mapped[str | None]
    what_now: Mapped[str | None] = mapped_column(String(1000))
    __table_args__ = (CheckConstraint("settled_on IS NULL OR what_now IS NOT NULL", name="settled_known"),)


class SharingDecision(FamilyScoped, Model):
    """Whether something about the family is shared with an organisation, on what basis, and why."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    share: Mapped[bool]
    basis: Mapped[SharingBasis] = mapped_column(default=SharingBasis.PUBLIC_TASK)
    privacy_notice_on: Mapped[date | None]
    why: Mapped[str] = mapped_column(String(1000))
    decided_by_name: Mapped[str]
    decided_at: Mapped[datetime]
