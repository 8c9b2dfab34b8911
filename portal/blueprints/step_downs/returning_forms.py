"""What is asked to send a step-down back with a question, to answer it, and to say what follows a decline."""

from portal.domain.step_downs import DeclinedThen
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import handovers
from portal.models.handover import StepDown
from portal.web.forms import DateField, PickField, PortalForm, RadiosField, Required, SelectChoice, TextField, choices

QUESTION, ANSWER = 1000, 2000
READ_BY_FAMILY = "Write it as if the family will read it. They can ask to."


class AskForm(PortalForm):
    edits = told_by_history = True
    question = TextField(
        "What do you need to know before you accept?",
        [Required("Enter your question")],
        called="The question",
        longest=QUESTION,
        description=READ_BY_FAMILY,
    )
    asked_of = PickField("Who can answer it?", [Required("Choose who can answer it")])
    due_on = DateField(
        "When do you need the answer?",
        [Required("Enter the date to answer by")],
        called="The date to answer by",
        description="For example, 27 3 2025",
    )


def ask_form(step_down: StepDown, _viewer: Viewer) -> AskForm:
    form = AskForm(version=str(step_down.version), asked_of=str(step_down.social_worker_id))
    form.asked_of.choices = [
        SelectChoice("", "Choose a person"),
        *(SelectChoice(str(each.user_id), each.name) for each in handovers.answerers(step_down)),
    ]
    return form


class AnswerForm(PortalForm):
    edits = told_by_history = True
    answer = TextField("Your answer", [Required("Enter the answer")], called="The answer", longest=ANSWER)


def answer_form(step_down: StepDown, _viewer: Viewer) -> AnswerForm:
    return AnswerForm(version=str(step_down.version))


class WhatNowForm(PortalForm):
    edits = True
    declined_then = RadiosField(
        "What happens now?", [Required("Select what happens now")], choices=choices(CHOICES, DeclinedThen)
    )
    declined_then_words = TextField(
        "Who does what, and by when?",
        [Required("Enter what happens now, and who does it")],
        called="What happens now",
        longest=QUESTION,
        description=READ_BY_FAMILY,
    )


def what_now_form(step_down: StepDown, _viewer: Viewer) -> WhatNowForm:
    return WhatNowForm(
        version=str(step_down.version),
        declined_then=step_down.declined_then,
        declined_then_words=step_down.declined_then_words,
    )
