"""What people asked of their own record: copies of what is held about them."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import FamilyScoped, Model, Referenced


class DataCopy(FamilyScoped, Referenced, Model):
    """Somebody asked what is held about one person: who, how it was made sure that it is them, and what for. The copy
    itself is made anew when it is opened, and kept nowhere. Never edited."""

    ref_prefix: ClassVar[str] = "Y"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    why: Mapped[str] = mapped_column(String(300))
    asked_by: Mapped[str]
    identity: Mapped[str] = mapped_column(String(500))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_by_name: Mapped[str]
    made_at: Mapped[datetime]
