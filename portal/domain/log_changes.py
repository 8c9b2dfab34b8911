"""What the log tells of a change: which fields, what they held before and after, and what of it is not told."""

import enum
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

# Said of a field whose values are not for the log.
CHANGED = "changed"
MADE, TAKEN = "made", "taken away"
# Counts and queues that follow from the rest, history that is never edited, and the log itself.
APART: Collection[str] = frozenset(
    {
        "audit",
        "audit_seal",
        "delivery",
        "delivery_attempt",
        "event",
        "family_seen",
        "family_summary",
        "form_draft",
        "hidden_place",
        "hidden_words",
        "idempotency_key",
        "limited_use",
        "merge_person",
        "moved_value",
        "outbox_message",
        "policy_report",
        "spent_challenge",
    }
)
# By which somebody signs in, whatever table it stands in.
SECRET: Collection[str] = frozenset(
    {"password_hash", "token_hash", "code_hash", "secret", "credential_id", "public_key", "sign_count", "last_step"}
)
# What lies sealed in the record, or is for a few of those who reach the family: it does not stand open in the log.
HELD_BACK: Mapping[str, Collection[str]] = {
    "admin_change": frozenset({"before", "after"}),
    "app_user": frozenset({"phone", "email"}),
    "confidential_address": frozenset({"address", "postcode"}),
    "contact": frozenset({"note"}),
    "earlier_address": frozenset({"address", "postcode"}),
    "family_answer": frozenset({"words"}),
    "follow_up_check": frozenset({"note"}),
    "household": frozenset({"address", "postcode", "postcode_mark"}),
    "keep_apart_reason": frozenset({"text"}),
    "note": frozenset({"text"}),
    "restriction_request": frozenset({"why", "who_stays", "answer"}),
    "safe_contact": frozenset({"phone", "email", "note"}),
    "shared_referral": frozenset({"safe_contact", "sent_by_phone"}),
    "support_referral": frozenset({"safe_contact"}),
    "team_member": frozenset({"contact"}),
}
# How columns are called whose values lie sealed.
SEALED = "_sealed"
# The count of edits, and what a sealed value is found by, say nothing that the row of the log does not say.
_BESIDE = frozenset({"version", "postcode_mark"})


class Change(NamedTuple):
    """One field of one row. Without a field: the row was made, or taken away. Without a row: of each that was meant."""

    table: str
    row: int | str | None
    field: str | None
    before: Any
    after: Any


def is_told(table: str, field: str) -> bool:
    return table not in APART and field not in _BESIDE


def is_open(table: str, field: str) -> bool:
    """Whether the log tells what it held, not only that it changed."""
    return not field.endswith(SEALED) and field not in SECRET and field not in HELD_BACK.get(table, ())


def of_field(table: str, row: int | str | None, field: str, before: Any, after: Any) -> Change:
    if is_open(table, field):
        return Change(table, row, field, _plain(before), _plain(after))
    return Change(table, row, field.removesuffix(SEALED), None, CHANGED)


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | dict | list) else CHANGED


def written(changes: Iterable[Change]) -> str | None:
    """For the log; None where there is nothing to tell."""
    found = list(changes)
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False) if found else None


def read(text: str | None) -> list[Change]:
    return [Change(*each) for each in json.loads(text)] if text else []
