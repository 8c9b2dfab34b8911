"""What is remembered: history, looks, messages to send, forms already answered, and each family's summary."""

import enum
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import vocabulary
from portal.core.sealed import UNREAD, HasSealed, Sealed, SealedText, sealed_json
from portal.domain import sealed_lines
from portal.domain.episodes import Stage
from portal.domain.event_kinds import E
from portal.domain.standards import Standard, Unit
from portal.domain.support import Source
from portal.models.base import FamilyScoped, Model, Referenced, Versioned, index_where


class Event(FamilyScoped, HasSealed, Referenced, Model):
    """One line of a family's history. Never edited; a mistake is mended by a further event that names it."""

    ref_prefix: ClassVar[str] = "E"
    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))  # first in the index below
    kind: Mapped[E] = mapped_column(vocabulary(E))
    subject: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    actor_name: Mapped[str]
    happened_on: Mapped[date]
    recorded_at: Mapped[datetime]
    source: Mapped[Source | None]
    told_by: Mapped[str | None]
    text: Mapped[str | None] = mapped_column(Text)
    data: Mapped[dict[str, Any]]
    # What belongs to the data and lies sealed (domain/sealed_lines.py).
    private_sealed: Mapped[Sealed | None] = mapped_column(SealedText("event.private_sealed"))
    private = sealed_json(
        "private_sealed", instead=lambda line: dict.fromkeys(sealed_lines.SEALED.get(line.kind, ()), UNREAD)
    )
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    # What the change's columns held before, where it can be taken back for some minutes; and which line this one
    # takes back.
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    # The revision of the plan it belongs to: told to everybody once that is in force.
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("action_plan.id"))
    # Only for people of this organisation; for everybody who reaches the family where there is none.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    # Only for the coordinator and the lead, as the confidential address is that it tells of; what tells that a family
    # was asked to be restricted, only for managers and who asked.
    keepers_only: Mapped[bool] = mapped_column(default=False)
    # In whose record it was written, where that was merged into this one.
    written_in_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))
    __table_args__ = (
        Index("ix_event_history", "family_id", "recorded_at", "id"),
        index_where("ix_event_shared_despite", "recorded_at", "id", where="kind = 'referral.shared_despite'"),
    )


class AuditKind(enum.StrEnum):
    LOOK = "look"
    LIST = "list"
    CHANGE = "change"
    SEARCH = "search"
    REFUSAL = "refusal"
    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    LINK = "link"
    PRINT = "print"
    EXPORT = "export"
    EMERGENCY = "emergency"


class Audit(Model):
    """One row for each response that shows or changes a family, for lists, searches, refusals and sign-ins. Never
    changed nor deleted: triggers refuse it, and a signature shows it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[AuditKind] = mapped_column(vocabulary(AuditKind))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    organisation_id: Mapped[int | None]
    roles: Mapped[str | None]
    # What tied them to the family when they asked; empty: nothing, they reach it in another way.
    standing: Mapped[str | None] = mapped_column(String(20))
    # Not family-scoped and no foreign key: the log outlives what it is about.
    family_id: Mapped[int | None] = mapped_column(index=True)
    subject: Mapped[str | None] = mapped_column(String(40))
    page: Mapped[str] = mapped_column(String(100))
    rows: Mapped[int | None] = mapped_column("row_count")
    reason: Mapped[str | None] = mapped_column(String(300))
    # What it changed, field by field (domain/log_changes.py), and the signature of that. The words go with the record
    # that they tell of; the signature stays.
    changes: Mapped[str | None] = mapped_column(Text)
    changes_mark: Mapped[str | None] = mapped_column(String(60))
    # Which thread wrote it, its how manieth row it is, and the signature of all this; empty in rows from before there
    # were signatures.
    writer: Mapped[str | None] = mapped_column(String(16))
    number: Mapped[int | None]
    mac: Mapped[str | None] = mapped_column(String(60))
    __table_args__ = (
        # When somebody last looked at a family.
        index_where("ix_audit_looked", "user_id", "family_id", "at", where="kind = 'look'"),
        # Who looked at families lately.
        index_where("ix_audit_lately", "at", where="family_id IS NOT NULL"),
        # How often somebody has exported.
        index_where("ix_audit_exports", "user_id", "at", where="kind = 'export'"),
    )


class AuditSeal(Model):
    """Some rows of the log, sealed by the worker: the seals are a chain. Never changed nor deleted, like the rows."""

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed_at: Mapped[datetime] = mapped_column(index=True)
    # Which rows, as 1-57,60; the greatest id that has been sealed so far; and of what they say a hash.
    spans: Mapped[str] = mapped_column(Text)
    high_id: Mapped[int]
    row_count: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    mac: Mapped[str] = mapped_column(String(60))


class OutboxMessage(Model):
    """Something somebody is to be told. Who gets it is looked up when it is sent; nothing is sent after it expires."""

    id: Mapped[int] = mapped_column(primary_key=True)
    # Not family-scoped: the worker renders it under its recipient's viewer, or not at all.
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[str] = mapped_column(String(60))
    rule: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    # When it was handed over: from then on there is one delivery for each recipient (models/messages.py).
    sent_at: Mapped[datetime | None]
    __table_args__ = (index_where("ix_outbox_unsent", "due_at", "id", where="sent_at IS NULL"),)


class IdempotencyKey(Model):
    """A form that was already answered, and how. A second click gets the first one's outcome."""

    id: Mapped[int] = mapped_column(primary_key=True)
    actor: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64))
    body_hash: Mapped[str] = mapped_column(String(64))
    location: Mapped[str | None] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (UniqueConstraint("actor", "key"),)


class FormDraft(HasSealed, Model):
    """A form that somebody has not sent yet, or sent after their session was over, as it was typed. Not family-scoped:
    nobody but its writer reads it, and only through the door of the form itself."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"), index=True)
    # Which form, and of which thing: meetings.write_up of M-3. Empty where it is about no thing that is there yet.
    form: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(20))
    answers_sealed: Mapped[Sealed] = mapped_column(SealedText("form_draft.answers_sealed"))
    answers = sealed_json("answers_sealed")
    saved_at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (UniqueConstraint("user_id", "form", "subject"),)


class FamilySeen(FamilyScoped, Model):
    """How far somebody has seen what happens to a family, as they said themselves: nobody else can read it. Where they
    looked at the family later than they said so, the look counts. What stood before is kept while it can be undone."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    seen_to: Mapped[datetime | None]
    marked_at: Mapped[datetime]
    # One click on one family or on many; empty once it was undone.
    click: Mapped[str | None] = mapped_column(String(40))
    before_to: Mapped[datetime | None]
    before_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("user_id", "family_id"),)


class FamilySummary(FamilyScoped, Model):
    """One row a family for the lists: recomputed with every change, never edited."""

    __tablename__ = "family_summary"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), primary_key=True)
    open: Mapped[bool] = mapped_column(default=False)
    stage: Mapped[Stage] = mapped_column(default=Stage.NOT_OPEN)
    coordinator_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    lead_name: Mapped[str | None]
    lead_asked: Mapped[bool] = mapped_column(default=False)
    lead_wanted: Mapped[bool] = mapped_column(default=False)
    lead_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    lead_answer_by: Mapped[date | None]
    lead_missing_since: Mapped[date | None]
    lead_declines: Mapped[int] = mapped_column(default=0)
    lead_decided: Mapped[bool] = mapped_column(default=False)
    nobody_holds_since: Mapped[date | None]
    next_kind: Mapped[str | None] = mapped_column(String(40))
    next_subject: Mapped[str | None] = mapped_column(String(20))
    next_text: Mapped[str | None] = mapped_column(String(500))
    next_who: Mapped[str | None]
    next_who_id: Mapped[int | None]
    next_due_on: Mapped[date | None]
    actions_open: Mapped[int] = mapped_column(default=0)
    supports: Mapped[int] = mapped_column(default=0)
    supports_started: Mapped[int] = mapped_column(default=0)
    supports_waiting: Mapped[int] = mapped_column(default=0)
    # Support still open about which nobody is due to ask: the worker makes the checks that are missing.
    unfollowed: Mapped[int] = mapped_column(default=0)
    last_event_at: Mapped[datetime | None]
    __table_args__ = (
        index_where("ix_summary_coordinator", "coordinator_id", "next_due_on", "family_id", where="open"),
        index_where("ix_summary_open", "next_due_on", "family_id", where="open"),
        index_where("ix_summary_unfollowed", "family_id", where="unfollowed > 0"),
    )


class WordLabel(Versioned, Model):
    """The council's own label for a concept."""

    __tablename__ = "word"
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    one: Mapped[str] = mapped_column(String(60))
    many: Mapped[str] = mapped_column(String(60))
    a: Mapped[str] = mapped_column(String(60))


class CouncilContact(Model):
    """The council's own number or address for people to turn to, in place of the server's setting of that name."""

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(80))


class PracticeStandard(Versioned, Model):
    """The council's own value for a practice standard; where there is none, the default holds. Who changed it, when
    and why stands in StandardChange."""

    key: Mapped[Standard] = mapped_column(vocabulary(Standard), primary_key=True)
    amount: Mapped[int]
    unit: Mapped[Unit]
    why: Mapped[str | None] = mapped_column(String(500))


class StandardChange(Model):
    """A practice standard was changed: from what to what, by whom and why. Never edited."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[Standard] = mapped_column(vocabulary(Standard), index=True)
    before: Mapped[int]
    after: Mapped[int]
    why: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    by_name: Mapped[str]
    at: Mapped[datetime]
    # Dates that had not passed and moved with it.
    moved: Mapped[int] = mapped_column(default=0)


class BankHoliday(Model):
    """A bank holiday announced after the calendar library was released; the rest is computed."""

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]


class ClosureDay(Model):
    """A day on which the council is closed."""

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
