"""Part 4: what each child and each parent thinks, what they said to early help, whom they would like to lead."""

from dataclasses import replace
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from portal.blueprints.drafts.asking import ByPerson, Needed, PartForm, PersonRow, leaving, words_of
from portal.core import clock
from portal.domain.drafts import Asked, ChildView, ParentView
from portal.domain.engagement import UNASKED, EngagementAnswer, too_young
from portal.domain.standards import Standard
from portal.domain.step_downs import ViewKnown
from portal.domain.wording import CHOICES
from portal.facts import practice
from portal.models.handover import StepDown
from portal.queries import drafts as read
from portal.web.branches import SureField
from portal.web.forms import (
    LONG,
    DateField,
    FormField,
    LineField,
    RadiosField,
    TextField,
    TickField,
    choices,
    not_later_than_today,
)

A = EngagementAnswer
EXPLAINED = (A.AGREED, A.PARTLY_AGREED, A.OVERRIDDEN)
BORN = (ViewKnown.SAID, ViewKnown.DRAWN, ViewKnown.OBSERVED)
SHORT, MIDDLE = 500, 1000


class VoiceRow(PersonRow):
    view = TextField(
        "What does this child think and feel about it?",
        longest=LONG,
        called="What this child thinks",
        description="In their own words where you can",
    )
    known = RadiosField("How is that known?", [Needed("Select how that is known")], choices=choices(CHOICES, BORN))

    def be_about_a_baby(self) -> None:
        """Before birth nobody can ask: the parents' plans and worries stand here."""
        self.view.label.text = "What are the parents’ plans and worries for the baby?"
        self.view.description = ""
        del self.known

    def validate_view(self, field: Field) -> None:
        if not field.data and not leaving():
            raise ValidationError(
                "Enter the parents’ plans and worries" if self.person.is_unborn else "Enter what this child thinks"
            )

    @property
    def voice(self) -> ChildView:
        if self.person.is_unborn:
            return ChildView(self.person.id, words_of(self.view), ViewKnown.UNBORN if self.view.data else None)
        known = ViewKnown(self.known.data) if self.known.data else None
        return ChildView(self.person.id, words_of(self.view), known)


class ParentRow(PersonRow):
    needed = True
    view = TextField(
        "What does this person think of it?",
        longest=LONG,
        called="What this person thinks",
        description="In their own words where you can",
    )
    not_asked = TextField("Or why was it not safe to ask them?", longest=SHORT, called="Why it was not safe to ask")

    def validate_view(self, field: Field) -> None:
        if field.data and self.not_asked.data:
            raise ValidationError("Enter what this person thinks, or why it was not safe to ask, but not both")
        if self.needed and not leaving() and not (field.data or self.not_asked.data):
            raise ValidationError("Enter what this person thinks, or why it was not safe to ask")

    @property
    def answer(self) -> ParentView:
        return ParentView(self.person.id, words_of(self.view), words_of(self.not_asked))


class AskedRow(PersonRow):
    needed = True
    child_can_decide = False
    answer = RadiosField(
        "What did they say when asked whether they want {early_help}?",
        choices=choices(
            CHOICES, (A.AGREED, A.PARTLY_AGREED, A.SAID_NO, A.ASKED_TO_STOP, A.NOT_YET_ASKED, A.OVERRIDDEN)
        ),
    )
    exclusions = TextField("What have they not agreed to?", longest=MIDDLE, called="What they have not agreed to")
    asked_on = DateField("When were they asked?", [not_later_than_today], called="The date they were asked")
    how_explained = TextField(
        "How was it explained to them?",
        longest=SHORT,
        called="How it was explained",
        description="If it goes ahead without their agreement, say why",
    )
    worries = TextField("What worries them about it? (optional)", longest=MIDDLE, called="What worries them")

    @property
    def said(self) -> EngagementAnswer | None:
        offered = {str(answer.value) for answer in EngagementAnswer}
        return EngagementAnswer(self.answer.data) if self.answer.data in offered else None

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if self.said is not A.PARTLY_AGREED:
            # Only asked of who agreed in part: hidden otherwise, and not used.
            self.exclusions.errors = []
        return not self.errors

    def validate_answer(self, _field: Field) -> None:
        typed = (
            any(self.asked_on.parts.values()) or self.how_explained.data or self.exclusions.data or self.worries.data
        )
        if self.said is None and (typed or (self.needed and not leaving())):
            raise ValidationError("Select what this person said")

    def validate_exclusions(self, field: Field) -> None:
        if self.said is A.PARTLY_AGREED and not field.data:
            raise ValidationError("Enter what they have not agreed to")

    def validate_asked_on(self, field: Field) -> None:
        if self.said not in (None, A.NOT_YET_ASKED) and not field.data and not field.errors:
            raise ValidationError("Enter the date they were asked")

    def validate_how_explained(self, field: Field) -> None:
        if self.said in EXPLAINED and not field.data:
            raise ValidationError(
                "Enter why it goes ahead without their agreement"
                if self.said is A.OVERRIDDEN
                else "Enter how it was explained to them"
            )

    @property
    def asked(self) -> Asked | None:
        if self.said is None:
            return None
        was_asked = self.said is not A.NOT_YET_ASKED
        return Asked(
            person_id=self.person.id,
            answer=self.said,
            asked_on=self.asked_on.data if was_asked else None,
            how_explained=words_of(self.how_explained) if was_asked else None,
            exclusions=words_of(self.exclusions) if self.said is A.PARTLY_AGREED else None,
            worries=words_of(self.worries) if was_asked else None,
            child_can_decide=self.child_can_decide,
        )


class DecidingRow(AskedRow):
    """A child who can decide for themselves whether they want help; nothing is asked of one who cannot."""

    child_can_decide = True
    can_decide = TickField("This child can decide for themselves", description="Select this if you have asked them too")

    young = SureField("This child decides this, though so young")
    # What is asked about a child who is very young.
    too_young: str | None = None

    @property
    def is_empty(self) -> bool:
        return not self.can_decide.data

    def validate(self, extra_validators: Any = None) -> bool:
        return self.is_empty or bool(super().validate(extra_validators))

    def validate_young(self, field: Field) -> None:
        if self.too_young and self.said not in (None, *UNASKED) and not field.data:
            raise ValidationError(self.too_young)

    @property
    def asked(self) -> Asked | None:
        said = super().asked
        return replace(said, young=bool(self.young.data)) if said else None


class ViewsForm(PartForm):
    voices = ByPerson(FormField(VoiceRow))
    parents = ByPerson(FormField(ParentRow))
    asked = ByPerson(FormField(AskedRow))
    deciding = ByPerson(FormField(DecidingRow))
    preferred_lead = LineField(
        "Whom would the {family} like as {lead_professional}? (optional)",
        called="Whom the family would like",
        description="A name and where they work, if the family has somebody in mind",
    )

    @property
    def said_by_children(self) -> list[ChildView]:
        return [row.form.voice for row in self.voices]

    @property
    def said_by_parents(self) -> list[ParentView]:
        return [row.form.answer for row in self.parents]

    @property
    def answers(self) -> list[Asked]:
        rows = [row.form.asked for row in [*self.asked, *self.deciding] if not row.form.is_empty]
        return [said for said in rows if said]


def make(step_down: StepDown) -> ViewsForm:
    part = read.views(step_down)
    form = ViewsForm(
        version=str(step_down.version),
        voices=[
            {"person": child, "view": voice.view, "known": voice.known.value if voice.known else None}
            for child, voice in part.children
        ],
        parents=[
            {"person": adult, "view": said.view, "not_asked": said.not_asked} if said else {"person": adult}
            for adult, said in part.parents
        ],
        asked=[{"person": adult, **_answers(said)} for adult, said in part.asked],
        deciding=[
            {"person": child, "can_decide": said is not None, "young": said is not None, **_answers(said)}
            for child, said in part.deciding
        ],
        preferred_lead=step_down.preferred_lead,
    )
    for row in form.voices:
        if row.form.person.is_unborn:
            row.form.be_about_a_baby()
    for row in [*form.parents, *form.asked]:
        row.form.needed = part.all_needed
    youngest = practice.amount(Standard.CHILD_DECIDES)
    for row in form.deciding:
        child = row.form.person
        row.form.can_decide.label.text = f"{child.name} can decide this for themselves"
        row.form.too_young = too_young(child.name, child.born_on, clock.today(), youngest)
    return form


def _answers(said: Asked | None) -> dict[str, Any]:
    if said is None:
        return {}
    return {
        "answer": said.answer.value,
        "asked_on": said.asked_on,
        "how_explained": said.how_explained,
        "exclusions": said.exclusions,
        "worries": said.worries,
    }
