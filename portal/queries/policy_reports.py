"""What browsers reported of the portal's pages."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from portal.core.db import db
from portal.models.edge import PolicyReport


class Reported(NamedTuple):
    day: date
    page: str
    directive: str
    blocked: str
    times: int


def newest() -> Sequence[Reported]:
    """Of the last month, the newest day first and of it what came most often."""
    rows = db.session.execute(
        select(
            PolicyReport.day, PolicyReport.page, PolicyReport.directive, PolicyReport.blocked, PolicyReport.times
        ).order_by(PolicyReport.day.desc(), PolicyReport.times.desc(), PolicyReport.id)
    )
    return [Reported(*row) for row in rows]
