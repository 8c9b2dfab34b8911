"""What was changed of the portal itself: by whom, when, from what to what."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import vocabulary
from portal.domain.administering import Act
from portal.models.base import Model


class AdminChange(Model):
    """One change that an administrator made, of people, organisations or settings. It names no family. Never changed
    nor deleted: triggers refuse it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[Act] = mapped_column(vocabulary(Act))
    # A reference, U-7, or the name of a setting; and what it was called then.
    subject: Mapped[str] = mapped_column(String(40))
    about: Mapped[str]
    # Nobody where it was done on the server.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    by_name: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    why: Mapped[str | None] = mapped_column(String(500))
    __table_args__ = (Index("ix_admin_change_subject", "subject", "id"),)
