"""Who gets a message, what it says, and what becomes of one that is not taken."""

import ast
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

import portal.services
from portal.core import clock
from portal.core.db import db
from portal.domain.event_kinds import E
from portal.domain.lives import LIVES
from portal.domain.notice_words import SENTENCES, WHY, initials
from portal.domain.plans import ActionState
from portal.domain.sending import PAUSES
from portal.facts.recipients import RULES
from portal.models.handover import LeadCover
from portal.models.messages import DeliveryStatus
from portal.models.people import SharingAgreement, User
from portal.models.teamwork import PlanAction, TeamMember
from portal.services import history
from tests.support.keys import damage
from tests.support.people import Council, Team, an_active_family
from tests.support.post import CHOOSE, Postbox, attempts, deliveries, links_in
from tests.support.web import SignIn

HELD = timedelta(minutes=11)


@pytest.fixture
def postbox(app: Flask) -> Postbox:
    return Postbox(app)


@pytest.fixture
def team(council: Council) -> Team:
    return an_active_family(council)


@pytest.fixture
def given(council: Council, team: Team, sign_in: SignIn) -> Team:
    """An action the lead has just given to the partner."""
    sign_in(council.lead).submit(
        f"/families/{team.ref}/plan/actions/new",
        {"what": "Ring Siobhán about the school run", "who": f"member-{team.partner.id}", "due": "two_weeks"},
    )
    return team


class TestALetter:
    def test_names_the_portals_own_number_where_that_of_the_asker_cannot_be_read(
        self, council: Council, given: Team, postbox: Postbox
    ) -> None:
        damage(council.app, "app_user.phone_sealed", row=council.lead.id)

        with time_machine.travel(clock.now() + HELD):
            postbox.work()

        (letter,) = postbox.letters
        for said in (letter.text, letter.html or ""):
            assert "01632 960 100" in said
            assert "cannot be read" not in said

    def test_says_what_is_asked_by_when_and_who_asks_with_one_link_and_no_name(
        self, council: Council, given: Team, postbox: Postbox
    ) -> None:
        with time_machine.travel(clock.now() + HELD):
            postbox.work()

        (letter,) = postbox.letters
        assert letter.to == council.partner.email
        assert letter.subject.startswith("Update needed by ")
        assert letter.subject.endswith(": A-1")
        assert f"You are asked to do the action A-1, of F-{given.family.id} (O)." in letter.text
        assert "Who asked: LL, Ambleford School Nursing" in letter.text
        for said in (letter.text, letter.html or ""):
            assert set(links_in(said)) == {"http://localhost/actions/A-1/update"}
            assert "Choose what you are told: " in said
            assert CHOOSE in said
            for name in ("Siobhán", "O’Neill", "Lena", "Lead", "Pat", "school run"):
                assert name not in said

    def test_says_the_same_in_plain_text_and_in_html(self, given: Team, postbox: Postbox) -> None:
        from bs4 import BeautifulSoup

        with time_machine.travel(clock.now() + HELD):
            postbox.work()

        (letter,) = postbox.letters
        body = BeautifulSoup(letter.html or "", "lxml").body
        assert body is not None
        assert " ".join(body.get_text(" ").split()).replace(" ,", ",") == " ".join(letter.text.split())

    def test_waits_for_the_minutes_of_undo(self, given: Team, postbox: Postbox) -> None:
        postbox.work()

        assert postbox.letters == []

    def test_is_sent_once_however_often_the_worker_runs(self, given: Team, postbox: Postbox) -> None:
        with time_machine.travel(clock.now() + HELD):
            for _ in range(3):
                postbox.work()

        assert len(postbox.letters) == 1

    def test_opens_for_whoever_got_it(self, council: Council, given: Team, postbox: Postbox, sign_in: SignIn) -> None:
        with time_machine.travel(clock.now() + HELD):
            postbox.work()
            (link,) = set(links_in(postbox.letters[0].text))

            page = sign_in(council.partner).get(link.removeprefix("http://localhost"))

        assert page.status == 200


def _leaves(council: Council, team: Team) -> None:
    db.session.get_one(TeamMember, team.partner.id).left_on = clock.today()


def _does_it(council: Council, team: Team) -> None:
    action = db.session.scalars(select(PlanAction)).one()
    action.state, action.done_on = ActionState.DONE, clock.today()
    history.changed(team.family.id)


def _closes(council: Council, team: Team) -> None:
    db.session.get_one(User, council.partner.id).active = False


def _agreement_ends(council: Council, team: Team) -> None:
    for agreement in db.session.query(SharingAgreement).filter_by(organisation_id=council.school.id):
        agreement.ends_on = clock.today() - timedelta(days=1)


class TestWhoGetsNothing:
    @pytest.mark.parametrize(
        ("happens", "why"),
        [
            (_leaves, "Nobody is to be told of it any more"),
            (_does_it, "It was settled meanwhile"),
            (_closes, "Their account is closed"),
            (_agreement_ends, "Their organisation has no sharing agreement"),
        ],
    )
    def test_has_left_since_and_it_is_written_down_why(
        self, council: Council, given: Team, postbox: Postbox, happens: Callable[[Council, Team], None], why: str
    ) -> None:
        with council.behind_the_scenes():
            happens(council, given)

        with time_machine.travel(clock.now() + HELD):
            postbox.work()

        assert postbox.letters == []
        (delivery,) = deliveries(council.app)
        assert (delivery.status, delivery.why) == (DeliveryStatus.WITHHELD, why)

    def test_leaves_between_two_tries(self, council: Council, given: Team, postbox: Postbox) -> None:
        at = clock.now() + HELD
        with time_machine.travel(at), postbox.refuses():
            postbox.work()
        with council.behind_the_scenes():
            _leaves(council, given)

        with time_machine.travel(at + PAUSES[0] + timedelta(seconds=5)):
            postbox.work()

        assert postbox.letters == []
        assert deliveries(council.app)[0].why == "They are no longer to be told of it"


class TestALeadsCover:
    def test_receives_what_the_lead_would(
        self, council: Council, team: Team, postbox: Postbox, sign_in: SignIn
    ) -> None:
        with council.behind_the_scenes():
            db.session.add(
                LeadCover(
                    family_id=team.family.id,
                    assignment_id=1,
                    user_id=council.partner_other_organisation.id,
                    from_on=clock.today(),
                    to_on=clock.today() + timedelta(days=7),
                    named_by_name="Lena Lead",
                    named_at=clock.now(),
                )
            )
        sign_in(council.coordinator).submit(
            f"/families/{team.ref}/agreement/new",
            {"person": str(team.home.parent.id), "answer": "asked_to_stop"},
        )

        postbox.work()

        for person in (council.lead, council.partner_other_organisation):
            assert postbox.to(person) == [f"Asked to stop: F-{team.family.id}"]
        assert postbox.to(council.coordinator) == [], "nobody is told of what they did themselves"


class TestWhatIsNotTaken:
    def test_is_tried_again_after_pauses_that_grow_then_given_up(
        self, council: Council, given: Team, postbox: Postbox
    ) -> None:
        at = clock.now() + HELD
        with postbox.refuses():
            for pause in (timedelta(), *PAUSES, timedelta(days=2)):
                at += pause + timedelta(seconds=5)
                with time_machine.travel(at):
                    postbox.work()
                    postbox.work()

        assert len(postbox.tried) == len(PAUSES) + 1
        assert len({letter.message_id for letter in postbox.tried}) == 1
        (delivery,) = deliveries(council.app)
        assert delivery.status is DeliveryStatus.FAILED
        assert delivery.why == "The mail server asked to try later (code 451)"
        assert [each.number for each in attempts(council.app)] == list(range(1, len(PAUSES) + 2))

    def test_is_given_up_at_once_where_it_never_will_be(self, council: Council, given: Team, postbox: Postbox) -> None:
        with time_machine.travel(clock.now() + HELD), postbox.refuses(for_good=True):
            postbox.work()
            postbox.work()

        assert len(postbox.tried) == 1
        assert deliveries(council.app)[0].status is DeliveryStatus.FAILED


class TestEveryNotice:
    def test_of_a_life_has_people_and_words(self) -> None:
        for life in LIVES:
            for move in life.moves:
                if move.notify:
                    assert E(move.event) in SENTENCES, move.event
                    assert set(move.notify) <= set(RULES) & set(WHY), move.name

    def test_of_a_service_has_people_and_words(self) -> None:
        for path in sorted(Path(portal.services.__file__).parent.glob("*.py")):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                told = [word.value for word in getattr(call, "keywords", []) if word.arg == "notify"]
                if not isinstance(call, ast.Call) or not told:
                    continue
                rules = {node.value for node in ast.walk(told[0]) if isinstance(node, ast.Constant)} - {None}
                named = [node for node in ast.walk(told[0]) if isinstance(node, ast.Name) and node.id.isupper()]
                kinds = (
                    {
                        node.attr
                        for node in ast.walk(call.args[0])
                        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "E"
                    }
                    if call.args and (rules or named)
                    else set()
                )

                assert rules <= set(RULES), path.name
                assert {"ACTION_PLANNED", "ACTION_TAKEN_ON"} | {each.name for each in SENTENCES} >= kinds, path.name

    def test_names_people_by_their_first_letters(self) -> None:
        assert initials("The Marsh-Hill family") == "MH"
        assert initials("Carol Coordinator") == "CC"
