"""Who is invited, and to whom an invitation is sent again."""

from portal.domain import identifiers
from portal.domain.roles import ROLE_NAMES, Role
from portal.domain.viewer import Viewer
from portal.models.people import User
from portal.queries import invitations as read
from portal.web.forms import (
    LineField,
    NormalField,
    PickField,
    PortalForm,
    Required,
    SelectChoice,
    TextField,
    TicksField,
    choices,
)
from portal.web.refs import number_in


class InviteForm(PortalForm):
    name = LineField("Full name", [Required("Enter their full name")], called="The name")
    email = NormalField(
        "Email address",
        [Required("Enter their email address")],
        read=identifiers.email,
        longest=254,
        called="The email address",
        description="They sign in with it. It should be read by them alone.",
    )
    job = LineField("What their job is called (optional)", called="The job")
    organisation = PickField("Organisation", [Required("Select their organisation")])
    roles = TicksField("What they do here", [Required("Select what they do here")])
    team = PickField("Social care team", description="Of social workers and their managers only.")


def invite_form(_viewer: Viewer) -> InviteForm:
    form = InviteForm()
    form.organisation.choices = [SelectChoice("", ""), *_named(read.organisations())]
    form.team.choices = [SelectChoice("", ""), *_named(read.teams())]
    form.roles.choices = choices(ROLE_NAMES, Role)
    return form


def _named(rows: list[tuple[int, str]]) -> list[SelectChoice]:
    return [SelectChoice(str(id_), name) for id_, name in rows]


class AgainForm(PortalForm):
    """A button beside one person: their number stands in the form itself."""

    person = LineField("", longest=20)

    @property
    def number(self) -> int:
        return number_in(self.person.data)


def again_form(_viewer: Viewer) -> AgainForm:
    return AgainForm()


class WithdrawForm(PortalForm):
    why = TextField(
        "Why is it withdrawn?",
        [Required("Enter why it is withdrawn")],
        longest=500,
        called="Why",
        description="For example: sent to the wrong address. Name no family",
    )


def withdraw_form(_person: User, _viewer: Viewer) -> WithdrawForm:
    return WithdrawForm()
