"""A step-down can end because the family said no, or because it stays with social care."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STATES_BEFORE = ("draft", "proposed", "more_information", "accepted", "completed", "declined")
STATES_NOW = (*STATES_BEFORE, "family_said_no", "stays_with_social_care")
EPISODE_BEFORE = ("preparing", "active")
EPISODE_NOW = (*EPISODE_BEFORE, "ended_before_start")
STAGES_BEFORE = ("signposted", "started")
STAGES_NOW = (*STAGES_BEFORE, "after_no")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def _words(table: str, column: str, name: str, words: tuple[str, ...]) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), _one_of(column, words))


def _drop(table: str, *names: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for name in names:
            batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")


def upgrade() -> None:
    op.create_table(
        "family_said_no",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_down_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("offer_again_on", sa.Date(), nullable=True),
        sa.Column("way_back", sa.String(length=500), nullable=False),
        sa.Column("review_by", sa.String(length=40), nullable=False),
        sa.Column("watcher_id", sa.Integer(), nullable=True),
        sa.Column("watcher_name", sa.String(length=200), nullable=False),
        sa.Column("watcher_contact", sa.String(length=200), nullable=True),
        sa.Column("watcher_told", sa.String(length=200), nullable=True),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(_one_of("kind", ("said_no", "not_reached")), name=op.f("ck_family_said_no_nokind")),
        sa.CheckConstraint(
            _one_of("review_by", ("social_care_manager", "early_help_manager")),
            name=op.f("ck_family_said_no_escalation"),
        ),
        sa.CheckConstraint(
            "kind <> 'said_no' OR (person_name IS NOT NULL AND said_on IS NOT NULL)",
            name=op.f("ck_family_said_no_said_by_whom"),
        ),
        sa.CheckConstraint(
            "watcher_id IS NOT NULL OR watcher_told IS NOT NULL", name=op.f("ck_family_said_no_watcher_told")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_family_said_no_family_id")),
        sa.ForeignKeyConstraint(["step_down_id"], ["step_down.id"], name=op.f("fk_family_said_no_step_down_id")),
        sa.ForeignKeyConstraint(["watcher_id"], ["app_user.id"], name=op.f("fk_family_said_no_watcher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_said_no")),
        sa.UniqueConstraint("step_down_id", name=op.f("uq_family_said_no_step_down_id")),
    )
    with op.batch_alter_table("family_said_no", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_family_said_no_family_id"), ["family_id"])
    op.create_table(
        "stays_with_social_care",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_down_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("what_now", sa.String(length=40), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("worker_name", sa.String(length=200), nullable=True),
        sa.Column("trigger", sa.String(length=500), nullable=True),
        sa.Column("contact_made", sa.String(length=500), nullable=True),
        sa.Column("asked_by_name", sa.String(length=200), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("settled_by_name", sa.String(length=200), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_words", sa.String(length=1000), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            _one_of("what_now", ("same_worker", "other_worker", "new_step_down", "closing")),
            name=op.f("ck_stays_with_social_care_staynow"),
        ),
        sa.CheckConstraint(
            "what_now <> 'other_worker' OR worker_id IS NOT NULL",
            name=op.f("ck_stays_with_social_care_other_worker_named"),
        ),
        sa.CheckConstraint(
            "trigger IS NULL OR contact_made IS NOT NULL", name=op.f("ck_stays_with_social_care_contact_after_trigger")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_stays_with_social_care_family_id")),
        sa.ForeignKeyConstraint(
            ["step_down_id"], ["step_down.id"], name=op.f("fk_stays_with_social_care_step_down_id")
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["app_user.id"], name=op.f("fk_stays_with_social_care_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stays_with_social_care")),
    )
    with op.batch_alter_table("stays_with_social_care", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stays_with_social_care_family_id"), ["family_id"])
        batch_op.create_index(batch_op.f("ix_stays_with_social_care_step_down_id"), ["step_down_id"])
        batch_op.create_index(
            "uq_one_stay_asked",
            ["step_down_id"],
            unique=True,
            sqlite_where=sa.text("settled_on IS NULL"),
            postgresql_where=sa.text("settled_on IS NULL"),
        )
    _drop("step_down", "stepdownstate", "destination_known")
    with op.batch_alter_table("step_down", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(op.f("ck_step_down_stepdownstate"), _one_of("state", STATES_NOW))
        batch_op.create_check_constraint(
            op.f("ck_step_down_destination_known"),
            "state IN ('draft', 'family_said_no', 'stays_with_social_care') OR destination IS NOT NULL",
        )
    _drop("episode", "episodestate")
    _words("episode", "state", "episodestate", EPISODE_NOW)
    _drop("follow_up_check", "checkstage")
    _words("follow_up_check", "stage", "checkstage", STAGES_NOW)


def downgrade() -> None:
    """What ended in one of the newer ways reads as not accepted, with the reason it had; a check after a no has no
    place any more."""
    step_down = sa.table(
        "step_down",
        sa.column("state", sa.String),
        sa.column("destination", sa.String),
        sa.column("decline_reason", sa.String),
    )
    episode = sa.table("episode", sa.column("state", sa.String))
    check = sa.table("follow_up_check", sa.column("stage", sa.String))
    op.execute(check.delete().where(check.c.stage == "after_no"))
    _drop("follow_up_check", "checkstage")
    _words("follow_up_check", "stage", "checkstage", STAGES_BEFORE)
    _drop("episode", "episodestate")
    op.execute(episode.update().where(episode.c.state == "ended_before_start").values(state="preparing"))
    _words("episode", "state", "episodestate", EPISODE_BEFORE)
    ended = step_down.c.state.in_(["family_said_no", "stays_with_social_care"])
    _drop("step_down", "stepdownstate", "destination_known")
    op.execute(
        step_down.update()
        .where(ended)
        .values(
            state="declined",
            destination=sa.func.coalesce(step_down.c.destination, "universal"),
            decline_reason=sa.func.coalesce(step_down.c.decline_reason, "It ended in another way; see the history"),
        )
    )
    with op.batch_alter_table("step_down", schema=None) as batch_op:
        batch_op.drop_column("ended_at")
        batch_op.create_check_constraint(op.f("ck_step_down_stepdownstate"), _one_of("state", STATES_BEFORE))
        batch_op.create_check_constraint(
            op.f("ck_step_down_destination_known"), "state = 'draft' OR destination IS NOT NULL"
        )
    for table, index in (("stays_with_social_care", "uq_one_stay_asked"), ("family_said_no", None)):
        with op.batch_alter_table(table, schema=None) as batch_op:
            if index:
                batch_op.drop_index(index)
                batch_op.drop_index(batch_op.f(f"ix_{table}_step_down_id"))
            batch_op.drop_index(batch_op.f(f"ix_{table}_family_id"))
        op.drop_table(table)
