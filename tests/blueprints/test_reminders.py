"""Reminders that a person presses: to whom they go, of what none is sent, and how they are taken back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import short
from portal.domain.following import asks
from portal.domain.plans import ActionState
from portal.models.families import ConflictOfInterest
from portal.models.handover import LeadAssignment, LeadCover
from portal.models.messages import Delivery
from portal.models.people import User
from portal.models.teamwork import PlanAction, TeamMember
from portal.services import history
from tests.support.actions import an_action_that_is, events_about, notices, stored
from tests.support.following import a_late_check, coordinated
from tests.support.people import Council, Team, a_family, an_action, an_active_family, history_of
from tests.support.post import Postbox, links_in
from tests.support.situations import plan_in_force
from tests.support.web import Page, SignIn

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
HELD = timedelta(minutes=11)


@pytest.fixture(autouse=True)
def hours() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def postbox(app: Flask) -> Postbox:
    return Postbox(app)


def late(council: Council, team: Team, *, owner: TeamMember | None = None, what: str = "Call school") -> PlanAction:
    return an_action(council, team, owner=owner, what=what, due_on=clock.today() - timedelta(days=8))


def remind(sign_in: SignIn, by: User, *refs: str, on: str = "/families") -> Page:
    """Press the button at the end of a list, with these ticked."""
    return sign_in(by).submit("/reminders", {"thing": list(refs)}, on=on)


def ticks(page: Page, *, checked: bool = False) -> list[str]:
    boxes = page.soup.select("input[name=thing][form=reminders]" + ("[checked]" if checked else ""))
    return [value for box in boxes if not (value := str(box["value"])).startswith("F-")]


class TestFromTheListOfFamilies:
    def test_many_at_once_with_everybody_told_in_ten_minutes(
        self, council: Council, sign_in: SignIn, postbox: Postbox
    ) -> None:
        teams = [an_active_family(council, a_family(council, name=name)) for name in ("Abbott", "Brown", "Clark")]
        school, lead, mine = late(council, teams[0]), late(council, teams[1], owner=teams[1].lead), teams[2]
        own = coordinated_action(council, mine)
        browser = sign_in(council.coordinator)

        page = browser.get("/families?view=overdue")
        assert sorted(ticks(page)) == [school.ref, lead.ref]
        assert ticks(page, checked=True) == []
        chosen = browser.get(select_all(page))
        assert sorted(ticks(chosen, checked=True)) == [school.ref, lead.ref]
        assert "Send reminders (2)" in chosen.main
        done = chosen.form("/reminders").send({"thing": [school.ref, lead.ref, own.ref]})

        assert done.location == "/families?view=overdue"
        assert f"Reminders sent to 2 people. Not sent: {own.ref} (yours)" in done.follow().text
        postbox.work()
        assert postbox.letters == []
        with time_machine.travel(NOW + HELD, tick=False):
            postbox.work()
        assert [letter.to for letter in postbox.letters] == [council.partner.email, council.lead.email]
        letter = postbox.letters[0]
        assert letter.subject == f"Update needed, due 16 November: {school.ref}"
        assert letter.text.startswith(
            f"The action {school.ref}, of F-{teams[0].family.id} (A), waits for you: "
            "say whether it is done, in progress or cannot be done."
        )
        assert "By when: 16 November, 6 working days overdue" in letter.text
        assert "Who asked: CC, Ambleford Council" in letter.text
        assert "Call school" not in letter.text
        assert links_in(letter.text) == [f"http://localhost/actions/{school.ref}/update"]
        assert history_of(council, teams[0].family.id)[-1] == "action.reminded"

    def test_several_to_one_person_are_one_letter(self, council: Council, sign_in: SignIn, postbox: Postbox) -> None:
        teams = [an_active_family(council, a_family(council, name=name)) for name in "ABCD"]
        done, first, second, by_itself = (late(council, team) for team in teams)
        remind(sign_in, council.coordinator, done.ref, first.ref, second.ref)
        remind(sign_in, council.coordinator, by_itself.ref)
        sign_in(council.partner).submit(f"/actions/{done.ref}/update", {"outcome": "done"})

        with time_machine.travel(NOW + HELD, tick=False):
            postbox.work()

        assert [letter.subject for letter in postbox.letters] == [
            f"Updates needed: {first.ref} and {second.ref}",
            f"Update needed, due 16 November: {by_itself.ref}",
        ]
        letter = postbox.letters[0]
        assert letter.to == council.partner.email
        assert letter.text.count("By when: 16 November, 6 working days overdue") == 2
        assert letter.text.count("Who asked: CC, Ambleford Council") == 1
        assert links_in(letter.text) == [f"http://localhost/actions/{each.ref}/update" for each in (first, second)]
        assert set(links_in(letter.html or "")) == set(links_in(letter.text))
        with council.behind_the_scenes():
            settled = db.session.scalars(select(Delivery.status).order_by(Delivery.id)).all()
        assert [str(each) for each in settled] == ["withheld", "sent", "sent", "sent"]

    def test_who_only_reads_the_list_selects_nothing(self, council: Council, sign_in: SignIn) -> None:
        late(council, an_active_family(council))

        for who in (council.auditor, council.partner):
            page = sign_in(who).get("/families")
            assert (ticks(page), "Send reminders" in page.main) == ([], False)


def coordinated_action(council: Council, team: Team) -> PlanAction:
    """The coordinator's own, who is on the team."""
    with council.behind_the_scenes():
        member = TeamMember(
            family_id=team.family.id,
            user_id=council.coordinator.id,
            name=council.coordinator.name,
            joined_on=clock.today(),
        )
        db.session.add(member)
        db.session.flush()
    return late(council, team, owner=member)


def select_all(page: Page) -> str:
    return next(str(link["href"]) for link in page.soup.select("main a") if link.text == "Select all overdue")


class TestOfWhatNoneIsSent:
    def test_each_reason_in_a_few_words(self, council: Council, sign_in: SignIn) -> None:
        team, other = an_active_family(council), an_active_family(council, a_family(council, name="Other"))
        good = late(council, team)
        mother = late(council, team, owner=team.parent)
        done = an_action_that_is(council, team, ActionState.DONE)
        closed = late(council, other)
        with council.behind_the_scenes():
            db.session.get_one(TeamMember, team.parent.id).contact = "01632 960 300"
            db.session.add(
                ConflictOfInterest(family_id=other.family.id, user_id=council.partner.id, recorded_at=clock.now())
            )
        refs = (good.ref, mother.ref, done.ref, closed.ref, "A-999", "S-1")

        words = remind(sign_in, council.coordinator, *refs).follow().text

        assert (
            f"Reminder sent to Pat Partner. Not sent: {mother.ref} (ring {team.parent.name}, 01632 960 300), "
            f"{done.ref} (waits for nobody now), {closed.ref} (ring Pat Partner, 01632 960 200), "
            "A-999 and S-1 (not found)" in words
        )

    def test_not_twice_within_a_day(self, council: Council, sign_in: SignIn, hours: time_machine.Traveller) -> None:
        action = late(council, an_active_family(council))
        form = sign_in(council.manager).get("/families").form("/reminders")
        remind(sign_in, council.coordinator, action.ref)

        again = form.send({"thing": action.ref})
        listed = sign_in(council.manager).get("/families")
        hours.shift(timedelta(hours=25))
        next_day = remind(sign_in, council.manager, action.ref)

        assert again.status == 409
        assert f"No reminder was sent: {action.ref} (reminded today)" in again.main
        assert "Reminded today" in listed.text_of(".app-worklist")
        assert ticks(listed) == []
        assert next_day.status == 303
        assert events_about(council, action) == ["action.reminded", "action.reminded"]

    def test_one_click_twice_is_one_reminder(self, council: Council, sign_in: SignIn) -> None:
        action = late(council, an_active_family(council))
        form = sign_in(council.coordinator).get("/families").form("/reminders")

        first, second = form.send({"thing": action.ref}), form.send({"thing": action.ref})

        assert (first.status, second.status) == (303, 303)
        assert notices(council, action) == ["waited_for"]

    def test_nothing_selected(self, council: Council, sign_in: SignIn) -> None:
        late(council, an_active_family(council))

        page = remind(sign_in, council.coordinator, on="/families")

        assert page.status == 409
        assert "Select what to send reminders of" in page.main
        assert "/families" in page.links()

    @pytest.mark.parametrize(("who", "said"), [("partner", "not yours to remind of"), ("auditor", None)])
    def test_who_may_not(self, council: Council, sign_in: SignIn, who: str, said: str | None) -> None:
        action = late(council, an_active_family(council))
        form = sign_in(council.coordinator).get("/families").form("/reminders")
        form.browser = sign_in(getattr(council, who))
        form.values |= {"csrf_token": [str(form.browser.get("/account").soup.select_one("[name=csrf_token]")["value"])]}  # type: ignore[index]

        page = form.send({"thing": action.ref})

        assert page.status == (409 if said else 403)
        assert said is None or said in page.main
        assert events_about(council, action) == []


class TestWhoGetsIt:
    def test_nobody_once_it_is_done(self, council: Council, sign_in: SignIn, postbox: Postbox) -> None:
        action = late(council, an_active_family(council))
        remind(sign_in, council.coordinator, action.ref)
        sign_in(council.partner).submit(f"/actions/{action.ref}/update", {"note": "Rang them"})

        with time_machine.travel(NOW + HELD, tick=False):
            postbox.work()

        assert postbox.letters == []

    def test_whoever_covers_for_the_lead_gets_it_with_them(
        self, council: Council, sign_in: SignIn, postbox: Postbox
    ) -> None:
        team = an_active_family(council)
        action, other = late(council, team, owner=team.lead), late(council, team)
        with council.behind_the_scenes():
            leads = db.session.scalars(select(LeadAssignment).where(LeadAssignment.family_id == team.family.id)).one()
            db.session.add(
                LeadCover(
                    family_id=team.family.id,
                    assignment_id=leads.id,
                    user_id=council.partner_other_organisation.id,
                    from_on=clock.today(),
                    to_on=clock.today(),
                    named_by_name="Carol",
                    named_at=clock.now(),
                )
            )

        remind(sign_in, council.coordinator, action.ref, other.ref)
        with time_machine.travel(NOW + HELD, tick=False):
            postbox.work()

        assert [(letter.to, letter.subject.split(": ")[1]) for letter in postbox.letters] == [
            (council.lead.email, action.ref),
            (council.partner_other_organisation.email, action.ref),
            (council.partner.email, other.ref),
        ]

    def test_of_a_check_its_owner_with_what_it_asks(self, council: Council, sign_in: SignIn, postbox: Postbox) -> None:
        check = a_late_check(council, coordinated(council, a_family(council)))

        remind(sign_in, council.manager, check.ref, on="/checks?view=overdue")
        with time_machine.travel(NOW + HELD, tick=False):
            postbox.work()

        (letter,) = postbox.letters
        assert letter.to == council.coordinator.email
        assert letter.subject == f"Update needed, due {short(check.due_on, clock.today())}: {check.ref}"
        assert f"waits for you: “{asks(check.stage)}”." in letter.text
        assert links_in(letter.text) == [f"http://localhost/checks/{check.ref}"]

    def test_of_what_is_not_due_yet_by_when(self, council: Council, sign_in: SignIn, postbox: Postbox) -> None:
        action = an_action(council, an_active_family(council), due_on=clock.today() + timedelta(days=1))

        sign_in(council.coordinator).get(f"/actions/{action.ref}").form("/reminders").send({"thing": action.ref})
        with time_machine.travel(NOW + HELD, tick=False):
            postbox.work()

        (letter,) = postbox.letters
        assert letter.subject == f"Update needed by 25 November: {action.ref}"
        assert ("By when: 25 November" in letter.text, "overdue" in letter.text) == (True, False)


class TestTakingBack:
    def test_in_the_banner_so_that_nobody_gets_any(self, council: Council, sign_in: SignIn, postbox: Postbox) -> None:
        actions = [late(council, an_active_family(council, a_family(council, name=f"N{n}"))) for n in range(2)]
        page = remind(sign_in, council.coordinator, *(each.ref for each in actions), on="/families").follow()

        back = page.undo().send()

        assert back.location == "/families"
        assert "2 reminders taken back. Nobody is told" in back.follow().text
        with time_machine.travel(NOW + HELD, tick=False):
            postbox.work()
        assert postbox.letters == []
        for action in actions:
            assert events_about(council, action) == ["action.reminded", "reminder.taken_back"]
        assert remind(sign_in, council.coordinator, actions[0].ref).status == 303

    def test_found_again_on_the_pages_where_one_sends_them(
        self, council: Council, sign_in: SignIn, hours: time_machine.Traveller
    ) -> None:
        actions = [late(council, an_active_family(council, a_family(council, name=f"N{n}"))) for n in range(2)]
        at_once = remind(sign_in, council.coordinator, *(each.ref for each in actions))
        browser, words = at_once.browser, f"to Pat Partner: {actions[0].ref} and {actions[1].ref}"
        assert "You sent" not in at_once.follow().text

        for path in ("/home", "/checks?view=all", "/families?view=overdue"):
            page = browser.get(path)
            assert f"You sent 2 reminders {words}. You can undo this until 10:10am" in page.main
        assert "You sent" not in sign_in(council.manager).get("/home").text

        hours.shift(HELD)
        assert "You sent" not in browser.get("/home").text
        hours.shift(-HELD)
        assert page.undo().send().location == "/families?view=overdue"
        assert notices(council, actions[1]) == []
        assert "You sent" not in browser.get("/families").text

    def test_not_after_ten_minutes_and_not_twice(
        self, council: Council, sign_in: SignIn, hours: time_machine.Traveller
    ) -> None:
        action = late(council, an_active_family(council))
        undo = remind(sign_in, council.coordinator, action.ref).follow().undo()

        hours.shift(HELD)

        page = undo.send()
        assert page.status == 409
        assert "Reminders can be taken back for ten minutes" in page.main
        assert notices(council, action) == ["waited_for"]

    def test_leaves_what_its_owner_changed_undoable(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        saved = sign_in(council.partner).submit(f"/actions/{action.ref}/update", {"outcome": "in_progress"}).follow()
        remind(sign_in, council.coordinator, action.ref)

        assert saved.undo().send().status == 303
        assert stored(council, action).state is ActionState.AGREED


class TestFromOtherPages:
    def test_an_actions_own_page_and_the_first_page(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        plan_in_force(council, team)
        first, second, rung = late(council, team), late(council, team), late(council, team, owner=team.parent)
        lead = sign_in(council.lead)

        assert press(lead.get("/home"), first.ref).follow().text.count("Reminder sent to Pat Partner") == 1
        home = lead.get("/home").main
        assert "Reminded today" in home
        assert f"Ring {team.parent.name}" in home
        page = press(lead.get(f"/actions/{second.ref}"), second.ref).follow()

        assert "Reminder sent to Pat Partner" in page.text
        assert f"Lena Lead reminded Pat Partner of {second.ref}: Call school" in page.main
        assert "Send a reminder" not in lead.get(f"/actions/{rung.ref}").main
        assert "Send a reminder" not in sign_in(council.partner).get(f"/actions/{first.ref}").main


def press(page: Page, ref: str) -> Page:
    """The button beside one thing."""
    assert page.soup.select_one(f"button[name=thing][value={ref}]")
    answers: dict[str, Any] = {"thing": ref}
    return page.form("/reminders").send(answers)


def test_a_family_reads_who_was_reminded_and_that_it_was_taken_back(council: Council, sign_in: SignIn) -> None:
    team = an_active_family(council)
    action = late(council, team)
    remind(sign_in, council.coordinator, action.ref).follow().undo().send()
    with council.behind_the_scenes():
        history.changed(team.family.id)

    main = sign_in(council.coordinator).get(f"/families/{team.ref}/history").main

    assert f"Carol Coordinator reminded Pat Partner of {action.ref}: Call school" in main
    assert f"Carol Coordinator took back the reminder of {action.ref} before Pat Partner got it" in main
