"""Add and correct somebody of a family; somebody dies."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.event_kinds import E
from portal.models.families import SafeContact
from portal.models.record import Event, OutboxMessage
from portal.models.teamwork import MeetingInvitee, TeamMember
from tests.support.handovers import a_meeting
from tests.support.household import events, expected, read, send, somebody
from tests.support.people import Council, a_family, an_active_family
from tests.support.web import SignIn, counted_statements, date_parts

NHS, UPN = "943 476 5919", "B801200005001"


class TestAddingSomebody:
    def answers(self, **more: Any) -> dict[str, Any]:
        return {
            "kind": "child",
            "given_name": "Ó",
            "family_name": "D’Arcy-Ray",
            **date_parts("date_of_birth", date(2019, 2, 28)),
            **more,
        }

    def test_everything_that_is_known_is_kept(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        path = f"/families/{home.ref}/household/people/new"
        more = {
            "known_as": "Ozzie",
            "sex": "male",
            "gender": "boy",
            "ethnicity": "MWBC",
            "language": "Polish",
            "interpreter_needed": "yes",
            "disability_or_send": "Hearing aid",
            "school": "Hillside",
            "health_contact": "Dr Rao",
            "social_care_number": "sc 77",
            "nhs_number": NHS,
            "upn": UPN,
            "homes": ["1"],
        }

        page = send(sign_in, council, path, self.answers(**more)).follow()

        assert page.text_of("h1") == "How Ozzie D’Arcy-Ray belongs to the others"
        shown = sign_in(council.social_worker).get(f"/families/{home.ref}/household").main
        for words in (
            "Ozzie D’Arcy-Ray lives in Home",
            "28 February 2019",
            "Gender boy",
            "Mixed: White and Black Caribbean",
            "Interpreter needed Yes",
            "Hearing aid",
            "Dr Rao",
            "SC77",
            NHS,
            UPN,
        ):
            assert words in shown
        (event,) = events(council, home, "person.")
        assert event.data == {"whom": "Ozzie D’Arcy-Ray"}

    def test_what_nobody_knows_is_said_so(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        send(sign_in, council, f"/families/{home.ref}/household/people/new", {**self.answers(), "kind": "adult"})

        shown = sign_in(council.social_worker).get(f"/families/{home.ref}/household").main
        assert "Ethnicity Not known" in shown
        assert "Home not known Ó D’Arcy-Ray" in shown

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"given_name": ""}, "Enter the given name"),
            ({"family_name": " "}, "Enter the family name"),
            ({"kind": None}, "Select whether this is a child or an adult"),
            ({"nhs_number": "9434765918"}, "NHS number must be a real one"),
            ({"upn": "A801200005001"}, "Unique pupil number must be a real one"),
            ({"kind": "adult", "upn": UPN}, "Only a child has a unique pupil number"),
            (date_parts("date_of_birth", date(2199, 1, 1)), "Date of birth must be today or in the past"),
            (
                {"date_of_birth-day": "31", "date_of_birth-month": "2", "date_of_birth-year": "2019"},
                "Date of birth must be a real date, like 27 3 2025",
            ),
            (date_parts("expected_on", date(2199, 1, 1)), "Enter a date of birth or an expected date, not both"),
            ({"ethnicity": "XXXX"}, "Select one of the answers in the list"),
        ],
    )
    def test_what_cannot_be_is_said_at_the_question(
        self, council: Council, sign_in: SignIn, wrong: dict[str, Any], words: str
    ) -> None:
        home = a_family(council)

        page = send(sign_in, council, f"/families/{home.ref}/household/people/new", self.answers(**wrong))

        assert page.status == 422
        assert any(words in error for error in page.errors), page.errors
        if "family_name" not in wrong:
            assert page.form().values["family_name"] == ["D’Arcy-Ray"]

    def test_a_number_of_somebody_else_is_refused(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        somebody(council, home, "Kevin", nhs_number="9434765919")

        page = send(sign_in, council, f"/families/{home.ref}/household/people/new", self.answers(nhs_number=NHS))

        assert page.errors == ["Kevin O’Neill has this number already. Check whose it is"]

    def test_a_number_of_somebody_of_another_family_is_refused_without_a_name(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home, other = a_family(council), a_family(council, by=council.coordinator)
        somebody(council, other, "Kevin", nhs_number="9434765919")
        person = somebody(council, home, "Aoife")

        added = send(sign_in, council, f"/families/{home.ref}/household/people/new", self.answers(nhs_number=NHS))
        changed = send(sign_in, council, f"/people/P-{person.id}/edit", {"nhs_number": NHS})

        words = "This NHS number is already that of another person in the portal. Check whose it is"
        assert (added.errors, changed.errors) == ([words], [words])
        assert changed.form().values["nhs_number"] == [NHS]

    def test_somebody_who_is_here_already_is_refused(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        path = f"/families/{home.ref}/household/people/new"
        send(sign_in, council, path, self.answers())

        page = send(sign_in, council, path, self.answers(family_name="d’arcy ray"))

        assert page.errors == ["Ó D’Arcy-Ray is in this family already. Change what is known of them instead"]


class TestChangingWhatIsKnown:
    def test_what_was_not_known_needs_no_reason(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        page = send(sign_in, council, f"/people/{home.parent.ref}/edit", {"language": "Irish"}).follow()

        assert "What is known of Siobhán O’Neill was saved" in page.text
        (event,) = events(council, home, "person.")
        assert event.kind is E.PERSON_TOLD
        assert "recorded the language of Siobhán O’Neill: Irish" in (
            sign_in(council.social_worker).get(f"/families/{home.ref}/history").main
        )

    def test_a_change_names_the_old_and_the_new(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        child = home.children[0]

        send(sign_in, council, f"/people/{child.ref}/edit", {"family_name": "Ray", "because": "changed"})

        (event,) = events(council, home, "person.")
        assert (event.kind, event.data["old"], event.data["new"]) == (E.PERSON_CHANGED, "O’Neill", "Ray")
        assert read(council, child).name == "Child0 Ray"

    def test_a_correction_names_the_event_it_corrects_and_why(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        path = f"/people/{home.parent.ref}/edit"
        send(sign_in, council, path, {"language": "Irish"})
        (told,) = events(council, home, "person.told")

        send(sign_in, council, path, {"language": "Polish", "because": "wrong", "reason": "She speaks Polish"})

        (event,) = events(council, home, "person.corrected")
        assert event.corrects_id == told.id
        assert event.text == "She speaks Polish"

    def test_a_correction_of_what_came_with_the_family_names_that(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        answers = {"given_name": "Siobhan", "because": "wrong", "reason": "A slip"}

        send(sign_in, council, f"/people/{home.parent.ref}/edit", answers)

        (event,) = events(council, home, "person.corrected")
        with council.behind_the_scenes():
            corrected = db.session.get_one(Event, event.corrects_id)
        assert corrected.kind is E.FAMILY_ADDED

    @pytest.mark.parametrize(
        ("because", "words"),
        [
            (None, "Select whether this has changed or was recorded wrongly"),
            ("wrong", "Enter what was wrong"),
        ],
    )
    def test_a_change_of_something_known_says_why(
        self, council: Council, sign_in: SignIn, because: str | None, words: str
    ) -> None:
        home = a_family(council)

        page = send(sign_in, council, f"/people/{home.parent.ref}/edit", {"given_name": "Sinéad", "because": because})

        assert page.errors == [words]
        assert page.form().values["given_name"] == ["Sinéad"]
        assert events(council, home, "person.") == []

    def test_nothing_different_records_nothing(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        page = send(sign_in, council, f"/people/{home.parent.ref}/edit", {}).follow()

        assert "Nothing was different" in page.text
        assert events(council, home, "person.") == []

    def test_the_name_on_the_team_follows(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        send(sign_in, council, f"/people/{team.home.parent.ref}/edit", {"family_name": "Ray", "because": "changed"})

        assert "Siobhán Ray" in sign_in(council.lead).get(f"/families/{team.ref}/team").main

    def test_who_has_parental_responsibility_cannot_become_a_child(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        answers = {"kind": "child", **date_parts("date_of_birth", date(2009, 5, 4)), "because": "changed"}
        page = send(sign_in, council, f"/people/{home.parent.ref}/edit", answers)

        assert page.errors == ["First take away the parental responsibility that is recorded"]

    def test_of_two_people_the_second_sees_both_texts(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        path = f"/people/{home.parent.ref}/edit"
        open_page = sign_in(council.coordinator).get(path)
        send(sign_in, council, path, {"language": "Irish"})

        page = open_page.form().send({"language": "Polish"})

        assert page.status == 409
        assert "Irish" in page.main
        assert page.form().values["language"] == ["Polish"]

    def test_of_both_texts_only_what_really_differs_is_shown(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        path = f"/people/{home.parent.ref}/edit"
        born = date_parts("date_of_birth", date(1990, 5, 4))
        send(sign_in, council, path, {**born, "nhs_number": NHS, "school": "Hill side", "because": "changed"})
        open_page = sign_in(council.coordinator).get(path)
        send(sign_in, council, path, {"language": "Irish"})

        padded = {name: part.zfill(2) for name, part in born.items()}
        spaced = {"nhs_number": "943  476  5919", "school": "Hill  side"}
        page = open_page.form().send({**padded, **spaced, "language": "Polish"})

        sides = page.soup.select(".app-side-by-side__part")
        assert [[each.get_text() for each in side.select("h3")] for side in sides] == [["Language"], ["Language"]]
        assert page.form().values["date_of_birth-month"] == ["05"]


class TestDeath:
    def test_everything_that_reaches_out_stops_and_the_record_stays(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        parent = team.home.parent
        a_meeting(council, team, review=True, on=clock.today() + timedelta(days=5))
        with council.behind_the_scenes():
            about = {"family_id": team.home.id, "kind": "check.made", "rule": "lead_professional"}
            now, later = clock.now(), clock.now() + timedelta(days=3)
            db.session.add(OutboxMessage(**about, subject=parent.ref, made_at=now, due_at=now, expires_at=later))

        send(sign_in, council, f"/people/{parent.ref}/died", date_parts("on", clock.today()))

        with council.behind_the_scenes():
            safe = db.session.scalars(select(SafeContact).where(SafeContact.person_id == parent.id)).one()
            assert not any((safe.by_phone, safe.by_text, safe.by_email, safe.by_post))
            assert safe.phone == "01632 960 300"
            message = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "check.made")).one()
            assert message.expires_at <= clock.now()
            member = db.session.scalars(select(TeamMember).where(TeamMember.person_id == parent.id)).one()
            assert member.left_on == clock.today()
            asked = select(func.count()).select_from(MeetingInvitee).where(MeetingInvitee.member_id == member.id)
            assert db.session.scalar(asked) == 0
            told = db.session.scalars(select(OutboxMessage.rule).where(OutboxMessage.kind == "person.died"))
            assert set(told) == {"coordinator", "lead_professional"}
        page = sign_in(council.lead).get(f"/families/{team.ref}")
        assert "call or text" not in page.text_of(".app-safe-contact")
        assert "Siobhán O’Neill died on" in sign_in(council.lead).get(f"/families/{team.ref}/history").main

    def test_nobody_is_asked_to_join_or_reached_again(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        parent = team.home.parent
        send(sign_in, council, f"/people/{parent.ref}/died", date_parts("on", clock.today()))

        assert parent.name not in sign_in(council.lead).get(f"/families/{team.ref}/team/add").main
        assert "Nobody can be reached here." in sign_in(council.lead).get(f"/people/{parent.ref}/safe-contact").main

    @pytest.mark.parametrize(
        ("on", "words"),
        [
            (date(1990, 5, 3), "The date must be on or after 4 May 1990, the date of birth"),
            (date(2199, 1, 1), "The date must be today or in the past"),
        ],
    )
    def test_on_a_day_that_can_be(self, council: Council, sign_in: SignIn, on: date, words: str) -> None:
        home = a_family(council)

        page = send(sign_in, council, f"/people/{home.parent.ref}/died", date_parts("on", on))

        assert page.errors == [words]
        assert read(council, home.parent).died_on is None

    def test_recorded_by_mistake_names_what_it_corrects(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        path = f"/people/{home.parent.ref}/died"
        send(sign_in, council, path, date_parts("on", clock.today()))

        page = send(sign_in, council, path, {"mistake": "y", "reason": "Her aunt of the same name"}).follow()

        assert "stays off until somebody records it again" in page.text
        died, corrected = events(council, home, "person.died")[0], events(council, home, "death.")[0]
        assert corrected.corrects_id == died.id
        assert read(council, home.parent).died_on is None
        with council.behind_the_scenes():
            assert not db.session.scalars(select(SafeContact.by_phone)).one()

    def test_an_unborn_child_has_a_page_of_their_own(self, council: Council, sign_in: SignIn) -> None:
        baby = expected(council, a_family(council))

        page = sign_in(council.social_worker).get(f"/people/{baby.ref}/died")

        assert f"/people/{baby.ref}/pregnancy-ended" in page.links()


def test_the_household_page_costs_the_same_for_many(council: Council, sign_in: SignIn) -> None:
    home = a_family(council, children=6)
    for number in range(4):
        somebody(council, home, f"Aunt {number}")
    browser = sign_in(council.coordinator)

    with counted_statements(council.app) as seen:
        browser.get(f"/families/{home.ref}/household")

    assert len(seen) <= 12, "\n".join(seen)
