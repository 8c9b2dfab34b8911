"""Support about which nobody is due to ask: the checks it lacks, made for thousands of families in a few statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Date,
    Select,
    String,
    Update,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import UTCDateTime, db, written, written_all, written_figure
from portal.core.kept import kept
from portal.core.sets import ONCE, given, given_ids, is_one_of, json_object, new_rows, one_writes, rows_of
from portal.domain.dates import full
from portal.domain.event_kinds import E
from portal.domain.next_steps import FIRST, RANK, Next
from portal.domain.support import OPEN_REFERRALS, STANDING_CHECKS, CheckStage, CheckState
from portal.domain.viewer import THE_CLOCK
from portal.facts import follow_up, owners
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.people import User
from portal.models.record import Event, FamilySummary
from portal.policies.scope import unscoped

# Families a transaction. Each writes into the same pages of the indexes by date, so that four times a thousand cost a
# fifth less than a thousand four times; on SQLite, others who write wait a tenth of a second for it.
BATCH = 4000
# In the place of a day that is not waited past, where there is none: the databases compare it.
ANY_DAY = date.max


@dataclass(frozen=True)
class Swept:
    """What was done for one batch: how many checks were made, and the last family looked at; None after the last."""

    checks: int
    last_family: int | None


def make_checks(after: int = 0) -> Swept:
    """Make the checks that are missing, for up to four thousand families that come after this one: by the policy, with
    their line of history, and with the family's next step. The families' locks are taken first, but for those that
    somebody else holds, who is about to change them. A second time nothing is missing, and nothing is made. Where
    there is nobody who could ask, the family is passed over, and looked at again the next time."""
    with unscoped("checks that are missing"):
        of = db.engine.dialect.name
        families = list(db.session.scalars(_families(of), {"after": after}))
        if not families:
            return Swept(0, None)
        within = {"families": given_ids(families)}
        dates = follow_up.dates()
        began = db.session.execute(_began(of), within).all()
        dues = [(*row[:3], dates.first(CheckStage(row.stage), row.since, row.no_later)) for row in began]
        if not began:  # somebody was quicker
            return Swept(0, _last(families))
        db.session.execute(_checks(of), {**within, "dues": _as_given(dues)})
        new = {**within, "before": began[0].latest_check}
        made, helped = db.session.execute(_made(of), new).one()
        days = given({"on": day, "words": full(day)} for day in {due[-1] for due in dues})
        now = clock.now()  # the line and the summary name the same instant
        db.session.execute(_lines(of), {**new, "days": days, "today": clock.today(), "now": now})
        db.session.execute(_summaries(of, several=made > helped), {**new, "now": now})
    return Swept(made, _last(families))


def _last(families: list[int]) -> int | None:
    return families[-1] if len(families) == BATCH else None


def _as_given(dues: Iterable[tuple[str, date, date | None, date]]) -> str:
    return given(
        {"stage": stage, "since": since, "no_later": no_later or ANY_DAY, "due_on": due_on}
        for stage, since, no_later, due_on in dues
    )


@kept
def _families(_dialect: str) -> Select[int]:
    return (
        select(FamilySummary.family_id)
        .where(FamilySummary.unfollowed > literal(0, literal_execute=True))  # as the index says it
        .where(FamilySummary.family_id > bindparam("after"))
        .order_by(FamilySummary.family_id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


def _lacking(*columns: Any) -> Select[Any]:
    """Open support of the families of the batch that has no standing check."""
    # Looked up for each, not joined: a join would read all the checks there are.
    standing = select(func.min(FollowUpCheck.id)).where(
        FollowUpCheck.referral_id == SupportReferral.id, FollowUpCheck.state.in_(written_all(STANDING_CHECKS))
    )
    return select(*columns).where(
        is_one_of(SupportReferral.family_id, "families"),
        SupportReferral.state.in_(written_all(OPEN_REFERRALS)),
        standing.scalar_subquery().is_(None),
    )


@kept
def _began(_dialect: str) -> Select[str, date, date | None, int]:
    """Each stage and the days it is counted from, once; and the latest check there is. While the families are locked,
    whatever they have after it was made here."""
    latest = select(func.coalesce(func.max(FollowUpCheck.id), 0)).scalar_subquery()
    return _lacking(
        follow_up.stage_column().label("stage"),
        follow_up.since_column().label("since"),
        follow_up.no_later_column().label("no_later"),
        latest.label("latest_check"),
    ).distinct()


@kept
def _checks(_dialect: str) -> Any:
    dues = rows_of("dues", stage=String(), since=Date(), no_later=Date(), due_on=Date())
    lacking = (
        _lacking(
            SupportReferral.id,
            SupportReferral.family_id,
            follow_up.stage_column().label("stage"),
            follow_up.since_column().label("since"),
            func.coalesce(follow_up.no_later_column(), literal(ANY_DAY, Date())).label("no_later"),
            owners.of_checks_of(SupportReferral.family_id).label("owner_id"),
        )
        .cte("lacking")
        .prefix_with(ONCE)  # else SQLite looks for each owner twice
    )
    rows = (
        select(
            lacking.c.family_id,
            lacking.c.id,
            lacking.c.stage,
            written(CheckState.DUE),
            dues.c.due_on,
            lacking.c.owner_id,
            false(),
            literal(0),
            literal(1),
        )
        .outerjoin(  # each has one: the outer join says which of the two is gone through, on SQLite too
            dues,
            and_(
                dues.c.since == lacking.c.since, dues.c.stage == lacking.c.stage, dues.c.no_later == lacking.c.no_later
            ),
        )
        .where(lacking.c.owner_id.is_not(None))
    )
    columns = (
        "family_id", "referral_id", "stage", "state", "due_on", "owner_id", "hand_named", "unanswered", "version",
    )  # fmt: skip
    return new_rows(FollowUpCheck).from_select(columns, rows)


def _new(of_family: Any = FollowUpCheck.family_id) -> list[ColumnElement[bool]]:
    """Of the checks: made for this batch. While somebody writes on SQLite nobody else does, so whatever is newer is;
    PostgreSQL is told the families, whose `of_family` it looks up."""
    newer = FollowUpCheck.id > bindparam("before")
    return [newer] if one_writes() else [newer, is_one_of(of_family, "families")]


def _new_checks(*columns: Any) -> Select[Any]:
    """Those that this batch has made."""
    return select(*columns).where(*_new())


def _service() -> ColumnElement[str]:
    return select(SupportReferral.service_name).where(SupportReferral.id == FollowUpCheck.referral_id).scalar_subquery()


def _owner() -> ColumnElement[str]:
    return select(User.name).where(User.id == FollowUpCheck.owner_id).scalar_subquery()


@kept
def _made(_dialect: str) -> Select[int, int]:
    """How many, and of how many families."""
    return _new_checks(func.count(), func.count(FollowUpCheck.family_id.distinct()))


@kept
def _lines(_dialect: str) -> Any:
    """A line of history for each check, as one that is made by a click has."""
    days = rows_of("days", on=String(), words=String())
    rows = _new_checks(
        FollowUpCheck.family_id,
        literal(E.CHECK_MADE, Event.kind.type),
        _ref(),
        literal(THE_CLOCK.name),
        bindparam("today", type_=Date()),
        bindparam("now", type_=UTCDateTime()),
        json_object(whom=_owner(), service=_service(), due=days.c.words),
        false(),
    ).outerjoin(days, days.c.on == cast(FollowUpCheck.due_on, String))
    columns = (
        "family_id", "kind", "subject", "actor_name", "happened_on", "recorded_at", "data", "keepers_only",
    )  # fmt: skip
    return new_rows(Event).from_select(columns, rows)


def _ref(check: Any = FollowUpCheck) -> ColumnElement[str]:
    return literal(f"{FollowUpCheck.ref_prefix}-") + cast(check.id, String)


@kept
def _summaries(_dialect: str, *, several: bool) -> Update:
    """What a recount would come to (facts/summary.py): nothing is unfollowed, and the most urgent of the new checks is
    the next step where it is more urgent than the one before. `several`: some families have more than one new check."""
    check = FollowUpCheck
    sooner = _is_sooner(_rank(check), FamilySummary)
    kind = case((_goes_on(check), written(Next.CHECK_GOES_ON)), else_=written(Next.CHECK))
    step = {
        "next_kind": kind,
        "next_subject": _ref(check),
        "next_text": _service(),
        "next_who": _owner(),
        "next_who_id": check.owner_id,
        "next_due_on": check.due_on,
    }
    told = {"unfollowed": 0, "last_event_at": bindparam("now", type_=UTCDateTime())}
    steps = {name: case((sooner, value), else_=getattr(FamilySummary, name)) for name, value in step.items()}
    return (
        update(FamilySummary)
        .where(FamilySummary.family_id == check.family_id, *_new(FamilySummary.family_id))
        .where(*([_is_first(check)] if several else []))
        .values(told | steps)
        .execution_options(synchronize_session=False)
    )


def _is_first(check: Any) -> ColumnElement[bool]:
    """Whether this is the most urgent of its family's new checks."""
    another = aliased(FollowUpCheck, name="another")
    # Counted, not "there is none": PostgreSQL would look through all the checks at once.
    sooner = (
        select(func.count())
        .where(another.family_id == check.family_id, another.id > bindparam("before"), another.id != check.id)
        .where(tuple_(another.due_on, _rank(another), _ref(another)) < tuple_(check.due_on, _rank(check), _ref(check)))
        .scalar_subquery()
    )
    return sooner == written_figure(0)


def _goes_on(check: Any) -> ColumnElement[bool]:
    of_one: ColumnElement[bool] = check.stage == written(CheckStage.STARTED)
    return of_one


def _rank(check: Any) -> ColumnElement[int]:
    return case(
        (_goes_on(check), written_figure(RANK[Next.CHECK_GOES_ON])),
        else_=written_figure(RANK[Next.CHECK]),
    )


def _is_sooner(rank: ColumnElement[int], before: Any) -> ColumnElement[bool]:
    """As domain/next_steps.py puts two steps in order, of which the new one has a date."""
    rank_before = case({written(kind): written_figure(place) for kind, place in RANK.items()}, value=before.next_kind)
    return or_(
        before.next_kind.is_(None),
        before.next_kind == Next.PUT_OFF.value,
        and_(
            before.next_kind.not_in(written_all(FIRST)),
            or_(
                before.next_due_on.is_(None),
                tuple_(before.next_due_on, rank_before, before.next_subject)
                > tuple_(FollowUpCheck.due_on, rank, _ref()),
            ),
        ),
    )
