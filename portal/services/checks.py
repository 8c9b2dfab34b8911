"""Follow-up checks: made by policy, owned by one person, re-owned when responsibility moves."""

from datetime import date
from typing import Any

from sqlalchemy import or_, select, update

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.dates import all_of, full
from portal.domain.event_kinds import E
from portal.domain.following import FOLLOWED_AS, POLICY
from portal.domain.roles import Role
from portal.domain.standards import Standard
from portal.domain.step_downs import OPEN
from portal.domain.support import STANDING_CHECKS, CheckOutcome, CheckStage, CheckState, Escalation
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import follow_up, owners, practice
from portal.models.families import Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import StepDown
from portal.models.people import User, UserRole
from portal.policies.scope import unscoped
from portal.services import history
from portal.services.moves import walk


def make(
    referral: SupportReferral,
    stage: CheckStage,
    *,
    by: Viewer,
    due_on: date | None = None,
    after: FollowUpCheck | None = None,
) -> FollowUpCheck:
    """The next check of a referral: due by policy, or on the day named. `after` is the one just recorded: a hand-named
    owner goes on."""
    due_on = due_on or follow_up.first_of(referral, stage)
    if after is not None and after.hand_named:
        owner_id, owner_name, hand_named = after.owner_id, _name_of(after.owner_id), True
    else:
        owner = owners.of_checks(referral.family_id)
        owner_id, owner_name, hand_named = owner.user_id, owner.name, False
    check = FollowUpCheck(
        family_id=referral.family_id,
        referral_id=referral.id,
        stage=stage,
        due_on=due_on,
        owner_id=owner_id,
        hand_named=hand_named,
        unanswered=0,
    )
    db.session.add(check)
    db.session.flush()
    history.record(
        E.CHECK_MADE,
        check,
        by=by,
        data={"whom": owner_name, "service": referral.service_name, "due": full(due_on)},
    )
    return check


def again_on(stage: CheckStage) -> date:
    """The day of the next check, counted from one that is answered today."""
    return practice.due_after(clock.today(), POLICY[stage].again)


def follow(referral: SupportReferral, answer: str, *, by: Viewer, due_on: date | None = None) -> FollowUpCheck | None:
    """The referral has moved, or more is known of it: what was asked before is answered by that, and the next check is
    returned. None where nothing is followed any more, and what was to be asked is not. A call that the family asked for
    is still owed while anything is followed. `answer`: in words, for the history of the checks."""
    stage = FOLLOWED_AS.get(referral.state)
    after = None
    for check in standing(referral):
        if check.stage is CheckStage.CALL_BACK and stage is not None:
            continue
        if check.state is CheckState.WAIVED or stage is None:
            walk(check, "void", by=by, follows=True)
            continue
        _answered(check, referral, answer, by=by)
        after = check
    return None if stage is None else make(referral, stage, by=by, due_on=due_on, after=after)


def standing(referral: SupportReferral) -> list[FollowUpCheck]:
    """The checks of this support that nobody has answered yet, those put off among them; the first one first."""
    return list(
        db.session.scalars(
            select(FollowUpCheck)
            .where(
                FollowUpCheck.referral_id == referral.id,
                FollowUpCheck.state.in_(STANDING_CHECKS),
            )
            .order_by(FollowUpCheck.id)
        )
    )


def call_back(referral: SupportReferral, answer: str, *, by: Viewer, instead: bool) -> FollowUpCheck:
    """Somebody rings the family, today or on the next working day; one call, however often they ask, and not on the
    day that an earlier one was put off to. With `instead` the answer closes what was going to be asked; else both are
    owed."""
    after = None
    for check in standing(referral):
        if check.stage is CheckStage.CALL_BACK and check.state is CheckState.DUE:
            after = check
        elif check.stage is CheckStage.CALL_BACK:
            walk(check, "void", by=by, follows=True)
        elif instead and check.state is CheckState.DUE:
            _answered(check, referral, answer, by=by)
            after = after or check
    if after is not None and after.stage is CheckStage.CALL_BACK:
        return after
    today = practice.calendar().due(clock.today())
    return make(referral, CheckStage.CALL_BACK, by=by, due_on=today, after=after)


def _answered(check: FollowUpCheck, referral: SupportReferral, answer: str, *, by: Viewer) -> None:
    walk(
        check,
        "gone_on",
        by=by,
        follows=True,
        outcome=CheckOutcome.GONE_ON,
        done_on=clock.today(),
        done_by_name=by.name,
        data={"service": referral.service_name, "answer": answer},
    )


def close(
    check: FollowUpCheck,
    move: str,
    outcome: CheckOutcome,
    about: str,
    *,
    by: Viewer,
    note: str | None,
    data: dict[str, str] | None = None,
    **values: Any,
) -> None:
    """Somebody has asked, today: what came of it. `about`: the service, or what else it was asked about."""
    walk(
        check,
        move,
        by=by,
        text=note,
        outcome=outcome,
        note=note,
        done_on=clock.today(),
        done_by_name=by.name,
        data={"service": about, **(data or {})},
        **values,
    )


def waive(check: FollowUpCheck, *, by: Viewer, until: date, reason: str) -> None:
    """Nobody is asked until that day, a working day after today and no later than the standard; then the check is due
    again."""
    if until <= clock.today():
        raise FieldRefused("waived_until", "The day to ask again must be after today")
    day, latest = practice.calendar().due(until), practice.due_after(clock.today(), Standard.PUT_OFF)
    if day > latest:
        raise FieldRefused("waived_until", f"The day to ask again must be no later than {full(latest)}")
    walk(
        check,
        "waive",
        by=by,
        text=reason,
        waived_until=day,
        waived_reason=reason,
        waived_by_name=by.name,
        data={"until": full(day)},
    )


def due_again(check: FollowUpCheck, *, by: Viewer) -> None:
    """Before the day that was named: it is asked about today, or on the next working day."""
    walk(check, "due_again", by=by, due_on=practice.calendar().due(clock.today()))
    reown(check.family_id, by=by)


def put_off_no_longer(check: FollowUpCheck, *, by: Viewer) -> None:
    """The day that was named has come: it is due since then, of whoever is responsible now. Where the same is asked by
    another check meanwhile, that one is enough."""
    same = (
        FollowUpCheck.family_id == check.family_id,
        FollowUpCheck.referral_id == check.referral_id,
        FollowUpCheck.step_down_id == check.step_down_id,
        FollowUpCheck.stage == check.stage,
    )
    if db.session.scalars(select(FollowUpCheck.id).where(*same, FollowUpCheck.state == CheckState.DUE)).first():
        walk(check, "void", by=by, follows=True)
        return
    walk(check, "due_again", by=by, follows=True, due_on=check.waived_until)
    reown(check.family_id, by=by)


def reown(family_id: int, *, by: Viewer) -> None:
    """Responsibility has changed: checks that are due or put off go to whom it lies with now, but for those with a
    hand-named owner.
    Their dates stay, a form opened before can still be sent, and one line of history names them."""
    with unscoped("re-own checks"):
        due = db.session.execute(
            select(FollowUpCheck.id, FollowUpCheck.owner_id)
            .where(
                FollowUpCheck.family_id == family_id,
                FollowUpCheck.state.in_(STANDING_CHECKS),
                FollowUpCheck.hand_named.is_(False),
            )
            .order_by(FollowUpCheck.id)
        ).all()
        if not due:
            return
        owner = owners.of_checks(family_id)
        moved = [row.id for row in due if row.owner_id != owner.user_id]
        if not moved:
            return
        db.session.execute(update(FollowUpCheck).where(FollowUpCheck.id.in_(moved)).values(owner_id=owner.user_id))
        family = db.session.execute(select(Family).where(Family.id == family_id)).scalar_one()
    refs = [f"{FollowUpCheck.ref_prefix}-{id_}" for id_ in moved]
    named = f"checks {all_of(refs)}" if len(refs) > 1 else f"check {refs[0]}"
    history.record(E.CHECK_REOWNED, family, by=by, data={"whom": owner.name, "checks": named})


def count_try(following: FollowUpCheck, tried: FollowUpCheck, about: str, *, by: Viewer) -> None:
    """Nobody was reached at `tried`; after too many tries in a row the next one is escalated to a manager. Tries of one
    day are one: who does not answer at noon is rarely there a quarter of an hour later."""
    again_today = tried.unanswered > 0 and _tried_before_on(tried)
    following.unanswered = tried.unanswered + (0 if again_today else 1)
    if following.unanswered >= practice.amount(_limit_of_tries(following.family_id)):
        escalate(following, about, by=by)


def _tried_before_on(tried: FollowUpCheck) -> bool:
    """Whether the check before this one, about the same, was tried in vain on the same day."""
    before = (
        select(FollowUpCheck.outcome, FollowUpCheck.done_on)
        .where(
            FollowUpCheck.family_id == tried.family_id,
            or_(
                FollowUpCheck.referral_id == tried.referral_id,
                FollowUpCheck.step_down_id == tried.step_down_id,
            ),
            FollowUpCheck.state == CheckState.DONE,
            FollowUpCheck.id < tried.id,
        )
        .order_by(FollowUpCheck.id.desc())
        .limit(1)
    )
    return db.session.execute(before).first() == (CheckOutcome.NO_ANSWER, tried.done_on)


def escalate(following: FollowUpCheck, about: str, *, by: Viewer) -> None:
    """It goes to the manager of whoever owns it."""
    does_social_work = db.session.execute(
        select(UserRole.role).where(UserRole.user_id == following.owner_id, UserRole.role == Role.SOCIAL_WORKER)
    ).first()
    following.escalated_to = Escalation.SOCIAL_CARE_MANAGER if does_social_work else Escalation.EARLY_HELP_MANAGER
    history.record(
        E.CHECK_ESCALATED,
        following,
        by=by,
        data={"service": about, "escalated_to": CHOICES[following.escalated_to], "times": following.unanswered},
    )


def _limit_of_tries(family_id: int) -> Standard:
    """Sooner while the family is being handed over."""
    handing_over = select(StepDown.id).where(StepDown.family_id == family_id, StepDown.state.in_(OPEN)).limit(1)
    return Standard.ESCALATE_STEP_DOWN if db.session.execute(handing_over).first() else Standard.ESCALATE


def _name_of(user_id: int) -> str:
    return db.session.execute(select(User.name).where(User.id == user_id)).scalar_one()
