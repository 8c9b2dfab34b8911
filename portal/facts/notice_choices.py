"""What each person chose to be told, and when."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from portal.core.db import db
from portal.domain.notices import DEFAULTS, Notice, When
from portal.models.messages import NoticeChoice


def of_people(user_ids: Iterable[int], notice: Notice) -> Mapping[int, When]:
    """For each of them, when they want to be told of this kind."""
    told = list(user_ids)
    rows = db.session.execute(
        select(NoticeChoice.user_id, NoticeChoice.choice).where(
            NoticeChoice.user_id.in_(told), NoticeChoice.notice == notice
        )
    )
    return dict.fromkeys(told, DEFAULTS[notice]) | {row.user_id: row.choice for row in rows}


def of_person(user_id: int) -> Mapping[Notice, When]:
    """For each kind, when this person wants to be told."""
    rows = db.session.execute(select(NoticeChoice.notice, NoticeChoice.choice).where(NoticeChoice.user_id == user_id))
    return dict(DEFAULTS) | {row.notice: row.choice for row in rows}
