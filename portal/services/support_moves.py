"""Support goes on: it is answered, started, confirmed, stopped, ended, or it will not happen."""

from datetime import date
from typing import Any

from sqlalchemy import update

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.dates import full
from portal.domain.permissions import P
from portal.domain.standards import Standard
from portal.domain.support import FACTS, EndedHow, Helped, NeedNow, NotStarted, Source
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES, STATES
from portal.facts import practice, starts
from portal.models.following import FollowUpCheck, SharedReferral, SupportReferral
from portal.policies import rules
from portal.services import checks, needs_left
from portal.services.moves import walk

ALREADY = (
    "That is before it was suggested, on {given}. Check the date, or say below that they were already receiving it"
)


def _over(referral: SupportReferral) -> None:
    """The receiving service has nothing more to do with it."""
    db.session.execute(
        update(SharedReferral).where(SharedReferral.referral_id == referral.id).values(ended_on=clock.today())
    )


def fact(
    referral: SupportReferral,
    move: str,
    *,
    by: Viewer,
    on: date,
    source: Source,
    told_by: str | None = None,
    note: str | None = None,
    after_all: bool = False,
    follows: bool = False,
    **values: Any,
) -> FollowUpCheck:
    """How it stands with the service: `move` is one of support.FACTS, `values` what it needs besides. Steps may be
    skipped, none is taken back; where the service has said no, it has to be said that they go on `after_all`.
    `follows`: the service itself says so, on its own page. The next check is returned."""
    if move not in FACTS:
        raise LookupError(f"{move} is no answer of a service")
    if referral.declined_on is not None and not after_all:
        said = f"The service said no on {full(referral.declined_on)}. Tick that they take the family on after all"
        raise FieldRefused("after_all", f"{said}, or leave it as it is")
    _not_before_given(referral, "state_on", on)
    _ahead(values, "expected_on", "The day a place is expected must be today or later")
    if (values.get("booked_for") or on) < on:
        raise FieldRefused("booked_for", "The first day must not be before the day it was booked")
    data = {"service": referral.service_name}
    for name, shown in (("expected_on", "expected"), ("booked_for", "booked")):
        if values.get(name):
            data[shown] = full(values[name])
    walk(
        referral,
        move,
        by=by,
        follows=follows,
        text=note,
        happened_on=on,
        source=source,
        told_by=told_by,
        state_on=on,
        state_source=source,
        declined_on=None,
        declined_why=None,
        data=data,
        **values,
    )
    return followed(referral, by=by)


def _ahead(values: dict[str, Any], name: str, words: str) -> None:
    if values.get(name) and values[name] < clock.today():
        raise FieldRefused(name, words)


def _not_before_given(referral: SupportReferral, name: str, day: date) -> None:
    if day < referral.given_on:
        raise FieldRefused(name, f"It was suggested on {full(referral.given_on)}, so this cannot have been before")


def start(
    referral: SupportReferral,
    *,
    by: Viewer,
    started_on: date,
    source: Source,
    what: str,
    told_by: str | None = None,
    already_receiving: bool = False,
    date_is_right: bool = False,
    note: str | None = None,
    follows: bool = False,
) -> FollowUpCheck:
    """Support was really received, first on that day. One that lies before the suggestion is only taken where it is
    said that they were already receiving it; one before it was sent or booked, where it is said that the date is
    right. `follows`: it answers a check that this person may record. The check that asks whether it goes on is
    returned."""
    before = started_on < referral.given_on
    if before and not already_receiving:
        raise FieldRefused("started_on", ALREADY.format(given=full(referral.given_on)))
    doubt = None if before else starts.doubt(referral, started_on)
    if doubt and not date_is_right:
        raise FieldRefused("date_is_right", f"{doubt}. Change the date, or tick that it is right")
    walk(
        referral,
        "start",
        by=by,
        follows=follows,
        happened_on=started_on,
        source=source,
        told_by=told_by,
        text=note or what,
        state_on=clock.today(),
        state_source=source,
        started_on=started_on,
        started_source=source,
        started_told_by=told_by,
        started_what=what,
        declined_on=None,
        declined_why=None,
        already_receiving=before,
        data={"service": referral.service_name, "when": full(started_on)},
    )
    return followed(referral, by=by)


def not_start(
    referral: SupportReferral,
    *,
    by: Viewer,
    code: NotStarted,
    reason: str,
    need_now: NeedNow,
    on: date | None = None,
    source: Source | None = None,
    told_by: str | None = None,
    not_met_reason: str | None = None,
    route: str | None = None,
    follows: bool = False,
) -> None:
    """It will not happen, as was learned on that day (today where none is named) from that source; why, and what
    becomes of the need: it stays open unless it cannot be met, which only early help may say. Nothing more is checked;
    where another service is to be suggested, that waits for whoever follows the family. `route`: in which other way
    the need is met."""
    if not reason.strip():
        raise FieldRefused("not_started_reason", "Enter why it will not happen")
    if need_now is NeedNow.NOT_MET:
        rules.demand(by, P.NEED_NOT_MET, referral)
        if not (not_met_reason or "").strip():
            raise FieldRefused("not_met_reason", "Enter what could not be provided, and who knows")
    if need_now is NeedNow.ANOTHER_ROUTE and not (route or "").strip():
        raise FieldRefused("route", "Enter how the {need} is met instead, and who sees to it")
    seeks = need_now is NeedNow.ANOTHER_SERVICE
    walk(
        referral,
        "not_start",
        by=by,
        follows=follows,
        text=reason,
        happened_on=on,
        source=source,
        told_by=told_by,
        state_on=on or clock.today(),
        state_source=source,
        not_started_code=code,
        not_started_reason=reason,
        need_now=need_now,
        need_now_words=route or None,
        instead_by=practice.due_after(clock.today(), Standard.SIGNPOSTED) if seeks else None,
        ended_at=clock.now(),
        data={"service": referral.service_name, "reason": CHOICES[code].lower()},
    )
    _over(referral)
    checks.follow(referral, "it will not happen", by=by)
    if need_now is NeedNow.NOT_MET:
        needs_left.not_met(referral, not_met_reason or "", by=by)


def confirm(
    referral: SupportReferral,
    *,
    by: Viewer,
    on: date,
    source: Source,
    told_by: str | None = None,
    note: str | None = None,
    follows: bool = False,
) -> None:
    """A second source, another than the first, says that it started: from now on it is shown as confirmed.
    Where the first was only an answer by link that is none, this becomes the first. `follows`: the family said so
    itself, by its link."""
    if starts.known_by_link_alone(referral):
        walk(
            referral,
            "report_start",
            by=by,
            follows=follows,
            happened_on=on,
            source=source,
            told_by=told_by,
            text=note,
            state_on=on,
            state_source=source,
            started_source=source,
            started_told_by=told_by,
            data={"service": referral.service_name},
        )
        return
    walk(
        referral,
        "confirm",
        by=by,
        follows=follows,
        happened_on=on,
        source=source,
        told_by=told_by,
        text=note,
        state_on=on,
        state_source=source,
        confirmed_on=on,
        confirmed_source=source,
        confirmed_told_by=told_by,
        data={"service": referral.service_name},
    )


def report_decline(referral: SupportReferral, *, by: Viewer, why: str) -> FollowUpCheck:
    """The service itself says that it cannot take them on. It does not end there: the check of today, or of the next
    working day, is returned, and whoever has it records what becomes of the need."""
    walk(
        referral,
        "report_decline",
        by=by,
        follows=True,
        source=Source.PROVIDER,
        text=why,
        state_on=clock.today(),
        state_source=Source.PROVIDER,
        declined_on=clock.today(),
        declined_why=why,
        data={"service": referral.service_name},
    )
    today = practice.calendar().due(clock.today())
    return followed(referral, by=by, answer="the service cannot take them on", due_on=today)


def report_stop(
    referral: SupportReferral,
    *,
    by: Viewer,
    on: date,
    source: Source,
    told_by: str | None = None,
    note: str | None = None,
    follows: bool = False,
) -> FollowUpCheck:
    """It seems to have stopped: no end by itself. The check of today, or of the next working day, is returned.
    `follows`: the family said so itself, by its link, and is rung."""
    walk(
        referral,
        "report_stop",
        by=by,
        follows=follows,
        happened_on=on,
        source=source,
        told_by=told_by,
        text=note,
        stopped_on=on,
        state_on=clock.today(),
        state_source=source,
        data={"service": referral.service_name},
    )
    if follows:
        return checks.call_back(referral, "it seems to have stopped", by=by, instead=True)
    today = practice.calendar().due(clock.today())
    return followed(referral, by=by, answer="it seems to have stopped", due_on=today)


def end(
    referral: SupportReferral,
    *,
    by: Viewer,
    on: date,
    how: EndedHow,
    helped: Helped,
    why: str | None = None,
    source: Source | None = None,
    told_by: str | None = None,
    follows: bool = False,
) -> None:
    """Support that had started is over: completed, or early and why; and what it did about the need, which stays as it
    is until early help says otherwise. Nothing more is checked. `follows`: the service itself says so."""
    if how is EndedHow.EARLY and not (why or "").strip():
        raise FieldRefused("ended_why", "Enter why it ended early")
    walk(
        referral,
        "end",
        by=by,
        follows=follows,
        happened_on=on,
        source=source,
        told_by=told_by,
        text=why,
        last_on=on,
        ended_how=how,
        ended_why=why or None,
        helped=helped,
        ended_at=clock.now(),
        data={"service": referral.service_name, "how": CHOICES[how].lower(), "helped": CHOICES[helped]},
    )
    _over(referral)
    checks.follow(referral, "it has ended", by=by)


def followed(
    referral: SupportReferral, *, by: Viewer, answer: str | None = None, due_on: date | None = None
) -> FollowUpCheck:
    """What was asked before is answered by how it stands now; the check that asks next is returned."""
    words = answer or STATES[referral.state].words
    following = checks.follow(referral, words[:1].lower() + words[1:], by=by, due_on=due_on)
    if following is None:
        raise LookupError(f"{referral.ref} is open, and nothing follows it")
    return following
