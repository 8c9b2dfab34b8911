"""SQLite looks at the words of checks and of history one by one: a list in a CHECK it builds anew for every row."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

# Of the tables that the worker fills by thousands: the check's name, its column, and the words.
STAGES = ("signposted", "sent", "accepted", "waiting", "booked", "started", "after_no", "call_back", "after_universal")
WORDS = {
    "follow_up_check": (
        ("checkstage", "stage", STAGES),
        ("checkstate", "state", ("due", "done", "waived", "void")),
        ("checkoutcome", "outcome", ("happened", "not_yet", "no_answer", "will_not_happen", "gone_on")),
        ("method", "method", ("call", "text", "visit", "email", "letter", "meeting")),
        ("escalation", "escalated_to", ("social_care_manager", "early_help_manager")),
    ),
    "event": (("source", "source", ("family", "provider", "seen", "as_told")),),
}


def upgrade() -> None:
    _check_words(lambda column, words: sa.or_(*(sa.column(column) == word for word in words)))


def downgrade() -> None:
    _check_words(lambda column, words: sa.column(column).in_(words))


def _check_words(by: Callable[[str, tuple[str, ...]], sa.ColumnElement[bool]]) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return  # PostgreSQL reads a list once
    for table, checks in WORDS.items():
        with op.batch_alter_table(table) as batch_op:
            for name, column, words in checks:
                batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
                batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), by(column, words))
