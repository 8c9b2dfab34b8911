"""The write-up's questions for the people and things one meeting is about, and what is offered as answers."""

from typing import Any

from flask import request

from portal.blueprints.meetings.write_up_form import WriteUpForm
from portal.core import clock
from portal.domain.meetings import Attendance, Rater
from portal.domain.step_downs import OutstandingState
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.teamwork import Meeting
from portal.queries import write_ups as read
from portal.queries.write_ups import ToSettle, ToWriteUp
from portal.web import due_dates
from portal.web.due_dates import When
from portal.web.forms import (
    LineField,
    NumberField,
    PickField,
    RadiosField,
    SelectChoice,
    TextField,
    TickField,
    choices,
    was_typed,
)

OUTCOMES = (("carried", "Carried into the {plan}"), ("completed", "Completed"), ("dropped", "Dropped"))


def write_up_form(meeting: Meeting, _viewer: Viewer) -> WriteUpForm:
    """With questions for these people and things alone: of a stranger, or another family's action, nothing is read.
    What was asked when the page was opened is asked still, so that no answer is lost."""
    about = read.to_write_up(meeting)
    actions = [each for each in about.outstanding if _is_asked(each, about)]
    fields = {**_attendance(about), **_voices(about), **_scales(about), **_outcomes(actions), **_brought(about)}
    of_meeting = type("WriteUpFormOfMeeting", (WriteUpForm,), {"about": about, "meant": {}, **fields})
    form: WriteUpForm = of_meeting(version=str(meeting.version), **_stored(meeting, about, actions))
    team = [SelectChoice(str(member.id), member.words) for member in about.invitees if member.on_team]
    leaving = {str(member.id) for member in about.invitees if member.leaves}
    staying = [choice for choice in team if choice.value not in leaving]
    for action in actions:
        end = f"-{action.id}"
        owner: Any = form["owner" + end]
        if action.kept is not None:
            outcome: Any = form["outcome" + end]
            outcome.wrong = action.kept
        owner.choices = [SelectChoice("", "Choose"), *staying]
        owner.wrong = "Choose somebody who is on the {team}"
        next_on = about.next.on if about.next else None
        due_dates.offer(form, about.calendar, next_meeting=next_on, meeting_asked=next_on is None, end=end)
    for need in about.needs:
        brought: Any = form[f"brought-{need.id}"]
        brought.choices = [SelectChoice("", "Nobody yet"), *team]
    form.also_came.choices = [
        SelectChoice(str(member.id), member.words) for member in about.invitees if about.held or not member.invited
    ]
    form.members.choices = [SelectChoice(str(one.id), one.words) for one in about.invitees if one.may_be_asked]
    form.members.wrong = "Select only people who are on the {team} and may be contacted"
    form.put_in_order()
    return _without_what_is_not_asked(form)


def _is_asked(action: ToSettle, about: ToWriteUp) -> bool:
    """Also one that was settled after the page was opened: its life then refuses, and the words stay."""
    return action.state is OutstandingState.OUTSTANDING or about.held or was_typed(f"outcome-{action.id}")


def _without_what_is_not_asked(form: WriteUpForm) -> WriteUpForm:
    if not form.also_came.choices:
        del form.also_came
    if not form.about.asks_for_first and not was_typed("was_first_team"):
        del form.was_first_team
    if not request.form:
        form.done_shown.data = " ".join(
            str(action.id) for action in form.about.done if action.on <= form.about.arranged_on
        )
    if not form.about.done:
        del form.done_shown, form.discussed
    if not form.next_is_asked and not was_typed("on-day"):
        for name in ("on", "at", "place", "members", "why_late", "apart"):
            delattr(form, name)
    return form


def _attendance(about: ToWriteUp) -> dict[str, Any]:
    return {
        f"attendance-{invitee.id}": RadiosField(f"Did {invitee.name} come?", choices=choices(CHOICES, Attendance))
        for invitee in about.invitees
        if invitee.invited
    }


def _voices(about: ToWriteUp) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in about.children:
        found[f"voice-{child.id}"] = TextField(
            f"What did {child.called} want to say?", called=f"What {child.called} wanted to say", longest=1000
        )
        found[f"not_heard-{child.id}"] = LineField(
            f"Or why was {child.called} not heard?", called="The reason", longest=500
        )
    return found


def _scales(about: ToWriteUp) -> dict[str, Any]:
    return {
        f"scale_{rater}-{need.id}": NumberField(
            f"{need.what}: {CHOICES[rater]}",
            called=f"What the {rater} said",
            most=10,
            description=f"Last time {need.last[rater]}" if rater in need.last else "",
        )
        for need in about.measured
        for rater in Rater
    }


def _outcomes(actions: list[ToSettle]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for action in actions:
        end = f"-{action.id}"
        found["outcome" + end] = RadiosField(
            f"What becomes of {action.ref}?",
            choices=[SelectChoice(*each) for each in OUTCOMES if each[0] != "dropped" or _may_drop(action)],
        )
        found["owner" + end] = PickField("Who does it now?", description="Only people on the {team} are listed.")
        found |= due_dates.fields(end)
        found["agreed" + end] = TickField(
            "They agreed at the meeting",
            default=True,
            description="Who did not come is asked for their answer, whether ticked or not.",
        )
        found["evidence" + end] = LineField("How do you know?", called="How you know", longest=500)
        found["drop_reason" + end] = LineField("Why is it dropped?", called="The reason", longest=500)
    return found


def _may_drop(action: ToSettle) -> bool:
    """What concerns safety is dropped by the social care manager, on its own page."""
    return not action.concerns_safety or action.state is OutstandingState.DROPPED


def _brought(about: ToWriteUp) -> dict[str, Any]:
    words = "Who brings this need to the {first_team_meeting}? (optional)"
    return {f"brought-{need.id}": PickField(words) for need in about.needs}


def _stored(meeting: Meeting, about: ToWriteUp, actions: list[ToSettle]) -> dict[str, Any]:
    """What is offered, or where it was written up already, what was saved."""
    held_on = meeting.held_on or (about.arranged_on if about.arranged_on <= clock.today() else None)
    found: dict[str, Any] = {
        "held_on": held_on,
        "family_views": meeting.family_views,
        "decisions": meeting.decisions,
        "place": meeting.place,
        "members": [str(invitee.id) for invitee in about.invitees if invitee.may_be_asked],
        "on": about.offered_on,
    }
    for invitee in about.invitees:
        found[f"attendance-{invitee.id}"] = invitee.attendance.value if invitee.attendance else None
    for person_id, (voice, not_heard) in about.voices.items():
        found |= {f"voice-{person_id}": voice, f"not_heard-{person_id}": not_heard}
    for action in actions:
        end, settled = f"-{action.id}", action.state is not OutstandingState.OUTSTANDING
        found |= {
            "outcome" + end: action.state.value if settled else None,
            "owner" + end: str(action.owner_id) if action.owner_id else None,
            "due" + end: When.DATE.value if action.due_on else None,
            "due_on" + end: action.due_on,
            "evidence" + end: action.evidence,
            "drop_reason" + end: action.drop_reason,
        }
    for need in about.needs:
        found[f"brought-{need.id}"] = str(need.brought_by_id) if need.brought_by_id else None
    return found
