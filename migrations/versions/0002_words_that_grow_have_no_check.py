"""Kinds of event and practice standards grow with every feature: no check that would be rebuilt each time."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What was allowed before, for the way back; a word that is newer keeps its row from passing.
KINDS = (
    "family.added",
    "contact.recorded",
    "note.written",
    "engagement.recorded",
    "coordinator.assigned",
    "social_work.closed",
    "step_down.started",
    "step_down.changed",
    "step_down.agreed",
    "step_down.proposed",
    "step_down.accepted",
    "step_down.declined",
    "step_down.completed",
    "outstanding.carried",
    "outstanding.completed",
    "outstanding.dropped",
    "need.brought",
    "lead.nominated",
    "lead.accepted",
    "lead.declined",
    "team.joined",
    "meeting.arranged",
    "meeting.held",
    "episode.opened",
    "episode.active",
    "plan.in_force",
    "need.added",
    "need.described",
    "need.not_met",
    "action.proposed",
    "action.taken_on",
    "action.need_named",
    "action.agreed",
    "action.started",
    "action.note",
    "action.done",
    "referral.information_given",
    "referral.started",
    "referral.not_started",
    "check.made",
    "check.happened",
    "check.not_yet",
    "check.no_answer",
    "check.will_not_happen",
    "check.void",
    "check.escalated",
    "check.reowned",
)
STANDARDS = (
    "step_down.propose",
    "step_down.decide",
    "step_down.lead_accepted",
    "step_down.meeting",
    "step_down.complete",
    "lead.answer",
    "lead.first_visit",
    "team.first",
    "team.first_after_completion",
    "team.review",
    "team.review_max",
    "referral.signposted",
    "referral.started",
    "check.retry",
    "check.escalate",
    "check.escalate_step_down",
    "reach.social_care",
)


def upgrade() -> None:
    with op.batch_alter_table("event") as batch_op:
        batch_op.drop_constraint(op.f("ck_event_e"), type_="check")
        batch_op.alter_column("kind", existing_type=sa.String(length=40), type_=sa.String(length=60))
    with op.batch_alter_table("practice_standard") as batch_op:
        batch_op.drop_constraint(op.f("ck_practice_standard_standard"), type_="check")
        batch_op.alter_column("key", existing_type=sa.String(length=40), type_=sa.String(length=60))


def downgrade() -> None:
    with op.batch_alter_table("practice_standard") as batch_op:
        batch_op.alter_column("key", existing_type=sa.String(length=60), type_=sa.String(length=40))
        batch_op.create_check_constraint(op.f("ck_practice_standard_standard"), sa.column("key").in_(STANDARDS))
    with op.batch_alter_table("event") as batch_op:
        batch_op.alter_column("kind", existing_type=sa.String(length=60), type_=sa.String(length=40))
        batch_op.create_check_constraint(op.f("ck_event_e"), sa.column("kind").in_(KINDS))
