"""What is asked where a step-down ends without early help."""

import enum
from typing import ClassVar

from portal.domain.step_downs import NoKind, StayNow
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import handovers
from portal.models.handover import StepDown
from portal.queries import candidates, step_down_ends
from portal.web.branches import BranchingForm
from portal.web.forms import (
    DateField,
    LineField,
    PickField,
    PortalForm,
    RadiosField,
    Required,
    SelectChoice,
    TextField,
    choices,
    not_later_than_today,
)
from portal.web.pages import told

LONG, SHORT = 1000, 500
READ_BY_FAMILY = "Write it as if the family will read it. They can ask to."


class WatcherIs(enum.StrEnum):
    COLLEAGUE = "colleague"
    OUTSIDE = "outside"


class SaidNoForm(BranchingForm):
    edits = told_by_history = True
    branches: ClassVar[dict[str, tuple[str, str]]] = {
        "person": ("kind", NoKind.SAID_NO),
        "said_on": ("kind", NoKind.SAID_NO),
        "watcher": ("watcher_is", WatcherIs.COLLEAGUE),
        "watcher_name": ("watcher_is", WatcherIs.OUTSIDE),
        "watcher_contact": ("watcher_is", WatcherIs.OUTSIDE),
        "watcher_told": ("watcher_is", WatcherIs.OUTSIDE),
    }
    kind = RadiosField(
        "What happened?",
        [Required("Select whether the family said no, or could not be reached")],
        choices=choices(CHOICES, NoKind),
    )
    person = PickField("Who said no?", [Required("Choose who said no")])
    said_on = DateField(
        "When?",
        [Required("Enter the date they said no"), not_later_than_today],
        called="The date they said no",
    )
    words = TextField(
        "What did they say, or what did you try, when and how?",
        [Required("Enter what they said, or what you tried")],
        called="What they said, or what you tried",
        longest=LONG,
        description=READ_BY_FAMILY,
    )
    watcher_is = RadiosField(
        "Who will keep an eye out?",
        [Required("Select who will keep an eye out")],
        choices=[
            SelectChoice(WatcherIs.COLLEAGUE.value, "Somebody with a sign-in, who gets a message"),
            SelectChoice(WatcherIs.OUTSIDE.value, "Somebody else, whom I have told"),
        ],
    )
    watcher = PickField("Who?", [Required("Choose who will keep an eye out")])
    watcher_name = LineField("Their name and job", [Required("Enter who will keep an eye out")], called="The name")
    watcher_contact = LineField("How to reach them (optional)", called="How to reach them")
    watcher_told = LineField(
        "How and when were they told?", [Required("Enter how and when they were told")], called="How they were told"
    )
    offer_again_on = DateField("When will help be offered again? (optional)", called="The date")
    way_back = TextField(
        "How can the family come back?",
        [Required("Enter how the family can come back")],
        called="How the family can come back",
        longest=SHORT,
        description="What they were told: whom to ring, and that nothing has to be told from the start",
    )


def said_no_form(step_down: StepDown, _viewer: Viewer) -> SaidNoForm:
    form = SaidNoForm(version=str(step_down.version), way_back=f"Ring {told().help_phone} at any time.")
    form.person.choices = [
        SelectChoice("", "Choose a person"),
        *(SelectChoice(str(number), name) for number, name in step_down_ends.people(step_down)),
    ]
    form.watcher.choices = [
        SelectChoice("", "Choose a person"),
        *(SelectChoice(each.value, each.words.split(":")[0]) for each in candidates.candidates()),
    ]
    return form


class Risen(enum.StrEnum):
    YES = "yes"
    NO = "no"


class StayForm(BranchingForm):
    edits = told_by_history = True
    branches: ClassVar[dict[str, tuple[str, str]]] = {
        "worker": ("what_now", StayNow.OTHER_WORKER),
        "trigger": ("risen", Risen.YES),
        "contact_made": ("risen", Risen.YES),
    }
    why = TextField(
        "Why does the family stay with social care?",
        [Required("Enter why the family stays with social care")],
        called="Why the family stays",
        longest=LONG,
        description=READ_BY_FAMILY,
    )
    what_now = RadiosField(
        "What happens now?", [Required("Select what happens now")], choices=choices(CHOICES, StayNow)
    )
    worker = PickField("Who goes on with the family?", [Required("Choose who goes on with the family")])
    risen = RadiosField(
        "Is it because concern has risen?",
        [Required("Select whether concern has risen")],
        choices=[SelectChoice(Risen.YES.value, "Yes"), SelectChoice(Risen.NO.value, "No")],
    )
    trigger = TextField(
        "What has raised the concern?",
        [Required("Enter what has raised the concern")],
        called="What raised the concern",
        longest=SHORT,
    )
    contact_made = TextField(
        "Whom did you contact about it, and when?",
        [Required("Enter whom you contacted, and when")],
        called="The contact made",
        longest=SHORT,
    )


def stay_form(step_down: StepDown, _viewer: Viewer) -> StayForm:
    form = StayForm(version=str(step_down.version))
    form.worker.choices = [
        SelectChoice("", "Choose a person"),
        *(SelectChoice(str(each.user_id), each.name) for each in handovers.answerers(step_down)),
    ]
    return form


class AgreeStayForm(PortalForm):
    edits = told_by_history = True
    agreed = RadiosField(
        "Do you agree?",
        [Required("Select whether you agree")],
        choices=[
            SelectChoice("yes", "Yes, the family stays with social care"),
            SelectChoice("no", "No, the {step_down} goes on"),
        ],
    )
    words = TextField("Why?", [Required("Enter why")], called="Why", longest=LONG, description="One sentence is enough")


def agree_stay_form(step_down: StepDown, _viewer: Viewer) -> AgreeStayForm:
    return AgreeStayForm(version=str(step_down.version))
