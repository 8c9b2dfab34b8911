"""Whom an administrator looks for, what an account says, and why it is closed or opened again."""

from typing import ClassVar

from portal.domain import identifiers
from portal.domain.roles import ROLE_NAMES, Role
from portal.domain.viewer import Viewer
from portal.models.people import User
from portal.queries import invitations, portal_people
from portal.queries.portal_people import Wanted
from portal.services import account_changes
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

WHY = 500


class FindForm(PortalForm):
    """Sent, not asked for by an address: names do not stand in addresses."""

    words = LineField("Name or email address", longest=100, called="The name or email address")
    organisation = PickField("Organisation")
    role = PickField("What they do here")
    state = PickField("Account")
    factor = PickField("Second factor")
    signed_in = PickField("Signed in last")

    @property
    def wanted(self) -> Wanted:
        """Everybody, where an answer cannot be asked for, or was not sent yet."""
        if self.errors or self.unfinished:
            return Wanted()
        return Wanted(
            words=self.words.data or None,
            organisation_id=number_in(self.organisation.data) or None,
            role=Role(self.role.data) if self.role.data else None,
            state=self.state.data or None,
            factor=self.factor.data or None,
            signed_in=self.signed_in.data or None,
        )


def find_form(_viewer: Viewer) -> FindForm:
    form = FindForm()
    form.organisation.choices = _any(named(invitations.organisations()))
    form.role.choices = _any(choices(ROLE_NAMES, Role))
    for picked, words in (
        (form.state, portal_people.STATES),
        (form.factor, portal_people.FACTORS),
        (form.signed_in, portal_people.SIGNED_IN),
    ):
        picked.choices = _any([SelectChoice(key, label) for key, label in words.items()])
    return form


def _any(found: list[SelectChoice]) -> list[SelectChoice]:
    return [SelectChoice("", "Any"), *found]


def named(rows: list[tuple[int, str]]) -> list[SelectChoice]:
    return [SelectChoice(str(id_), name) for id_, name in rows]


class AccountForm(PortalForm):
    edits: ClassVar[bool] = True
    name = LineField("Full name", [Required("Enter their full name")], called="The name")
    email = NormalField(
        "Email address",
        [Required("Enter their email address")],
        read=identifiers.email,
        longest=254,
        called="The email address",
        description="They sign in with it. It should be read by them alone.",
    )
    phone = NormalField("Phone (optional)", read=identifiers.phone, longest=40, called="The phone number")
    job = LineField("What their job is called (optional)", called="The job")
    organisation = PickField("Organisation", [Required("Select their organisation")])
    roles = TicksField("What they do here", [Required("Select what they do here")])
    team = PickField("Social care team", description="Of social workers and their managers only.")


def account_form(person: User, _viewer: Viewer) -> AccountForm:
    form = AccountForm(
        version=str(person.version),
        name=person.name,
        email=person.email,
        phone=person.phone,
        job=person.job,
        organisation=str(person.organisation_id),
        roles=sorted(account_changes.roles_of(person.id)),
        team=str(person.social_care_team_id or ""),
    )
    form.organisation.choices = [SelectChoice("", ""), *named(invitations.organisations(also=person.organisation_id))]
    form.team.choices = [SelectChoice("", ""), *named(invitations.teams())]
    form.roles.choices = choices(ROLE_NAMES, Role)
    return form


class CloseForm(PortalForm):
    why = TextField(
        "Why is the account closed?",
        [Required("Enter why the account is closed")],
        longest=WHY,
        called="Why",
        description="For example: has left the school. Name no family",
    )


def close_form(_person: User, _viewer: Viewer) -> CloseForm:
    return CloseForm()


class OpenForm(PortalForm):
    why = TextField(
        "Why is the account opened again?",
        [Required("Enter why the account is opened again")],
        longest=WHY,
        called="Why",
        description="Name no family",
    )


def open_form(_person: User, _viewer: Viewer) -> OpenForm:
    return OpenForm()


class SignOutForm(PortalForm):
    """A button."""


def sign_out_form(_person: User, _viewer: Viewer) -> SignOutForm:
    return SignOutForm()
