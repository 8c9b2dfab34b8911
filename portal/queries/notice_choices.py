"""What somebody is told, and how they changed it, as their own page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.domain import digest_words
from portal.domain.dates import moment
from portal.domain.digests import how_often
from portal.domain.notices import CHOICES, NAMES
from portal.domain.viewer import Viewer
from portal.domain.words import Word, say
from portal.models.messages import NoticeChange

MOST = 20


@dataclass(frozen=True)
class Changed:
    """One kind that they chose anew, as a line of a timeline."""

    title: str
    byline: str
    words: str


@dataclass(frozen=True)
class OwnNotices:
    """`digest`: when theirs comes; `changes`: the latest first."""

    digest: str
    changes: list[Changed]


def own(viewer: Viewer, words: Mapping[str, Word]) -> OwnNotices:
    """One statement."""
    rows = db.session.scalars(
        select(NoticeChange).where(NoticeChange.user_id == viewer.user_id).order_by(NoticeChange.id.desc()).limit(MOST)
    )
    return OwnNotices(digest_words.WHEN[how_often(viewer.roles)], [_changed(row, words) for row in rows])


def _changed(row: NoticeChange, words: Mapping[str, Word]) -> Changed:
    return Changed(
        say(NAMES[row.notice], words),
        moment(row.at),
        f"{CHOICES[row.after]}. Until then: {CHOICES[row.before].lower()}",
    )
