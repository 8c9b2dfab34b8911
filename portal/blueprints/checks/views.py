"""Follow-up checks: lists of what is due, and the page on which one is recorded."""

from datetime import date

from flask import request, url_for

from portal.blueprints.checks import bp
from portal.blueprints.checks.forms import AgainForm, RecordForm, WaiveForm, again_form, record_form, waive_form
from portal.core import clock
from portal.domain.dates import counted, near, short
from portal.domain.following import AFTERWARDS
from portal.domain.permissions import P
from portal.domain.support import CheckOutcome, CheckStage, Method, NeedNow, NotStarted, Source
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.models.families import Family
from portal.models.following import FollowUpCheck
from portal.queries import asking, check_lists, families, family_checks
from portal.queries import checks as read
from portal.queries.check_lists import VIEWS, CheckList, View
from portal.queries.tabs import COUNTED
from portal.services import afterwards, checks, tries
from portal.services import answers as change
from portal.web import form_drafts
from portal.web.gate import listed
from portal.web.lately import reminders_to_undo
from portal.web.pages import Done, can, render
from portal.web.policy import Policy

NOTHING = {
    View.MINE: "No check is yours.",
    View.OVERDUE: "No check is overdue.",
    View.WAITING: "Nobody is waited for.",
    View.ESCALATED: "No escalated check is due.",
    View.PUT_OFF: "No check is put off.",
    View.ALL: "Every family has told us, or is not due yet.",
}
LONGEST = "the longest overdue first"
ORDER = {View.MINE: f"calls to families, then {LONGEST}", View.PUT_OFF: "the next to be asked again first"}


@bp.get("/checks", policy=Policy(P.CHECK_LIST))
def due(viewer: Viewer) -> str:
    asked = request.args.get("view", "")
    view = View(asked) if asked in set(View) else View.MINE
    found = check_lists.listing(viewer, view, select_overdue=request.args.get("select") == "overdue")
    listed(len(found.rows))
    return render(
        "checks/due.html",
        checks=found,
        words=VIEWS[view],
        order=ORDER.get(view, LONGEST),
        nothing=NOTHING[view],
        others=_others(found),
        overdue_href=url_for("checks.due", view=View.OVERDUE),
        here=url_for("checks.due", view=view),
        sent=reminders_to_undo(viewer),
        all_href=url_for("checks.due", view=view, select="overdue", _anchor="reminders") if found.late else None,
    )


@bp.get("/families/<ref:family>/checks", policy=Policy(P.CHECK_VIEW, Family))
def of_family(family: Family, _viewer: Viewer) -> str:
    return render("checks/of_family.html", family=families.header(family), checks=family_checks.of_family(family))


def _others(found: CheckList) -> str | None:
    """Where nothing is one's own: how many of other people's are overdue."""
    if found.view is not View.MINE or not found.overdue:
        return None
    if found.overdue > COUNTED:
        return f"More than {COUNTED} overdue checks are other people’s"
    return counted(found.overdue, "overdue check is somebody else’s", "overdue checks are other people’s")


def record_page(check: FollowUpCheck, _viewer: Viewer, form: RecordForm) -> str:
    said = asking.latest(check) if check.stage is CheckStage.CALL_BACK else None
    return render("checks/one.html", check=read.one(check), thing=check, form=form, goes_on=_goes_on(check), said=said)


def _goes_on(check: FollowUpCheck) -> str | None:
    """Where it is recorded what the service said, while support has not started."""
    if check.referral_id is None or check.stage is CheckStage.STARTED:
        return None
    return url_for("support.one", referral=f"R-{check.referral_id}")


def waive_page(check: FollowUpCheck, _viewer: Viewer, form: WaiveForm) -> str:
    return render("checks/waive.html", check=read.one(check), thing=check, form=form)


@bp.form(
    "/checks/<ref:check>/put-off",
    policy=Policy(P.CHECK_WAIVE, FollowUpCheck, moves=("waive",)),
    form=waive_form,
    page=waive_page,
    keeps_draft=True,
)
def waive(check: FollowUpCheck, viewer: Viewer, form: WaiveForm) -> Done:
    checks.waive(check, by=viewer, until=form.waived_until.data, reason=form.reason.data or "")
    words, until = MOVES["check", "waive"].confirmation, check.waived_until or form.waived_until.data
    said = f"{words}, {near(until, clock.today())}{_why_not(form.waived_until.data, until)}"
    return Done(url_for("checks.one", check=check), f"{check.ref}: {said}")


def again_page(check: FollowUpCheck, _viewer: Viewer, form: AgainForm) -> str:
    return render("checks/again.html", check=read.one(check), thing=check, form=form)


@bp.form(
    "/checks/<ref:check>/ask-again",
    policy=Policy(P.CHECK_WAIVE, FollowUpCheck, moves=("due_again",)),
    form=again_form,
    page=again_page,
)
def ask_again(check: FollowUpCheck, viewer: Viewer, _form: AgainForm) -> Done:
    checks.due_again(check, by=viewer)
    return Done(url_for("checks.one", check=check), f"{check.ref}: {MOVES['check', 'due_again'].confirmation}")


@bp.get("/checks/<ref:check>", policy=Policy(P.CHECK_VIEW, FollowUpCheck))
def one(check: FollowUpCheck, viewer: Viewer) -> str:
    if not can(P.CHECK_RECORD, check):
        return record_page(check, viewer, record_form(check, viewer))
    return record_page(check, viewer, form_drafts.offer("checks.record", record_form, (check, viewer)))


@bp.form(
    "/checks/<ref:check>",
    policy=Policy(P.CHECK_RECORD, FollowUpCheck),
    form=record_form,
    page=record_page,
    shown=False,
    offered=True,
    keeps_draft=True,
)
def record(check: FollowUpCheck, viewer: Viewer, form: RecordForm) -> Done:
    if form.said("method"):
        tries.demand_meant(check, Method(form.method.data), said=bool(form.tried_so.data))
    step_down_ended = check.stage in AFTERWARDS
    following = _asked_again(check, viewer, form) if step_down_ended else _saved(check, viewer, form)
    move = {CheckOutcome.WILL_NOT: ("referral", "not_start"), CheckOutcome.HAPPENED: ("check", "happened")}
    if step_down_ended:
        move = {}
    words = MOVES[move.get(CheckOutcome(form.outcome.data), ("check", "happened"))].confirmation
    if following is not None:
        words += f". {_next_due(following.due_on, form)}"
    if following is not None and following.escalated_to:
        words += f". It went to the {{{following.escalated_to}}}: no answer {following.unanswered} times in a row"
    if step_down_ended:
        return Done(url_for("step_downs.one", step_down=f"S-{check.step_down_id}"), f"{check.ref}: {words}")
    return Done(url_for("support.one", referral=f"R-{check.referral_id}"), f"{check.ref}: {words}")


def _next_due(due_on: date, form: RecordForm) -> str:
    """The day of the next check, and why it is not the day that was asked for."""
    today = clock.today()
    asked = {CheckOutcome.NOT_YET: form.next_on.data, CheckOutcome.NO_ANSWER: form.try_on.data}
    wished = asked.get(CheckOutcome(form.outcome.data))
    return f"The next check is due {near(due_on, today)}{_why_not(wished, due_on)}"


def _why_not(wished: date | None, due_on: date) -> str:
    """Why it is not the day that was asked for."""
    return f", because {short(wished, clock.today())} is not a working day" if wished and wished != due_on else ""


def _asked_again(check: FollowUpCheck, viewer: Viewer, form: RecordForm) -> FollowUpCheck | None:
    """What a family says some time after its step-down ended."""
    note = form.note.data or None
    match CheckOutcome(form.outcome.data):
        case CheckOutcome.HAPPENED:
            afterwards.happened(check, by=viewer, note=note)
        case CheckOutcome.WILL_NOT:
            afterwards.manages(check, by=viewer, note=note)
        case CheckOutcome.NOT_YET:
            return afterwards.not_yet(
                check, by=viewer, waiting_on=form.waiting_on.data or "", next_on=form.next_on.data, note=note
            )
        case CheckOutcome.NO_ANSWER:
            method = Method(form.method.data)
            return afterwards.no_answer(check, by=viewer, method=method, next_on=form.try_on.data, note=note)
    return None


def _saved(check: FollowUpCheck, viewer: Viewer, form: RecordForm) -> FollowUpCheck | None:
    """Record the answer that was chosen; the check that follows from it, if any."""
    note = form.note.data or None
    match CheckOutcome(form.outcome.data):
        case CheckOutcome.HAPPENED if check.stage is CheckStage.CALL_BACK:
            return change.called_back(check, by=viewer, note=note)
        case CheckOutcome.HAPPENED if check.stage is CheckStage.STARTED:
            return change.goes_on(check, by=viewer, note=note)
        case CheckOutcome.HAPPENED:
            return change.started(
                check,
                by=viewer,
                started_on=form.started_on.data,
                source=Source(form.started_source.data),
                what=form.started_what.data or "",
                told_by=form.said("told_by"),
                already_receiving=bool(form.said("already_receiving")),
                date_is_right=bool(form.said("date_is_right")),
                note=note,
            )
        case CheckOutcome.NOT_YET:
            return change.not_yet(
                check, by=viewer, waiting_on=form.waiting_on.data or "", next_on=form.next_on.data, note=note
            )
        case CheckOutcome.NO_ANSWER:
            return change.no_answer(
                check, by=viewer, method=Method(form.method.data), next_on=form.try_on.data, note=note
            )
        case CheckOutcome.WILL_NOT:
            change.will_not(
                check,
                by=viewer,
                code=NotStarted(form.not_started_code.data),
                reason=form.not_started_reason.data or "",
                need_now=NeedNow(form.need_now.data),
                source=Source(form.not_started_source.data),
                told_by=form.said("not_started_told_by"),
                not_met_reason=form.said("not_met_reason"),
                route=form.said("route"),
                note=note,
            )
            return None
        case CheckOutcome.GONE_ON:
            raise LookupError("What is recorded of the support answers a check; nobody chooses that")
