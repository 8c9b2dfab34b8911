"""Who asks what is held about somebody, how we know that it is them, and what for."""

from portal.domain.viewer import Viewer
from portal.models.families import Person
from portal.web.forms import LineField, PortalForm, Required, TextField


class AskForm(PortalForm):
    asked_by = LineField(
        "Who asks for it?",
        [Required("Enter who asks for it")],
        called="Who asks for it",
        description="The person themself, or who may ask for them: a parent for a young child, a solicitor",
    )
    identity = TextField(
        "How was it made sure that it is them?",
        [Required("Enter how it was made sure that it is them")],
        longest=500,
        called="How it was made sure that it is them",
        description="For example: passport seen at the office; their worker knows them; a signed authority on file",
    )
    why = LineField(
        "What is it for?",
        [Required("Enter what it is for")],
        longest=300,
        called="What it is for",
        description="It stands at the head of the copy, and in the log, with your name and the time",
    )


def ask_form(_person: Person, _viewer: Viewer) -> AskForm:
    return AskForm()
