"""Words that were hidden because they must not stand: what they were, sealed, and where they stood."""

import json
from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import vocabulary
from portal.core.sealed import UNREAD, HasSealed, Sealed, SealedField, SealedText
from portal.domain.hiding import WhyHidden
from portal.models.base import FamilyScoped, Model, Referenced


class HiddenWords(HasSealed, FamilyScoped, Referenced, Model):
    """One time somebody hid words of a family's record. Nobody but the early help manager reads it: it holds what the
    words were."""

    ref_prefix: ClassVar[str] = "Z"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[WhyHidden] = mapped_column(vocabulary(WhyHidden))
    why: Mapped[str] = mapped_column(String(500))
    # Each wording that was looked for.
    words_sealed: Mapped[Sealed] = mapped_column(SealedText("hidden_words.words_sealed"))
    words = SealedField[list[str]]("words_sealed", write=json.dumps, read=json.loads, instead=lambda _: [UNREAD])
    hidden_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    hidden_by_name: Mapped[str]
    hidden_at: Mapped[datetime]
    # From when on they may have been read.
    since: Mapped[datetime]
    put_back_at: Mapped[datetime | None]
    put_back_by_name: Mapped[str | None]
    put_back_why: Mapped[str | None] = mapped_column(String(500))
    __table_args__ = (CheckConstraint("(put_back_at IS NULL) = (put_back_why IS NULL)", name="put_back_reasoned"),)


class HiddenPlace(HasSealed, FamilyScoped, Model):
    """One column of one row in which hidden words stood, and the pieces that were taken out of it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    hiding_id: Mapped[int] = mapped_column(ForeignKey("hidden_words.id"), index=True)
    of_table: Mapped[str] = mapped_column(String(60))
    of_column: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[int]
    # What was taken out, in its order: read by nobody but whoever puts it back.
    pieces_sealed: Mapped[Sealed] = mapped_column(SealedText("hidden_place.pieces_sealed"))
    pieces = SealedField[list[str]]("pieces_sealed", write=json.dumps, read=json.loads, instead=None)
    # The mark had no room beside the rest: the whole value was taken out.
    whole: Mapped[bool] = mapped_column(default=False)
    # The words stand there again, or nobody could say any more where they belong.
    put_back: Mapped[bool | None]
    __table_args__ = (Index("ix_hidden_place_of", "of_table", "row_id"),)
