"""Two records turn out to be one family: one person proposes it, another confirms it, and they are one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.models.families import (
    CoordinatorAssignment,
    Family,
    Household,
    HouseholdMembership,
    ParentalResponsibility,
    Person,
    SafeContact,
)
from portal.models.merging import RecordMerge
from portal.models.record import FormDraft
from portal.models.teamwork import TeamMember
from tests.support.hiding import a_note
from tests.support.merging import WHY, Two, added_twice
from tests.support.people import Council, a_family, an_action, an_active_family, history_of, summary_of
from tests.support.web import SignIn


@pytest.fixture
def two(council: Council, sign_in: SignIn) -> Two:
    return added_twice(council, sign_in)


class TestProposing:
    def test_shows_both_beside_each_other_and_finds_who_stands_in_both(self, two: Two) -> None:
        browser = two.sign_in(two.council.coordinator)
        chosen = browser.get(f"/families/{two.kept.ref}/merge").main
        assert "No other record was merged into this one" in chosen

        found = browser.get(f"/families/{two.kept.ref}/merge/propose")
        assert f"The O’Neill family, {two.other.ref}" in found.main

        page = browser.get(f"/families/{two.kept.ref}/merge/propose?other={two.other.ref.lower()}")
        form = page.form(f"/families/{two.kept.ref}/merge/propose")
        assert page.main.count("1 Mill Lane") == 2
        assert form.values[f"same_{two.other.parent.id}"] == [str(two.kept.parent.id)]
        assert form.values[f"same_{two.other.children[0].id}"] == [str(two.kept.children[0].id)]
        assert not any(form.values.get(f"same_{two.other.children[1].id}", []))

    def test_moves_nothing_until_a_second_person_confirms_it(self, two: Two) -> None:
        before = two.people(two.kept), two.people(two.other)

        page = two.propose().follow()

        assert "somebody else has to confirm it" in page.main
        assert (two.people(two.kept), two.people(two.other)) == before
        assert two.page(two.council.coordinator).soup.select("form[action$=confirm]") == []
        own = two.sign_in(two.council.coordinator)
        assert own.submit(f"/families/{two.kept.ref}/merge/decline", {"why": "No"}).status == 409
        assert two.sign_in(two.council.lead).get(f"/families/{two.kept.ref}/merge").status == 404
        assert two.sign_in(two.council.auditor).get(f"/families/{two.kept.ref}/merge").status == 403
        for home in (two.kept, two.other):
            assert history_of(two.council, home.id)[-1] == "merge.proposed"
        assert "Records to merge" in own.get("/merges").main
        waiting = "1 merge of two records waiting for a second person"
        assert waiting in two.sign_in(two.council.manager).get("/families").main
        assert waiting not in own.get("/families").main
        assert two.kept.ref in own.get("/merges").main

    def test_asks_of_everybody_who_they_are(self, two: Two) -> None:
        page = two.propose({"keep": "", "why": "", f"same_{two.other.children[0].id}": ""})

        assert page.errors == [
            f"Select who Child0 O’Neill is in {two.kept.ref}, or that they are somebody else",
            "Select which record is kept",
            "Enter how you know that they are one family",
        ]

    def test_nobody_is_two_people(self, two: Two) -> None:
        same = str(two.kept.children[0].id)

        page = two.propose({f"same_{each.id}": same for each in two.other.children})

        assert page.errors == ["Two people of one record cannot both be the same person"]

    @pytest.mark.parametrize("reference", ["F-999", "F-1", "nonsense", ""])
    def test_needs_another_family_that_one_can_open(self, two: Two, reference: str) -> None:
        assert two.kept.ref == "F-1"

        page = two.sign_in(two.council.coordinator).get(f"/families/F-1/merge/propose?other={reference}")

        assert "Enter the reference of another family that you can open, like F-1042" in page.main

    def test_a_restricted_record_is_as_if_it_were_not_there(self, two: Two) -> None:
        hidden = a_family(two.council, restricted=True)

        page = two.sign_in(two.council.coordinator).get(f"/families/{two.kept.ref}/merge/propose?other={hidden.ref}")

        assert "Enter the reference of another family" in page.main
        assert hidden.ref not in page.main.replace(f"value {hidden.ref}", "")

    def test_is_one_at_a_time_of_each_of_the_two(self, two: Two) -> None:
        third = Two(two.council, two.sign_in, two.other, a_family(two.council, children=2))
        opened = third.beside(of=third.other)
        two.propose()

        page = third.send(opened, of=third.other)

        already = f"Something is proposed already for {two.other.ref}"
        assert page.status == 409
        assert already in page.main
        assert already in third.beside().main

    def test_is_seen_of_both_in_the_log(self, two: Two) -> None:
        manager = two.sign_in(two.council.manager)
        two.propose()
        seen = two.looks(two.kept, "look"), two.looks(two.other, "look")

        manager.get(f"/families/{two.kept.ref}/merge")

        assert (two.looks(two.kept, "look"), two.looks(two.other, "look")) == (seen[0] + 1, seen[1] + 1)
        assert two.looks(two.other, "change") == two.looks(two.kept, "change") == 1


class TestWithoutMerging:
    def test_whoever_proposed_it_withdraws_it(self, two: Two) -> None:
        page = two.propose().follow()

        page.form(f"/families/{two.kept.ref}/merge/withdraw").send()

        assert history_of(two.council, two.other.id)[-1] == "merge.withdrawn"
        assert "Nothing waits" in two.sign_in(two.council.manager).get("/merges").main
        assert two.propose().status == 303

    def test_the_second_person_says_why_not(self, two: Two) -> None:
        two.propose()
        manager = two.sign_in(two.council.manager)
        path = f"/families/{two.other.ref}/merge/decline"

        assert manager.submit(path, {"why": ""}).errors == ["Enter why they are not merged"]
        manager.submit(path, {"why": "They are cousins"})

        assert "They are cousins" in manager.get(f"/families/{two.kept.ref}/history").main
        assert "They are cousins" in manager.get(f"/families/{two.other.ref}/history").main
        assert two.people(two.other)[0] == "Siobhán O’Neill"

    def test_it_is_asked_anew_when_somebody_was_added_since(self, two: Two) -> None:
        two.propose()
        waiting = two.page()
        with two.council.behind_the_scenes():
            known = db.session.get_one(Person, two.other.children[1].id)
            db.session.add(Person(family_id=two.other.id, kind=known.kind, given_name="New", family_name="One"))

        page = waiting.form(f"/families/{two.kept.ref}/merge/confirm").send()

        assert page.status == 409
        assert "somebody was added to one of the two records" in page.main
        assert len(two.people(two.other)) == 4


class TestMerged:
    def test_everybody_stands_in_one_record_once(self, two: Two) -> None:
        page = two.merge()

        assert page.location == f"/families/{two.kept.ref}"
        assert two.people(two.kept) == ["Siobhán O’Neill", "Child0 O’Neill", "Child1 O’Neill"]
        with two.council.behind_the_scenes():
            of_kept = [
                (model.__name__, len(db.session.scalars(select(model).where(model.family_id == two.kept.id)).all()))
                for model in (Household, HouseholdMembership, ParentalResponsibility, SafeContact)
            ]
        assert of_kept == [
            *(("Household", 1), ("HouseholdMembership", 3), ("ParentalResponsibility", 2), ("SafeContact", 1))
        ]
        household = page.follow().browser.get(f"/families/{two.kept.ref}/household").main
        assert household.count("1 Mill Lane") == 1
        assert "Child1 O’Neill" in household

    def test_people_who_are_somebody_else_are_both_kept(self, two: Two) -> None:
        two.merge({f"same_{each.id}": "nobody" for each in [two.other.parent, *two.other.children]})

        assert len(two.people(two.kept)) == 5

    def test_what_only_the_other_record_knew_of_somebody_is_known_now(self, two: Two) -> None:
        with two.council.behind_the_scenes():
            child = db.session.get_one(Person, two.other.children[0].id)
            child.nhs_number, child.school = "9434765919", "Hillside"
            db.session.get_one(Person, two.kept.children[0].id).school = "Valley"

        two.merge()

        with two.council.behind_the_scenes():
            child = db.session.get_one(Person, two.kept.children[0].id)
        assert (child.nhs_number, child.school) == ("9434765919", "Valley")

    def test_its_work_goes_on_in_the_kept_record(self, council: Council, sign_in: SignIn) -> None:
        two = added_twice(council, sign_in)
        team = an_active_family(council, two.other)
        action = an_action(council, team)
        a_note(council, two.other, council.partner, "Pat wrote this")

        two.merge()

        assert sign_in(council.lead).get(f"/families/{two.kept.ref}/plan").status == 200
        assert sign_in(council.partner).get(f"/actions/{action.ref}").status == 200
        assert summary_of(council, two.kept.id).actions_open == 1
        assert summary_of(council, two.kept.id).lead_name == council.lead.name
        assert (summary_of(council, two.other.id).actions_open, summary_of(council, two.other.id).open) == (0, False)

    def test_history_tells_of_both_and_where_each_line_was_written(self, two: Two) -> None:
        a_note(two.council, two.other, two.council.coordinator, "Written over there")
        a_note(two.council, two.kept, two.council.coordinator, "Written over here")

        page = two.merge().follow()

        lines = page.browser.get(f"/families/{two.kept.ref}/history").soup.select(".app-timeline__item")
        told = [" ".join(line.get_text(" ").split()) for line in lines]
        assert f"confirmed what {two.council.coordinator.name} had proposed: the record {two.other.ref}" in told[0]
        assert WHY in told[0]
        (there,) = [line for line in told if "Written over there" in line]
        (here,) = [line for line in told if "Written over here" in line]
        assert f"written in {two.other.ref}" in there
        assert "written in" not in here

    def test_its_reference_leads_to_the_kept_record(self, two: Two) -> None:
        manager, child = two.sign_in(two.council.manager), two.other.children[0]
        writing = manager.get(f"/families/{two.other.ref}/notes/new")
        two.merge()

        assert manager.get(f"/families/{two.other.ref}/plan?x=1").location == f"/families/{two.kept.ref}/plan?x=1"
        assert manager.get(f"/people/{child.ref}/edit").location == f"/people/{two.kept.children[0].ref}/edit"
        sent = writing.form(f"/families/{two.other.ref}/notes/new").send({"text": "Half an hour of typing"})
        assert sent.status == 409
        assert f"This record is part of {two.kept.ref} now" in sent.main
        assert "Half an hour of typing" in sent.main
        assert two.sign_in(two.council.lead).get(f"/families/{two.other.ref}").status == 404
        found = two.sign_in(two.council.front_door).submit(
            "/look-up", {"number": two.other.ref, "reason": "A call about them"}
        )
        assert found.main.count("Known since") == 1
        assert two.kept.ref in found.main

    def test_is_found_by_what_only_the_other_record_was_called(self, two: Two) -> None:
        with two.council.behind_the_scenes():
            db.session.get_one(Family, two.other.id).council_reference = "EH-77"
        two.merge()

        found = two.sign_in(two.council.front_door).submit("/look-up", {"number": "EH-77", "reason": "A call"})

        assert two.kept.ref in found.main

    def test_is_in_no_list_of_families_any_more(self, two: Two) -> None:
        two.merge()

        listed = two.sign_in(two.council.manager).get("/families?view=all").main

        assert two.other.ref not in listed

    def test_who_has_looked_tells_of_looks_at_either(self, two: Two) -> None:
        two.sign_in(two.council.auditor).get(f"/families/{two.other.ref}")
        two.merge()

        page = two.sign_in(two.council.manager).get(f"/families/{two.kept.ref}/who-has-looked")

        assert two.council.auditor.name in page.main
        checked = two.council.app.test_cli_runner().invoke(args=["portal", "audit", "verify"])
        assert checked.exit_code == 0, checked.output

    def test_a_team_of_both_has_everybody_once(self, council: Council, sign_in: SignIn) -> None:
        two = added_twice(council, sign_in)
        an_active_family(council, two.kept)
        with council.behind_the_scenes():
            known = {"user_id": council.partner.id, "name": council.partner.name, "joined_on": clock.today()}
            db.session.add(TeamMember(family_id=two.other.id, **known))
            yesterday = clock.today() - timedelta(days=1)
            other = CoordinatorAssignment(
                family_id=two.other.id, user_id=council.other_coordinator.id, from_on=yesterday
            )
            db.session.add(other)

        two.merge()

        assert sign_in(council.manager).get(f"/families/{two.kept.ref}/team").main.count("Pat Partner") >= 1
        with council.behind_the_scenes():
            of = select(TeamMember.user_id).where(TeamMember.family_id == two.kept.id, TeamMember.user_id.is_not(None))
            assert set(db.session.scalars(of)) == {council.lead.id, council.partner.id}
            holds = select(CoordinatorAssignment).where(CoordinatorAssignment.family_id == two.kept.id)
            assert [
                (row.user_id, row.to_on) for row in db.session.scalars(holds.order_by(CoordinatorAssignment.id))
            ] == [
                (council.coordinator.id, None),
                (council.other_coordinator.id, clock.today()),
            ]

    def test_what_somebody_was_writing_is_offered_at_the_kept_record(self, two: Two) -> None:
        with two.council.behind_the_scenes():
            kept = {"form": "notes.new", "subject": two.other.ref, "saved_at": clock.now()}
            draft = FormDraft(
                user_id=two.council.manager.id, family_id=two.other.id, answers={"text": ["Half"]}, **kept
            )
            db.session.add(draft)

        two.merge()

        assert "Half" in two.sign_in(two.council.manager).get(f"/families/{two.kept.ref}/notes/new").main

    def test_once(self, two: Two) -> None:
        two.propose()
        form = two.page().form(f"/families/{two.kept.ref}/merge/confirm")

        assert form.send().location == form.send().location
        with two.council.behind_the_scenes():
            assert len(db.session.scalars(select(RecordMerge)).all()) == 1
