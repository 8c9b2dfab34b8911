"""The families of what is ticked in a list: of their own references, or of the actions and checks that wait there."""

import re
from collections.abc import Iterable

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.reminders import MOST
from portal.facts import reminding
from portal.models.families import Family

NOTHING = "Select families first"
TOO_MANY = f"This can be done for {MOST} families at a time. Select fewer"
_FAMILY = re.compile(r"F-([1-9][0-9]{0,8})", re.ASCII)


def families(refs: Iterable[str]) -> list[Family]:
    """Those in reach, in the order in which they are locked. Raises Refused where there are none, or too many."""
    wanted = list(dict.fromkeys(refs))
    if len(wanted) > MOST:
        raise Refused(TOO_MANY)
    ids = {int(match[1]) for match in map(_FAMILY.fullmatch, wanted) if match} | set(reminding.families_of(wanted))
    found = list(db.session.scalars(select(Family).where(Family.id.in_(ids)).order_by(Family.id)))
    if not found:
        raise Refused(NOTHING)
    return found
