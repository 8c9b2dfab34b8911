"""Which messages are sent again."""

from portal.domain.viewer import Viewer
from portal.web.forms import LineField, PortalForm
from portal.web.refs import number_in


class AgainForm(PortalForm):
    """A button beside one message, or one for all that are listed: their numbers stand in the form itself."""

    messages = LineField("", longest=2000)

    def numbers(self) -> list[int]:
        return [number_in(each) for each in (self.messages.data or "").split(",")]


def again_form(_viewer: Viewer) -> AgainForm:
    return AgainForm()
