"""What stands in the way of a merge, and what is kept safe by one: restrictions, conflicts, holds, who sees more."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.emergencies import Emergency
from portal.domain.step_downs import Destination, StepDownState
from portal.models.families import (
    Clearance,
    ConfidentialAddress,
    ConflictOfInterest,
    Family,
    KeepApart,
    KeepApartKind,
    KeepApartReason,
    Person,
    SafeContact,
)
from portal.models.handover import StepDown, StepDownChild
from portal.models.people import User
from portal.models.restricting import EmergencyOpening, Restriction
from portal.models.subjects import DestructionProposal, RetentionHold
from portal.models.teamwork import TeamMember
from portal.services import history
from tests.support.merging import Two, added_twice
from tests.support.people import Council, Home, a_family, an_active_family, another_manager
from tests.support.web import SignIn


@pytest.fixture
def two(council: Council, sign_in: SignIn) -> Two:
    return added_twice(council, sign_in)


def handed_over(two: Two, home: Home) -> None:
    with two.council.behind_the_scenes():
        step_down = StepDown(
            family_id=home.id,
            state=StepDownState.PROPOSED,
            destination=Destination.TEAM,
            social_worker_id=two.council.social_worker.id,
            social_care_team_id=two.council.team.id,
            started_at=clock.now(),
        )
        db.session.add(step_down)
        db.session.flush()
        child = home.children[0].id
        db.session.add(StepDownChild(family_id=home.id, step_down_id=step_down.id, person_id=child))
        history.changed(home.id)


def change(two: Two, person: Person, **values: object) -> None:
    with two.council.behind_the_scenes():
        for name, value in values.items():
            setattr(db.session.get_one(Person, person.id), name, value)


def in_early_help_twice(two: Two) -> None:
    an_active_family(two.council, two.kept)
    an_active_family(two.council, two.other)


def one_child_in_two_step_downs(two: Two) -> None:
    handed_over(two, two.kept)
    handed_over(two, two.other)


def other_number(two: Two) -> None:
    change(two, two.kept.parent, nhs_number="9434765919")
    change(two, two.other.parent, nhs_number="9434765870")


def rung_otherwise(two: Two) -> None:
    with two.council.behind_the_scenes():
        row = db.session.scalars(select(SafeContact).where(SafeContact.person_id == two.other.parent.id)).one()
        row.never_contact = True


def hidden_twice(two: Two) -> None:
    with two.council.behind_the_scenes():
        for home in (two.kept, two.other):
            db.session.add(ConfidentialAddress(family_id=home.id, person_id=home.parent.id, address="2 Far Road"))


def to_be_destroyed(two: Two) -> None:
    with two.council.behind_the_scenes():
        who = {"proposed_by_id": two.council.manager.id, "proposed_by_name": "Moira", "proposed_at": clock.now()}
        db.session.add(DestructionProposal(family_id=two.other.id, why="Old", **who))


def conflicted(two: Two, home: Home, user: User) -> None:
    with two.council.behind_the_scenes():
        db.session.add(ConflictOfInterest(family_id=home.id, user_id=user.id, recorded_at=clock.now()))


def no_manager_left(two: Two) -> None:
    conflicted(two, two.other, two.council.manager)


def restrict(two: Two, home: Home, *cleared: User) -> None:
    with two.council.behind_the_scenes():
        db.session.get_one(Family, home.id).restricted = True
        by = {"restricted_by_id": two.council.manager.id, "restricted_at": clock.now()}
        db.session.add(Restriction(family_id=home.id, why="Danger", **by))
        for user in cleared:
            db.session.add(Clearance(family_id=home.id, user_id=user.id, cleared_at=clock.now()))


def is_open_to(two: Two, user: User, home: Home) -> bool:
    return two.sign_in(user).get(f"/families/{home.ref}").status == 200


class TestRefused:
    @pytest.mark.parametrize(
        ("arrange", "words"),
        [
            (in_early_help_twice, "Early help is open in both F-1 and F-2"),
            (one_child_in_two_step_downs, "Child0 O’Neill is in a step-down that is open in both"),
            (other_number, "Siobhán O’Neill: they have different NHS numbers"),
            (rung_otherwise, "How Siobhán O’Neill can safely be reached differs in the two"),
            (hidden_twice, "Siobhán O’Neill has a confidential address in both"),
            (to_be_destroyed, "Somebody proposed to destroy F-2. That has to be withdrawn first"),
            (no_manager_left, "No early help manager could see the merged record"),
        ],
    )
    def test_says_what_stands_in_the_way(self, two: Two, arrange: Callable[[Two], None], words: str) -> None:
        opened = two.beside()
        arrange(two)

        page = two.send(opened)

        assert page.status == 409
        assert words in page.main
        assert two.people(two.other)

    @pytest.mark.parametrize(
        ("arrange", "words"),
        [
            (in_early_help_twice, "Early help is open in both F-1 and F-2"),
            (to_be_destroyed, "Somebody proposed to destroy F-2. That has to be withdrawn first"),
        ],
    )
    def test_says_so_before_anybody_writes_why(self, two: Two, arrange: Callable[[Two], None], words: str) -> None:
        arrange(two)

        page = two.beside()

        assert words in page.main
        assert "They can be proposed once that is settled" in page.main
        assert page.soup.select("main form") == []

    def test_who_was_born_on_another_day_is_another_person(self, two: Two) -> None:
        page = two.propose(
            {f"same_{two.other.children[1].id}": str(two.kept.children[0].id)}
            | {f"same_{two.other.children[0].id}": "nobody"}
        )

        assert "Child0 O’Neill: they were born on different days. Correct that first, or keep both" in page.main

    def test_is_asked_anew_when_it_is_confirmed(self, two: Two) -> None:
        two.propose()
        waiting = two.page()
        to_be_destroyed(two)

        assert "Somebody proposed to destroy F-2" in waiting.form(f"/families/{two.kept.ref}/merge/confirm").send().main
        shown = two.page()
        assert "What stands in the way now" in shown.main
        assert shown.soup.select("form[action$=confirm]") == []
        assert two.people(two.other)

    def test_nobody_proposes_to_destroy_a_record_while_that_waits(self, two: Two) -> None:
        with two.council.behind_the_scenes():
            family = db.session.get_one(Family, two.kept.id)
            family.added_at = clock.now().replace(year=2009)
            for person in (two.kept.parent, *two.kept.children):
                db.session.get_one(Person, person.id).date_of_birth = clock.today().replace(year=1980)
        two.propose({f"same_{each.id}": "nobody" for each in (two.other.parent, *two.other.children)})

        page = two.sign_in(two.council.manager).submit(f"/families/{two.kept.ref}/retention/propose", {"why": "Old"})

        assert page.status == 409
        assert "It is proposed that this record and another one are one family" in page.main

    def test_not_by_whoever_opened_it_in_an_emergency(self, two: Two) -> None:
        restrict(two, two.other, two.council.manager, two.council.other_coordinator)
        with two.council.behind_the_scenes():
            hours = {"opened_at": clock.now(), "ends_at": clock.now() + timedelta(hours=2)}
            who = {"user_id": two.council.coordinator.id, "reason": Emergency.CHILD_AT_RISK, "why": "Rung at night"}
            db.session.add(EmergencyOpening(family_id=two.other.id, **who, **hours))

        page = two.propose()

        assert page.status == 409
        assert f"You opened {two.other.ref} in an emergency" in page.main


class TestSaferSide:
    def test_is_restricted_where_either_was_and_for_those_cleared_there_alone(self, two: Two) -> None:
        council = two.council
        restrict(two, two.other, council.manager, council.coordinator)
        with council.behind_the_scenes():
            # Left over from when it was restricted once.
            db.session.add(Clearance(family_id=two.kept.id, user_id=council.auditor.id, cleared_at=clock.now()))
        assert is_open_to(two, council.auditor, two.kept)

        two.merge()

        assert is_open_to(two, council.manager, two.kept)
        assert is_open_to(two, council.coordinator, two.kept)
        assert not is_open_to(two, council.auditor, two.kept)
        assert not is_open_to(two, council.other_coordinator, two.kept)
        assert "Danger" in two.sign_in(council.manager).get(f"/families/{two.kept.ref}/restriction").main

    def test_of_two_restricted_ones_only_who_is_cleared_for_both_sees_it(self, two: Two) -> None:
        council = two.council
        restrict(two, two.kept, council.manager, council.coordinator, council.auditor)
        restrict(two, two.other, council.manager, council.coordinator, council.other_coordinator)
        before = two.sign_in(council.coordinator).get(f"/families/{two.kept.ref}/merge/propose?other={two.other.ref}")
        assert "cleared for both: Carol Coordinator and Moira Manager" in before.main

        two.merge()

        seeing = [council.manager, council.coordinator, council.auditor, council.other_coordinator]
        assert [is_open_to(two, user, two.kept) for user in seeing] == [True, True, False, False]

    def test_of_two_restricted_ones_somebody_has_to_be_left_who_clears_others(self, two: Two) -> None:
        second = another_manager(two.council)
        restrict(two, two.kept, two.council.coordinator, two.council.manager)
        restrict(two, two.other, two.council.coordinator, second)

        assert "No early help manager could see the merged record" in two.beside().main

    def test_whose_own_family_it_is_of_either_does_not_see_it(self, two: Two) -> None:
        conflicted(two, two.other, two.council.auditor)
        page = two.sign_in(two.council.coordinator).get(f"/families/{two.kept.ref}/merge/propose?other={two.other.ref}")
        assert two.council.auditor.name not in page.main

        two.merge()

        assert not is_open_to(two, two.council.auditor, two.kept)

    def test_what_was_opened_in_an_emergency_is_closed(self, two: Two) -> None:
        with two.council.behind_the_scenes():
            hours = {"opened_at": clock.now(), "ends_at": clock.now() + timedelta(hours=2)}
            who = {"user_id": two.council.front_door.id, "reason": Emergency.CHILD_AT_RISK, "why": "Rung at night"}
            db.session.add(EmergencyOpening(family_id=two.other.id, **who, **hours))
        assert is_open_to(two, two.council.front_door, two.other)

        two.merge()

        assert not is_open_to(two, two.council.front_door, two.kept)
        assert (
            "closed what was opened in an emergency"
            in two.sign_in(two.council.manager).get(f"/families/{two.kept.ref}/history").main
        )

    def test_people_are_kept_apart_and_their_keepers_alone_read_why(self, two: Two) -> None:
        child, parent = two.other.children[1], two.other.parent
        with two.council.behind_the_scenes():
            row = KeepApart(
                family_id=two.other.id, person_id=child.id, other_id=parent.id, kind=KeepApartKind.MUST_NOT_MEET
            )
            db.session.add(row)
            db.session.flush()
            db.session.add(KeepApartReason(family_id=two.other.id, keep_apart_id=row.id, text="A court order"))
            db.session.add(ConfidentialAddress(family_id=two.other.id, person_id=child.id, address="2 Far Road"))

        two.merge()

        page = two.sign_in(two.council.manager).get(f"/families/{two.kept.ref}/household").main
        assert "Child1 O’Neill must not meet Siobhán O’Neill" in page
        assert "A court order" not in page
        assert "2 Far Road" not in page

    def test_a_hold_holds_the_merged_record(self, two: Two) -> None:
        with two.council.behind_the_scenes():
            for home, why in ((two.kept, "A claim"), (two.other, "An inquiry")):
                placed = {"placed_by_id": two.council.manager.id, "placed_by_name": "Moira", "placed_at": clock.now()}
                review = clock.today() + timedelta(days=30)
                db.session.add(RetentionHold(family_id=home.id, why=why, review_on=review, **placed))
                db.session.get_one(Family, home.id).added_at = clock.now() - timedelta(days=400)

        two.merge()

        page = two.sign_in(two.council.manager).get(f"/families/{two.kept.ref}/retention").main
        assert "A claim" in page
        assert "An inquiry" in page
        assert "Lift the hold" in page
        assert f"Another record was merged into it, {clock.today():%-d %B %Y}" in page


class TestWhoSeesMore:
    def test_is_said_of_whoever_works_with_one_of_them_alone(self, two: Two) -> None:
        council = two.council
        an_active_family(council, two.other)
        with council.behind_the_scenes():
            added = clock.now() - timedelta(days=400)
            for home in (two.kept, two.other):
                db.session.get_one(Family, home.id).added_at = added
            known = {"name": council.partner.name, "joined_on": clock.today()}
            db.session.add(TeamMember(family_id=two.kept.id, user_id=council.partner.id, **known))
            outside = council.partner_other_organisation
            db.session.add(TeamMember(family_id=two.kept.id, user_id=outside.id, name="Ola", joined_on=clock.today()))

        page = two.sign_in(council.coordinator).get(f"/families/{two.kept.ref}/merge/propose?other={two.other.ref}")

        told = [item.get_text() for item in page.soup.select("h2:-soup-contains('Who sees more') + ul li")]
        assert told == [
            "Lena Lead, Ambleford School Nursing, sees F-2 now and will see all of F-1 too",
            "Ola Other, Ambleford School Nursing, sees F-1 now and will see all of F-2 too",
        ]
        assert not is_open_to(two, council.lead, two.kept)
        two.merge()
        assert is_open_to(two, council.lead, two.kept)

    def test_teams_of_social_workers_are_named(self, two: Two) -> None:
        handed_over(two, two.other)

        page = two.sign_in(two.council.coordinator).get(f"/families/{two.kept.ref}/merge/propose?other={two.other.ref}")

        assert "Social workers of Fieldwork North see F-2 now and will see all of F-1 too" in page.main

    def test_who_is_not_cleared_and_will_see_it_no_more_is_named(self, two: Two) -> None:
        an_active_family(two.council, two.kept)
        restrict(two, two.other, two.council.manager, two.council.coordinator)

        two.propose()

        page = two.page().main
        assert "The merged record is restricted, because F-2 is" in page
        assert "Lena Lead, Ambleford School Nursing: is not cleared" in page


def test_a_family_of_nobody_else_is_as_it_was(two: Two) -> None:
    third = a_family(two.council, name="Third")
    before = two.people(third)

    two.merge()

    assert two.people(third) == before
