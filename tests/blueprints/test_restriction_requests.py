"""Somebody who works with a family asks that it is restricted; a manager restricts it, or says why not."""

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.models.families import ConfidentialAddress, ConflictOfInterest, Family
from portal.models.people import User
from portal.models.record import Event, OutboxMessage
from portal.models.restricting import RestrictionRequest
from tests.support.merging import added_twice
from tests.support.people import Council, Team, a_family, an_active_family, another_manager, history_of
from tests.support.web import Browser, Page, SignIn

WHY = "The new caseworker at the school is her brother"
STAYS = "The health visitor, and nobody of the school"
NO = "He left the school in May"
LINK = "Ask for this record to be restricted"


@pytest.fixture
def team(council: Council) -> Team:
    return an_active_family(council, a_family(council, name="Hidden"))


def ask(browser: Browser, team: Team, why: str = WHY, who_stays: str = STAYS) -> Page:
    return browser.submit(f"/families/{team.ref}/restriction/ask", {"why": why, "who_stays": who_stays})


def refuse(browser: Browser, team: Team) -> Page:
    return browser.submit(f"/families/{team.ref}/restriction/refuse", {"answer": NO})


def restrict(browser: Browser, team: Team, *who: User) -> Page:
    answers = {"why": "She is in danger", "who": [str(user.id) for user in who]}
    return browser.submit(f"/families/{team.ref}/restriction/new", answers)


def requests_of(council: Council, team: Team) -> list[RestrictionRequest]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(RestrictionRequest).filter_by(family_id=team.family.id)))


class TestAsking:
    @pytest.mark.parametrize("who", ["coordinator", "lead", "other_coordinator"])
    def test_restricts_nothing_and_shows_what_was_asked(
        self, council: Council, sign_in: SignIn, team: Team, who: str
    ) -> None:
        browser = sign_in(getattr(council, who))
        assert f"/families/{team.ref}/restriction/ask" in browser.get(f"/families/{team.ref}").links()

        page = ask(browser, team).follow()

        assert "waits for an early help manager" in page.main
        assert WHY in page.main
        assert STAYS in page.main
        with council.behind_the_scenes():
            assert not db.session.get_one(Family, team.family.id).restricted
        assert sign_in(council.auditor).get(f"/families/{team.ref}").status == 200
        assert history_of(council, team.family.id)[-1] == "family.restriction_asked"

    @pytest.mark.parametrize("who", ["partner", "auditor", "manager", "social_worker"])
    def test_is_for_its_coordinators_and_its_lead(
        self, council: Council, sign_in: SignIn, team: Team, who: str
    ) -> None:
        browser = sign_in(getattr(council, who))

        assert browser.get(f"/families/{team.ref}/restriction/ask").status in (403, 404)
        assert LINK not in browser.get(f"/families/{team.ref}").text

    def test_takes_a_reason(self, council: Council, sign_in: SignIn, team: Team) -> None:
        page = ask(sign_in(council.lead), team, why="")

        assert page.errors == ["Enter why it should be restricted"]
        assert STAYS in page.html

    def test_twice_shows_the_first_and_keeps_what_was_typed(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        coordinator = sign_in(council.coordinator)
        late = coordinator.get(f"/families/{team.ref}/restriction/ask").form()
        ask(sign_in(council.lead), team)

        shown = coordinator.get(f"/families/{team.ref}/restriction/ask")
        refused = late.send({"why": "Other words of mine"})

        assert "Lena Lead" in shown.main
        assert shown.soup.select("textarea") == []
        assert refused.status == 409
        assert "Lena Lead has asked for this already" in refused.main
        assert "Other words of mine" in refused.html
        assert len(requests_of(council, team)) == 1

    def test_why_is_read_by_who_asked_and_who_decides_alone(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        """The coordinator may be whom it is to be kept from."""
        ask(sign_in(council.lead), team)

        shown = sign_in(council.coordinator).get(f"/families/{team.ref}/restriction/ask").text

        assert WHY not in shown
        assert STAYS not in shown

    @pytest.mark.parametrize(
        ("who", "reads"),
        [("lead", True), ("manager", True), ("coordinator", False), ("partner", False), ("auditor", False)],
    )
    def test_the_history_tells_only_them_that_it_was_asked(
        self, council: Council, sign_in: SignIn, team: Team, who: str, reads: bool
    ) -> None:
        ask(sign_in(council.lead), team)
        refuse(sign_in(council.manager), team)

        page = sign_in(getattr(council, who)).get(f"/families/{team.ref}/history").text

        assert ("asked that only some may see the family" in page) is reads
        assert (f"as Lena Lead had asked: {NO}" in page) is reads
        assert WHY not in page

    def test_lies_sealed(self, council: Council, sign_in: SignIn, team: Team) -> None:
        ask(sign_in(council.lead), team)
        refuse(sign_in(council.manager), team)

        with council.behind_the_scenes():
            for table in (RestrictionRequest.__table__, Event.__table__):
                stored = str([tuple(map(_stored, row)) for row in db.session.execute(select(table))])
                assert not [words for words in (WHY, STAYS, NO) if words in stored]

    def test_does_not_tell_an_address_that_is_confidential(self, council: Council, sign_in: SignIn, team: Team) -> None:
        with council.behind_the_scenes():
            of = {"family_id": team.family.id, "person_id": team.home.parent.id}
            db.session.add(ConfidentialAddress(**of, address="2 Safe Street", postcode="AB1 2CD"))

        page = ask(sign_in(council.lead), team, why="She lives at 2 Safe Street now")

        assert page.status == 422
        assert "This tells an address that is kept confidential" in page.errors[0]

    def test_of_a_restricted_family_there_is_nothing_to_ask(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        lead = sign_in(council.lead)
        late = lead.get(f"/families/{team.ref}/restriction/ask").form()
        restrict(sign_in(council.manager), team, council.manager, council.lead)

        page = late.send({"why": WHY})

        assert page.status == 409
        assert "restricted already" in page.main
        assert LINK not in lead.get(f"/families/{team.ref}").text


class TestAnswering:
    def test_it_waits_where_managers_begin(self, council: Council, sign_in: SignIn, team: Team) -> None:
        ask(sign_in(council.lead), team)
        manager = sign_in(council.manager)

        begins = manager.get("/families")
        page = manager.get(f"/families/{team.ref}/restriction")

        assert f"Lena Lead asks that {team.ref} is restricted, " in begins.main
        assert f"/families/{team.ref}/restriction" in begins.links()
        assert WHY not in begins.text
        assert WHY in page.main
        assert STAYS in page.main
        assert "asks that" not in sign_in(council.coordinator).get("/families").main

    def test_restricting_answers_it(self, council: Council, sign_in: SignIn, team: Team) -> None:
        lead, manager = sign_in(council.lead), sign_in(council.manager)
        ask(lead, team)
        assert WHY in manager.get(f"/families/{team.ref}/restriction/new").main

        restrict(manager, team, council.manager, council.lead)

        [request] = requests_of(council, team)
        assert (request.granted, request.answered_by_name) == (True, "Moira Manager")
        assert "asks that" not in manager.get("/families").main
        assert "restricted by Moira Manager" in lead.get(f"/families/{team.ref}/restriction/ask").main

    def test_whoever_asked_is_told_why_not(self, council: Council, sign_in: SignIn, team: Team) -> None:
        lead, manager = sign_in(council.lead), sign_in(council.manager)
        ask(lead, team)

        assert refuse(manager, team).status == 303

        assert f"as Lena Lead had asked: {NO}" in lead.get("/home").main
        assert NO in lead.get(f"/families/{team.ref}/restriction/ask").main
        assert "asks that" not in manager.get("/families").main
        assert sign_in(council.auditor).get(f"/families/{team.ref}").status == 200
        with council.behind_the_scenes():
            told = db.session.scalars(select(OutboxMessage).filter_by(kind="family.restriction_refused")).all()
        assert [message.rule for message in told] == ["restriction_asker"]
        assert ask(lead, team, why="He is back at the school").status == 303

    def test_whoever_asked_reads_why_not_where_no_mail_is_sent(
        self, council: Council, sign_in: SignIn, team: Team, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        silent = council.app.config["PORTAL"].model_copy(update={"send_mail": False})
        monkeypatch.setitem(council.app.config, "PORTAL", silent)
        ask(sign_in(council.lead), team)

        refuse(sign_in(council.manager), team)

        assert NO in sign_in(council.lead).get(f"/families/{team.ref}/history").main

    def test_is_answered_once(self, council: Council, sign_in: SignIn, team: Team) -> None:
        manager = sign_in(council.manager)
        ask(sign_in(council.lead), team)
        late = manager.get(f"/families/{team.ref}/restriction/refuse").form()
        refuse(sign_in(another_manager(council)), team)

        page = late.send({"answer": "Other words of mine"})

        assert page.status == 409
        assert "it was answered" in page.main
        assert "Other words of mine" in page.html

    def test_whose_own_family_it_is_never_learns_of_it(self, council: Council, sign_in: SignIn, team: Team) -> None:
        ask(sign_in(council.lead), team)
        with council.behind_the_scenes():
            for user in (council.manager, council.coordinator):
                of = {"family_id": team.family.id, "user_id": user.id}
                db.session.add(ConflictOfInterest(**of, recorded_at=clock.now()))

        manager, coordinator = sign_in(council.manager), sign_in(council.coordinator)

        assert team.ref not in manager.get("/families").text
        assert manager.get(f"/families/{team.ref}/restriction/refuse").status == 404
        assert coordinator.get(f"/families/{team.ref}/restriction/ask").status == 404
        assert team.ref in sign_in(another_manager(council)).get("/families").main

    def test_a_line_of_it_is_not_corrected(self, council: Council, sign_in: SignIn, team: Team) -> None:
        """A correction would be read by the coordinator too."""
        lead = sign_in(council.lead)
        ask(lead, team)
        with council.behind_the_scenes():
            line = db.session.scalars(select(Event).filter_by(kind="family.restriction_asked")).one()

        page = lead.submit(f"/events/{line.ref}/correct", {"text": "It was her cousin"})

        assert page.status == 409
        assert "It was her cousin" in page.html


class TestWithdrawing:
    def withdraw(self, browser: Browser, team: Team) -> Page:
        return (
            browser.get(f"/families/{team.ref}/restriction/ask")
            .form(f"/families/{team.ref}/restriction/ask/withdraw")
            .send()
        )

    def test_ends_it_and_it_can_be_asked_again(self, council: Council, sign_in: SignIn, team: Team) -> None:
        lead, manager = sign_in(council.lead), sign_in(council.manager)
        ask(lead, team)

        page = self.withdraw(lead, team).follow()

        assert "Withdrawn. Nobody has to answer it" in page.text
        assert "withdrawn by Lena Lead" in page.main
        assert "asks that" not in manager.get("/families").main
        assert f"{WHY}" in manager.get(f"/families/{team.ref}/restriction").main
        assert history_of(council, team.family.id)[-1] == "family.restriction_withdrawn"
        [request] = requests_of(council, team)
        assert (request.granted, request.answered_by_name) == (None, "Lena Lead")
        assert ask(lead, team).status == 303

    def test_is_for_whoever_asked_alone(self, council: Council, sign_in: SignIn, team: Team) -> None:
        coordinator = sign_in(council.coordinator)
        ask(coordinator, team)
        late = coordinator.get(f"/families/{team.ref}/restriction/ask").form(
            f"/families/{team.ref}/restriction/ask/withdraw"
        )
        refuse(sign_in(council.manager), team)
        ask(sign_in(council.lead), team)

        shown = coordinator.get(f"/families/{team.ref}/restriction/ask")
        page = late.send()

        assert not shown.soup.select("form[action$=withdraw]")
        assert page.status == 409
        assert "Lena Lead asked for this, and nobody else can withdraw it" in page.main
        assert requests_of(council, team)[-1].answered_at is None

    def test_of_one_that_was_answered_says_so(self, council: Council, sign_in: SignIn, team: Team) -> None:
        lead = sign_in(council.lead)
        ask(lead, team)
        late = lead.get(f"/families/{team.ref}/restriction/ask").form(f"/families/{team.ref}/restriction/ask/withdraw")
        refuse(sign_in(council.manager), team)

        page = late.send()

        assert page.status == 409
        assert "it was answered, or withdrawn before" in page.main
        assert NO in page.main

    @pytest.mark.parametrize(("who", "reads"), [("lead", True), ("manager", True), ("coordinator", False)])
    def test_the_history_tells_only_who_asked_and_who_decides(
        self, council: Council, sign_in: SignIn, team: Team, who: str, reads: bool
    ) -> None:
        ask(sign_in(council.lead), team)
        self.withdraw(sign_in(council.lead), team)

        page = sign_in(getattr(council, who)).get(f"/families/{team.ref}/history").text

        assert ("does not ask any more that only some may see the family" in page) is reads


class TestTheRecord:
    def test_of_two_that_are_merged_one_request_waits_and_the_other_is_told(
        self, council: Council, sign_in: SignIn
    ) -> None:
        two = added_twice(council, sign_in)
        for home in (two.kept, two.other):
            page = sign_in(council.coordinator).submit(
                f"/families/{home.ref}/restriction/ask", {"why": f"{WHY} {home.ref}"}
            )
            assert page.status == 303

        two.merge()

        begins = sign_in(council.manager).get("/families").main
        told = sign_in(council.manager).get(f"/families/{two.kept.ref}/restriction").main
        assert begins.count("asks that") == 1
        assert f"{WHY} {two.kept.ref}" in told
        assert f"{WHY} {two.other.ref}" in told
        assert "ended when two records were merged" in told

    def test_a_copy_of_what_is_held_tells_it_as_what_could_do_harm(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        ask(sign_in(council.lead), team)
        answers = {"asked_by": "Their mother", "identity": "Her passport", "why": "She asked"}

        page = sign_in(council.manager).submit(f"/people/{team.home.parent.ref}/copy", answers).follow()

        assert WHY in page.main
        assert "line of history about a confidential address" not in page.main

    def test_words_of_it_can_be_hidden(self, council: Council, sign_in: SignIn, team: Team) -> None:
        ask(sign_in(council.lead), team)
        refuse(sign_in(council.manager), team)
        manager = sign_in(council.manager)

        for words in (WHY, NO):
            answers = {"words": words, "also": "", "code": "wrong_family", "why": "Of another family"}
            assert manager.submit(f"/families/{team.ref}/hide", answers).status in (200, 303)
            sent = manager.get(f"/families/{team.ref}/restriction")
            assert sent.status == 200
            assert words not in sent.main
            assert words not in manager.get(f"/families/{team.ref}/history").main


def _stored(value: object) -> str:
    """As it lies in the database."""
    return str(getattr(value, "text", value))
