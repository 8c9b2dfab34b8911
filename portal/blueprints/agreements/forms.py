"""Which agreement lasts longer, and why."""

from datetime import date

from flask import request
from wtforms import HiddenField

from portal.domain.viewer import Viewer
from portal.queries import agreements as read
from portal.web.forms import PickField, PortalForm, Required, SelectChoice, TextField


class ExtendForm(PortalForm):
    """Judged by the last day of each agreement that was on the page: `seen`."""

    agreement = PickField("Which agreement?", [Required("Choose the agreement to extend")])
    why = TextField(
        "Why is it extended?",
        [Required("Enter why it is extended")],
        called="Why it is extended",
        longest=500,
        description="Say what still has to be agreed, and with whom",
    )
    seen = HiddenField()

    @property
    def last_day_seen(self) -> date | None:
        """The last day of the chosen agreement when the page was opened; None where it was not on it."""
        days = dict(part.split(":", 1) for part in (self.seen.data or "").split(",") if ":" in part)
        try:
            return date.fromisoformat(days.get(self.agreement.data or "", ""))
        except ValueError:
            return None


def extend_form(_viewer: Viewer) -> ExtendForm:
    """The agreement that a link on the list names is chosen."""
    found = read.ending()
    asked = request.args.get("agreement", "")
    known = {str(each.agreement_id) for each in found}
    form = ExtendForm(
        agreement=asked if asked in known else None,
        seen=",".join(f"{each.agreement_id}:{each.ends_on}" for each in found),
    )
    form.agreement.choices = [
        SelectChoice("", "Choose an agreement"),
        *(SelectChoice(str(each.agreement_id), each.words) for each in found),
    ]
    form.agreement.wrong = "Choose an agreement in the list: one that ends soon, or has ended"
    return form
