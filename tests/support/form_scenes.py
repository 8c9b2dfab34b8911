"""Families as they have to be before a form of the portal is offered about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.leads import LeadState
from portal.domain.plans import ActionState
from portal.domain.starters import starters
from portal.domain.step_downs import StepDownState
from portal.models.families import Family, LookUp
from portal.models.handover import LeadAssignment, StepDown
from portal.models.record import Event
from portal.models.teamwork import Meeting, MeetingInvitee, TeamMember
from portal.services import leads, retention
from tests.support.drafts import a_whole_draft, an_agreed_draft
from tests.support.handover import Handing, a_proposed, a_ready_to_confirm, an_accepted
from tests.support.people import Home, a_family, an_action, an_active_family
from tests.support.plans import in_force, loosen, met
from tests.support.retention import an_old_family, another_manager
from tests.support.situations import without_lead

if TYPE_CHECKING:
    from tests.support.every_form import Forms


@dataclass(frozen=True)
class Place:
    """Where a form stands, as far as that is not where it is sent, and not by the first who may: `page` is its page,
    `form` where the page's form is sent of which it is another button."""

    who: str = ""
    path: str = ""
    page: str = ""
    form: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)


Scene = Callable[["Forms"], Place | None]


def was_proposed(forms: "Forms") -> None:
    """The step-down waits to be accepted."""
    with forms.council.behind_the_scenes():
        step_down = db.session.get_one(StepDown, int(forms.world.north.ref(StepDown).removeprefix("S-")))
        step_down.state, step_down.answered_at = StepDownState.PROPOSED, None


def helped_already(forms: "Forms") -> Place:
    """A family that the coordinator added: no social work, nothing open."""
    return Place(path=f"/families/{a_family(forms.council, by=forms.council.coordinator).ref}/already")


def to_be_agreed(forms: "Forms") -> Place:
    ref = a_whole_draft(forms.council, a_family(forms.council)).ref
    return Place(path=f"/step-downs/{ref}/check/agree", page=f"/step-downs/{ref}/check")


def agreed(forms: "Forms") -> Place:
    ref = an_agreed_draft(forms.council, a_family(forms.council)).ref
    return Place(path=f"/step-downs/{ref}/check/send", page=f"/step-downs/{ref}/check")


def no_lead(forms: "Forms") -> Place:
    team = an_active_family(forms.council)
    without_lead(forms.council, team)
    return Place(path=f"/families/{team.ref}/team/lead")


def _nominated(forms: "Forms") -> Handing:
    return an_accepted(forms.council, answered=False)


def asked_to_lead(forms: "Forms") -> Place:
    return Place(who="lead", path=f"/nominations/{_nominated(forms).nomination.ref}")


def asked_by_phone(forms: "Forms") -> Place:
    """Somebody without a sign-in."""
    team = an_active_family(forms.council)
    without_lead(forms.council, team)
    with forms.council.behind_the_scenes():
        nurse = TeamMember(
            family_id=team.family.id, name="Nina Nurse", outside_name="Nina Nurse", joined_on=clock.today()
        )
        db.session.add(nurse)
    with forms.council.as_(forms.council.coordinator) as viewer:
        asked = leads.ask(db.session.get_one(Family, team.family.id), leads.Whom(member_id=nurse.id), by=viewer)
    return Place(path=f"/nominations/{asked.ref}/as-told")


def declined_twice(forms: "Forms") -> Place:
    handing = _nominated(forms)
    for who in (forms.council.lead, forms.council.partner):
        with forms.council.as_(who) as viewer:
            asked = db.session.scalars(
                select(LeadAssignment).where(
                    LeadAssignment.family_id == handing.home.id, LeadAssignment.state == LeadState.NOMINATED
                )
            ).one()
            leads.decline(asked, "No room", by=viewer)
        if who is forms.council.lead:
            with forms.council.as_(forms.council.coordinator) as viewer:
                leads.ask(handing.home.family, leads.Whom(forms.council.partner.id), by=viewer)
    return Place(path=f"/families/{handing.family_ref}/team/lead/not-found")


def somebody_is_asked(forms: "Forms") -> None:
    """To come to the meeting."""
    with forms.council.behind_the_scenes():
        meeting = db.session.get_one(Meeting, int(forms.world.north.ref(Meeting).removeprefix("M-")))
        member = db.session.scalars(select(TeamMember).where(TeamMember.family_id == meeting.family_id)).first()
        assert member is not None
        db.session.add(MeetingInvitee(family_id=meeting.family_id, meeting_id=meeting.id, member_id=member.id))


def done_by_the_partner(forms: "Forms") -> None:
    assert forms.fill_at("actions.update", Place(who="partner")).send().status == 303


def as_told(forms: "Forms") -> Place:
    """Where the council takes an agreement by word of mouth."""
    forms.set_to(typed_agreement=True)
    ref = a_whole_draft(forms.council, a_family(forms.council)).ref
    return Place(path=f"/step-downs/{ref}/check/agree-as-told", page=f"/step-downs/{ref}/check")


def due(forms: "Forms") -> Place:
    home = an_old_family(forms.council)
    return Place(path=f"/families/{home.ref}/retention/propose")


def _proposed(forms: "Forms") -> Home:
    home = an_old_family(forms.council)
    with forms.council.as_(another_manager(forms.council)) as viewer:
        retention.propose(db.session.get_one(Family, home.id), why="It is due", by=viewer)
    return home


def to_be_confirmed(forms: "Forms") -> Place:
    home = _proposed(forms)
    return Place(path=f"/families/{home.ref}/retention/confirm", answers={"reference": home.ref})


def to_be_withdrawn(forms: "Forms") -> Place:
    return Place(path=f"/families/{_proposed(forms).ref}/retention/withdraw")


def plan_in_force(forms: "Forms") -> Place:
    team = an_active_family(forms.council)
    in_force(forms.council, team)
    return Place(path=f"/families/{team.ref}/plan/revise", page=f"/families/{team.ref}/plan")


def without_need(forms: "Forms") -> Place:
    team = an_active_family(forms.council)
    action = an_action(forms.council, team)
    loosen(forms.council, action)
    return Place(path=f"/actions/{action.ref}/need")


def whole_plan(forms: "Forms") -> Place:
    team = an_active_family(forms.council)
    an_action(forms.council, team)
    met(forms.council, team)
    return Place(path=f"/families/{team.ref}/plan/in-force")


def updated(forms: "Forms") -> Place:
    team = an_active_family(forms.council)
    an_action(forms.council, team, state=ActionState.IN_PROGRESS)
    return Place(path=f"/families/{team.ref}/plan/review")


def a_starter(forms: "Forms") -> Place:
    team = an_active_family(forms.council)
    path = f"/families/{team.ref}/plan/templates"
    return Place(path=path, page=f"{path}?plan={min(starters())}")


def overdue(forms: "Forms") -> Place:
    team = an_active_family(forms.council)
    in_force(forms.council, team)
    action = an_action(forms.council, team, due_on=clock.today() - timedelta(days=8))
    return Place(page="/families?view=overdue", answers={"thing": action.ref})


def reminded(forms: "Forms") -> Place:
    sent = forms.fill_at("reminders.send", overdue(forms)).send()
    assert sent.status == 303, sent.main
    return _of_the_last_event(forms, "/reminders", "/families?view=overdue")


def to_lead(forms: "Forms") -> Place:
    return Place(page=f"/families/lead?of={forms.world.north.home.ref}")


def to_review(forms: "Forms") -> Place:
    return Place(page=f"/families/review?of={an_active_family(forms.council).home.ref}")


def asked_to_lead_together(forms: "Forms") -> Place:
    sent = forms.fill_at("together.lead", to_lead(forms)).send()
    assert sent.status == 303, sent.main
    return _of_the_last_event(forms, "/families/together", "/families")


def nobody_holds(forms: "Forms") -> Place:
    handing = a_proposed(forms.council)
    path = f"/families/{handing.family_ref}/social-work-closed"
    closed = forms.fill_at("social_work.closed", Place(who="social_worker", path=path)).send()
    assert closed.status == 303, closed.errors
    return Place(path=f"/families/{handing.family_ref}/holder")


def complete(forms: "Forms") -> Place:
    return Place(path=f"/step-downs/{a_ready_to_confirm(forms.council).ref}/complete")


def past_its_standard(forms: "Forms") -> Place:
    handing = an_accepted(forms.council)
    with forms.council.behind_the_scenes():
        db.session.get_one(StepDown, handing.step_down_id).complete_by = clock.today() - timedelta(days=7)
    return Place(path=f"/step-downs/{handing.ref}/decide")


def dropped(forms: "Forms") -> Place:
    handing = an_accepted(forms.council, outstanding=1)
    path = f"/outstanding/{handing.outstanding[0].ref}"
    filled = forms.fill_at("step_downs.settle", Place(who="lead", path=path))
    filled.answers |= {"outcome": "drop", "drop_reason": "Closed", "told": "later"}
    sent = filled.send()
    assert sent.status == 303, sent.errors
    return Place(path=f"{path}/told")


def found(forms: "Forms") -> Place:
    """By looking them up, a moment ago."""
    looking = {"number": forms.world.north.home.ref, "surname": "", "postcode": ""}
    assert forms.fill_at("look_up.look_up", Place(answers=looking)).send().status == 200
    with forms.council.behind_the_scenes():
        look_up = db.session.scalars(select(LookUp).order_by(LookUp.id.desc())).first()
        assert look_up is not None
    return Place(page=f"/suggested/new?look_up={look_up.id}")


def undone(forms: "Forms") -> Place:
    return _of_the_last_event(forms, "/events", "/families/F-1")


def _of_the_last_event(forms: "Forms", where: str, page: str) -> Place:
    with forms.council.behind_the_scenes():
        event = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert event is not None
    return Place(who="coordinator", path=f"{where}/{event.ref}/undo", page=page)
