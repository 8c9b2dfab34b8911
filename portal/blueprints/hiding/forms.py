"""What is asked of whoever hides words, and of whoever puts them back."""

from portal.domain.hiding import MANY, WHY, WhyHidden
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.hiding import HiddenWords
from portal.models.record import Event
from portal.services.hiding import Asked
from portal.web.forms import LONG, PortalForm, RadiosField, Required, SelectChoice, TextField, TickField, choices

WHOLE, SOME = "whole", "some"
WHAT = (SelectChoice(WHOLE, "Everything that was written in this line"), SelectChoice(SOME, "Only some words"))
LONGEST_WHY = 500


class HideForm(PortalForm):
    """Of a line of history: all of it, or some words. Of a family nothing but words."""

    what = RadiosField("What must not stand?", [Required("Select what must not stand")], choices=list(WHAT))
    words = TextField(
        "Which words?",
        longest=LONG,
        called="The words",
        description="Copy them as they stand. Capital letters and line breaks make no difference.",
    )
    also = TextField(
        "Are they written in another way too? (optional)",
        called="This answer",
        description="Each on a line of its own, like the postcode of an address.",
    )
    code = RadiosField("Why must they not stand?", [Required("Select why they must not stand")])
    why = TextField(
        "Say why in a sentence",
        [Required("Enter why they must not stand")],
        longest=LONGEST_WHY,
        called="Why",
        description="Without the words themselves: this stands in the history.",
    )
    sure = TickField(
        "All of it is meant, wherever it stands",
        description=f"Needed where the words stand in more than {MANY} places, or are part of how somebody is reached.",
    )

    def asked(self) -> Asked:
        return self.asked_of(self.words.data or "")

    def asked_of(self, words: str, *more: str) -> Asked:
        also = [*more, *(self.also.data or "").split("\n")]
        return Asked(words, also, WhyHidden(self.code.data), self.why.data or "", sure=bool(self.sure.data))


def hide_form(_family: Family, _viewer: Viewer) -> HideForm:
    form = HideForm()
    del form.what
    form.words.validators = [Required("Enter the words as they stand")]
    form.code.choices = choices(WHY, WhyHidden)
    return form


def hide_line_form(_event: Event, _viewer: Viewer) -> HideForm:
    form = HideForm()
    form.code.choices = choices(WHY, WhyHidden)
    return form


class PutBackForm(PortalForm):
    why = TextField(
        "Why was it a mistake?", [Required("Enter why it was a mistake")], longest=LONGEST_WHY, called="Why"
    )


def put_back_form(_row: HiddenWords, _viewer: Viewer) -> PutBackForm:
    return PutBackForm()
