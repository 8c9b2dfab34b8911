"""What a passkey answered, which the page's script puts into the form; and what a new one is called."""

from portal.domain.viewer import Viewer
from portal.web.forms import LineField, PortalForm, Required
from portal.web.refs import number_in

# The longest that a security key answers with, and some more.
LONGEST = 20_000


class AnswerForm(PortalForm):
    answer = LineField("", longest=LONGEST)


class NewForm(AnswerForm):
    name = LineField(
        "What do you call it?",
        [Required("Enter a name for this passkey")],
        longest=60,
        called="The name",
        description="So that you know it again: work laptop, phone, blue key.",
    )


class RemoveForm(PortalForm):
    passkey = LineField("", longest=20)

    @property
    def number(self) -> int:
        return number_in(self.passkey.data)


def answer_form(_viewer: Viewer | None) -> AnswerForm:
    return AnswerForm()


def new_form(_viewer: Viewer) -> NewForm:
    return NewForm()


def remove_form(_viewer: Viewer) -> RemoveForm:
    return RemoveForm()
