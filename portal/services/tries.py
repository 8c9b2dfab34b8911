"""Whether a try without an answer was made as it is typed: not by the way of the last one, and by one that is safe."""

from collections.abc import Mapping

from sqlalchemy import or_, select

from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.support import CheckState, Method
from portal.domain.wording import CHOICES
from portal.models.families import Person, SafeContact
from portal.models.following import FollowUpCheck

TRIED_SO = "tried_so"
# A visit or a meeting is not among the ways that are recorded as safe or not.
RECORDED: Mapping[Method, str] = {
    Method.CALL: "by_phone",
    Method.TEXT: "by_text",
    Method.EMAIL: "by_email",
    Method.LETTER: "by_post",
}


def demand_meant(check: FollowUpCheck, method: Method, *, said: bool) -> None:
    """Raises FieldRefused where it is odd and nobody has `said` that it was tried so all the same. Where nothing is
    recorded of how the family is reached, no way is odd."""
    if said:
        return
    safe = _safe_ways(check.family_id)
    if safe and method in RECORDED and method not in safe:
        ways = " or ".join(CHOICES[each].lower() for each in safe)
        raise FieldRefused(
            TRIED_SO,
            f"{CHOICES[method]} is not recorded as safe for anybody of this {{family}}, only {ways}. "
            "Select how it was tried, or tick that it was tried so",
        )
    if check.unanswered and _last_way(check) is method:
        others = [CHOICES[each].lower() for each in safe if each is not method] or [CHOICES[Method.VISIT].lower()]
        raise FieldRefused(
            TRIED_SO,
            f"{CHOICES[method]} had no answer the last time. Try another way, like {' or '.join(others)}, "
            "or tick that it was tried so again",
        )


def _safe_ways(family_id: int) -> list[Method]:
    """Those that are safe for somebody of the family who may be contacted."""
    rows = db.session.execute(
        select(SafeContact.by_phone, SafeContact.by_text, SafeContact.by_email, SafeContact.by_post)
        .join(Person, Person.id == SafeContact.person_id)
        .where(SafeContact.family_id == family_id, SafeContact.never_contact.is_(False), Person.died_on.is_(None))
    ).all()
    return [method for method, column in RECORDED.items() if any(getattr(row, column) for row in rows)]


def _last_way(check: FollowUpCheck) -> Method | None:
    """How the check before this one was tried, about the same support or step-down."""
    same = or_(FollowUpCheck.referral_id == check.referral_id, FollowUpCheck.step_down_id == check.step_down_id)
    return db.session.scalars(
        select(FollowUpCheck.method)
        .where(
            FollowUpCheck.family_id == check.family_id,
            same,
            FollowUpCheck.state == CheckState.DONE,
            FollowUpCheck.id < check.id,
        )
        .order_by(FollowUpCheck.id.desc())
        .limit(1)
    ).first()
