"""Actions in a family's plan: adding one, naming its need, and who agreed at the meeting."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db
from portal.domain.plans import ActionState
from portal.models.teamwork import PlanNeed, TeamMember
from tests.support.people import Council, a_family, an_action, an_active_family, history_of
from tests.support.plans import a_need, a_review, actions_of, loosen, plan
from tests.support.web import SignIn, date_parts

TWO_WEEKS = {"due": "two_weeks"}


class TestAddingAnAction:
    def test_oneself_and_a_date_are_offered_and_it_is_agreed_at_once(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(plan(team, "/actions/new"), {"what": "Visit the nursery"}).follow()

        (action,) = actions_of(council, team)
        assert f"{action.ref} added, due" in page.text
        assert (action.state, action.owner_id) == (ActionState.AGREED, team.lead.id)
        assert action.plan_need_id == team.need.id
        assert history_of(council, team.family.id)[-2:] == ["action.taken_on", "action.agreed"]

    def test_the_next_meeting_is_offered_where_one_is_arranged(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        day = a_review(council, team)

        sign_in(council.lead).submit(plan(team, "/actions/new"), {"what": "Visit the nursery"})

        assert actions_of(council, team)[0].due_on == day

    def test_somebody_else_is_asked(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        sign_in(council.lead).submit(
            plan(team, "/actions/new"), {"what": "Ring home", "who": f"member-{team.partner.id}", **TWO_WEEKS}
        )

        (action,) = actions_of(council, team)
        assert (action.state, action.owner_id) == (ActionState.PROPOSED, team.partner.id)
        assert history_of(council, team.family.id)[-1] == "action.proposed"
        assert "Ring home" in sign_in(council.partner).get("/my-actions").main

    def test_agreed_at_a_meeting_is_recorded_so(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)

        lead.submit(
            plan(team, "/actions/new"),
            {"what": "Get up at seven", "who": f"member-{team.parent.id}", "agreed": "y", **TWO_WEEKS},
        )

        (action,) = actions_of(council, team)
        assert action.state is ActionState.AGREED
        history = lead.get(f"/actions/{action.ref}").main
        assert "Siobhán O’Neill agreed to" in history
        assert "recorded by Lena Lead as agreed at the meeting" in history

    def test_a_grown_up_of_the_family_joins_the_team_with_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        with council.behind_the_scenes():
            db.session.delete(db.session.get_one(TeamMember, team.parent.id))

        sign_in(council.lead).submit(
            plan(team, "/actions/new"),
            {"what": "Get up at seven", "who": f"person-{team.home.parent.id}", **TWO_WEEKS},
        )

        assert actions_of(council, team)[0].state is ActionState.PROPOSED
        assert "team.joined" in history_of(council, team.family.id)

    def test_a_coordinator_who_takes_one_on_joins_the_team(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        sign_in(council.coordinator).submit(plan(team, "/actions/new"), {"what": "Find a room"})

        (action,) = actions_of(council, team)
        coordinator = sign_in(council.coordinator)
        assert action.state is ActionState.AGREED
        assert "Find a room" in coordinator.get("/my-actions").main
        assert "as told" not in coordinator.get(f"/actions/{action.ref}").main

    def test_the_working_day_is_shown_back(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        saturday = clock.today() + timedelta(days=(5 - clock.today().weekday()) % 7 + 7)

        page = sign_in(council.lead).submit(
            plan(team, "/actions/new"), {"what": "Visit", "due": "date", **date_parts("due_on", saturday)}
        )

        assert "because Saturday" in page.follow().text
        assert actions_of(council, team)[0].due_on > saturday

    def test_save_and_add_another_keeps_the_need(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        need = a_need(council, team)
        lead = sign_in(council.lead)

        page = lead.submit(plan(team, "/actions/new"), {"what": "One", "need": str(need.id), "then": "another"})
        page = page.follow()
        page.form(plan(team, "/actions/new")).send({"what": "Two"})

        assert [action.plan_need_id for action in actions_of(council, team)] == [need.id, need.id]

    def test_nothing_is_asked_before_there_is_a_need(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        with council.behind_the_scenes():
            db.session.delete(db.session.get_one(PlanNeed, team.need.id))

        page = sign_in(council.lead).get(plan(team, "/actions/new"))

        assert "There is no open need in the action plan yet" in page.main
        assert plan(team, "/needs/new") in page.links()

    def test_what_is_missing_is_said(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(plan(team, "/actions/new"), {"need": None, "who": "", "due": None})

        assert page.status == 422
        assert page.errors == [
            "Enter what will happen, like “Visit the nursery”",
            "Select which need it is for",
            "Choose who will do this",
            "Select when this should be done by",
        ]

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            ({"what": " \n "}, "Enter what will happen, like “Visit the nursery”"),
            ({"what": "x" * 10_000}, "What will happen must be 200 characters or fewer. It is 10,000"),
            (
                {"what": "a\x00b"},
                "What will happen must not hold control characters. Delete them and type the text again",
            ),
            ({"who": "member-99999"}, "Select one of the answers in the list"),
            ({"who": "7; DROP"}, "Select one of the answers in the list"),
            ({"need": "99999"}, "Select one of the answers in the list"),
            ({"due": "one_day"}, "Select one of the answers in the list"),
            (
                {"due": "date", "due_on-day": "31", "due_on-month": "2", "due_on-year": "2031"},
                "Date it is due must be a real date, like 27 3 2025",
            ),
            (
                {"due": "date", "due_on-day": "1", "due_on-month": "2", "due_on-year": "2001"},
                "Date it is due must be today or later",
            ),
            ({"due": "date"}, "Enter the date it is due"),
        ],
    )
    def test_wrong_answers_are_refused_in_words(
        self, council: Council, sign_in: SignIn, answer: dict[str, str], words: str
    ) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(plan(team, "/actions/new"), {"what": "Visit the nursery", **answer})

        assert page.status == 422
        assert page.errors == [words]
        assert actions_of(council, team) == []

    def test_another_familys_people_and_needs_are_refused(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        other = an_active_family(council, a_family(council, name="Bright"))
        lead = sign_in(council.lead)

        for answer in (
            {"need": str(other.need.id)},
            {"who": f"member-{other.partner.id}"},
            {"who": f"person-{other.home.parent.id}"},
        ):
            page = lead.submit(plan(team, "/actions/new"), {"what": "Visit", **answer})
            assert page.errors == ["Select one of the answers in the list"]
        assert actions_of(council, team) == actions_of(council, other) == []

    def test_somebody_who_left_the_team_cannot_be_asked(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)
        form = lead.get(plan(team, "/actions/new")).form()
        with council.behind_the_scenes():
            db.session.get_one(TeamMember, team.partner.id).left_on = clock.today()

        page = form.send({"what": "Ring home", "who": f"member-{team.partner.id}"})

        assert page.errors == ["Select one of the answers in the list"]

    def test_a_double_click_adds_one(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        form = sign_in(council.lead).get(plan(team, "/actions/new")).form()

        first, second = form.send({"what": "Visit"}), form.send({"what": "Visit"})

        assert first.location == second.location
        assert len(actions_of(council, team)) == 1

    def test_two_people_add_at_once_and_both_are_kept(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead).get(plan(team, "/actions/new")).form()
        coordinator = sign_in(council.coordinator).get(plan(team, "/actions/new")).form()

        assert (lead.send({"what": "One"}).status, coordinator.send({"what": "Two"}).status) == (303, 303)
        assert [action.what for action in actions_of(council, team)] == ["One", "Two"]


class TestAddingSeveralActionsAtOnce:
    def test_three_are_saved_together_each_offered_to_oneself(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        answers = {
            "what": "Ring the nursery",
            "what_2": "Buy an alarm clock",
            "who_2": f"member-{team.parent.id}",
            "agreed_2": "y",
            "what_3": "Write to the landlord",
            "due_3": "one_week",
        }

        page = sign_in(council.lead).submit(plan(team, "/actions/new"), answers).follow()

        first, second, third = actions_of(council, team)
        assert [each.what for each in (first, second, third)] == [answers[f"what{end}"] for end in ("", "_2", "_3")]
        assert [each.owner_id for each in (first, second, third)] == [team.lead.id, team.parent.id, team.lead.id]
        assert all(each.state is ActionState.AGREED for each in (first, second, third))
        assert third.due_on < first.due_on
        for action in (first, second, third):
            assert f"{action.ref} added, due" in page.text

    def test_further_ones_left_as_offered_are_none(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        sign_in(council.lead).submit(plan(team, "/actions/new"), {"what": "Visit", "what_2": "  "})

        assert [action.what for action in actions_of(council, team)] == ["Visit"]

    def test_what_a_further_one_lacks_is_said_there_and_none_is_saved(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(
            plan(team, "/actions/new"), {"what": "Visit", "who_2": f"member-{team.partner.id}", "what_3": "y" * 201}
        )

        assert (page.status, actions_of(council, team)) == (422, [])
        assert page.errors == [
            "Second action: enter what will happen, like “Visit the nursery”",
            "Third action: what will happen must be 200 characters or fewer. It is 201",
        ]
        assert [str(link["href"]) for link in page.soup.select(".govuk-error-summary__list a")] == [
            "#what_2",
            "#what_3",
        ]
        assert len(page.soup.select("main details[open]")) == 2
        assert page.soup.select_one("#what")["value"] == "Visit"  # type: ignore[index]  # the field is on the page

    def test_of_two_who_cannot_both_be_asked_none_is(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        form = sign_in(council.lead).get(plan(team, "/actions/new")).form()
        with council.behind_the_scenes():
            db.session.get_one(TeamMember, team.partner.id).left_on = clock.today()

        page = form.send({"what": "One", "what_2": "Two", "who_2": f"member-{team.partner.id}"})

        assert (page.status, page.errors) == (422, ["Second action: select one of the answers in the list"])
        assert actions_of(council, team) == []


class TestNamingTheNeedOfAnAction:
    def test_a_carried_action_gets_its_need(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        need = a_need(council, team)
        action = an_action(council, team)
        loosen(council, action)

        page = sign_in(council.lead).submit(f"/actions/{action.ref}/need", {"need": str(need.id)}).follow()

        assert "Actions without a need yet" not in page.main
        assert actions_of(council, team)[0].plan_need_id == need.id
        assert history_of(council, team.family.id)[-1] == "action.need_named"

    def test_another_familys_need_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        other = an_active_family(council, a_family(council, name="Bright"))
        action = an_action(council, team)
        loosen(council, action)

        page = sign_in(council.lead).submit(f"/actions/{action.ref}/need", {"need": str(other.need.id)})

        assert page.errors == ["Select one of the answers in the list"]
        assert actions_of(council, team)[0].plan_need_id is None

    def test_two_people_at_once_see_both_answers(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        need = a_need(council, team)
        action = an_action(council, team)
        loosen(council, action)
        lead = sign_in(council.lead).get(f"/actions/{action.ref}/need").form()
        coordinator = sign_in(council.coordinator).get(f"/actions/{action.ref}/need").form()

        won = lead.send({"need": str(need.id)})
        lost = coordinator.send({"need": str(team.need.id)})

        assert (won.status, lost.status) == (303, 409)
        assert "A safe home" in lost.main
        assert "Getting to school on time" in lost.main
        assert actions_of(council, team)[0].plan_need_id == need.id


class TestAgreeingAtTheMeeting:
    def test_one_tick_for_each_that_was_agreed(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        first = an_action(council, team, what="First", state=ActionState.PROPOSED)
        an_action(council, team, what="Second", state=ActionState.PROPOSED)

        page = sign_in(council.lead).submit(plan(team, "/agree"), {"agreed": [str(first.id)]}, on=plan(team))

        assert "1 action recorded as agreed at the meeting" in page.follow().text
        assert [each.state for each in actions_of(council, team)] == [ActionState.AGREED, ActionState.PROPOSED]
        assert history_of(council, team.family.id)[-1] == "action.agreed"

    def test_nothing_ticked_is_said(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, state=ActionState.PROPOSED)

        page = sign_in(council.lead).submit(plan(team, "/agree"), on=plan(team))

        assert (page.status, page.errors) == (422, ["Select what was agreed at the meeting"])

    def test_another_familys_action_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        other = an_active_family(council, a_family(council, name="Bright"))
        an_action(council, team, state=ActionState.PROPOSED)
        theirs = an_action(council, other, state=ActionState.PROPOSED)

        page = sign_in(council.lead).submit(plan(team, "/agree"), {"agreed": [str(theirs.id)]}, on=plan(team))

        assert page.status == 422
        assert actions_of(council, other)[0].state is ActionState.PROPOSED

    def test_its_owner_answered_meanwhile(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, state=ActionState.PROPOSED)
        form = sign_in(council.lead).get(plan(team)).form(plan(team, "/agree"))
        sign_in(council.partner).submit(f"/actions/{action.ref}/agree", on=f"/actions/{action.ref}")

        page = form.send({"agreed": [str(action.id)]})

        assert page.status == 422
        assert "Somebody has answered for one of these" in page.main
        assert history_of(council, team.family.id).count("action.agreed") == 1

    def test_a_partner_may_not_record_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, state=ActionState.PROPOSED)
        form = sign_in(council.lead).get(plan(team)).form(plan(team, "/agree"))

        form.browser = sign_in(council.partner)

        assert form.send({"agreed": ["1"]}).status in (400, 403)
