"""What was done lately and is limited, so that restarts and any number of servers count alike."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import vocabulary
from portal.domain.limits import Limit
from portal.models.base import Model


class LimitedUse(Model):
    """One use of something that is limited, kept as long as it counts. Whose it was is hashed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    limit: Mapped[Limit] = mapped_column("limit_name", vocabulary(Limit))
    who_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    __table_args__ = (Index("ix_limited_use_of", "limit_name", "who_hash", "at"),)
