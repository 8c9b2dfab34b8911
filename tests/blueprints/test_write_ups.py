"""Writing up a meeting: one form, one transaction, and nothing lost on the way."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, full, london_date
from portal.domain.meetings import Attendance, MeetingState
from portal.domain.plans import ActionState
from portal.domain.step_downs import Destination, Gate, OutstandingState
from portal.facts import gates
from portal.models.handover import OutstandingAction, StepDown, StepDownNeed
from portal.models.record import Event
from portal.models.teamwork import Meeting, MeetingInvitee, MeetingVoice, PlanAction, TeamMember
from portal.services import history
from portal.services import outstanding as settle
from portal.services import team as change_team
from portal.services.team import Outside
from tests.support.handovers import Handover, a_handover, a_meeting, history_of, kept_apart
from tests.support.people import Council, Team, a_family, an_active_family
from tests.support.web import SignIn, counted_statements, date_parts

VIEWS = "We want one person to ring."
DECISIONS = "Lena leads. Everybody knows what they do next."


def path(meeting: Meeting) -> str:
    return f"/meetings/{meeting.ref}/write-up"


def said(team: Team, **others: Any) -> dict[str, Any]:
    """What every write-up says: who came, and what was said. Everybody came but the partner, who sent apologies."""
    found: dict[str, Any] = {
        f"attendance-{team.lead.id}": "attended",
        f"attendance-{team.partner.id}": "apologies",
        f"attendance-{team.parent.id}": "attended",
        "family_views": VIEWS,
        "decisions": DECISIONS,
    }
    for child in team.home.children:
        found[f"voice-{child.id}"] = f"{child.given_name} likes the new school"
    return {**found, **others}


def when_next(on: date | None = None, at: str = "15:30") -> dict[str, str]:
    return {**date_parts("on", on or clock.today() + timedelta(days=21)), "at": at, "place": "Family hub"}


def settled(handover: Handover) -> dict[str, Any]:
    """Carried to the lead, who came; completed; carried to somebody without a sign-in; dropped."""
    first, second, third, fourth = (each.id for each in handover.outstanding)
    return {
        f"outcome-{first}": "carried",
        f"owner-{first}": str(handover.team.lead.id),
        f"due-{first}": "one_week",
        f"outcome-{second}": "completed",
        f"evidence-{second}": "The surgery has it",
        f"outcome-{third}": "carried",
        f"owner-{third}": str(handover.outside.id),
        f"due-{third}": "next_meeting",
        f"outcome-{fourth}": "dropped",
        f"drop_reason-{fourth}": "The grant was paid out",
    }


def whole(handover: Handover, **others: Any) -> dict[str, Any]:
    return {
        **said(handover.team),
        f"attendance-{handover.outside.id}": "absent",
        **settled(handover),
        **when_next(),
        **others,
    }


def state_of(council: Council, meeting: Meeting) -> MeetingState:
    with council.behind_the_scenes():
        return db.session.get_one(Meeting, meeting.id).state


def actions_of(council: Council, handover: Handover) -> list[PlanAction]:
    with council.behind_the_scenes():
        return list(
            db.session.scalars(
                select(PlanAction).where(PlanAction.family_id == handover.family.id).order_by(PlanAction.id)
            )
        )


def untouched(council: Council, handover: Handover, meeting: Meeting) -> bool:
    """Nothing at all was stored."""
    with council.behind_the_scenes():
        open_ = db.session.scalars(
            select(OutstandingAction.id).where(OutstandingAction.state == OutstandingState.OUTSTANDING)
        ).all()
        voices = db.session.scalars(select(MeetingVoice.id)).all()
        meetings = db.session.scalars(select(Meeting.id)).all()
    return (
        state_of(council, meeting) is MeetingState.ARRANGED
        and len(open_) == len(handover.outstanding)
        and not voices
        and len(meetings) == 1
        and not actions_of(council, handover)
    )


class TestWritingUpAStepDownMeeting:
    def test_one_form_settles_everything(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)

        page = sign_in(council.lead).submit(path(meeting), whole(handover))

        shown = page.follow()
        assert "Meeting written up" in shown.text
        for words in (VIEWS, DECISIONS, "Child1 likes the new school", "The surgery has it", "The grant was paid out"):
            assert words in shown.main
        assert "Pat Partner Hillside Primary School. Apologies, with a report" in shown.main
        assert "First team meeting" in shown.main
        carried, later = actions_of(council, handover)
        assert (carried.owner_id, carried.state) == (handover.team.lead.id, ActionState.AGREED)
        assert (later.owner_id, later.state) == (handover.outside.id, ActionState.PROPOSED)
        assert carried.due_on == Calendar().due(clock.today() + timedelta(days=7))
        assert later.due_on == Calendar().due(clock.today() + timedelta(days=21))
        assert later.concerns_safety
        with council.behind_the_scenes():
            held = {gate.gate: gate for gate in gates.of(db.session.get_one(StepDown, handover.step_down.id))}
        assert held[Gate.MEETING].holds
        assert held[Gate.FIRST_TEAM].holds
        assert held[Gate.OUTSTANDING].waits_on == "Nan Okafor"

    def test_each_thing_has_its_line_in_the_familys_history(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True, on=clock.today() - timedelta(days=2))
        before = len(history_of(council, handover.family.id))

        sign_in(council.lead).submit(path(meeting), whole(handover))

        assert sorted(history_of(council, handover.family.id)[before:]) == sorted(
            [
                "meeting.held",
                "action.taken_on",
                "action.agreed",
                "outstanding.carried",
                "outstanding.completed",
                "action.proposed",
                "outstanding.carried",
                "outstanding.dropped",
                "meeting.arranged",
            ]
        )
        with council.behind_the_scenes():
            days = set(
                db.session.scalars(
                    select(Event.happened_on).where(Event.kind.in_(["meeting.held", "outstanding.dropped"]))
                )
            )
        assert days == {clock.today() - timedelta(days=2)}

    def test_everybody_on_the_team_is_asked_to_the_first_team_meeting(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)

        sign_in(council.lead).submit(path(meeting), whole(handover))

        with council.behind_the_scenes():
            found = db.session.scalars(select(Meeting).where(Meeting.is_first_team)).one()
            asked = db.session.scalars(
                select(MeetingInvitee.member_id).where(MeetingInvitee.meeting_id == found.id)
            ).all()
            assert db.session.get_one(Meeting, meeting.id).next_meeting_id == found.id
        assert london_date(found.starts_at) == clock.today() + timedelta(days=21)
        assert set(asked) == {member.id for member in handover.members}

    def test_it_was_the_first_team_meeting_too(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)

        page = sign_in(council.lead).submit(path(meeting), whole(handover, was_first_team="y"))

        assert "Step-down meeting and first team meeting" in page.follow().main
        with council.behind_the_scenes():
            review = db.session.scalars(select(Meeting).where(Meeting.id != meeting.id)).one()
        assert (review.is_review, review.is_first_team) == (True, False)

    def test_a_first_team_meeting_that_stands_is_not_asked_for_again(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        first = a_meeting(council, handover.team, first_team=True, on=clock.today() + timedelta(days=10))
        answers = {name: value for name, value in whole(handover).items() if name not in when_next()}
        opened = sign_in(council.lead).get(path(meeting))
        assert first.ref in opened.main
        assert not opened.soup.select("[name=on-day]")

        assert opened.form().send(answers).status == 303

        assert actions_of(council, handover)[1].due_on == Calendar().due(clock.today() + timedelta(days=10))

    def test_a_brother_is_handed_over_to_a_team_that_has_met(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        lead = sign_in(council.lead)
        met = a_meeting(council, handover.team, first_team=True)
        came = {**said(handover.team), f"attendance-{handover.outside.id}": "attended"}
        assert lead.submit(path(met), {**came, **when_next()}).status == 303
        meeting = a_meeting(council, handover.team, step_down=True)

        answers = {name: value for name, value in whole(handover).items() if name not in when_next()}
        opened = lead.get(path(meeting))
        assert not opened.soup.select("[name=was_first_team]")

        assert opened.form().send(answers).status == 303
        with council.behind_the_scenes():
            review = db.session.scalars(select(Meeting).where(Meeting.is_review)).one()
            assert db.session.get_one(Meeting, meeting.id).next_meeting_id == review.id

    def test_a_need_is_brought_to_the_first_team_meeting_by_somebody(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        need = handover.needs[0]

        page = sign_in(council.lead).submit(
            path(meeting), whole(handover, **{f"brought-{need.id}": str(handover.team.partner.id)})
        )

        assert "Damp in the bedroom: Pat Partner" in page.follow().main
        assert "need.brought" in history_of(council, handover.family.id)
        with council.behind_the_scenes():
            brought = db.session.scalars(select(StepDownNeed.brought_by_id).order_by(StepDownNeed.id)).all()
        assert brought == [handover.team.partner.id, None]

    def test_no_need_is_brought_on_where_this_was_that_meeting(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        need = f"brought-{handover.needs[0].id}"

        page = sign_in(council.lead).submit(
            path(meeting), whole(handover, **{need: str(handover.team.lead.id), "was_first_team": "y"})
        )

        assert page.status == 422
        assert page.soup.select_one(f"#{need}-error")
        assert untouched(council, handover, meeting)

    def test_an_owner_who_has_to_be_asked_even_though_they_came(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council, outstanding=1)
        meeting = a_meeting(council, handover.team, step_down=True)
        id_ = handover.outstanding[0].id
        answers = {
            **said(handover.team),
            f"attendance-{handover.outside.id}": "attended",
            f"outcome-{id_}": "carried",
            f"owner-{id_}": str(handover.team.lead.id),
            f"due-{id_}": "two_weeks",
            f"agreed-{id_}": None,
            **when_next(),
        }

        assert sign_in(council.lead).submit(path(meeting), answers).status == 303

        assert actions_of(council, handover)[0].state is ActionState.PROPOSED

    def test_somebody_who_came_unasked_is_there(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        with council.as_(council.lead) as viewer:
            late = change_team.join_outside(
                handover.family, Outside("Gran Smith", None, "Grandmother", "01632 960 5"), by=viewer
            )
        answers = whole(handover, also_came=[str(late.id)])
        answers[f"owner-{handover.outstanding[0].id}"] = str(late.id)

        page = sign_in(council.lead).submit(path(meeting), answers)

        assert "Gran Smith Came" in page.follow().main
        assert actions_of(council, handover)[0].state is ActionState.AGREED

    def test_one_agency_needs_no_first_team_meeting(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council, destination=Destination.SINGLE_AGENCY)
        meeting = a_meeting(council, handover.team, step_down=True)
        answers = whole(handover, **{f"due-{handover.outstanding[2].id}": "two_weeks"})
        for name in when_next():
            answers[name] = ""

        assert sign_in(council.lead).submit(path(meeting), answers).status == 303

        with council.behind_the_scenes():
            assert len(db.session.scalars(select(Meeting.id)).all()) == 1

    def test_a_due_date_on_a_day_nobody_works_is_moved_to_the_next(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council, outstanding=1)
        meeting = a_meeting(council, handover.team, step_down=True)
        id_ = handover.outstanding[0].id
        saturday = clock.today() + timedelta(days=12 - clock.today().weekday())
        answers = {
            **said(handover.team),
            f"attendance-{handover.outside.id}": "absent",
            f"outcome-{id_}": "carried",
            f"owner-{id_}": str(handover.team.lead.id),
            f"due-{id_}": "date",
            **date_parts(f"due_on-{id_}", saturday),
            **when_next(),
        }

        page = sign_in(council.lead).submit(path(meeting), answers)

        said_back = page.follow().text_of(".govuk-notification-banner")
        assert f"{handover.outstanding[0].ref} is due" in said_back
        assert "is not a working day" in said_back
        assert actions_of(council, handover)[0].due_on == Calendar().due(saturday)


class TestWhatIsRefused:
    def test_an_empty_form_says_everything_at_once(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council, children=1, outstanding=1)
        meeting = a_meeting(council, handover.team, step_down=True, on=clock.today() + timedelta(days=3))

        page = sign_in(council.lead).submit(path(meeting))

        assert page.status == 422
        assert page.errors == [
            "Enter the date the meeting was held",
            "Select whether Lena Lead came",
            "Select whether Pat Partner came",
            "Select whether Siobhán O’Neill came",
            "Select whether Nan Okafor came",
            "Enter what the family said, or their views",
            "Enter what Child0 wanted to say, or why it was not heard",
            "Enter what was decided",
            f"Select what becomes of {handover.outstanding[0].ref}",
            "Enter the date of the next meeting",
            "Enter the time of the next meeting",
        ]
        ids = {str(found["id"]) for found in page.soup.select("[id]")}
        assert {str(a["href"])[1:] for a in page.soup.select(".govuk-error-summary a")} <= ids

    def test_one_wrong_action_of_four_keeps_every_word(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        wrong = handover.outstanding[1].id

        page = sign_in(council.lead).submit(path(meeting), whole(handover, **{f"evidence-{wrong}": "   "}))

        assert page.errors == ["Enter how you know it is completed"]
        assert page.soup.select_one(f"#evidence-{wrong}-error")
        kept = page.form().values
        for name, given in {**whole(handover), f"evidence-{wrong}": "   "}.items():
            assert kept.get(name, [""]) == [given], name
        assert untouched(council, handover, meeting)

    def test_a_safety_action_is_not_dropped_here_and_every_word_is_kept(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        safety = handover.outstanding[2].id
        answers = whole(handover, **{f"outcome-{safety}": "dropped", f"drop_reason-{safety}": "Seems fine"})

        page = sign_in(council.lead).submit(path(meeting), answers)

        assert page.status == 422
        assert "This action concerns safety" in page.errors[0]
        assert page.soup.select_one(f"#drop_reason-{safety}-error")
        assert page.form().values["decisions"] == [DECISIONS]
        assert page.form().values[f"evidence-{handover.outstanding[1].id}"] == ["The surgery has it"]
        assert untouched(council, handover, meeting)

    @pytest.mark.parametrize(
        ("name", "typed", "words"),
        [
            ("decisions", "  ", "Enter what was decided"),
            ("decisions", "x" * 10_001, "What was decided must be 10,000 characters or fewer. It is 10,001"),
            (
                "family_views",
                "a\x00b",
                "What the family said must not hold control characters. Delete them and type the text again",
            ),
            ("held_on-month", "13", "The date the meeting was held must be a real date, like 27 3 2025"),
            ("at", "later", "Time of the next meeting must be a time, like 14:30 or 2:30pm"),
            ("place", "", "Enter where the meeting is, or its link"),
        ],
    )
    def test_bad_text_is_refused_and_the_rest_is_kept(
        self, council: Council, sign_in: SignIn, name: str, typed: str, words: str
    ) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)

        page = sign_in(council.lead).submit(path(meeting), whole(handover, **{name: typed}))

        assert (page.status, page.errors) == (422, [words])
        assert page.form().values[f"drop_reason-{handover.outstanding[3].id}"] == ["The grant was paid out"]
        assert untouched(council, handover, meeting)

    def test_held_tomorrow_is_refused(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)

        page = sign_in(council.lead).submit(
            path(meeting), whole(handover, **date_parts("held_on", clock.today() + timedelta(days=1)))
        )

        assert page.errors == ["The date the meeting was held must be today or in the past"]

    def test_the_next_meeting_lies_ahead(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)

        page = sign_in(council.lead).submit(
            path(meeting), whole(handover, **when_next(clock.today() - timedelta(days=1)))
        )

        assert page.errors[-1] == "Date of the next meeting must be today or later"
        assert untouched(council, handover, meeting)

    def test_a_child_is_heard_or_not_but_not_both(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        child = handover.children[0]

        page = sign_in(council.lead).submit(path(meeting), whole(handover, **{f"not_heard-{child.id}": "At school"}))

        assert page.errors == ["Enter what Child0 wanted to say, or why it was not heard, but not both"]

    def test_the_family_need_not_be_quoted_where_somebody_of_it_came(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)

        assert sign_in(council.lead).submit(path(meeting), whole(handover, family_views="")).status == 303

    def test_an_owner_from_another_familys_team(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        other = an_active_family(council, a_family(council, name="Adeyemi"))
        meeting = a_meeting(council, handover.team, step_down=True)
        owner = f"owner-{handover.outstanding[0].id}"

        page = sign_in(council.lead).submit(path(meeting), whole(handover, **{owner: str(other.partner.id)}))

        assert page.errors == ["Choose somebody who is on the team around the family"]
        assert untouched(council, handover, meeting)

    def test_an_action_of_another_step_down_is_not_read(self, council: Council, sign_in: SignIn) -> None:
        handover, other = a_handover(council, outstanding=1), a_handover(council, outstanding=1)
        meeting = a_meeting(council, handover.team, step_down=True)
        first, foreign = handover.outstanding[0].id, other.outstanding[0].id
        answers = {
            **said(handover.team),
            f"attendance-{handover.outside.id}": "absent",
            f"outcome-{first}": "completed",
            f"evidence-{first}": "Seen",
            f"outcome-{foreign}": "completed",
            f"evidence-{foreign}": "Forged",
            **when_next(),
        }

        assert sign_in(council.lead).submit(path(meeting), answers).status == 303

        with council.behind_the_scenes():
            assert db.session.get_one(OutstandingAction, foreign).state is OutstandingState.OUTSTANDING

    def test_two_of_the_team_to_be_kept_apart_need_thought(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        child = handover.children[0]
        with council.as_(council.lead) as viewer:
            change_team.join_person(child, by=viewer)
        kept_apart(council, child, handover.team.home.parent)

        warned = sign_in(council.lead).submit(path(meeting), whole(handover))
        assert "Child0 O’Neill must not meet Siobhán O’Neill" in warned.errors[0]
        assert untouched(council, handover, meeting)

        assert warned.form().send({"apart": "y"}).status == 303

    def test_a_first_meeting_arranged_meanwhile_was_not_this_one(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        form = sign_in(council.lead).get(path(meeting)).form()
        a_meeting(council, handover.team, first_team=True, on=clock.today() + timedelta(days=9))

        page = form.send(whole(handover, was_first_team="y"))

        assert page.status == 409
        assert "The first team meeting is arranged already" in page.main
        assert page.form().values["place"] == ["Family hub"]

    def test_one_settled_meanwhile_is_refused_and_every_word_is_kept(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        form = sign_in(council.lead).get(path(meeting)).form()
        with council.as_(council.coordinator) as viewer:
            action = db.session.get_one(OutstandingAction, handover.outstanding[1].id)
            settle.complete(action, "The surgery rang", by=viewer)

        page = form.send(whole(handover))

        assert page.status == 409
        assert "This outstanding action was already settled." in page.main
        assert page.form().values[f"evidence-{handover.outstanding[1].id}"] == ["The surgery has it"]
        assert state_of(council, meeting) is MeetingState.ARRANGED

    def test_only_the_lead_and_early_help_write_up(self, council: Council, sign_in: SignIn) -> None:
        meeting = a_meeting(council, a_handover(council).team, step_down=True)

        assert sign_in(council.partner).get(path(meeting)).status == 403
        assert sign_in(council.partner_other_organisation).get(path(meeting)).status == 404
        assert sign_in(council.manager).get(path(meeting)).status == 200


class TestTwoAtOnce:
    def test_a_double_click_writes_up_once(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        form = sign_in(council.lead).get(path(meeting)).form()

        first, second = form.send(whole(handover)), form.send(whole(handover))

        assert (first.status, second.status) == (303, 303)
        assert first.location == second.location
        assert history_of(council, handover.family.id).count("meeting.held") == 1

    def test_two_people_both_keep_their_words(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        lead = sign_in(council.lead).get(path(meeting)).form()
        coordinator = sign_in(council.coordinator).get(path(meeting)).form()
        theirs = whole(handover, decisions="The coordinator’s minutes", place="Their hub")
        theirs[f"evidence-{handover.outstanding[1].id}"] = "The coordinator heard so"

        won, lost = lead.send(whole(handover)), coordinator.send(theirs)

        assert (won.status, lost.status) == (303, 409)
        assert council.lead.name in lost.main
        assert DECISIONS in lost.text_of(".app-side-by-side")
        assert "The surgery has it" in lost.text_of(".app-side-by-side")
        kept = lost.form().values
        assert kept["decisions"] == ["The coordinator’s minutes"]
        assert kept["place"] == ["Their hub"]
        assert kept[f"evidence-{handover.outstanding[1].id}"] == ["The coordinator heard so"]
        assert history_of(council, handover.family.id).count("meeting.held") == 1

    def test_sending_the_lost_one_again_is_refused_in_words(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        lead = sign_in(council.lead).get(path(meeting)).form()
        coordinator = sign_in(council.coordinator).get(path(meeting)).form()
        lead.send(whole(handover))

        again = coordinator.send(whole(handover)).form().send()

        assert again.status == 409
        assert "This meeting has already been written up." in again.main
        assert not again.soup.select("main button")

    def test_opening_it_later_says_so(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        lead = sign_in(council.lead)
        lead.submit(path(meeting), whole(handover))

        page = lead.get(path(meeting))

        assert "This meeting has already been written up" in page.main
        assert not page.soup.select("main form")


class TestWritingUpATeamMeeting:
    def test_the_next_review_is_offered_in_six_weeks_and_arranged(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, first_team=True)
        opened = sign_in(council.lead).get(path(meeting)).form()
        offered = [opened.values[f"on-{part}"][0] for part in ("day", "month", "year")]
        in_six_weeks = Calendar().due(clock.today() + timedelta(weeks=6))
        assert offered == [str(in_six_weeks.day), str(in_six_weeks.month), str(in_six_weeks.year)]

        page = opened.send(said(team, at="10am"))

        assert full(in_six_weeks) in page.follow().main
        with council.behind_the_scenes():
            review = db.session.scalars(select(Meeting).where(Meeting.is_review)).one()
        assert london_date(review.starts_at) == in_six_weeks

    def test_without_a_next_date_it_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)

        page = sign_in(council.lead).submit(
            path(meeting), said(team, **{"on-day": "", "on-month": "", "on-year": "", "at": "10am"})
        )

        assert page.errors == ["Enter the date of the next meeting"]
        assert state_of(council, meeting) is MeetingState.ARRANGED

    def test_over_twelve_weeks_needs_a_reason(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)

        asked = sign_in(council.lead).submit(
            path(meeting), said(team, **when_next(clock.today() + timedelta(weeks=13)))
        )
        assert asked.status == 422
        assert asked.soup.select_one("#why_late-error")
        assert asked.form().values["decisions"] == [DECISIONS]

        assert asked.form().send({"why_late": "A new baby"}).status == 303

    def test_a_review_that_stands_already_is_the_next(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        standing = a_meeting(council, team, review=True, on=clock.today() + timedelta(days=40))

        page = sign_in(council.lead).submit(path(meeting), said(team))

        assert standing.ref in page.follow().main

    def test_it_asks_nothing_of_a_step_down(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, first_team=True)

        page = sign_in(council.lead).get(path(meeting))

        assert "Outstanding actions" not in page.main

    def test_a_child_who_was_not_heard_is_named_with_why(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        child = team.home.children[0].id

        page = sign_in(council.lead).submit(
            path(meeting), said(team, at="10am", **{f"voice-{child}": "", f"not_heard-{child}": "In hospital"})
        )

        assert "Not heard: In hospital" in page.follow().main

    def test_who_left_the_team_is_still_asked_about(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        with council.behind_the_scenes():
            db.session.get_one(TeamMember, team.partner.id).left_on = clock.today()
            history.changed(team.family.id)

        page = sign_in(council.lead).submit(path(meeting), said(team, at="10am"))

        assert page.status == 303
        with council.behind_the_scenes():
            came = db.session.scalars(
                select(MeetingInvitee.attendance).where(MeetingInvitee.member_id == team.partner.id)
            ).all()
        assert came == [Attendance.APOLOGIES]  # and is not asked to the next


class TestWhatItCosts:
    def test_the_form_costs_the_same_for_many_people_and_actions(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council, children=1, outstanding=1)
        meeting = a_meeting(council, handover.team, step_down=True)
        lead = sign_in(council.lead)
        costs = []
        for _ in range(2):
            with counted_statements(council.app) as statements:
                assert lead.get(path(meeting)).status == 200
            costs.append(len(statements))
            with council.behind_the_scenes():
                for n in range(10):
                    db.session.add(
                        OutstandingAction(
                            family_id=handover.family.id, step_down_id=handover.step_down.id, what=f"Thing {n}"
                        )
                    )
                    guest = {"outside_name": f"Guest {n}", "name": f"Guest {n}", "joined_on": clock.today()}
                    db.session.add(TeamMember(family_id=handover.family.id, **guest))

        assert costs[0] == costs[1] <= 15, "\n".join(statements)

    def test_the_meeting_costs_the_same(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        lead = sign_in(council.lead)
        lead.submit(path(meeting), whole(handover))

        with counted_statements(council.app) as statements:
            assert lead.get(f"/meetings/{meeting.ref}").status == 200

        assert len(statements) <= 15, "\n".join(statements)
