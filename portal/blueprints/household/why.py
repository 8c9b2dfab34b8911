"""The question that a change of something known has to answer: things changed, or it was recorded wrongly."""

from portal.services.people import Why
from portal.web.forms import RadiosField, SelectChoice, TextField

CHANGED, WRONG = "changed", "wrong"


class AskWhy:
    """Mixed into a form that changes what is known. Its fields are named as the services refuse them."""

    because = RadiosField(
        "Why is this different now?",
        description="Only needed where something that was known changes",
        choices=[SelectChoice(CHANGED, "It has changed"), SelectChoice(WRONG, "It was recorded wrongly")],
    )
    reason = TextField(
        "What was wrong, or what led to the change? (optional where it has changed)",
        longest=500,
        called="The reason",
        description="This stands in the history",
    )

    @property
    def why(self) -> Why:
        wrong = {CHANGED: False, WRONG: True}.get(self.because.data or "")
        return Why(wrong, self.reason.data or None)
