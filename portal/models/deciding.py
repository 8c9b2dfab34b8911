"""What the early help manager and the social care manager decide together about a step-down, each signed in."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.deciding import Side, Together
from portal.domain.step_downs import Destination
from portal.models.base import FamilyScoped, Model, Referenced, Versioned, index_where


class JointDecision(FamilyScoped, Versioned, Referenced, Model):
    """Proposed by a manager of one side, agreed by one of the other, holds until a day. Nothing of it is edited."""

    ref_prefix: ClassVar[str] = "J"
    id: Mapped[int] = mapped_column(primary_key=True)
    step_down_id: Mapped[int] = mapped_column(ForeignKey("step_down.id"), index=True)
    kind: Mapped[Together]
    # The gate it waives, by its number.
    gate: Mapped[int | None]
    destination: Mapped[Destination | None]
    # The last day on which it holds: when it has passed, the gate is open again, the step-down stuck again.
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(String(1000))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    proposed_by_name: Mapped[str]
    proposed_for: Mapped[Side]
    proposed_at: Mapped[datetime]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    agreed_by_name: Mapped[str | None]
    agreed_at: Mapped[datetime | None]
    # Taken back, not agreed to, or followed by a later one.
    ended_at: Mapped[datetime | None]
    ended_by_name: Mapped[str | None]
    ended_reason: Mapped[str | None] = mapped_column(String(500))
    # What a waiver that ran past completion became.
    plan_action_id: Mapped[int | None] = mapped_column(ForeignKey("plan_action.id"))
    __table_args__ = (
        CheckConstraint("(kind = 'waive') = (gate IS NOT NULL)", name="waives_a_gate"),
        CheckConstraint("gate IN (2, 4, 5, 6)", name="gate_can_be_waived"),
        CheckConstraint("(kind = 'other_destination') = (destination IS NOT NULL)", name="destination_named"),
        CheckConstraint("agreed_by_id <> proposed_by_id", name="two_people"),
        index_where(
            "uq_one_waiver_of_a_gate",
            "step_down_id",
            "gate",
            where="kind = 'waive' AND ended_at IS NULL",
            unique=True,
        ),
        index_where(
            "uq_one_question_at_a_time",
            "step_down_id",
            where="kind <> 'waive' AND agreed_at IS NULL AND ended_at IS NULL",
            unique=True,
        ),
    )
