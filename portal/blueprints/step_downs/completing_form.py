"""What is asked to confirm that a step-down is complete."""

from typing import Any, ClassVar

from wtforms.validators import StopValidation

from portal.domain.step_downs import Destination, StepDownState
from portal.domain.viewer import Viewer
from portal.facts.handing_over import stands_in
from portal.models.handover import StepDown
from portal.queries import completing
from portal.web.forms import LineField, PortalForm, Required, SelectChoice, TickField, TicksField


class Ticked:
    """The tick is needed."""

    field_flags: ClassVar[dict[str, Any]] = {}

    def __init__(self, words: str) -> None:
        self.words = words

    def __call__(self, _form: Any, field: Any) -> None:
        if not field.data:
            raise StopValidation(self.words)


class CompleteForm(PortalForm):
    """Nothing of the step-down is changed but its state, so there is no version to be judged by."""

    children = TicksField(
        "Which children is it complete for?",
        description="Who is not ticked goes on in {step_down:a} linked to this one",
        validators=[Required("Select at least one child")],
    )
    instead = LineField(
        "Why do you confirm it, and not the {social_worker}?",
        [Required("Enter why the {social_worker} does not confirm it")],
        longest=500,
        called="The reason",
        description="For example, “On leave until 9 December”",
    )
    read = TickField("I have read the summary", [Ticked("Select that you have read the summary")])
    family_told = TickField(
        "I have told the family what changes for them",
        [Ticked("Tell the family what changes, then tick to confirm that you have")],
    )
    meant: completing.Completing

    @property
    def chosen(self) -> set[int] | None:
        """None where there is nothing to choose."""
        return {int(each) for each in self.children.data or []} if "children" in self else None


def complete_form(step_down: StepDown, viewer: Viewer) -> CompleteForm:
    """Nothing is asked while a gate is open: whoever sends the form all the same is told what is missing. With one
    child there is nothing to choose; else all of them are chosen beforehand."""
    meant = completing.of(step_down)
    form = CompleteForm(children=[str(child.person_id) for child in meant.children])
    form.meant = meant
    form.children.choices = [
        SelectChoice(str(child.person_id), f"{child.name}, {child.age}") for child in meant.children
    ]
    asked = meant.ready and step_down.state is StepDownState.ACCEPTED
    if not asked:
        del form.read
    if not asked or len(meant.children) == 1:
        del form.children
    if not asked or not stands_in(viewer, step_down):
        del form.instead
    if not asked or step_down.destination is not Destination.SAME_WORKER:
        del form.family_told
    return form
