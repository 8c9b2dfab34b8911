"""The spine of the data: organisations, families, handover, teamwork, following, and what is remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_bank_holiday")),
    )
    op.create_table(
        "closure_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_closure_day")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=300), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_key")),
        sa.UniqueConstraint("actor", "key", name=op.f("uq_idempotency_key_actor_key")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "council",
                "school",
                "health",
                "housing",
                "voluntary",
                "police",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
    )
    op.create_table(
        "practice_standard",
        sa.Column(
            "key",
            sa.Enum(
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
                name="standard",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "working_days",
                "calendar_days",
                "weeks",
                "count",
                "years",
                name="unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_practice_standard")),
    )
    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("directory", "hand", name="serviceorigin", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("external_id", sa.String(length=100), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("organisation_name", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("fees", sa.String(length=500), nullable=True),
        sa.Column("minimum_age", sa.Integer(), nullable=True),
        sa.Column("maximum_age", sa.Integer(), nullable=True),
        sa.Column("assured_on", sa.Date(), nullable=True),
        sa.Column("alert", sa.String(length=1000), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=True),
        sa.Column("postcode", sa.String(length=20), nullable=True),
        sa.Column("opening", sa.String(length=1000), nullable=True),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "minimum_age IS NULL OR maximum_age IS NULL OR minimum_age <= maximum_age", name=op.f("ck_service_ages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("external_id", name=op.f("uq_service_external_id")),
    )
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.create_index("ix_service_name", ["active", "name"], unique=False)

    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_who", ["who_hash", "at"], unique=False)

    op.create_table(
        "word",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("one", sa.String(length=60), nullable=False),
        sa.Column("many", sa.String(length=60), nullable=False),
        sa.Column("a", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_word")),
    )
    op.create_table(
        "sharing_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_sharing_agreement_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sharing_agreement_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_agreement")),
    )
    with op.batch_alter_table("sharing_agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sharing_agreement_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "social_care_team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_social_care_team_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_care_team")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_social_care_team_organisation_id_name")),
    )
    op.create_table(
        "app_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("social_care_team_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("job", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_app_user_organisation_id")),
        sa.ForeignKeyConstraint(
            ["social_care_team_id"], ["social_care_team.id"], name=op.f("fk_app_user_social_care_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("email", name=op.f("uq_app_user_email")),
    )
    with op.batch_alter_table("app_user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_app_user_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_app_user_social_care_team_id"), ["social_care_team_id"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "look",
                "list",
                "change",
                "search",
                "refusal",
                "sign_in",
                "sign_in_failed",
                "sign_out",
                name="auditkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("roles", sa.String(length=200), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=40), nullable=True),
        sa.Column("page", sa.String(length=100), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_audit_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_family_id"), ["family_id"], unique=False)

    op.create_table(
        "family",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("council_reference", sa.String(length=40), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("social_worker_id", sa.Integer(), nullable=True),
        sa.Column("social_care_team_id", sa.Integer(), nullable=True),
        sa.Column("social_work_closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["app_user.id"], name=op.f("fk_family_added_by_id")),
        sa.ForeignKeyConstraint(
            ["social_care_team_id"], ["social_care_team.id"], name=op.f("fk_family_social_care_team_id")
        ),
        sa.ForeignKeyConstraint(["social_worker_id"], ["app_user.id"], name=op.f("fk_family_social_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family")),
        sa.UniqueConstraint("council_reference", name=op.f("uq_family_council_reference")),
    )
    with op.batch_alter_table("family", schema=None) as batch_op:
        batch_op.create_index("ix_family_added", ["added_by_id", "added_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_family_social_worker_id"), ["social_worker_id"], unique=False)

    op.create_table(
        "user_role",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "coordinator",
                "early_help_manager",
                "social_worker",
                "social_care_manager",
                "front_door",
                "partner",
                "auditor",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_user_role_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_role")),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "clearance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("cleared_by_id", sa.Integer(), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cleared_by_id"], ["app_user.id"], name=op.f("fk_clearance_cleared_by_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_clearance_family_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_clearance_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
        sa.UniqueConstraint("user_id", "family_id", name=op.f("uq_clearance_user_id_family_id")),
    )
    with op.batch_alter_table("clearance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clearance_family_id"), ["family_id"], unique=False)

    op.create_table(
        "conflict_of_interest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_conflict_of_interest_family_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_conflict_of_interest_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_of_interest")),
        sa.UniqueConstraint("user_id", "family_id", name=op.f("uq_conflict_of_interest_user_id_family_id")),
    )
    with op.batch_alter_table("conflict_of_interest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_of_interest_family_id"), ["family_id"], unique=False)

    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "call",
                "text",
                "visit",
                "email",
                "letter",
                "meeting",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_contact_family_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_contact_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_family_id"), ["family_id"], unique=False)

    op.create_table(
        "coordinator_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_coordinator_assignment_family_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_coordinator_assignment_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordinator_assignment")),
    )
    with op.batch_alter_table("coordinator_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coordinator_assignment_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coordinator_assignment_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_one_coordinator",
            ["family_id"],
            unique=True,
            sqlite_where=sa.text("to_on IS NULL"),
            postgresql_where=sa.text("to_on IS NULL"),
        )

    op.create_table(
        "episode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("preparing", "active", name="episodestate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("active_on", sa.Date(), nullable=True),
        sa.Column("lead_needed", sa.Boolean(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_episode_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
    )
    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_episode_family_id"), ["family_id"], unique=False)
        batch_op.create_index(
            "uq_one_open_episode",
            ["family_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('preparing', 'active')"),
            postgresql_where=sa.text("state IN ('preparing', 'active')"),
        )

    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
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
                name="e",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "family",
                "provider",
                "seen",
                "as_told",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("told_by", sa.String(length=200), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["app_user.id"], name=op.f("fk_event_actor_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["event.id"], name=op.f("fk_event_corrects_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_event_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_family_id"), ["family_id"], unique=False)
        batch_op.create_index("ix_event_history", ["family_id", "recorded_at", "id"], unique=False)

    op.create_table(
        "family_summary",
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "draft",
                "waiting",
                "preparing",
                "active",
                "following_up",
                "not_open",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("coordinator_id", sa.Integer(), nullable=True),
        sa.Column("lead_name", sa.String(length=200), nullable=True),
        sa.Column("lead_asked", sa.Boolean(), nullable=False),
        sa.Column("lead_wanted", sa.Boolean(), nullable=False),
        sa.Column("nobody_holds_since", sa.Date(), nullable=True),
        sa.Column("next_kind", sa.String(length=40), nullable=True),
        sa.Column("next_subject", sa.String(length=20), nullable=True),
        sa.Column("next_text", sa.String(length=500), nullable=True),
        sa.Column("next_who", sa.String(length=200), nullable=True),
        sa.Column("next_who_id", sa.Integer(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("actions_open", sa.Integer(), nullable=False),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.Column("supports_started", sa.Integer(), nullable=False),
        sa.Column("supports_waiting", sa.Integer(), nullable=False),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["coordinator_id"], ["app_user.id"], name=op.f("fk_family_summary_coordinator_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_family_summary_family_id")),
        sa.PrimaryKeyConstraint("family_id", name=op.f("pk_family_summary")),
    )
    with op.batch_alter_table("family_summary", schema=None) as batch_op:
        batch_op.create_index(
            "ix_summary_coordinator",
            ["coordinator_id", "next_due_on", "family_id"],
            unique=False,
            sqlite_where=sa.text("open"),
            postgresql_where=sa.text("open"),
        )
        batch_op.create_index(
            "ix_summary_open",
            ["next_due_on", "family_id"],
            unique=False,
            sqlite_where=sa.text("open"),
            postgresql_where=sa.text("open"),
        )

    op.create_table(
        "household",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=True),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_household_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_household_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_household_postcode"), ["postcode"], unique=False)

    op.create_table(
        "look_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("searched_by", sa.String(length=40), nullable=False),
        sa.Column("sent", sa.String(length=64), nullable=True),
        sa.Column("found_family_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["found_family_id"], ["family.id"], name=op.f("fk_look_up_found_family_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_look_up_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_up")),
    )
    with op.batch_alter_table("look_up", schema=None) as batch_op:
        batch_op.create_index("ix_look_up_pace", ["user_id", "at"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum("team", "organisation", name="noteaudience", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name=op.f("fk_note_author_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_note_family_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_note_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_family_id"), ["family_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("child", "adult", name="personkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("known_as", sa.String(length=100), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("pregnancy_ended_on", sa.Date(), nullable=True),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column(
            "sex",
            sa.Enum("female", "male", "not_known", name="sex", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("gender", sa.String(length=60), nullable=True),
        sa.Column("ethnicity", sa.String(length=10), nullable=True),
        sa.Column("language", sa.String(length=60), nullable=True),
        sa.Column(
            "interpreter_needed",
            sa.Enum("yes", "no", "not_known", name="yesno", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("disability_or_send", sa.String(length=300), nullable=True),
        sa.Column("school", sa.String(length=200), nullable=True),
        sa.Column("health_contact", sa.String(length=200), nullable=True),
        sa.Column("social_care_number", sa.String(length=40), nullable=True),
        sa.Column("nhs_number", sa.String(length=10), nullable=True),
        sa.Column("upn", sa.String(length=13), nullable=True),
        sa.Column("name_key", sa.String(length=100), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("date_of_birth IS NULL OR expected_on IS NULL", name=op.f("ck_person_born_or_expected")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_person_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("id", "family_id", name=op.f("uq_person_id_family_id")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_family_id"), ["family_id"], unique=False)
        batch_op.create_index("ix_person_look_up", ["name_key", "date_of_birth"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_social_care_number"), ["social_care_number"], unique=False)

    op.create_table(
        "action_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "in_force", name="planstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("in_force_on", sa.Date(), nullable=True),
        sa.Column("wording", sa.JSON(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'in_force' OR in_force_on IS NOT NULL", name=op.f("ck_action_plan_in_force_dated")
        ),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_action_plan_episode_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_action_plan_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_plan")),
        sa.UniqueConstraint("episode_id", "number", name=op.f("uq_action_plan_episode_id_number")),
    )
    with op.batch_alter_table("action_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_plan_family_id"), ["family_id"], unique=False)

    op.create_table(
        "confidential_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_confidential_address_family_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_confidential_address_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confidential_address")),
        sa.UniqueConstraint("person_id", name=op.f("uq_confidential_address_person_id")),
    )
    with op.batch_alter_table("confidential_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_confidential_address_family_id"), ["family_id"], unique=False)

    op.create_table(
        "contact_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("not_seen_reason", sa.String(length=500), nullable=True),
        sa.Column("will_see_on", sa.Date(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_person_contact_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_contact_person_family_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contact_person_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_person")),
        sa.UniqueConstraint("contact_id", "person_id", name=op.f("uq_contact_person_contact_id_person_id")),
    )
    with op.batch_alter_table("contact_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_person_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_person_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_person_person_id"), ["person_id"], unique=False)

    op.create_table(
        "household_membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "to_on IS NULL OR from_on IS NULL OR to_on >= from_on", name=op.f("ck_household_membership_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_household_membership_family_id")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_household_membership_household_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_household_membership_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_membership")),
    )
    with op.batch_alter_table("household_membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_household_membership_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_household_membership_household_id"), ["household_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_household_membership_person_id"), ["person_id"], unique=False)

    op.create_table(
        "keep_apart",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "must_not_learn",
                "must_not_meet",
                name="keepapartkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("person_id <> other_id", name=op.f("ck_keep_apart_two_people")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_keep_apart_family_id")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_keep_apart_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_keep_apart_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keep_apart")),
    )
    with op.batch_alter_table("keep_apart", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keep_apart_family_id"), ["family_id"], unique=False)

    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_outbox_message_event_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_outbox_message_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
    )
    op.create_table(
        "parental_responsibility",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("adult_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["adult_id"], ["person.id"], name=op.f("fk_parental_responsibility_adult_id")),
        sa.ForeignKeyConstraint(["child_id"], ["person.id"], name=op.f("fk_parental_responsibility_child_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_parental_responsibility_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parental_responsibility")),
        sa.UniqueConstraint("adult_id", "child_id", name=op.f("uq_parental_responsibility_adult_id_child_id")),
    )
    with op.batch_alter_table("parental_responsibility", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parental_responsibility_family_id"), ["family_id"], unique=False)

    op.create_table(
        "plan_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "not_met", name="needstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "headline",
            sa.Enum(
                "education",
                "early_years",
                "health",
                "substance_use",
                "relationships",
                "safe_from_abuse",
                "crime",
                "domestic_abuse",
                "housing",
                "finance",
                name="headline",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("desired_outcome", sa.String(length=500), nullable=True),
        sa.Column("scale_start", sa.Integer(), nullable=True),
        sa.Column("scale_now", sa.Integer(), nullable=True),
        sa.Column("not_met_reason", sa.String(length=500), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("scale_now BETWEEN 0 AND 10", name=op.f("ck_plan_need_scale_now")),
        sa.CheckConstraint("scale_start BETWEEN 0 AND 10", name=op.f("ck_plan_need_scale_start")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_plan_need_episode_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_plan_need_family_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_plan_need_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_need")),
    )
    with op.batch_alter_table("plan_need", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_need_episode_id"), ["episode_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_need_family_id"), ["family_id"], unique=False)

    op.create_table(
        "relationship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("person_id <> other_id", name=op.f("ck_relationship_two_people")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_relationship_family_id")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_relationship_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_relationship_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relationship")),
        sa.UniqueConstraint("person_id", "other_id", name=op.f("uq_relationship_person_id_other_id")),
    )
    with op.batch_alter_table("relationship", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relationship_family_id"), ["family_id"], unique=False)

    op.create_table(
        "safe_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("by_phone", sa.Boolean(), nullable=False),
        sa.Column("by_text", sa.Boolean(), nullable=False),
        sa.Column("by_email", sa.Boolean(), nullable=False),
        sa.Column("by_post", sa.Boolean(), nullable=False),
        sa.Column("never_contact", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_safe_contact_family_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_safe_contact_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safe_contact")),
        sa.UniqueConstraint("person_id", name=op.f("uq_safe_contact_person_id")),
    )
    with op.batch_alter_table("safe_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_safe_contact_family_id"), ["family_id"], unique=False)

    op.create_table(
        "sharing_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("share", sa.Boolean(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "public_task",
                "legal_obligation",
                "vital_interests",
                "consent",
                name="sharingbasis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("privacy_notice_on", sa.Date(), nullable=True),
        sa.Column("why", sa.String(length=1000), nullable=False),
        sa.Column("decided_by_name", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_sharing_decision_family_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sharing_decision_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sharing_decision_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_decision")),
    )
    with op.batch_alter_table("sharing_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sharing_decision_family_id"), ["family_id"], unique=False)

    op.create_table(
        "step_down",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "proposed",
                "accepted",
                "completed",
                "declined",
                name="stepdownstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("social_worker_id", sa.Integer(), nullable=False),
        sa.Column("social_care_team_id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=True),
        sa.Column(
            "destination",
            sa.Enum(
                "team_around_the_family",
                "same_worker",
                "single_agency",
                "universal",
                name="destination",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("risks", sa.Text(), nullable=True),
        sa.Column("contingency", sa.Text(), nullable=True),
        sa.Column("step_up_triggers", sa.Text(), nullable=True),
        sa.Column("preferred_lead", sa.String(length=200), nullable=True),
        sa.Column("last_visit_on", sa.Date(), nullable=True),
        sa.Column("meeting_wishes", sa.String(length=1000), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("agreed_by_name", sa.String(length=200), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rationale", sa.String(length=1000), nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("lead_by", sa.Date(), nullable=True),
        sa.Column("meeting_by", sa.Date(), nullable=True),
        sa.Column("complete_by", sa.Date(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "decline_code",
            sa.Enum(
                "still_statutory",
                "not_enough_known",
                "family_not_asked",
                "other_area",
                "another_route",
                "other",
                name="declinecode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("decline_reason", sa.String(length=1000), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by_name", sa.String(length=200), nullable=True),
        sa.Column("social_work_closed_on", sa.Date(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'completed' OR completed_at IS NOT NULL", name=op.f("ck_step_down_completed_dated")
        ),
        sa.CheckConstraint(
            "state <> 'declined' OR decline_reason IS NOT NULL", name=op.f("ck_step_down_declined_reasoned")
        ),
        sa.CheckConstraint("state = 'draft' OR destination IS NOT NULL", name=op.f("ck_step_down_destination_known")),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["app_user.id"], name=op.f("fk_step_down_agreed_by_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_step_down_episode_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_step_down_family_id")),
        sa.ForeignKeyConstraint(
            ["social_care_team_id"], ["social_care_team.id"], name=op.f("fk_step_down_social_care_team_id")
        ),
        sa.ForeignKeyConstraint(["social_worker_id"], ["app_user.id"], name=op.f("fk_step_down_social_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_down")),
    )
    with op.batch_alter_table("step_down", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_step_down_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_step_down_social_care_team_id"), ["social_care_team_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_step_down_social_worker_id"), ["social_worker_id"], unique=False)

    op.create_table(
        "team_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("outside_name", sa.String(length=200), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=True),
        sa.Column("job", sa.String(length=200), nullable=True),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN user_id IS NULL THEN 0 ELSE 1 END + CASE WHEN person_id IS NULL THEN 0 ELSE 1 END + CASE WHEN outside_name IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_team_member_one_kind"),
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_team_member_family_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_team_member_person_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_team_member_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_member_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_member_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_member_once",
            ["family_id", "user_id"],
            unique=True,
            sqlite_where=sa.text("left_on IS NULL AND user_id IS NOT NULL"),
            postgresql_where=sa.text("left_on IS NULL AND user_id IS NOT NULL"),
        )

    op.create_table(
        "engagement_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("step_down_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "not_yet_asked",
                "agreed",
                "partly_agreed",
                "said_no",
                "asked_to_stop",
                "overridden",
                name="engagementanswer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("exclusions", sa.String(length=1000), nullable=True),
        sa.Column("asked_by_name", sa.String(length=200), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("how_explained", sa.String(length=500), nullable=True),
        sa.Column("worries", sa.String(length=1000), nullable=True),
        sa.Column("language_support", sa.String(length=200), nullable=True),
        sa.Column("offer_again_on", sa.Date(), nullable=True),
        sa.Column("child_can_decide", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "answer <> 'partly_agreed' OR exclusions IS NOT NULL", name=op.f("ck_engagement_record_exclusions_said")
        ),
        sa.CheckConstraint(
            "answer = 'not_yet_asked' OR asked_on IS NOT NULL", name=op.f("ck_engagement_record_asked_dated")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_engagement_record_family_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_engagement_record_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_engagement_record_person_id")),
        sa.ForeignKeyConstraint(["step_down_id"], ["step_down.id"], name=op.f("fk_engagement_record_step_down_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_record")),
    )
    with op.batch_alter_table("engagement_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_record_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_engagement_record_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_engagement_record_step_down_id"), ["step_down_id"], unique=False)

    op.create_table(
        "lead_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("step_down_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "nominated",
                "accepted",
                "declined",
                name="leadstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("nominated_by_name", sa.String(length=200), nullable=False),
        sa.Column("nominated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_reason", sa.String(length=1000), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'declined' OR answer_reason IS NOT NULL", name=op.f("ck_lead_assignment_declined_reasoned")
        ),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_lead_assignment_episode_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_lead_assignment_family_id")),
        sa.ForeignKeyConstraint(["step_down_id"], ["step_down.id"], name=op.f("fk_lead_assignment_step_down_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_lead_assignment_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_assignment")),
    )
    with op.batch_alter_table("lead_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_assignment_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_assignment_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_one_lead",
            ["family_id"],
            unique=True,
            sqlite_where=sa.text("state = 'accepted'"),
            postgresql_where=sa.text("state = 'accepted'"),
        )
        batch_op.create_index(
            "uq_one_nomination",
            ["family_id"],
            unique=True,
            sqlite_where=sa.text("state = 'nominated'"),
            postgresql_where=sa.text("state = 'nominated'"),
        )

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=True),
        sa.Column("step_down_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("arranged", "held", name="meetingstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("is_step_down", sa.Boolean(), nullable=False),
        sa.Column("is_first_team", sa.Boolean(), nullable=False),
        sa.Column("is_review", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("family_views", sa.Text(), nullable=True),
        sa.Column("decisions", sa.Text(), nullable=True),
        sa.Column("next_meeting_id", sa.Integer(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'held' OR held_on IS NOT NULL", name=op.f("ck_meeting_held_dated")),
        sa.CheckConstraint("is_step_down OR is_first_team OR is_review", name=op.f("ck_meeting_some_kind")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_meeting_episode_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_meeting_family_id")),
        sa.ForeignKeyConstraint(["next_meeting_id"], ["meeting.id"], name=op.f("fk_meeting_next_meeting_id")),
        sa.ForeignKeyConstraint(["step_down_id"], ["step_down.id"], name=op.f("fk_meeting_step_down_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_family_id"), ["family_id"], unique=False)

    op.create_table(
        "plan_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("plan_need_id", sa.Integer(), nullable=True),
        sa.Column("step_down_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "agreed",
                "in_progress",
                "done",
                name="actionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("concerns_safety", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("due_moves", sa.Integer(), nullable=False),
        sa.Column("asked_by_name", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'done' OR done_on IS NOT NULL", name=op.f("ck_plan_action_done_dated")),
        sa.ForeignKeyConstraint(["done_by_id"], ["app_user.id"], name=op.f("fk_plan_action_done_by_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_plan_action_episode_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_plan_action_family_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["team_member.id"], name=op.f("fk_plan_action_owner_id")),
        sa.ForeignKeyConstraint(["plan_need_id"], ["plan_need.id"], name=op.f("fk_plan_action_plan_need_id")),
        sa.ForeignKeyConstraint(["step_down_id"], ["step_down.id"], name=op.f("fk_plan_action_step_down_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
    )
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_action_episode_id"), ["episode_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_action_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_action_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_action_plan_need_id"), ["plan_need_id"], unique=False)

    op.create_table(
        "step_down_child",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_down_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "assessment",
                "child_in_need",
                "child_protection",
                "front_door",
                "family_help",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("origin_from", sa.Date(), nullable=True),
        sa.Column("origin_to", sa.Date(), nullable=True),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("level_before", sa.Integer(), nullable=True),
        sa.Column("level_now", sa.Integer(), nullable=True),
        sa.Column("view", sa.Text(), nullable=True),
        sa.Column(
            "view_known",
            sa.Enum(
                "said",
                "drawn",
                "observed",
                "unborn",
                name="viewknown",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("level_before BETWEEN 1 AND 4", name=op.f("ck_step_down_child_level_before")),
        sa.CheckConstraint("level_now BETWEEN 1 AND 4", name=op.f("ck_step_down_child_level_now")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_step_down_child_family_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_step_down_child_person_id")),
        sa.ForeignKeyConstraint(["step_down_id"], ["step_down.id"], name=op.f("fk_step_down_child_step_down_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_down_child")),
        sa.UniqueConstraint("step_down_id", "person_id", name=op.f("uq_step_down_child_step_down_id_person_id")),
    )
    with op.batch_alter_table("step_down_child", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_step_down_child_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_step_down_child_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_step_down_child_step_down_id"), ["step_down_id"], unique=False)
        batch_op.create_index(
            "uq_child_in_one_open_step_down",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("is_open"),
            postgresql_where=sa.text("is_open"),
        )

    op.create_table(
        "step_down_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_down_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column(
            "headline",
            sa.Enum(
                "education",
                "early_years",
                "health",
                "substance_use",
                "relationships",
                "safe_from_abuse",
                "crime",
                "domestic_abuse",
                "housing",
                "finance",
                name="headline",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("met", "left", name="needoutcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("plan_need_id", sa.Integer(), nullable=True),
        sa.Column("brought_by_id", sa.Integer(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["brought_by_id"], ["team_member.id"], name=op.f("fk_step_down_need_brought_by_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_step_down_need_family_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_step_down_need_person_id")),
        sa.ForeignKeyConstraint(["plan_need_id"], ["plan_need.id"], name=op.f("fk_step_down_need_plan_need_id")),
        sa.ForeignKeyConstraint(["step_down_id"], ["step_down.id"], name=op.f("fk_step_down_need_step_down_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_down_need")),
    )
    with op.batch_alter_table("step_down_need", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_step_down_need_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_step_down_need_step_down_id"), ["step_down_id"], unique=False)

    op.create_table(
        "step_down_parent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_down_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("view", sa.Text(), nullable=True),
        sa.Column("not_asked", sa.String(length=500), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_step_down_parent_family_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_step_down_parent_person_id")),
        sa.ForeignKeyConstraint(["step_down_id"], ["step_down.id"], name=op.f("fk_step_down_parent_step_down_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_down_parent")),
        sa.UniqueConstraint("step_down_id", "person_id", name=op.f("uq_step_down_parent_step_down_id_person_id")),
    )
    with op.batch_alter_table("step_down_parent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_step_down_parent_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_step_down_parent_step_down_id"), ["step_down_id"], unique=False)

    op.create_table(
        "support_referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=True),
        sa.Column("plan_need_id", sa.Integer(), nullable=True),
        sa.Column("need_text", sa.String(length=500), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("service_name", sa.String(length=300), nullable=False),
        sa.Column("service_organisation", sa.String(length=300), nullable=True),
        sa.Column("service_phone", sa.String(length=60), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "information_given",
                "started",
                "not_started",
                name="referralstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column(
            "how_given",
            sa.Enum(
                "said",
                "leaflet",
                "message",
                "rang_together",
                name="howgiven",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=60), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.Column("social_care_team_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column(
            "started_source",
            sa.Enum(
                "family",
                "provider",
                "seen",
                "as_told",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("started_what", sa.String(length=500), nullable=True),
        sa.Column(
            "not_started_code",
            sa.Enum(
                "declined_by_service",
                "not_eligible",
                "no_capacity",
                "could_not_reach",
                "chose_something_else",
                "no_longer_needed",
                "travel",
                "language",
                "not_safe",
                "withdrawn",
                name="notstarted",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("not_started_reason", sa.String(length=1000), nullable=True),
        sa.Column(
            "need_now",
            sa.Enum(
                "another_service",
                "another_route",
                "family_managing",
                "not_met",
                name="neednow",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'not_started' OR (not_started_code IS NOT NULL AND need_now IS NOT NULL)",
            name=op.f("ck_support_referral_not_started_known"),
        ),
        sa.CheckConstraint(
            "state <> 'started' OR (started_on IS NOT NULL AND started_source IS NOT NULL AND started_what IS NOT NULL)",
            name=op.f("ck_support_referral_started_known"),
        ),
        sa.CheckConstraint(
            "plan_need_id IS NOT NULL OR need_text IS NOT NULL", name=op.f("ck_support_referral_answers_a_need")
        ),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_support_referral_episode_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_support_referral_family_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_support_referral_person_id")),
        sa.ForeignKeyConstraint(["plan_need_id"], ["plan_need.id"], name=op.f("fk_support_referral_plan_need_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["app_user.id"], name=op.f("fk_support_referral_recorded_by_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_support_referral_service_id")),
        sa.ForeignKeyConstraint(
            ["social_care_team_id"], ["social_care_team.id"], name=op.f("fk_support_referral_social_care_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_referral")),
    )
    with op.batch_alter_table("support_referral", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_support_referral_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_support_referral_plan_need_id"), ["plan_need_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_support_referral_recorded_by_id"), ["recorded_by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_support_referral_social_care_team_id"), ["social_care_team_id"], unique=False
        )

    op.create_table(
        "follow_up_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("step_down_id", sa.Integer(), nullable=True),
        sa.Column("episode_id", sa.Integer(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum("signposted", "started", name="checkstage", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("due", "done", "void", name="checkstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("hand_named", sa.Boolean(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column(
            "escalated_to",
            sa.Enum(
                "social_care_manager",
                "early_help_manager",
                name="escalation",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "happened",
                "not_yet",
                "no_answer",
                "will_not_happen",
                name="checkoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "method",
            sa.Enum(
                "call",
                "text",
                "visit",
                "email",
                "letter",
                "meeting",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("waiting_on", sa.String(length=300), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_name", sa.String(length=200), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'done' OR (done_on IS NOT NULL AND outcome IS NOT NULL)",
            name=op.f("ck_follow_up_check_done_known"),
        ),
        sa.CheckConstraint(
            "CASE WHEN referral_id IS NULL THEN 0 ELSE 1 END + CASE WHEN step_down_id IS NULL THEN 0 ELSE 1 END + CASE WHEN episode_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_follow_up_check_of_one_thing"),
        ),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_follow_up_check_episode_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_follow_up_check_family_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_follow_up_check_owner_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["support_referral.id"], name=op.f("fk_follow_up_check_referral_id")),
        sa.ForeignKeyConstraint(["step_down_id"], ["step_down.id"], name=op.f("fk_follow_up_check_step_down_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_check")),
        sa.UniqueConstraint("id", "family_id", name=op.f("uq_follow_up_check_id_family_id")),
    )
    with op.batch_alter_table("follow_up_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_check_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_up_check_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_up_check_referral_id"), ["referral_id"], unique=False)
        batch_op.create_index(
            "uq_one_due_check",
            ["referral_id", "stage"],
            unique=True,
            sqlite_where=sa.text("state = 'due'"),
            postgresql_where=sa.text("state = 'due'"),
        )

    op.create_table(
        "meeting_invitee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "attendance",
            sa.Enum(
                "attended",
                "apologies",
                "absent",
                name="attendance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_meeting_invitee_family_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_invitee_meeting_id")),
        sa.ForeignKeyConstraint(["member_id"], ["team_member.id"], name=op.f("fk_meeting_invitee_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_invitee")),
        sa.UniqueConstraint("meeting_id", "member_id", name=op.f("uq_meeting_invitee_meeting_id_member_id")),
    )
    with op.batch_alter_table("meeting_invitee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_invitee_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_invitee_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "meeting_voice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("voice", sa.String(length=1000), nullable=True),
        sa.Column("not_heard", sa.String(length=500), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("voice IS NOT NULL OR not_heard IS NOT NULL", name=op.f("ck_meeting_voice_heard_or_why")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_meeting_voice_family_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_voice_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_voice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_voice")),
        sa.UniqueConstraint("meeting_id", "person_id", name=op.f("uq_meeting_voice_meeting_id_person_id")),
    )
    with op.batch_alter_table("meeting_voice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_voice_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_voice_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "outstanding_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_down_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "outstanding",
                "carried",
                "completed",
                "dropped",
                name="outstandingstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("concerns_safety", sa.Boolean(), nullable=False),
        sa.Column("plan_action_id", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.String(length=500), nullable=True),
        sa.Column("drop_reason", sa.String(length=500), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'carried' OR plan_action_id IS NOT NULL", name=op.f("ck_outstanding_action_carried_into")
        ),
        sa.CheckConstraint(
            "state <> 'completed' OR evidence IS NOT NULL", name=op.f("ck_outstanding_action_completed_shown")
        ),
        sa.CheckConstraint(
            "state <> 'dropped' OR drop_reason IS NOT NULL", name=op.f("ck_outstanding_action_dropped_reasoned")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_outstanding_action_family_id")),
        sa.ForeignKeyConstraint(
            ["plan_action_id"], ["plan_action.id"], name=op.f("fk_outstanding_action_plan_action_id")
        ),
        sa.ForeignKeyConstraint(["step_down_id"], ["step_down.id"], name=op.f("fk_outstanding_action_step_down_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outstanding_action")),
    )
    with op.batch_alter_table("outstanding_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outstanding_action_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outstanding_action_step_down_id"), ["step_down_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outstanding_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outstanding_action_step_down_id"))
        batch_op.drop_index(batch_op.f("ix_outstanding_action_family_id"))

    op.drop_table("outstanding_action")
    with op.batch_alter_table("meeting_voice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_voice_meeting_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_voice_family_id"))

    op.drop_table("meeting_voice")
    with op.batch_alter_table("meeting_invitee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_invitee_meeting_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_invitee_family_id"))

    op.drop_table("meeting_invitee")
    with op.batch_alter_table("follow_up_check", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_one_due_check", sqlite_where=sa.text("state = 'due'"), postgresql_where=sa.text("state = 'due'")
        )
        batch_op.drop_index(batch_op.f("ix_follow_up_check_referral_id"))
        batch_op.drop_index(batch_op.f("ix_follow_up_check_owner_id"))
        batch_op.drop_index(batch_op.f("ix_follow_up_check_family_id"))

    op.drop_table("follow_up_check")
    with op.batch_alter_table("support_referral", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_referral_social_care_team_id"))
        batch_op.drop_index(batch_op.f("ix_support_referral_recorded_by_id"))
        batch_op.drop_index(batch_op.f("ix_support_referral_plan_need_id"))
        batch_op.drop_index(batch_op.f("ix_support_referral_family_id"))

    op.drop_table("support_referral")
    with op.batch_alter_table("step_down_parent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_step_down_parent_step_down_id"))
        batch_op.drop_index(batch_op.f("ix_step_down_parent_family_id"))

    op.drop_table("step_down_parent")
    with op.batch_alter_table("step_down_need", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_step_down_need_step_down_id"))
        batch_op.drop_index(batch_op.f("ix_step_down_need_family_id"))

    op.drop_table("step_down_need")
    with op.batch_alter_table("step_down_child", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_child_in_one_open_step_down", sqlite_where=sa.text("is_open"), postgresql_where=sa.text("is_open")
        )
        batch_op.drop_index(batch_op.f("ix_step_down_child_step_down_id"))
        batch_op.drop_index(batch_op.f("ix_step_down_child_person_id"))
        batch_op.drop_index(batch_op.f("ix_step_down_child_family_id"))

    op.drop_table("step_down_child")
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_action_plan_need_id"))
        batch_op.drop_index(batch_op.f("ix_plan_action_owner_id"))
        batch_op.drop_index(batch_op.f("ix_plan_action_family_id"))
        batch_op.drop_index(batch_op.f("ix_plan_action_episode_id"))

    op.drop_table("plan_action")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_family_id"))

    op.drop_table("meeting")
    with op.batch_alter_table("lead_assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_one_nomination",
            sqlite_where=sa.text("state = 'nominated'"),
            postgresql_where=sa.text("state = 'nominated'"),
        )
        batch_op.drop_index(
            "uq_one_lead", sqlite_where=sa.text("state = 'accepted'"), postgresql_where=sa.text("state = 'accepted'")
        )
        batch_op.drop_index(batch_op.f("ix_lead_assignment_user_id"))
        batch_op.drop_index(batch_op.f("ix_lead_assignment_family_id"))

    op.drop_table("lead_assignment")
    with op.batch_alter_table("engagement_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_engagement_record_step_down_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_record_person_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_record_family_id"))

    op.drop_table("engagement_record")
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_member_once",
            sqlite_where=sa.text("left_on IS NULL AND user_id IS NOT NULL"),
            postgresql_where=sa.text("left_on IS NULL AND user_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_team_member_user_id"))
        batch_op.drop_index(batch_op.f("ix_team_member_family_id"))

    op.drop_table("team_member")
    with op.batch_alter_table("step_down", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_step_down_social_worker_id"))
        batch_op.drop_index(batch_op.f("ix_step_down_social_care_team_id"))
        batch_op.drop_index(batch_op.f("ix_step_down_family_id"))

    op.drop_table("step_down")
    with op.batch_alter_table("sharing_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sharing_decision_family_id"))

    op.drop_table("sharing_decision")
    with op.batch_alter_table("safe_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_safe_contact_family_id"))

    op.drop_table("safe_contact")
    with op.batch_alter_table("relationship", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relationship_family_id"))

    op.drop_table("relationship")
    with op.batch_alter_table("plan_need", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_need_family_id"))
        batch_op.drop_index(batch_op.f("ix_plan_need_episode_id"))

    op.drop_table("plan_need")
    with op.batch_alter_table("parental_responsibility", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parental_responsibility_family_id"))

    op.drop_table("parental_responsibility")
    op.drop_table("outbox_message")
    with op.batch_alter_table("keep_apart", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_keep_apart_family_id"))

    op.drop_table("keep_apart")
    with op.batch_alter_table("household_membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_household_membership_person_id"))
        batch_op.drop_index(batch_op.f("ix_household_membership_household_id"))
        batch_op.drop_index(batch_op.f("ix_household_membership_family_id"))

    op.drop_table("household_membership")
    with op.batch_alter_table("contact_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_person_person_id"))
        batch_op.drop_index(batch_op.f("ix_contact_person_family_id"))
        batch_op.drop_index(batch_op.f("ix_contact_person_contact_id"))

    op.drop_table("contact_person")
    with op.batch_alter_table("confidential_address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_confidential_address_family_id"))

    op.drop_table("confidential_address")
    with op.batch_alter_table("action_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_plan_family_id"))

    op.drop_table("action_plan")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_social_care_number"))
        batch_op.drop_index("ix_person_look_up")
        batch_op.drop_index(batch_op.f("ix_person_family_id"))

    op.drop_table("person")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_family_id"))

    op.drop_table("note")
    with op.batch_alter_table("look_up", schema=None) as batch_op:
        batch_op.drop_index("ix_look_up_pace")

    op.drop_table("look_up")
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_household_postcode"))
        batch_op.drop_index(batch_op.f("ix_household_family_id"))

    op.drop_table("household")
    with op.batch_alter_table("family_summary", schema=None) as batch_op:
        batch_op.drop_index("ix_summary_open", sqlite_where=sa.text("open"), postgresql_where=sa.text("open"))
        batch_op.drop_index("ix_summary_coordinator", sqlite_where=sa.text("open"), postgresql_where=sa.text("open"))

    op.drop_table("family_summary")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_history")
        batch_op.drop_index(batch_op.f("ix_event_family_id"))

    op.drop_table("event")
    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_one_open_episode",
            sqlite_where=sa.text("state IN ('preparing', 'active')"),
            postgresql_where=sa.text("state IN ('preparing', 'active')"),
        )
        batch_op.drop_index(batch_op.f("ix_episode_family_id"))

    op.drop_table("episode")
    with op.batch_alter_table("coordinator_assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_one_coordinator", sqlite_where=sa.text("to_on IS NULL"), postgresql_where=sa.text("to_on IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_coordinator_assignment_user_id"))
        batch_op.drop_index(batch_op.f("ix_coordinator_assignment_family_id"))

    op.drop_table("coordinator_assignment")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_family_id"))

    op.drop_table("contact")
    with op.batch_alter_table("conflict_of_interest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflict_of_interest_family_id"))

    op.drop_table("conflict_of_interest")
    with op.batch_alter_table("clearance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clearance_family_id"))

    op.drop_table("clearance")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_user_id"))

    op.drop_table("user_session")
    op.drop_table("user_role")
    with op.batch_alter_table("family", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_family_social_worker_id"))
        batch_op.drop_index("ix_family_added")

    op.drop_table("family")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_family_id"))

    op.drop_table("audit")
    with op.batch_alter_table("app_user", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_app_user_social_care_team_id"))
        batch_op.drop_index(batch_op.f("ix_app_user_organisation_id"))

    op.drop_table("app_user")
    op.drop_table("social_care_team")
    with op.batch_alter_table("sharing_agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sharing_agreement_organisation_id"))

    op.drop_table("sharing_agreement")
    op.drop_table("word")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempt_who")

    op.drop_table("sign_in_attempt")
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_index("ix_service_name")

    op.drop_table("service")
    op.drop_table("practice_standard")
    op.drop_table("organisation")
    op.drop_table("idempotency_key")
    op.drop_table("closure_day")
    op.drop_table("bank_holiday")
