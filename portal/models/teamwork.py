"""The team, its meetings, its contacts with the family, and the plan it works."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import vocabulary
from portal.core.sealed import HasSealed, Sealed, SealedField, SealedText
from portal.domain.meetings import AskedBy, Attendance, MeetingState, Rater
from portal.domain.plans import ActionState, FamilyAgrees, Headline, NeedState, PlanState, Review
from portal.domain.support import Method
from portal.domain.team import LeftWhy
from portal.models.base import FamilyScoped, Model, Referenced, Versioned, index_where, one_of


class TeamMember(FamilyScoped, HasSealed, Versioned, Referenced, Model):
    """Somebody on the team: a user, a person of the family, or somebody without a sign-in. Who comes back after
    leaving keeps their row; history tells when."""

    ref_prefix: ClassVar[str] = "T"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outside_name: Mapped[str | None]
    # The name and body as they are known; copied, so that a list needs no look-up for each member.
    name: Mapped[str]
    organisation: Mapped[str | None]
    job: Mapped[str | None]
    contact_sealed: Mapped[Sealed | None] = mapped_column(SealedText("team_member.contact_sealed"))
    contact = SealedField[str | None]("contact_sealed", longest=200)
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    left_why: Mapped[LeftWhy | None] = mapped_column(vocabulary(LeftWhy))
    left_note: Mapped[str | None] = mapped_column(String(500))
    __table_args__ = (
        CheckConstraint(one_of("user_id", "person_id", "outside_name"), name="one_kind"),
        index_where(
            "uq_member_once", "family_id", "user_id", where="left_on IS NULL AND user_id IS NOT NULL", unique=True
        ),
    )


class Meeting(FamilyScoped, Versioned, Referenced, Model):
    """A meeting of the team; one meeting can be of two kinds."""

    ref_prefix: ClassVar[str] = "M"
    id: Mapped[int] = mapped_column(primary_key=True)
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"))
    step_down_id: Mapped[int | None] = mapped_column(ForeignKey("step_down.id"))
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.ARRANGED)
    is_step_down: Mapped[bool] = mapped_column(default=False)
    is_first_team: Mapped[bool] = mapped_column(default=False)
    is_review: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime]
    place: Mapped[str | None] = mapped_column(String(300))
    held_on: Mapped[date | None]
    family_views: Mapped[str | None] = mapped_column(Text)
    decisions: Mapped[str | None] = mapped_column(Text)
    next_meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    asked_by: Mapped[AskedBy | None]
    ended_why: Mapped[str | None] = mapped_column(String(500))
    moved_to_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    # In calendars one meeting is one entry, however often it is moved: the first of its line names it.
    first_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    sequence: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        CheckConstraint("is_step_down OR is_first_team OR is_review", name="some_kind"),
        CheckConstraint("state <> 'held' OR held_on IS NOT NULL", name="held_dated"),
        CheckConstraint("state NOT IN ('cancelled', 'rescheduled') OR ended_why IS NOT NULL", name="ended_said_why"),
    )


class MeetingInvitee(FamilyScoped, Model):
    """A team member asked to a meeting, and whether they came."""

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("team_member.id"))
    attendance: Mapped[Attendance | None]
    __table_args__ = (UniqueConstraint("meeting_id", "member_id"),)


class MeetingVoice(FamilyScoped, Model):
    """What one child wanted to say at a meeting, or why it was not heard."""

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    voice: Mapped[str | None] = mapped_column(String(1000))
    not_heard: Mapped[str | None] = mapped_column(String(500))
    __table_args__ = (
        UniqueConstraint("meeting_id", "person_id"),
        CheckConstraint("voice IS NOT NULL OR not_heard IS NOT NULL", name="heard_or_why"),
    )


class ScaleReading(FamilyScoped, Model):
    """How far things have come with one need, from 0 to 10, as one person said at a meeting."""

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    plan_need_id: Mapped[int] = mapped_column(ForeignKey("plan_need.id"), index=True)
    rater: Mapped[Rater]
    value: Mapped[int]
    on: Mapped[date] = mapped_column("on_date")
    __table_args__ = (
        UniqueConstraint("meeting_id", "plan_need_id", "rater"),
        CheckConstraint("value BETWEEN 0 AND 10", name="value"),
    )


class Contact(FamilyScoped, Model):
    """A visit, call, text or school meeting; one record counts wherever it is evidence."""

    id: Mapped[int] = mapped_column(primary_key=True)
    # Who tried: somebody with a sign-in, or a member of the team without one.
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("team_member.id"))
    made_by_name: Mapped[str]
    on: Mapped[date] = mapped_column("on_date")
    method: Mapped[Method]
    answered: Mapped[bool]
    note: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    __table_args__ = (CheckConstraint(one_of("made_by_id", "member_id"), name="made_by_one"),)


class ContactPerson(FamilyScoped, Model):
    """Who was seen at a contact; for a child also whether alone, or why not seen and when it will be."""

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    seen: Mapped[bool]
    alone: Mapped[bool] = mapped_column(default=False)
    not_seen_reason: Mapped[str | None] = mapped_column(String(500))
    will_see_on: Mapped[date | None]
    __table_args__ = (UniqueConstraint("contact_id", "person_id"),)


class ActionPlan(FamilyScoped, Versioned, Model):
    """A dated version of the plan's wording. Needs and actions belong to the episode, once. A draft that is not the
    first is a revision, seen by those who write it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"))
    number: Mapped[int] = mapped_column(default=1)
    state: Mapped[PlanState] = mapped_column(default=PlanState.DRAFT)
    in_force_on: Mapped[date | None]
    wording: Mapped[dict[str, Any] | None]
    __table_args__ = (
        UniqueConstraint("episode_id", "number"),
        CheckConstraint("state = 'draft' OR in_force_on IS NOT NULL", name="in_force_dated"),
        index_where("uq_plan_in_force", "episode_id", where="state = 'in_force'", unique=True),
        index_where("uq_plan_in_draft", "episode_id", where="state = 'draft'", unique=True),
    )


class PlanNeed(FamilyScoped, Versioned, Referenced, Model):
    """Something the family needs, on one of the headline outcomes."""

    ref_prefix: ClassVar[str] = "N"
    id: Mapped[int] = mapped_column(primary_key=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), index=True)
    state: Mapped[NeedState] = mapped_column(default=NeedState.OPEN)
    headline: Mapped[Headline]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    what: Mapped[str] = mapped_column(String(500))
    desired_outcome: Mapped[str | None] = mapped_column(String(500))
    scale_start: Mapped[int | None]
    scale_now: Mapped[int | None]
    not_met_reason: Mapped[str | None] = mapped_column(String(500))
    met_reason: Mapped[str | None] = mapped_column(String(500))
    transferred_to: Mapped[str | None] = mapped_column(String(200))
    # Which revision brings it, while that is not in force: until then those who write the plan alone see it.
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("action_plan.id"))
    __table_args__ = (
        CheckConstraint("state <> 'met' OR met_reason IS NOT NULL", name="met_reasoned"),
        CheckConstraint("state <> 'transferred' OR transferred_to IS NOT NULL", name="transferred_to_somebody"),
        CheckConstraint("scale_start BETWEEN 0 AND 10", name="scale_start"),
        CheckConstraint("scale_now BETWEEN 0 AND 10", name="scale_now"),
    )


class NeedReview(FamilyScoped, Model):
    """How one need stood at one review, in the family's own words. Each review adds one; none is changed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_need_id: Mapped[int] = mapped_column(ForeignKey("plan_need.id"), index=True)
    on: Mapped[date] = mapped_column("on_date")
    answer: Mapped[Review]
    words: Mapped[str] = mapped_column(String(500))


class PlanAction(FamilyScoped, Versioned, Referenced, Model):
    """Something one person has agreed to do for a family."""

    ref_prefix: ClassVar[str] = "A"
    id: Mapped[int] = mapped_column(primary_key=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), index=True)
    plan_need_id: Mapped[int | None] = mapped_column(ForeignKey("plan_need.id"), index=True)
    # From which step-down it was carried; such an action must be verified before closing.
    step_down_id: Mapped[int | None] = mapped_column(ForeignKey("step_down.id"))
    # As for a need.
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("action_plan.id"))
    state: Mapped[ActionState] = mapped_column(default=ActionState.PROPOSED)
    what: Mapped[str] = mapped_column(String(500))
    # How it stands on the family's own copy; where there is none, as the staff wrote it.
    family_words: Mapped[str | None] = mapped_column(String(300))
    owner_id: Mapped[int] = mapped_column(ForeignKey("team_member.id"), index=True)
    concerns_safety: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date]
    first_due_on: Mapped[date]
    due_moves: Mapped[int] = mapped_column(default=0)
    owner_moves: Mapped[int] = mapped_column(default=0, server_default="0")
    asked_by_name: Mapped[str]
    proposed_at: Mapped[datetime]
    agreed_on: Mapped[date | None]
    done_on: Mapped[date | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    in_the_way: Mapped[str | None] = mapped_column(Text)
    waiting_on: Mapped[str | None]
    review_on: Mapped[date | None]
    handed_back_reason: Mapped[str | None] = mapped_column(Text)
    verified_on: Mapped[date | None]
    what_changed: Mapped[str | None] = mapped_column(Text)
    dropped_reason: Mapped[str | None] = mapped_column(Text)
    family_agreed: Mapped[FamilyAgrees | None]
    __table_args__ = (
        CheckConstraint("state NOT IN ('done', 'verified') OR done_on IS NOT NULL", name="done_dated"),
        CheckConstraint(
            "state <> 'blocked' OR (in_the_way IS NOT NULL AND waiting_on IS NOT NULL AND review_on IS NOT NULL)",
            name="blocked_explained",
        ),
        CheckConstraint("state <> 'handed_back' OR handed_back_reason IS NOT NULL", name="handed_back_reasoned"),
        CheckConstraint(
            "state <> 'verified' OR (verified_on IS NOT NULL AND what_changed IS NOT NULL)", name="verified_dated"
        ),
        CheckConstraint(
            "state <> 'no_longer_needed' OR (dropped_reason IS NOT NULL AND family_agreed IS NOT NULL)",
            name="dropped_reasoned",
        ),
    )
