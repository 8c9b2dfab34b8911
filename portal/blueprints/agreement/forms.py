"""What somebody said, whether something is shared, and what happens after somebody asked us to stop."""

import enum
from typing import ClassVar

from portal.core import clock
from portal.domain.engagement import CAN_DECIDE, EARLY_HELP, EngagementAnswer, SharingBasis
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.families import Family
from portal.queries import agreement as read
from portal.queries.households import living
from portal.services.agreement import Said
from portal.web.branches import BranchingForm, SureField
from portal.web.forms import (
    DateField,
    LineField,
    PickField,
    PortalForm,
    RadiosField,
    Required,
    SelectChoice,
    TextField,
    TickField,
    choices,
    not_later_than_today,
)

A = EngagementAnswer
MIDDLE, SHORT = 1000, 500


class About(enum.StrEnum):
    EARLY_HELP = "early_help"
    OTHER = "other"


class AnswerForm(BranchingForm):
    branches: ClassVar[dict[str, tuple[str, str]]] = {
        "purpose": ("about", About.OTHER),
        "exclusions": ("answer", A.PARTLY_AGREED),
        "offer_again_on": ("answer", A.SAID_NO),
    }
    person = PickField("Who was asked?", [Required("Choose who was asked")])
    about = RadiosField(
        "What were they asked about?",
        default=About.EARLY_HELP.value,
        choices=[
            SelectChoice(About.EARLY_HELP.value, "{Early_help} as a whole"),
            SelectChoice(About.OTHER.value, "Something else"),
        ],
    )
    purpose = LineField(
        "What else?",
        [Required("Enter what they were asked about")],
        called="What they were asked about",
        description="For example, telling the school about the move",
    )
    organisation = PickField("Is it about one organisation only?")
    answer = RadiosField(
        "What did they say?",
        [Required("Select what they said")],
        choices=choices(
            CHOICES, (A.AGREED, A.PARTLY_AGREED, A.SAID_NO, A.ASKED_TO_STOP, A.NOT_YET_ASKED, A.OVERRIDDEN)
        ),
    )
    exclusions = TextField(
        "What have they not agreed to?",
        [Required("Enter what they have not agreed to")],
        called="What they have not agreed to",
        longest=MIDDLE,
        description="This is shown wherever something is about to be shared",
    )
    offer_again_on = DateField("When shall we offer again? (optional)", called="The date to offer again")
    asked_on = DateField(
        "When were they asked?", [not_later_than_today], default=clock.today, called="The date they were asked"
    )
    asked_by = LineField("Who asked? (if not you)", called="Who asked")
    how_explained = TextField(
        "How was it explained?",
        longest=SHORT,
        called="How it was explained",
        description="If it goes ahead without their agreement, say why",
    )
    worries = TextField("What worries them about it? (optional)", longest=MIDDLE, called="What worries them")
    language_support = LineField("Language support (optional)", called="Language support")
    child_can_decide = TickField(CAN_DECIDE)
    young = SureField("This child decides this, though so young")

    @property
    def told(self) -> Said:
        return Said(
            person_id=int(self.person.data),
            answer=A(self.answer.data),
            purpose=self.said("purpose") or EARLY_HELP,
            organisation_id=int(self.organisation.data) if self.organisation.data else None,
            asked_on=None if self.answer.data == A.NOT_YET_ASKED else self.asked_on.data,
            asked_by=self.asked_by.data or None,
            how_explained=self.how_explained.data or None,
            exclusions=self.said("exclusions"),
            worries=self.worries.data or None,
            language_support=self.language_support.data or None,
            offer_again_on=self.said("offer_again_on"),
            child_can_decide=bool(self.child_can_decide.data),
            young=bool(self.young.data),
        )


def answer_form(family: Family, _viewer: Viewer) -> AnswerForm:
    form = AnswerForm()
    form.person.choices = _people(family, "Choose a person")
    form.organisation.choices = _bodies("No, about all who work with the {family}")
    return form


class Share(enum.StrEnum):
    YES = "yes"
    NO = "no"


class SharingForm(PortalForm):
    organisation = PickField("With which organisation?", [Required("Choose an organisation")])
    person = PickField("About whom?")
    share = RadiosField(
        "Is it shared?",
        [Required("Select whether it is shared")],
        choices=[SelectChoice(Share.YES.value, "Share"), SelectChoice(Share.NO.value, "Do not share")],
    )
    basis = RadiosField(
        "On what basis?",
        [Required("Select the basis")],
        default=SharingBasis.PUBLIC_TASK.value,
        choices=choices(CHOICES, SharingBasis),
    )
    privacy_notice_on = DateField(
        "When was the privacy notice given? (optional)", [not_later_than_today], called="Date of the privacy notice"
    )
    why = TextField("Why?", [Required("Enter why")], called="Why", longest=MIDDLE)


def sharing_form(family: Family, _viewer: Viewer) -> SharingForm:
    form = SharingForm()
    form.organisation.choices = _bodies("Choose an organisation")
    form.person.choices = _people(family, "The whole {family}")
    return form


class StopForm(PortalForm):
    what_now = TextField(
        "What is ended, and what happens now?",
        [Required("Enter what is ended and what happens now")],
        called="What happens now",
        longest=MIDDLE,
        description="Who is told, which memberships end, who notices if things get worse, and when we offer again",
    )


def stop_form(_family: Family, _viewer: Viewer) -> StopForm:
    return StopForm()


def _people(family: Family, empty: str) -> list[SelectChoice]:
    return [SelectChoice("", empty), *(SelectChoice(str(one.id), one.name) for one in living(family.id))]


def _bodies(empty: str) -> list[SelectChoice]:
    return [SelectChoice("", empty), *(SelectChoice(str(body_id), name) for body_id, name in read.organisations())]
