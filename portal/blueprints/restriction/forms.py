"""Why a family is restricted, for whom it stays open, and why that ends."""

from portal.domain.viewer import Viewer
from portal.models.families import Clearance, Family
from portal.queries import restriction as read
from portal.web.branches import SureField
from portal.web.forms import DateField, LineField, PickField, PortalForm, Required, SelectChoice, TextField, TicksField

LONGEST = 500


class RestrictForm(PortalForm):
    why = TextField(
        "Why is it restricted?",
        [Required("Enter why it is restricted")],
        longest=LONGEST,
        called="The reason",
        description="Everybody who is cleared can read it in the history",
    )
    who = TicksField(
        "Who goes on seeing it?",
        [Required("Select who goes on seeing it")],
        description="Tick each person who has to go on working with the {family}, and is not whom it is kept from. "
        "Nobody else sees it from now on, not even those who may open any {family}. "
        "You can clear more people afterwards",
    )
    without_me = SureField("I know that I cannot open this {family} after this")

    def chosen(self) -> list[int]:
        return [int(each) for each in self.who.data or ()]


class AskForm(PortalForm):
    why = TextField(
        "Why should it be restricted?",
        [Required("Enter why it should be restricted")],
        longest=1000,
        called="The reason",
        description="{Early_help_manager:many} read it, and nobody else but you",
    )
    who_stays = TextField(
        "Who should go on seeing it? (optional)",
        longest=LONGEST,
        called="Who should go on seeing it",
        description="Names, or what they do. Whoever restricts it chooses",
    )


def ask_form(_family: Family, _viewer: Viewer) -> AskForm:
    return AskForm()


class WithdrawForm(PortalForm):
    """A button."""


def withdraw_form(_family: Family, _viewer: Viewer) -> WithdrawForm:
    return WithdrawForm()


class RefuseForm(PortalForm):
    answer = TextField(
        "Why is it not restricted?",
        [Required("Enter why it is not restricted")],
        longest=1000,
        called="The reason",
        description="Whoever asked reads it",
    )


def refuse_form(_family: Family, _viewer: Viewer) -> RefuseForm:
    return RefuseForm()


def restrict_form(family: Family, viewer: Viewer) -> RestrictForm:
    working = read.working_with(family)
    # Nobody else is ticked: the person it is to be kept from may be the one who works with them.
    form = RestrictForm(who=[str(viewer.user_id)])
    form.who.choices = [
        SelectChoice(str(each.user_id), f"{each.name}, {each.organisation}: {each.what}") for each in working
    ]
    return form


class ClearForm(PortalForm):
    who = PickField("Who is cleared to see this {family}?", [Required("Choose who is cleared")])
    why = LineField(
        "Why do they need to see it?", [Required("Enter why they need to see it")], longest=LONGEST, called="The reason"
    )
    until_on = DateField(
        "Last day (optional)",
        called="The last day",
        description="After that day they no longer see it. Leave it empty to end it yourself one day",
    )


def clear_form(family: Family, _viewer: Viewer) -> ClearForm:
    form = ClearForm()
    form.who.choices = [
        SelectChoice("", "Choose a person"),
        *(SelectChoice(str(id_), words) for id_, words in read.who_could_be_cleared(family)),
    ]
    return form


class EndForm(PortalForm):
    why = LineField("Why does it end?", [Required("Enter why it ends")], longest=LONGEST, called="The reason")
    without_me = SureField("I know that I cannot open this {family} after this")


def end_form(_clearance: Clearance, _viewer: Viewer) -> EndForm:
    return EndForm()


class LiftForm(PortalForm):
    why = TextField(
        "Why is it not restricted any more?",
        [Required("Enter why it is not restricted any more")],
        longest=LONGEST,
        called="The reason",
    )


def lift_form(_family: Family, _viewer: Viewer) -> LiftForm:
    return LiftForm()
