"""What administrators changed, in lines for people."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.domain.administering import line, told
from portal.domain.dates import moment
from portal.models.administering import AdminChange

MOST = 50


@dataclass(frozen=True)
class ChangeLine:
    """One change: what was done, when and why, and each answer before and after."""

    title: str
    byline: str
    fields: list[str]
    why: str | None

    @property
    def words(self) -> str:
        return "\n".join([*self.fields, *([self.why] if self.why else [])])


def of(subjects: Sequence[str]) -> list[ChangeLine]:
    """The latest first."""
    rows = db.session.scalars(
        select(AdminChange).where(AdminChange.subject.in_(subjects)).order_by(AdminChange.id.desc()).limit(MOST)
    )
    return [change_line(row) for row in rows]


def change_line(row: AdminChange) -> ChangeLine:
    return ChangeLine(line(row.kind, row.by_name, row.about), moment(row.at), told(row.before, row.after), row.why)
