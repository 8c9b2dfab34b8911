"""Which organisations close, and when."""

from portal.domain.viewer import Viewer
from portal.queries import closures
from portal.web.forms import DateField, LineField, PortalForm, Required, SelectChoice, TicksField
from portal.web.refs import number_in


class CloseForm(PortalForm):
    organisations = TicksField("Which organisations close?", [Required("Select which organisations close")])
    name = LineField(
        "What is it called?",
        [Required("Enter what it is called")],
        called="What it is called",
        description="For example, Summer holidays",
    )
    from_on = DateField("First day", [Required("Enter the first day they are closed")], called="The first day")
    to_on = DateField("Last day", [Required("Enter the last day they are closed")], called="The last day")


def close_form(_viewer: Viewer) -> CloseForm:
    form = CloseForm()
    form.organisations.choices = [SelectChoice(str(id_), name) for id_, name in closures.organisations()]
    return form


class TakeOutForm(PortalForm):
    """One of several on a page: which closure is meant stands in the form itself."""

    closure = LineField()

    def number(self) -> int:
        return number_in(self.closure.data)


def take_out_form(_viewer: Viewer) -> TakeOutForm:
    return TakeOutForm()
