"""The whole way of a support referral until it really starts, and checks that are put off."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

REFERRAL, CHECK = "support_referral", "follow_up_check"
STATES_BEFORE = ("information_given", "started", "not_started")
STATES_NOW = (
    "information_given", "sent", "received", "accepted", "waiting_list", "booked", "started", "not_started", "ended",
)  # fmt: skip
STAGES_BEFORE = ("signposted", "started", "after_no")
STAGES_NOW = ("signposted", "sent", "accepted", "waiting", "booked", "started", "after_no")
CHECKS_BEFORE = ("due", "done", "void")
CHECKS_NOW = ("due", "done", "waived", "void")
OUTCOMES_BEFORE = ("happened", "not_yet", "no_answer", "will_not_happen")
OUTCOMES_NOW = (*OUTCOMES_BEFORE, "gone_on")
COLUMNS = (
    ("instead_of_id", sa.Integer()),
    ("sent_on", sa.Date()),
    ("sent_reason", sa.String(length=1000)),
    ("safe_contact", sa.String(length=500)),
    ("share_agreed_by_id", sa.Integer()),
    ("shared_despite", sa.String(length=1000)),
    ("receiving_organisation_id", sa.Integer()),
    ("state_on", sa.Date()),
    ("state_source", sa.String(length=60)),
    ("expected_on", sa.Date()),
    ("interim", sa.String(length=500)),
    ("booked_for", sa.Date()),
    ("started_told_by", sa.String(length=200)),
    ("confirmed_on", sa.Date()),
    ("confirmed_source", sa.String(length=60)),
    ("confirmed_told_by", sa.String(length=200)),
    ("stopped_on", sa.Date()),
    ("last_on", sa.Date()),
    ("ended_how", sa.String(length=40)),
    ("ended_why", sa.String(length=1000)),
    ("helped", sa.String(length=40)),
)
LEAD_TO = (
    ("instead_of_id", "support_referral"),
    ("share_agreed_by_id", "person"),
    ("receiving_organisation_id", "organisation"),
)
KNOWN = (
    ("sent_known", "state <> 'sent' OR (sent_on IS NOT NULL AND sent_reason IS NOT NULL AND safe_contact IS NOT NULL)"),
    ("waiting_known", "state <> 'waiting_list' OR (expected_on IS NOT NULL AND interim IS NOT NULL)"),
    ("booked_known", "state <> 'booked' OR booked_for IS NOT NULL"),
    (
        "ended_known",
        "state <> 'ended' OR "
        "(started_on IS NOT NULL AND last_on IS NOT NULL AND ended_how IS NOT NULL AND helped IS NOT NULL)",
    ),
)
WORDS = (("endedhow", "ended_how", ("completed", "early")), ("helped", "helped", ("met", "better", "same", "worse")))
WAIVED = "state <> 'waived' OR (waived_until IS NOT NULL AND waived_reason IS NOT NULL AND waived_by_name IS NOT NULL)"


def upgrade() -> None:
    with op.batch_alter_table("service") as batch_op:
        batch_op.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_service_organisation_id"), "organisation", ["organisation_id"], ["id"])
    _drop(REFERRAL, "referralstate")
    with op.batch_alter_table(REFERRAL) as batch_op:
        for name, kind in COLUMNS:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        batch_op.add_column(sa.Column("already_receiving", sa.Boolean(), server_default=sa.false(), nullable=False))
        for name, table in LEAD_TO:
            batch_op.create_foreign_key(op.f(f"fk_{REFERRAL}_{name}"), table, [name], ["id"])
        batch_op.create_index(op.f(f"ix_{REFERRAL}_receiving_organisation_id"), ["receiving_organisation_id"])
        batch_op.create_check_constraint(op.f(f"ck_{REFERRAL}_referralstate"), sa.column("state").in_(STATES_NOW))
        for name, column, words in WORDS:
            batch_op.create_check_constraint(op.f(f"ck_{REFERRAL}_{name}"), sa.column(column).in_(words))
        for name, condition in KNOWN:
            batch_op.create_check_constraint(op.f(f"ck_{REFERRAL}_{name}"), condition)
    with op.batch_alter_table(REFERRAL) as batch_op:
        batch_op.alter_column("already_receiving", server_default=None)
    _drop(CHECK, "checkstage", "checkstate", "checkoutcome")
    with op.batch_alter_table(CHECK) as batch_op:
        batch_op.add_column(sa.Column("waived_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("waived_reason", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("waived_by_name", sa.String(length=200), nullable=True))
        batch_op.create_check_constraint(op.f(f"ck_{CHECK}_checkstage"), sa.column("stage").in_(STAGES_NOW))
        batch_op.create_check_constraint(op.f(f"ck_{CHECK}_checkstate"), sa.column("state").in_(CHECKS_NOW))
        batch_op.create_check_constraint(op.f(f"ck_{CHECK}_checkoutcome"), sa.column("outcome").in_(OUTCOMES_NOW))
        batch_op.create_check_constraint(op.f(f"ck_{CHECK}_waived_known"), WAIVED)


def downgrade() -> None:
    """What was on its way to a service reads as suggested, with a check of that; what ended reads as started."""
    referral = sa.table(REFERRAL, sa.column("state", sa.String))
    check = sa.table(
        CHECK, sa.column("stage", sa.String), sa.column("state", sa.String), sa.column("outcome", sa.String)
    )
    _drop(CHECK, "checkstage", "checkstate", "checkoutcome", "waived_known")
    newer = check.c.stage.in_(["sent", "accepted", "waiting", "booked"])
    op.execute(check.update().where(check.c.state == "waived").values(state="void"))
    op.execute(check.update().where(check.c.outcome == "gone_on").values(outcome="not_yet"))
    op.execute(check.update().where(newer).values(stage="signposted"))
    with op.batch_alter_table(CHECK) as batch_op:
        for name in ("waived_until", "waived_reason", "waived_by_name"):
            batch_op.drop_column(name)
        batch_op.create_check_constraint(op.f(f"ck_{CHECK}_checkstage"), sa.column("stage").in_(STAGES_BEFORE))
        batch_op.create_check_constraint(op.f(f"ck_{CHECK}_checkstate"), sa.column("state").in_(CHECKS_BEFORE))
        batch_op.create_check_constraint(op.f(f"ck_{CHECK}_checkoutcome"), sa.column("outcome").in_(OUTCOMES_BEFORE))
    _drop(REFERRAL, "referralstate", *(name for name, *_ in WORDS), *(name for name, _ in KNOWN))
    op.execute(referral.update().where(referral.c.state == "ended").values(state="started"))
    op.execute(referral.update().where(referral.c.state.not_in(STATES_BEFORE)).values(state="information_given"))
    with op.batch_alter_table(REFERRAL) as batch_op:
        batch_op.drop_index(op.f(f"ix_{REFERRAL}_receiving_organisation_id"))
        for name, _ in LEAD_TO:
            batch_op.drop_constraint(op.f(f"fk_{REFERRAL}_{name}"), type_="foreignkey")
        for name, _ in COLUMNS:
            batch_op.drop_column(name)
        batch_op.drop_column("already_receiving")
        batch_op.create_check_constraint(op.f(f"ck_{REFERRAL}_referralstate"), sa.column("state").in_(STATES_BEFORE))
    with op.batch_alter_table("service") as batch_op:
        batch_op.drop_constraint(op.f("fk_service_organisation_id"), type_="foreignkey")
        batch_op.drop_column("organisation_id")


def _drop(table: str, *names: str) -> None:
    with op.batch_alter_table(table) as batch_op:
        for name in names:
            batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
