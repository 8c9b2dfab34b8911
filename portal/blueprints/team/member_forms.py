"""What is known of a member is corrected, they leave, they come back."""

import enum
from typing import ClassVar

from wtforms.validators import ValidationError

from portal.core import clock
from portal.domain.team import LEFT_WHY, LeftWhy
from portal.domain.viewer import Viewer
from portal.models.teamwork import TeamMember
from portal.queries import team_members as read
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
    TickField,
    choices,
    not_later_than_today,
)


class CorrectForm(PortalForm):
    """Of somebody with a sign-in or of the family only the role is the team's to correct: name, organisation and how
    to reach them are kept with their account, or with the household."""

    edits = True
    name = LineField("What is their name?", [Required("Enter their name")], called="Name")
    organisation = LineField("Which organisation are they from? (optional)", called="Organisation")
    job = LineField("What do they do?", [Required("Enter what they do")], called="What they do")
    contact = LineField(
        "How can they be reached?",
        [Required("Enter how they can be reached")],
        called="How they can be reached",
        description="A phone number or email address",
    )

    @property
    def facts(self) -> dict[str, str | None]:
        asked = ("name", "organisation", "job", "contact")
        return {name: self[name].data or None for name in asked if name in self}


def correct_form(member: TeamMember, _viewer: Viewer) -> CorrectForm:
    form = CorrectForm(
        version=str(member.version),
        name=member.name,
        organisation=member.organisation,
        job=member.job,
        contact=member.contact,
    )
    if member.outside_name is None:
        for name in ("name", "organisation", "contact"):
            del form[name]
    return form


class Theirs(enum.StrEnum):
    ONE = "one"
    LATER = "later"


def _why_else(form: PortalForm, field: TextField) -> None:
    if form["why"].data == LeftWhy.OTHER and not field.data:
        raise ValidationError("Enter why they leave")


class LeaveForm(BranchingForm):
    edits = True
    told_by_history = True
    branches: ClassVar = {"to": ("theirs", Theirs.ONE)}
    on = DateField(
        "When did they leave?",
        [Required("Enter the date they left"), not_later_than_today],
        called="The date they left",
        default=clock.today,
    )
    why = RadiosField(
        "Why do they leave?",
        [Required("Select why they leave")],
        choices=choices(LEFT_WHY, LeftWhy),
    )
    note = TextField(
        "What else should the team know? (optional)",
        [_why_else],
        called="This answer",
        longest=500,
        description="Write it as if the family will read it. They can ask to.",
    )
    theirs = RadiosField(
        "Who takes on what they are still to do?",
        [Required("Select who takes on what they are still to do")],
        choices=[
            SelectChoice(Theirs.ONE.value, "One person takes on all of it"),
            SelectChoice(Theirs.LATER.value, "It is decided later, one by one"),
        ],
    )
    to = PickField("Who is it?", [Required("Choose who takes it on")])


def leave_form(member: TeamMember, _viewer: Viewer) -> LeaveForm:
    form = LeaveForm(version=str(member.version))
    found = read.leaving(member)
    if not found.actions:
        del form["theirs"], form["to"]
        return form
    form.to.choices = [SelectChoice("", "Choose"), *(SelectChoice(str(id_), name) for id_, name in found.others)]
    form.to.wrong = "Choose somebody who is on the {team}"
    return form


class ComeBackForm(PortalForm):
    edits = True
    told_by_history = True
    apart = TickField("We know this, and have thought about their safety")


def come_back_form(member: TeamMember, _viewer: Viewer) -> ComeBackForm:
    return ComeBackForm(version=str(member.version))
