"""What browsers report by themselves: something on a page of the portal that its policy did not let happen."""

from datetime import date

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Model


class PolicyReport(Model):
    """One kind of report of one day, and how often it came. Nothing of who sent it, nor of what the page showed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    page: Mapped[str] = mapped_column(String(100))
    directive: Mapped[str] = mapped_column(String(40))
    blocked: Mapped[str] = mapped_column(String(100))
    times: Mapped[int] = mapped_column(default=1)
    __table_args__ = (UniqueConstraint("day", "page", "directive", "blocked"),)
