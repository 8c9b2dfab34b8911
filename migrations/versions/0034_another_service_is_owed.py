"""A family for whose need another service is still to be suggested is open, and it is known by when."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

# What waited for nobody until now is due since the day it was recorded.
DATED = """
    UPDATE support_referral SET instead_by = date(coalesce(ended_at, recorded_at)) WHERE need_now = 'another_service'
"""
SOUGHT = """
    FROM support_referral AS sought WHERE sought.family_id = family_summary.family_id
    AND sought.state = 'not_started' AND sought.need_now = 'another_service'
    AND NOT EXISTS (SELECT 1 FROM support_referral AS later WHERE later.instead_of_id = sought.id)
    AND (sought.plan_need_id IS NULL OR EXISTS (
        SELECT 1 FROM plan_need WHERE plan_need.id = sought.plan_need_id AND plan_need.state = 'open'
    ))
"""
FIRST = f"{SOUGHT} ORDER BY sought.instead_by, sought.id LIMIT 1"
OPENED = f"""
    UPDATE family_summary SET open = (1 = 1), stage = 'following_up'
    WHERE stage = 'not_open' AND EXISTS (SELECT 1 {SOUGHT})
"""  # noqa: S608  (its own words alone)
SOCIAL_WORKER = """
    CASE WHEN stage <> 'active' THEN coalesce(
        (SELECT min(step_down.social_worker_id) FROM step_down
         WHERE step_down.family_id = family_summary.family_id AND step_down.social_work_closed_on IS NULL
         AND step_down.state IN ('draft', 'proposed', 'more_information', 'accepted')),
        (SELECT family.social_worker_id FROM family
         WHERE family.id = family_summary.family_id AND family.social_work_closed_on IS NULL)
    ) END
"""
LED = "lead_name IS NOT NULL AND NOT lead_asked"
NEXT = f"""
    UPDATE family_summary SET
        next_kind = 'suggest_instead',
        next_subject = (SELECT 'R-' || sought.id {FIRST}),
        next_text = (SELECT sought.service_name {FIRST}),
        next_due_on = (SELECT sought.instead_by {FIRST}),
        next_who_id = coalesce({SOCIAL_WORKER}, CASE WHEN {LED} THEN lead_user_id ELSE coordinator_id END),
        next_who = CASE WHEN {SOCIAL_WORKER} IS NULL AND {LED} THEN lead_name ELSE coalesce(
            (SELECT app_user.name FROM app_user WHERE app_user.id = coalesce({SOCIAL_WORKER}, coordinator_id)),
            '{{early_help_manager:many}}'
        ) END
    WHERE coalesce(next_kind, '') NOT IN ('name_holder', 'reopen_social_work') AND EXISTS (SELECT 1 {SOUGHT})
    AND (next_due_on IS NULL OR next_due_on > (SELECT sought.instead_by {FIRST}))
"""  # noqa: S608  (its own words alone)


def upgrade() -> None:
    op.add_column("support_referral", sa.Column("instead_by", sa.Date(), nullable=True))
    op.add_column("support_referral", sa.Column("need_now_words", sa.String(length=500), nullable=True))
    op.execute(DATED)
    with op.batch_alter_table("support_referral") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_support_referral_instead_dated"), "need_now <> 'another_service' OR instead_by IS NOT NULL"
        )
    for change in (OPENED, NEXT):
        op.execute(sa.text(change.replace(":many", "\\:many")))


def downgrade() -> None:
    with op.batch_alter_table("support_referral") as batch_op:
        batch_op.drop_constraint(op.f("ck_support_referral_instead_dated"), type_="check")
        batch_op.drop_column("need_now_words")
        batch_op.drop_column("instead_by")
