"""Signing in, where one is signed in, and what one is told."""

from collections.abc import Mapping

from wtforms import Field

from portal.domain.notices import CHOICES, HINTS, NAMES, Notice, When, open_to
from portal.domain.viewer import Viewer
from portal.facts import notice_choices
from portal.web.forms import LineField, PasswordField, PortalForm, RadiosField, Required, SelectChoice
from portal.web.refs import number_in


class EmailForm(PortalForm):
    email = LineField("Email address", [Required("Enter your email address")], longest=254, called="Email address")


class SignInForm(EmailForm):
    password = PasswordField("Password", [Required("Enter your password")])
    next = LineField("", longest=500)


class SessionForm(PortalForm):
    """A button beside one session: its number stands in the form itself."""

    session = LineField("", longest=20)

    @property
    def number(self) -> int:
        return number_in(self.session.data)


def session_form(_viewer: Viewer) -> SessionForm:
    return SessionForm()


def _question(notice: Notice) -> RadiosField:
    return RadiosField(
        NAMES[notice],
        [Required("Select when you are told of this")],
        description=HINTS.get(notice, ""),
        choices=[SelectChoice(when.value, CHOICES[when]) for when in open_to(notice)],
    )


class NoticesForm(PortalForm):
    """One question for each kind of notice."""

    asked_to_lead = _question(Notice.ASKED_TO_LEAD)
    reminder = _question(Notice.REMINDER)
    action_given = _question(Notice.ACTION_GIVEN)
    step_down_waits = _question(Notice.STEP_DOWN_WAITS)
    family_says = _question(Notice.FAMILY_SAYS)
    family_stops = _question(Notice.FAMILY_STOPS)
    emergency = _question(Notice.EMERGENCY)
    due = _question(Notice.DUE)
    news = _question(Notice.NEWS)

    @property
    def questions(self) -> list[Field]:
        return [self[notice.value] for notice in Notice]

    @property
    def wanted(self) -> Mapping[Notice, When]:
        return {notice: When(self[notice.value].data) for notice in Notice}


def notices_form(viewer: Viewer) -> NoticesForm:
    """As they chose it, or as it is where they never did."""
    chosen = notice_choices.of_person(viewer.user_id)
    return NoticesForm(data={notice.value: when.value for notice, when in chosen.items()})
