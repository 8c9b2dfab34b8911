"""What becomes of a need for which support did not start."""

from portal.core.db import db
from portal.domain.event_kinds import E
from portal.domain.permissions import P
from portal.domain.plans import NeedState
from portal.domain.support import DECIDED, NeedNow
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.following import SupportReferral
from portal.models.teamwork import PlanNeed
from portal.policies import rules
from portal.services import history, needs
from portal.services.moves import walk


def decide(referral: SupportReferral, *, by: Viewer, need_now: NeedNow, words: str) -> None:
    """No other service is suggested: what happens to the need instead, in words, and who sees to it. That it cannot
    be met only early help may say."""
    if need_now not in DECIDED:
        raise LookupError(f"{need_now} decides nothing")
    if need_now is NeedNow.NOT_MET:
        rules.demand(by, P.NEED_NOT_MET, referral)
    said = CHOICES[need_now]
    walk(
        referral,
        "decide_need",
        by=by,
        text=words,
        need_now=need_now,
        need_now_words=words,
        data={"service": referral.service_name, "now": said[:1].lower() + said[1:]},
    )
    if need_now is NeedNow.NOT_MET:
        not_met(referral, words, by=by)


def not_met(referral: SupportReferral, reason: str, *, by: Viewer) -> None:
    """The need ends as one that could not be met, be it one of the plan or one in words."""
    need = db.session.get(PlanNeed, referral.plan_need_id) if referral.plan_need_id else None
    if need is None:
        history.record(E.NEED_NOT_MET, referral, by=by, text=reason, data={"what": referral.need_text})
    elif need.state is NeedState.OPEN:
        needs.could_not_meet(need, reason, by=by)
