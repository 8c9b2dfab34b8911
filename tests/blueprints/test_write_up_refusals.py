"""A write-up that is refused, or sent by two people at once: nothing is lost on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.meetings import MeetingState
from portal.domain.step_downs import OutstandingState
from portal.models.families import Family
from portal.models.handover import OutstandingAction
from portal.models.record import Event
from portal.models.teamwork import Meeting, MeetingInvitee
from portal.services import history
from portal.services import outstanding as settle
from portal.services import team as change_team
from tests.support.handovers import a_handover, a_meeting, kept_apart
from tests.support.people import Council, a_family, an_active_family, history_of
from tests.support.web import SignIn, date_parts
from tests.support.write_ups import DECISIONS, path, said, state_of, untouched, when_next, whole


class TestWhatIsRefused:
    def test_an_empty_form_says_everything_at_once(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council, children=1, outstanding=1)
        meeting = a_meeting(council, handover.team, step_down=True)

        dates = [f"{name}-{part}" for name in ("held_on", "on") for part in ("day", "month", "year")]

        page = sign_in(council.lead).submit(path(meeting), dict.fromkeys(dates, ""))

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
        assert (
            f"{handover.outstanding[2].ref} concerns safety: only the social care manager can drop it" in page.errors[0]
        )
        assert "or ask Selma Senior" in page.errors[0]
        assert page.soup.select_one(f"#outcome-{safety}-error")
        assert [each["value"] for each in page.soup.select(f"[name=outcome-{safety}]")] == ["carried", "completed"]
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

    def test_two_to_be_kept_apart_who_both_came_need_thought(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        child = handover.children[0]
        with council.as_(council.lead) as viewer:
            member = change_team.join_person(child, by=viewer)
        kept_apart(council, child, handover.team.home.parent)
        came = whole(handover, also_came=str(member.id), apart="y")

        warned = sign_in(council.lead).submit(path(meeting), came)

        assert warned.errors == [
            "Child0 O’Neill must not meet Siobhán O’Neill, and both are ticked as there. Change who came, or tick that "
            "you have thought about their safety"
        ]
        assert untouched(council, handover, meeting)
        assert warned.form().send({"came_apart": "y"}).status == 303
        with council.behind_the_scenes():
            held = db.session.scalars(select(Event).where(Event.kind == "meeting.held")).one()
        assert held.data["apart_considered"]

    def test_whoever_is_not_asked_to_the_next_meeting_meets_nobody_there(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        child = handover.children[0]
        with council.as_(council.lead) as viewer:
            change_team.join_person(child, by=viewer)
        kept_apart(council, child, handover.team.home.parent)
        form = sign_in(council.lead).get(path(meeting)).form()
        everybody = form.values["members"]
        without_parent = [member for member in everybody if member != str(handover.team.parent.id)]
        assert len(without_parent) == len(everybody) - 1

        nobody = form.send(whole(handover, members=None))
        assert nobody.errors == ["Select who is asked to the next meeting"]
        assert nobody.form().send({"members": without_parent}).status == 303

        with council.behind_the_scenes():
            following = db.session.get_one(Meeting, meeting.id).next_meeting_id
            asked = db.session.scalars(
                select(MeetingInvitee.member_id).where(MeetingInvitee.meeting_id == following)
            ).all()
        assert sorted(map(str, asked)) == sorted(without_parent)

    def test_where_nobody_came_it_was_not_held(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        absent = {f"attendance-{member.id}": "absent" for member in (team.lead, team.partner, team.parent)}

        page = sign_in(council.lead).submit(path(meeting), said(team, **absent) | when_next())

        assert page.errors == ["Nobody came, so it was not held: cancel it or move it"]
        assert state_of(council, meeting) is MeetingState.ARRANGED

    def test_a_meeting_that_lies_ahead_is_not_written_up(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        lead = sign_in(council.lead)
        form = lead.get(path(meeting)).form()
        with council.behind_the_scenes():
            db.session.get_one(Meeting, meeting.id).starts_at += timedelta(days=3)
            history.changed(team.family.id)

        page = form.send(said(team) | when_next())

        assert page.status == 422
        assert "attendance of a meeting in the future cannot be written down" in page.errors[0]
        assert state_of(council, meeting) is MeetingState.ARRANGED
        assert "This meeting lies ahead" in lead.get(path(meeting)).main
        assert path(meeting) not in lead.get(f"/meetings/{meeting.ref}").links()

    def test_nothing_is_carried_to_who_hands_over(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        with council.as_(council.lead) as viewer:
            family = db.session.get_one(Family, handover.family.id)
            worker = change_team.join_user(family, council.social_worker.id, by=viewer)
        meeting = a_meeting(council, handover.team, step_down=True)
        owner = f"owner-{handover.outstanding[0].id}"
        came = {f"attendance-{worker.id}": "attended"}

        page = sign_in(council.lead).submit(path(meeting), whole(handover, **came, **{owner: str(worker.id)}))

        assert page.errors == ["Choose somebody who is on the team around the family"]
        assert "Sam Social" not in page.text_of(f"#{owner}")
        assert untouched(council, handover, meeting)

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
        assert f"{council.lead.name} already wrote this meeting up at" in lost.main
        assert DECISIONS in lost.text_of(".app-side-by-side")
        assert "The surgery has it" in lost.text_of(".app-side-by-side")
        kept = lost.form().values
        assert kept["decisions"] == ["The coordinator’s minutes"]
        assert kept["place"] == ["Their hub"]
        assert kept[f"evidence-{handover.outstanding[1].id}"] == ["The coordinator heard so"]
        assert history_of(council, handover.family.id).count("meeting.held") == 1

    def test_each_number_that_differs_names_its_need(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        lead = sign_in(council.lead).get(path(meeting)).form()
        coordinator = sign_in(council.coordinator).get(path(meeting)).form()

        lead.send(said(team) | when_next())
        lost = coordinator.send(said(team, **{f"scale_parent-{team.need.id}": "7"}) | when_next())

        assert f"{team.need.what}: Parent" in lost.text_of(".app-side-by-side")

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
