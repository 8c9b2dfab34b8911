"""Whom to ask by a link, how it reaches them, and why that is safe."""

from portal.domain.asking import LinkWay
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.asking import FamilyQuestion
from portal.models.following import SupportReferral
from portal.queries import asking as read
from portal.web.branches import SureField
from portal.web.forms import PortalForm, RadiosField, Required, SelectChoice, TextField, TickField, choices


class AskForm(PortalForm):
    person = RadiosField("Who is asked?", [Required("Select who is asked")])
    way = RadiosField(
        "How does the link reach them?",
        [Required("Select how the link reaches them")],
        choices=choices(CHOICES, LinkWay),
    )
    in_hand = SureField("It is given into their own hand, by somebody who knows that this is safe")
    labelled = TickField()
    safe_because = TextField(
        "Why is it safe to ask this person by a link?",
        [Required("Enter why it is safe to ask this person by a link")],
        called="Why it is safe",
        description="Somebody in this family is to be kept apart. Say whose phone or computer it is, and how you know. "
        "Your name and this reason stand in the history, and the answer never counts as a second source.",
        longest=500,
    )


def ask_form(referral: SupportReferral, _viewer: Viewer) -> AskForm:
    offered = read.askable(referral.family_id)
    form = AskForm(person=str(referral.person_id) if referral.person_id else None)
    form.person.description = (
        f"A child can be asked from the age of {offered.from_age}, if it is known when they were born"
    )
    form.person.choices = [SelectChoice(value, name, {"hint": ways}) for value, name, ways in offered.people]
    who = {value: name for value, name, _ in offered.people}.get(str(referral.label_by_id), "They")
    form.labelled.label.text = f"{who} asked that the page calls it “{referral.label}”"
    if not referral.label:
        del form.labelled
    if not offered.apart:
        del form.safe_because
    return form


class ButtonForm(PortalForm):
    """Nothing is asked: the button says it."""


def button_form(_question: FamilyQuestion, _viewer: Viewer) -> ButtonForm:
    return ButtonForm()
