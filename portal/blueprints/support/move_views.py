"""Support goes on: a page for each thing that can be recorded of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g, url_for

from portal.blueprints.support import bp
from portal.blueprints.support import move_forms as forms
from portal.core import clock
from portal.domain.dates import near
from portal.domain.permissions import P
from portal.domain.support import REFERRAL, EndedHow, Helped, NeedNow, NotStarted, Source
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.facts import starts
from portal.models.following import FollowUpCheck, SupportReferral
from portal.policies import rules
from portal.queries import agreement
from portal.services import needs_left, support_sending
from portal.services import support_moves as change
from portal.web import support_questions as ask
from portal.web.pages import Done, render
from portal.web.policy import Policy

Save = Callable[[SupportReferral, Viewer, Any], FollowUpCheck | None]


@dataclass(frozen=True)
class Way:
    """One page: the moves it makes (the first that is open), its address, its form, what it says before."""

    moves: tuple[str, ...]
    path: str
    form: Callable[[SupportReferral, Viewer], forms.MoveForm]
    lead_in: str = ""
    permission: P = P.REFERRAL_MOVE

    @property
    def endpoint(self) -> str:
        return self.path.replace("-", "_")

    def open_move(self, referral: SupportReferral) -> str:
        """The move this page makes now; its first one where none is open, which is then refused in words."""
        for name in self.moves:
            if REFERRAL.is_open(name, referral.state) and (
                name != "report_start" or starts.known_by_link_alone(referral)
            ):
                return name
        return self.moves[0]


WAYS = (
    Way(
        ("send",),
        "send",
        forms.send_form,
        "Share no more than the service needs. From now on somebody asks whether it has been in touch.",
        P.REFERRAL_RECORD,
    ),
    Way(("receive",), "received", forms.fact_form),
    Way(("accept",), "accepted", forms.fact_form, "Accepted is not yet started: somebody asks whether they were met."),
    Way(("wait", "wait_longer"), "waiting", forms.wait_form),
    Way(("book", "rebook"), "booked", forms.book_form, "Two working days after it somebody asks whether it started."),
    Way(("start",), "start", forms.start_form),
    Way(("not_start",), "not-started", forms.not_start_form),
    Way(("report_start", "confirm"), "confirm", forms.confirm_form),
    Way(
        ("report_stop",),
        "stopped",
        forms.stop_form,
        "This ends nothing by itself. Somebody asks the family today how it is.",
    ),
    Way(("end",), "end", forms.end_form),
    Way(
        ("decide_need",),
        "need",
        forms.decide_need_form,
        "Where no other service is suggested: how the family gets on, and who keeps an eye on it.",
    ),
)


# Not every one in its state can make them: once confirmed is enough, and the page says itself whether a need is open.
_WITH_MORE = frozenset({"confirm", "report_start", "decide_need"})


def offered(referral: SupportReferral, viewer: Viewer) -> list[dict[str, str]]:
    """The pages of what can be recorded now, in the order of WAYS: the move, its words and its address."""
    open_ones = [
        (way, name)
        for way in WAYS
        for name in way.moves
        if REFERRAL.is_open(name, referral.state) and rules.allowed(viewer, way.permission, referral)
    ]
    return [
        {
            "move": name,
            "label": MOVES["referral", name].button,
            "href": url_for(f"support.{way.endpoint}", referral=referral),
        }
        for way, name in open_ones
        if name not in _WITH_MORE or (name == "confirm" and referral.confirmed_on is None)
    ]


def _register(way: Way, save: Save) -> None:
    def page(referral: SupportReferral, _viewer: Viewer, form: forms.MoveForm) -> str:
        words = MOVES["referral", way.open_move(referral)]
        return render(
            "support/move.html",
            thing=referral,
            form=form,
            endpoint=f"support.{way.endpoint}",
            heading=words.button,
            button="Save",
            lead_in=way.lead_in,
            limits=agreement.limits(referral.family_id, g.words) if way.moves == ("send",) else [],
        )

    def saved(referral: SupportReferral, viewer: Viewer, form: Any) -> Done:
        words = MOVES["referral", way.open_move(referral)].confirmation
        following = save(referral, viewer, form)
        if following is not None and "check is due today" not in words:
            words += f". The next check is due {near(following.due_on, clock.today())}"
        if referral.need_now is NeedNow.ANOTHER_SERVICE:
            to = url_for("support.new", family=f"F-{referral.family_id}", instead_of=referral.ref)
            return Done(to, f"{words}. Record the other service here, or come back to it later")
        return Done(url_for("support.one", referral=referral), f"{referral.ref}: {words}")

    bp.form(
        f"/referrals/<ref:referral>/{way.path}",
        policy=Policy(way.permission, SupportReferral, moves=way.moves),
        form=way.form,
        page=page,
        endpoint=way.endpoint,
        keeps_draft=True,
    )(saved)


def _send(referral: SupportReferral, viewer: Viewer, form: forms.SendForm) -> FollowUpCheck:
    agreed = form.share_agreed_by.data
    return support_sending.send(
        referral,
        by=viewer,
        reason=form.sent_reason.data or "",
        safe_contact=form.safe_contact.data or "",
        sent_on=_day(form.sent_on),
        agreed_by_id=int(agreed) if agreed != ask.NOBODY else None,
        child_can_decide=bool(form.said("child_can_decide")),
        despite=form.said("shared_despite"),
    )


def _fact(way: Way) -> Save:
    def save(referral: SupportReferral, viewer: Viewer, form: Any) -> FollowUpCheck:
        values = {name: form[name].data for name in ("expected_on", "interim", "booked_for") if name in form}
        return change.fact(
            referral,
            way.open_move(referral),
            by=viewer,
            on=_day(form.state_on),
            source=Source(form.state_source.data),
            told_by=form.said("told_by"),
            note=form.note.data or None,
            after_all=form.after_all.data,
            **values,
        )

    return save


def _start(referral: SupportReferral, viewer: Viewer, form: forms.StartForm) -> FollowUpCheck:
    return change.start(
        referral,
        by=viewer,
        started_on=_day(form.started_on),
        source=Source(form.started_source.data),
        what=form.started_what.data or "",
        told_by=form.said("told_by"),
        already_receiving=form.already_receiving.data,
        date_is_right=form.date_is_right.data,
    )


def _not_start(referral: SupportReferral, viewer: Viewer, form: forms.NotStartForm) -> None:
    change.not_start(
        referral,
        by=viewer,
        code=NotStarted(form.not_started_code.data),
        reason=form.not_started_reason.data or "",
        need_now=NeedNow(form.need_now.data),
        on=form.state_on.data,
        source=Source(form.state_source.data),
        told_by=form.said("told_by"),
        not_met_reason=form.said("not_met_reason"),
        route=form.said("route"),
    )


def _decide_need(referral: SupportReferral, viewer: Viewer, form: forms.DecideNeedForm) -> None:
    needs_left.decide(referral, by=viewer, need_now=NeedNow(form.need_now.data), words=form.need_now_words.data or "")


def _confirm(referral: SupportReferral, viewer: Viewer, form: forms.ConfirmForm) -> None:
    change.confirm(
        referral,
        by=viewer,
        on=_day(form.confirmed_on),
        source=Source(form.confirmed_source.data),
        told_by=form.said("told_by"),
        note=form.note.data or None,
    )


def _stopped(referral: SupportReferral, viewer: Viewer, form: forms.StopForm) -> FollowUpCheck:
    return change.report_stop(
        referral,
        by=viewer,
        on=_day(form.stopped_on),
        source=Source(form.state_source.data),
        told_by=form.said("told_by"),
        note=form.note.data or None,
    )


def _end(referral: SupportReferral, viewer: Viewer, form: forms.EndForm) -> None:
    change.end(
        referral,
        by=viewer,
        on=_day(form.last_on),
        how=EndedHow(form.ended_how.data),
        helped=Helped(form.helped.data),
        why=form.said("ended_why"),
        source=Source(form.state_source.data),
        told_by=form.said("told_by"),
    )


def _day(field: Any) -> date:
    day: date = field.data
    return day


SAVES: dict[str, Save] = {
    "send": _send,
    "start": _start,
    "not_started": _not_start,
    "need": _decide_need,
    "confirm": _confirm,
    "stopped": _stopped,
    "end": _end,
}
for _way in WAYS:
    _register(_way, SAVES.get(_way.endpoint) or _fact(_way))
