"""What came of a follow-up check: one question, and what each answer asks for."""

from typing import ClassVar

from portal.domain.following import AFTER_A_NO, AFTERWARDS
from portal.domain.permissions import P
from portal.domain.support import CheckOutcome, CheckStage, Method, NeedNow, Source
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import follow_up
from portal.models.following import FollowUpCheck
from portal.policies import rules
from portal.queries import checks as read
from portal.web import support_questions as ask
from portal.web.ahead import later_than_today
from portal.web.branches import BranchingForm
from portal.web.forms import (
    DateField,
    LineField,
    PortalForm,
    RadiosField,
    Required,
    TextField,
    TickField,
    choices,
)

Q = CheckOutcome
ANSWERS = {
    CheckStage.SIGNPOSTED: {
        Q.HAPPENED: "It started",
        Q.NOT_YET: "Not yet",
        Q.NO_ANSWER: "No answer",
        Q.WILL_NOT: "It will not happen",
    },
    CheckStage.SENT: {
        Q.HAPPENED: "It has started",
        Q.NOT_YET: "It has not started, and we wait",
        Q.NO_ANSWER: "No answer",
        Q.WILL_NOT: "It will not happen",
    },
    CheckStage.ACCEPTED: {
        Q.HAPPENED: "It has started",
        Q.NOT_YET: "It has not started, and we wait",
        Q.NO_ANSWER: "No answer",
        Q.WILL_NOT: "It will not happen",
    },
    CheckStage.WAITING: {
        Q.HAPPENED: "It has started",
        Q.NOT_YET: "They are still on the list",
        Q.NO_ANSWER: "No answer",
        Q.WILL_NOT: "It will not happen",
    },
    CheckStage.BOOKED: {
        Q.HAPPENED: "It started",
        Q.NOT_YET: "It did not start yet",
        Q.NO_ANSWER: "No answer",
        Q.WILL_NOT: "It will not happen",
    },
    CheckStage.STARTED: {
        Q.HAPPENED: "Yes, it is still going",
        Q.NOT_YET: "It has paused or stopped, or it is not clear yet",
        Q.NO_ANSWER: "No answer",
    },
    CheckStage.AFTER_NO: {
        Q.HAPPENED: "They would like help now",
        Q.NOT_YET: "They have not decided, and we ask again",
        Q.NO_ANSWER: "No answer",
        Q.WILL_NOT: "They do not want help, and nobody asks again",
    },
    CheckStage.AFTER_UNIVERSAL: {
        Q.HAPPENED: "It goes well: the family found what it needs",
        Q.NOT_YET: "It is not settled, and we ask again",
        Q.NO_ANSWER: "No answer",
    },
    CheckStage.CALL_BACK: {
        Q.HAPPENED: "We spoke with them",
        Q.NO_ANSWER: "No answer",
    },
}
AFTER_A_NO_ANSWERS = {
    Q.HAPPENED: "It has started all the same",
    Q.NOT_YET: "It has not started, and we wait",
    Q.NO_ANSWER: "No answer",
    Q.WILL_NOT: "It will not happen",
}
STARTED_YET = "Select whether the support has started"
UNANSWERED = {
    CheckStage.STARTED: "Select whether the support is still going",
    CheckStage.AFTER_NO: "Select what the family said",
    CheckStage.AFTER_UNIVERSAL: "Select how things are",
    CheckStage.CALL_BACK: "Select whether you spoke with them",
}


class RecordForm(BranchingForm):
    told_by_history = True
    edits = True
    branches: ClassVar = {
        "started_on": ("outcome", Q.HAPPENED),
        "started_source": ("outcome", Q.HAPPENED),
        "already_receiving": ("outcome", Q.HAPPENED),
        "date_is_right": ("outcome", Q.HAPPENED),
        "told_by": ("started_source", Source.TOLD),
        "started_what": ("outcome", Q.HAPPENED),
        "waiting_on": ("outcome", Q.NOT_YET),
        "next_on": ("outcome", Q.NOT_YET),
        "method": ("outcome", Q.NO_ANSWER),
        "tried_so": ("outcome", Q.NO_ANSWER),
        "try_on": ("outcome", Q.NO_ANSWER),
        "not_started_code": ("outcome", Q.WILL_NOT),
        "not_started_reason": ("outcome", Q.WILL_NOT),
        "not_started_source": ("outcome", Q.WILL_NOT),
        "not_started_told_by": ("not_started_source", Source.TOLD),
        "need_now": ("outcome", Q.WILL_NOT),
        "route": ("need_now", NeedNow.ANOTHER_ROUTE),
        "not_met_reason": ("need_now", NeedNow.NOT_MET),
    }
    outcome = RadiosField("Has the support started?")
    started_on = ask.started_on()
    already_receiving = ask.already_receiving()
    date_is_right = ask.date_is_right()
    started_source = ask.known(missing="Select how you know that it started")
    told_by = ask.told()
    started_what = ask.started_what()
    waiting_on = LineField(
        "Who or what are we waiting for?",
        [Required("Enter whom we are waiting for")],
        called="Whom we are waiting for",
        longest=300,
    )
    next_on = DateField(
        "When should we check again?",
        [Required("Enter when to check again"), later_than_today],
        called="The date of the next check",
    )
    method = RadiosField("How did you try?", [Required("Select how you tried")], choices=choices(CHOICES, Method))
    tried_so = TickField("It was tried so all the same")
    try_on = DateField(
        "When should we try again?",
        [Required("Enter when to try again"), later_than_today],
        called="The date of the next check",
    )
    not_started_code = ask.not_started_code()
    not_started_reason = ask.not_started_reason()
    not_started_source = ask.known(missing="Select how you know that it will not happen")
    not_started_told_by = ask.told()
    need_now = ask.need_now()
    route = ask.route()
    not_met_reason = ask.not_met_reason()
    note = ask.note()


def record_form(check: FollowUpCheck, viewer: Viewer) -> RecordForm:
    proposed = read.proposed(check)
    form = RecordForm(
        version=str(check.version),
        outcome=check.outcome,
        method=check.method,
        waiting_on=check.waiting_on or read.waits_on(check),
        note=check.note,
        next_on=proposed.next_on,
        try_on=proposed.try_on,
    )
    stage = check.stage
    question = follow_up.question(check.id) or ""
    answers, unanswered = ANSWERS[stage], UNANSWERED.get(stage, STARTED_YET)
    if question == AFTER_A_NO:
        answers, unanswered = AFTER_A_NO_ANSWERS, "Select what happens now"
    form.outcome.label.text = question
    form.outcome.validators = [Required(unanswered)]
    form.outcome.choices = choices(answers, answers)
    if stage is CheckStage.CALL_BACK or stage in AFTERWARDS:
        del form.not_started_code, form.not_started_reason, form.route, form.not_met_reason
        del form.not_started_source, form.not_started_told_by, form.need_now
        _without_start(form)
        return form
    if stage is CheckStage.STARTED:
        # When and how it began is known already.
        _without_start(form)
    ask.offer_need_now(form.need_now, may=rules.allowed(viewer, P.NEED_NOT_MET, check))
    return form


def _without_start(form: RecordForm) -> None:
    del form.started_on, form.already_receiving, form.date_is_right
    del form.started_source, form.told_by, form.started_what


class WaiveForm(PortalForm):
    edits = True
    told_by_history = True
    reason = TextField(
        "Why is nobody asked for now?",
        [Required("Enter why nobody is asked for now")],
        called="Why nobody is asked",
        longest=500,
    )
    waived_until = DateField(
        "When is it asked again?",
        [Required("Enter when to ask again"), later_than_today],
        called="The day to ask again",
    )


def waive_form(check: FollowUpCheck, _viewer: Viewer) -> WaiveForm:
    return WaiveForm(version=str(check.version))


class AgainForm(PortalForm):
    edits = True
    told_by_history = True


def again_form(check: FollowUpCheck, _viewer: Viewer) -> AgainForm:
    return AgainForm(version=str(check.version))
