"""Who joins the team: somebody with a sign-in, somebody of the family, or somebody without a sign-in."""

import enum
from typing import ClassVar

from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import team as read
from portal.web.branches import BranchingForm
from portal.web.forms import LineField, PickField, RadiosField, Required, SelectChoice, TickField


class Who(enum.StrEnum):
    USER = "user"
    PERSON = "person"
    OUTSIDE = "outside"


class JoinForm(BranchingForm):
    branches: ClassVar = {
        "user": ("who", Who.USER),
        "person": ("who", Who.PERSON),
        "place": ("who", Who.PERSON),
        "apart": ("who", Who.PERSON),
        "name": ("who", Who.OUTSIDE),
        "organisation": ("who", Who.OUTSIDE),
        "job": ("who", Who.OUTSIDE),
        "contact": ("who", Who.OUTSIDE),
    }
    who = RadiosField(
        "Who joins the {team}?",
        [Required("Select who joins the {team}")],
        choices=[
            SelectChoice(Who.USER.value, "Somebody with a sign-in"),
            SelectChoice(Who.PERSON.value, "Somebody of the family"),
            SelectChoice(Who.OUTSIDE.value, "Somebody without a sign-in"),
        ],
    )
    user = PickField(
        "Who is it?",
        [Required("Choose who joins")],
        description="By organisation. Only people of organisations with a sharing agreement are listed.",
    )
    person = PickField("Who of the family?", [Required("Choose who of the family joins")])
    place = LineField(
        "Who are they in the family? (optional)", called="This answer", description="Like mother or uncle"
    )
    apart = TickField("We know this, and have thought about their safety")
    name = LineField("What is their name?", [Required("Enter their name")], called="Name")
    organisation = LineField("Which organisation are they from? (optional)", called="Organisation")
    job = LineField(
        "What do they do?",
        [Required("Enter what they do")],
        called="What they do",
        description="Like health visitor or football coach",
    )
    contact = LineField(
        "How can they be reached?",
        [Required("Enter how they can be reached")],
        called="How they can be reached",
        description="A phone number or email address",
    )


def join_form(family: Family, _viewer: Viewer) -> JoinForm:
    form = JoinForm()
    found = read.who_could_join(family)
    for field, rows, words in (
        (form.user, found.users, "who is not on the {team} yet and can be asked for this family"),
        (form.person, found.people, "who is not on the {team} yet"),
    ):
        field.choices = [SelectChoice("", "Choose"), *(SelectChoice(str(id_), name) for id_, name in rows)]
        field.wrong = f"Choose somebody in the list, {words}"
    return form
