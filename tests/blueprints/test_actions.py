"""An action's update: the partner's minute."""

from datetime import date, timedelta

import pytest

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.domain.plans import ActionState
from portal.models.teamwork import PlanAction
from tests.support.people import Council, an_action, an_active_family, history_of
from tests.support.web import SignIn, counted_statements, date_parts


def state_of(council: Council, action: PlanAction) -> ActionState:
    with council.behind_the_scenes():
        return db.session.get_one(PlanAction, action.id).state


def asked_on(council: Council, action: PlanAction, *, days_ago: int) -> PlanAction:
    with council.behind_the_scenes():
        db.session.get_one(PlanAction, action.id).proposed_at = clock.now() - timedelta(days=days_ago)
    return action


def done_on(council: Council, action: PlanAction) -> date | None:
    with council.behind_the_scenes():
        return db.session.get_one(PlanAction, action.id).done_on


class TestMarkingAnActionDone:
    def test_partner_completes_their_own_action(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)

        page = sign_in(council.partner).submit(f"/actions/{action.ref}/update", {"note": "Rang the school office"})

        assert page.status == 303
        shown = page.follow()
        assert f"{action.ref}: Marked as done" in shown.text
        assert "Rang the school office" in shown.text
        assert state_of(council, action) is ActionState.DONE
        assert history_of(council, team.family.id)[-1] == "action.done"

    def test_in_place_with_htmx(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)

        page = sign_in(council.partner).submit(f"/actions/{action.ref}/update", {}, htmx=True)

        assert page.status == 200
        assert "<html" not in page.html
        assert "Done" in page.text_of("#update")
        assert "Marked as done" in page.text_of("#status")

    def test_proposed_action_is_agreed_and_done(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, state=ActionState.PROPOSED)

        sign_in(council.partner).submit(f"/actions/{action.ref}/update")

        assert history_of(council, team.family.id)[-2:] == ["action.agreed", "action.done"]

    def test_double_click_does_it_once(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)
        form = sign_in(council.partner).get(f"/actions/{action.ref}/update").form()

        first, second = form.send(), form.send()

        assert (first.status, second.status) == (303, 303)
        assert first.location == second.location
        assert history_of(council, team.family.id).count("action.done") == 1

    def test_two_people_at_once_both_keep_their_words(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)
        partner = sign_in(council.partner).get(f"/actions/{action.ref}/update").form()
        lead = sign_in(council.lead).get(f"/actions/{action.ref}/update").form()

        won = partner.send({"note": "The partner’s words"})
        lost = lead.send({"note": "The lead’s words", "outcome": "in_progress", "told_how": "call"})

        assert (won.status, lost.status) == (303, 409)
        assert council.partner.name in lost.main
        assert "The lead’s words" in lost.html
        assert "action.started" not in history_of(council, team.family.id)

    def test_control_characters_are_refused_in_words(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        page = sign_in(council.partner).submit(f"/actions/{action.ref}/update", {"note": "a\x00b"})

        assert page.status == 422
        assert page.errors == ["Note must not hold control characters. Delete them and type the text again"]
        assert state_of(council, action) is ActionState.AGREED

    def test_a_long_note_is_refused_and_kept(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        page = sign_in(council.partner).submit(f"/actions/{action.ref}/update", {"note": "x" * 2140})

        assert page.errors == ["Note must be 2,000 characters or fewer. It is 2,140"]
        assert "x" * 2140 in page.html

    def test_somebody_outside_the_family_finds_nothing(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        for stranger in (council.partner_other_organisation, council.social_worker_other_team, council.admin):
            assert sign_in(stranger).get(f"/actions/{action.ref}/update").status == 404

    def test_an_auditor_sees_it_but_may_not_change_it(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        auditor = sign_in(council.auditor)

        assert auditor.get(f"/actions/{action.ref}").status == 200
        assert auditor.get(f"/actions/{action.ref}/update").status == 403

    def test_costs_at_most_eleven_statements(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        form = sign_in(council.partner).get(f"/actions/{action.ref}/update").form()

        with counted_statements(council.app) as statements:
            assert form.send({"note": "Done"}).status == 303

        # One of them asks whether its early help began: the seat-belt lets no other table into the load of a thing.
        assert len(statements) <= 11, "\n".join(statements)

    def test_two_clicks_from_the_link_in_an_email(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        opened = sign_in(council.partner).get(f"/actions/{action.ref}/update")

        assert opened.form().send().status == 303
        assert state_of(council, action) is ActionState.DONE

    def test_the_next_action_is_offered(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action, other = an_action(council, team), an_action(council, team, what="Write to the GP")
        partner = sign_in(council.partner)

        in_place = partner.submit(f"/actions/{action.ref}/update", htmx=True)

        assert f"Update your next action, {other.ref}" in in_place.text
        assert f"/actions/{other.ref}/update" in partner.get(f"/actions/{action.ref}").links()
        last = partner.submit(f"/actions/{other.ref}/update").follow()
        assert "You have no more actions due. Thank you." in last.main


class TestWhenItWasDone:
    def test_today_unless_another_day_is_given(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        today, earlier = an_action(council, team), asked_on(council, an_action(council, team), days_ago=3)
        partner, day = sign_in(council.partner), clock.today() - timedelta(days=3)

        partner.submit(f"/actions/{today.ref}/update")
        page = partner.submit(f"/actions/{earlier.ref}/update", date_parts("done_on", day)).follow()

        assert done_on(council, today) == clock.today()
        assert done_on(council, earlier) == day
        assert f"Happened on {full(day)}" in page.main

    def test_not_before_it_was_asked(self, council: Council, sign_in: SignIn) -> None:
        action = asked_on(council, an_action(council, an_active_family(council)), days_ago=3)
        before = {"note": "Rang them", **date_parts("done_on", clock.today() - timedelta(days=4))}

        page = sign_in(council.partner).submit(f"/actions/{action.ref}/update", before)

        asked = full(clock.today() - timedelta(days=3))
        words = f"The date it was done must be {asked} or later, when it was asked for"
        assert (page.status, page.errors) == (422, [words])
        assert "Rang them" in page.html
        assert state_of(council, action) is ActionState.AGREED

    @pytest.mark.parametrize(
        ("parts", "words"),
        [
            (("31", "2", "2026"), "The date it was done must be a real date, like 27 3 2025"),
            (("", "", ""), "Enter the date it was done"),
            (("1", "", "2026"), "The date it was done must include a month"),
            (("1", "1", "2199"), "The date it was done must be today or in the past"),
        ],
    )
    def test_a_wrong_date_is_refused_in_words(
        self, council: Council, sign_in: SignIn, parts: tuple[str, str, str], words: str
    ) -> None:
        action = an_action(council, an_active_family(council))
        answers = dict(zip(("done_on-day", "done_on-month", "done_on-year"), parts, strict=True))

        page = sign_in(council.partner).submit(f"/actions/{action.ref}/update", {"note": "Rang them", **answers})

        assert (page.status, page.errors) == (422, [words])
        assert "Rang them" in page.html
        assert state_of(council, action) is ActionState.AGREED

    def test_the_date_says_nothing_while_it_is_going_on(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        page = sign_in(council.partner).submit(
            f"/actions/{action.ref}/update", {"outcome": "in_progress", "done_on-day": "31", "done_on-month": "2"}
        )

        assert page.status == 303
        assert state_of(council, action) is ActionState.IN_PROGRESS


class TestGoingOn:
    def test_a_second_update_needs_words_at_the_field(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)
        partner, going_on = sign_in(council.partner), {"outcome": "in_progress"}
        partner.submit(f"/actions/{action.ref}/update", going_on)

        silent = partner.submit(f"/actions/{action.ref}/update", going_on)
        told = partner.submit(f"/actions/{action.ref}/update", {**going_on, "note": "She rang back"})

        assert (silent.status, silent.errors) == (422, ["Enter a note about what has happened"])
        assert silent.soup.select_one("#note-error")
        assert told.status == 303
        assert history_of(council, team.family.id)[-2:] == ["action.started", "action.note"]

    def test_an_error_comes_back_in_place_with_htmx(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        page = sign_in(council.partner).submit(f"/actions/{action.ref}/update", {"note": "x" * 2001}, htmx=True)

        assert page.status == 422
        assert "Note must be 2,000 characters or fewer. It is 2,001" in page.text_of("#update")


class TestAnActionDoneAlready:
    def test_the_link_in_an_email_says_so_and_by_whom(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)
        sign_in(council.lead).submit(f"/actions/{action.ref}/update", {"note": "They rang me", "told_how": "call"})

        page = sign_in(council.partner).get(f"/actions/{action.ref}/update")

        assert "This is done already" in page.main
        assert f"recorded by {council.lead.name}" in page.main
        assert not page.soup.select("main form")


class TestRecordingForTheOwner:
    def test_what_the_lead_records_is_kept_as_told(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, owner=team.parent, state=ActionState.PROPOSED)
        lead = sign_in(council.lead)

        opened = lead.get(f"/actions/{action.ref}/update")
        page = opened.form().send({"note": "Got up at seven all week", "told_how": "visit"}).follow()

        assert "You are recording this for Siobhán O’Neill, as they told you" in opened.main
        assert "Siobhán O’Neill agreed to" in page.main
        assert f"recorded by Lena Lead as told by Siobhán O’Neill at a visit on {full(clock.today())}" in page.main
        assert history_of(council, team.family.id)[-2:] == ["action.agreed", "action.done"]

    def test_agreement_too(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, state=ActionState.PROPOSED)

        page = (
            sign_in(council.coordinator)
            .submit(
                f"/actions/{action.ref}/agree",
                {
                    "told_by": "Her sister",
                    "told_how": "call",
                    **date_parts("told_on", clock.today() - timedelta(days=1)),
                },
                on=f"/actions/{action.ref}",
            )
            .follow()
        )

        assert state_of(council, action) is ActionState.AGREED
        yesterday = full(clock.today() - timedelta(days=1))
        assert f"recorded by {council.coordinator.name} as told by Her sister by phone on {yesterday}" in page.main

    def test_who_told_and_how_has_to_be_said(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        page = sign_in(council.lead).submit(
            f"/actions/{action.ref}/update",
            {"told_by": " ", **date_parts("told_on", clock.today() + timedelta(days=1))},
        )

        assert page.errors == [
            "Enter who told you",
            "The date they told you must be today or in the past",
            "Select how they told you",
        ]
        assert state_of(council, action) is ActionState.AGREED

    def test_the_manager_s_is_recorded_as_the_manager_s(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        page = sign_in(council.manager).submit(f"/actions/{action.ref}/update", {"told_how": "call"}).follow()

        assert "recorded by the manager" in page.main

    def test_another_member_of_the_team_may_not(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, owner=team.parent, state=ActionState.PROPOSED)
        partner = sign_in(council.partner)

        page = partner.get(f"/actions/{action.ref}")

        assert not page.soup.select("main form")
        assert partner.get(f"/actions/{action.ref}/update").status == 403


class TestAgreeing:
    def test_the_owner_agrees_on_its_page(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, state=ActionState.PROPOSED)

        page = sign_in(council.partner).submit(f"/actions/{action.ref}/agree", on=f"/actions/{action.ref}").follow()

        assert state_of(council, action) is ActionState.AGREED
        assert "as told" not in page.main
        assert not page.soup.select("main form")

    def test_two_people_at_once(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, state=ActionState.PROPOSED)
        forms = [
            sign_in(user).get(f"/actions/{action.ref}").form(f"/actions/{action.ref}/agree")
            for user in (council.partner, council.lead)
        ]

        assert [form.send({"told_how": "call"}).status for form in forms] == [303, 409]
        assert history_of(council, team.family.id).count("action.agreed") == 1
