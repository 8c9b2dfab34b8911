"""How people are kept safe: safe contact, keeping apart, and a confidential address that is nowhere else."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.event_kinds import E
from portal.models.families import ConfidentialAddress, KeepApart, KeepApartKind, SafeContact
from portal.models.record import Audit, Event, FamilySummary, OutboxMessage
from portal.models.teamwork import TeamMember
from tests.support.handovers import a_meeting, covers, kept_apart
from tests.support.household import events, somebody
from tests.support.people import Council, Home, a_family, an_active_family
from tests.support.situations import confidential
from tests.support.web import Page, SignIn, date_parts

CANARY = ("Hidden Row 12", "AF9 9ZZ")


def send(sign_in: SignIn, council: Council, path: str, answers: dict[str, Any]) -> Page:
    return sign_in(council.coordinator).submit(path, answers)


class TestSafeContact:
    def test_each_way_that_is_safe(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        kevin = somebody(council, home, "Kevin")

        answers = {
            "ways": ["by_text", "by_email", "by_post"],
            "phone": "01632 960 555",
            "email": "kevin@example.com",
            "note": "Never after 6pm",
        }
        send(sign_in, council, f"/people/{kevin.ref}/safe-contact", answers)

        words = "text 01632 960 555, or email kevin@example.com, or write by post"
        page = sign_in(council.coordinator).get(f"/families/{home.ref}")
        assert f"Kevin O’Neill: {words}. Never after 6pm" in page.text_of(".app-safe-contact")
        (event,) = events(council, home, "safe_contact.")
        assert event.private["old"] == "no safe way is known yet"
        assert event.private["new"] == f"{words}. Never after 6pm"

    def test_never_contact(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        send(sign_in, council, f"/people/{home.parent.ref}/safe-contact", {"ways": ["never_contact"]})

        with council.behind_the_scenes():
            safe = db.session.scalars(select(SafeContact)).one()
        assert safe.never_contact
        assert not safe.by_phone

    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            ({"ways": ["by_phone", "never_contact"]}, "Select the ways that are safe, or never contact this person"),
            ({"ways": ["by_text"], "phone": ""}, "Enter the phone number that is safe"),
            ({"ways": ["by_email"]}, "Enter the email address that is safe"),
            ({"phone": "ring me"}, "Enter a phone number, like 01632 960 001"),
        ],
    )
    def test_what_cannot_be_is_said_at_the_question(
        self, council: Council, sign_in: SignIn, answers: dict[str, Any], words: str
    ) -> None:
        home = a_family(council)

        page = send(sign_in, council, f"/people/{home.parent.ref}/safe-contact", {"note": "By day", **answers})

        assert page.errors == [words]
        assert page.form().values["note"] == ["By day"]

    def test_of_two_people_the_second_sees_both_texts(self, council: Council, sign_in: SignIn) -> None:
        path = f"/people/{a_family(council).parent.ref}/safe-contact"
        open_page = sign_in(council.social_worker).get(path)
        send(sign_in, council, path, {"note": "By day"})

        page = open_page.form().send({"note": "By night"})

        assert page.status == 409
        assert "By day" in page.main


class TestKeepingApart:
    def answers(self, home: Home, who: int, **more: Any) -> dict[str, Any]:
        about = {"person": str(who), "other": str(home.parent.id)}
        return {"kind": "must_not_learn", "reason": "A court order", **about, **more}

    def test_it_stands_above_every_page_with_its_reason_at_home(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        kevin = somebody(council, home, "Kevin")

        send(sign_in, council, f"/families/{home.ref}/household/keep-apart", self.answers(home, kevin.id))

        words = "Kevin O’Neill must not learn about Siobhán O’Neill"
        assert words in sign_in(council.coordinator).get(f"/families/{home.ref}").text_of(".app-safe-contact")
        main = sign_in(council.coordinator).get(f"/families/{home.ref}/household").main
        assert f"{words}. A court order" in main
        (event,) = events(council, home, "keep_apart.")
        assert (event.kind, event.text) == (E.KEEP_APART_ADDED, None)

    def test_why_is_read_by_coordinator_lead_cover_and_writer_alone(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        kevin = somebody(council, team.home, "Kevin")
        manager = sign_in(council.manager)
        manager.submit(f"/families/{team.ref}/household/keep-apart", self.answers(team.home, kevin.id))
        (line,) = events(council, team.home, "keep_apart.")
        sign_in(council.partner).submit(f"/events/{line.ref}/correct", {"text": "It is a court order of May"})
        covers(council, team, council.other_coordinator)

        told = {
            who: [
                word
                for word in ("A court order", "court order of May")
                if any(
                    word in sign_in(getattr(council, who)).get(f"/families/{team.ref}/{page}").html
                    for page in ("household", "history", "history/whole", "")
                )
            ]
            for who in ("coordinator", "lead", "other_coordinator", "manager", "partner", "auditor")
        }

        both = ["A court order", "court order of May"]
        assert told == {
            "coordinator": both,
            "lead": both,
            "other_coordinator": both,
            "manager": both[:1],
            "partner": both[1:],
            "auditor": [],
        }
        words = "Kevin O’Neill must not learn about Siobhán O’Neill"
        assert words in sign_in(council.partner).get(f"/families/{team.ref}/history").main

    def test_why_it_ended_is_as_narrow(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        kept_apart(council, team.home.children[0], team.home.parent)
        sign_in(council.lead).submit("/keep-apart/K-1/end", {"reason": "The order ran out"})

        pages = [sign_in(one).get(f"/families/{team.ref}/history").main for one in (council.lead, council.partner)]

        assert all("it is no longer so that" in page for page in pages)
        assert ["The order ran out" in page for page in pages] == [True, False]

    def test_the_family_page_leads_to_where_it_is_recorded(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        kept_apart(council, team.home.children[0], team.home.parent)

        page = sign_in(council.partner).get(f"/families/{team.ref}")

        links = [link["href"] for link in page.soup.select(".app-safe-contact a, .app-safeguarding a")]
        assert links == [f"/families/{team.ref}/household", f"/families/{team.ref}/notes/new"]

    def test_that_both_are_on_the_team_is_said_at_once(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        kevin = somebody(council, team.home, "Kevin")
        with council.behind_the_scenes():
            of = {"family_id": team.home.id, "person_id": kevin.id}
            db.session.add(TeamMember(**of, name=kevin.name, joined_on=clock.today()))

        path = f"/families/{team.ref}/household/keep-apart"
        page = send(sign_in, council, path, self.answers(team.home, kevin.id)).follow()

        words = "Kevin O’Neill must not learn about Siobhán O’Neill, and they would meet all the same."
        assert f"Important {words} Both are on the team around the family" in page.text
        assert f"/families/{team.ref}/team" in [
            link["href"] for link in page.soup.select(".govuk-notification-banner__link")
        ]

    def test_meetings_that_ask_both_already_are_named(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        kevin = somebody(council, team.home, "Kevin")
        with council.behind_the_scenes():
            of = {"family_id": team.home.id, "person_id": kevin.id}
            db.session.add(TeamMember(**of, name=kevin.name, joined_on=clock.today()))
        meeting = a_meeting(council, team, review=True, on=clock.today() + timedelta(days=5))

        answers = self.answers(team.home, kevin.id, kind="must_not_meet")
        page = send(sign_in, council, f"/families/{team.ref}/household/keep-apart", answers).follow()

        assert f"Both are asked to {meeting.ref} on" in page.text
        links = [link["href"] for link in page.soup.select(".govuk-notification-banner__link")]
        assert f"/meetings/{meeting.ref}" in links

    def test_that_both_live_in_one_home_and_whose_copies_are_to_be_made_anew(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True, on=clock.today() + timedelta(days=5))
        child = team.home.children[0]
        answers = self.answers(team.home, child.id, kind="must_not_meet")

        page = send(sign_in, council, f"/families/{team.ref}/household/keep-apart", answers).follow()

        assert "Both live in Home, as it is recorded here." in page.text_of(".govuk-notification-banner")
        assert f"Now also the copies: what {child.name} was given before" in page.main
        assert f"Make new ones of the action plan and of {meeting.ref}" in page.main
        for reader in (child, team.home.parent):
            assert f"/families/{team.ref}/plan/copy?for={reader.id}" in page.links()

    def test_inviting_both_warns_until_it_is_ended(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        kevin = somebody(council, team.home, "Kevin")
        kept_apart(council, kevin, team.home.parent)
        join = {"who": "person", "person": str(kevin.id)}
        words = "Kevin O’Neill must not meet Siobhán O’Neill"

        warned = send(sign_in, council, f"/families/{team.ref}/team/add", join)
        with council.behind_the_scenes():
            row = db.session.scalars(select(KeepApart)).one()
        send(sign_in, council, f"/keep-apart/{row.ref}/end", {"reason": "The order ran out"})
        joined = send(sign_in, council, f"/families/{team.ref}/team/add", join)

        assert warned.status == 422
        assert words in warned.main
        assert joined.status == 303
        (event,) = events(council, team.home, "keep_apart.ended")
        assert (event.data["what"], event.text) == (words, None)
        header = sign_in(council.coordinator).get(f"/families/{team.ref}").text_of(".app-safe-contact")
        assert words not in header

    def test_it_is_ended_once(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        kept_apart(council, home.children[0], home.parent)
        browser = sign_in(council.coordinator)
        first, second = browser.get("/keep-apart/K-1/end"), browser.get("/keep-apart/K-1/end")
        first.form().send({"reason": "One"})

        page = second.form().send({"reason": "Two"})

        assert page.status == 409
        assert "This was ended already." in browser.get("/keep-apart/K-1/end").main

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"reason": " "}, "Enter why they are kept apart"),
            ({"kind": None}, "Select what must not happen"),
            ({"person": "1"}, "Choose two different people"),
            ({"other": ""}, "Choose the other person"),
        ],
    )
    def test_what_cannot_be_is_said_at_the_question(
        self, council: Council, sign_in: SignIn, more: dict[str, Any], words: str
    ) -> None:
        home = a_family(council)

        answers = self.answers(home, home.children[0].id, **more)
        page = send(sign_in, council, f"/families/{home.ref}/household/keep-apart", answers)

        assert page.errors == [words]

    def test_twice_is_refused_whoever_is_named_first(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        kept_apart(council, home.parent, home.children[0])

        answers = self.answers(home, home.children[0].id, kind=str(KeepApartKind.MUST_NOT_MEET))
        page = send(sign_in, council, f"/families/{home.ref}/household/keep-apart", answers)

        assert page.errors == ["It is recorded already that Child0 O’Neill must not meet Siobhán O’Neill"]


class TestConfidentialAddress:
    def test_is_recorded_without_its_words_in_the_history(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        path = f"/people/{team.home.parent.ref}/confidential-address"

        send(sign_in, council, path, {"address": CANARY[0], "postcode": "af99zz"})
        send(sign_in, council, path, {"address": "Another place"})

        kinds = [event.kind for event in events(council, team.home, "confidential.")]
        assert kinds == [E.CONFIDENTIAL_RECORDED, E.CONFIDENTIAL_CHANGED]
        assert "Another place AF9 9ZZ" in sign_in(council.lead).get(f"/families/{team.ref}/household").main

    def test_is_removed_with_a_reason(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        confidential(council, team.home)
        path = f"/people/{team.home.parent.ref}/confidential-address"

        refused = send(sign_in, council, path, {"remove": "y"})
        send(sign_in, council, path, {"remove": "y", "reason": "She has moved back"})

        assert refused.errors == ["Enter why it is removed"]
        with council.behind_the_scenes():
            assert db.session.scalars(select(ConfidentialAddress)).all() == []
        (event,) = events(council, team.home, "confidential.")
        assert event.text == "She has moved back"

    def test_that_there_is_one_is_read_by_coordinator_and_lead_alone(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        path = f"/people/{team.home.parent.ref}/confidential-address"
        send(sign_in, council, path, {"address": CANARY[0], "postcode": "af99zz"})
        (line,) = events(council, team.home, "confidential.")
        send(sign_in, council, f"/events/{line.ref}/correct", {"text": "It was her sister’s address"})

        for who in ("coordinator", "lead", "manager", "other_coordinator", "partner", "auditor"):
            browser, reads = sign_in(getattr(council, who)), who in ("coordinator", "lead")
            for page in ("history", "history/whole", "history?about=record", ""):
                html = browser.get(f"/families/{team.ref}/{page}").html
                assert reads or "onfidential address" not in html, (who, page)
                assert reads or "her sister’s address" not in html, (who, page)
            html = browser.get(f"/families/{team.ref}/history").html
            assert ("recorded a confidential address" in html) is reads, who
            assert browser.get(f"/events/{line.ref}/correct").status == (200 if reads else 404), who

    def test_an_address_is_needed(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = send(sign_in, council, f"/people/{team.home.parent.ref}/confidential-address", {"postcode": "AF9 9ZZ"})

        assert page.errors == ["Enter the address"]
        assert page.form().values["postcode"] == ["AF9 9ZZ"]

    def test_a_look_up_by_the_postcode_of_their_home_finds_nobody(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        confidential(council, team.home)
        answers = {"surname": "O’Neill", **date_parts("born_on", date(1990, 5, 4)), "reason": "A call"}
        browser = sign_in(council.front_door)

        assert "No family found" in browser.submit("/look-up", {**answers, "postcode": "AF1 1AA"}).main

    def test_stands_in_no_row_but_its_own(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        send(
            sign_in,
            council,
            f"/people/{team.home.parent.ref}/confidential-address",
            {"address": CANARY[0], "postcode": CANARY[1]},
        )

        with council.behind_the_scenes():
            for table in (Event, Audit, OutboxMessage, FamilySummary):
                for row in db.session.execute(select(table.__table__)).all():
                    assert not any(word in repr(row) for word in CANARY)
