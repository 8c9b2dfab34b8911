"""Hide at once: words that must not stand vanish from everywhere."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from portal.core import clock
from portal.core.db import Base, db
from portal.domain.event_kinds import E
from portal.facts import typed_places
from portal.models.families import EarlierAddress, Household, LookUp, Note, Person
from portal.models.hiding import HiddenWords
from portal.models.record import Event, FormDraft
from portal.models.teamwork import Contact, PlanAction
from portal.services import history
from tests.policies.test_person_route import addresses, ask, token_of
from tests.support.hiding import BECAUSE, WHERE, a_note, hide, stored
from tests.support.people import Council, a_family, an_action, an_active_family
from tests.support.web import SignIn
from tests.support.world import FullFamily, World, a_world


class TestEveryPlace:
    # Short enough for the shortest column: that of a postcode.
    CANARY = "QX7 9ZZ"

    def everywhere(self, council: Council, full: FullFamily) -> int:
        """Typed into every column of every row of a family, of every kind that can be typed into."""
        family, today, now = full.home.family, clock.today(), clock.now()
        of = {"family_id": family.id}
        with council.behind_the_scenes():
            house = int(full.ref(Household).removeprefix("H-"))
            written = {"author_id": council.partner.id, "organisation_id": council.school.id, "written_at": now}
            called = {"made_by_id": council.lead.id, "made_by_name": "Lena Lead", "on": today, "recorded_at": now}
            searched = {"user_id": council.front_door.id, "at": now, "searched_by": "reference"}
            kept = {"user_id": council.lead.id, "form": "notes.new", "subject": family.ref, "saved_at": now}
            db.session.add_all(
                [
                    Note(**of, **written, text="Text"),
                    Contact(**of, **called, method="visit", answered=True, note="Text"),
                    EarlierAddress(**of, household_id=house, address="Text", postcode="AB1 2DE", corrected_on=today),
                    LookUp(**searched, reason="Text", found_family_id=family.id),
                    FormDraft(**of, **kept, answers={"text": ["Text"]}),
                ]
            )
            db.session.flush()
            filled = 0
            for model, columns in typed_places.columns_by_model().items():
                by = getattr(model, typed_places.BESIDE.get(model, "family_id"), model.id)
                for row in db.session.scalars(select(model).where(by == family.id)):
                    for column in columns:
                        old = getattr(row, column)
                        if column in ("outside_name", "before", "wording"):
                            continue
                        setattr(row, column, {**old, "typed": [self.CANARY]} if isinstance(old, dict) else self.CANARY)
                        filled += 1
            return filled

    def where_it_stands(self, app: Flask) -> set[str]:
        with app.app_context(), db.engine.connect() as connection:
            return {
                table.name
                for table in db.metadata.sorted_tables
                for row in connection.execute(select(table)).mappings()
                if self.CANARY in str(dict(row))
            }

    def shown(self, council: Council, sign_in: SignIn, world: World, who: str) -> list[str]:
        """The pages that tell it to this person, of all that they may open."""
        browser = sign_in(getattr(council, who))
        token = token_of(browser)
        return [
            address.path
            for address in addresses(council.app, world, who)
            if address.method == "GET" and address.family != "another's"
            if self.CANARY in ask(browser, address, token).get_data(as_text=True)
        ]

    def test_nothing_is_left_in_the_database_nor_on_any_page(self, council: Council, sign_in: SignIn) -> None:
        world = a_world(council)
        filled = self.everywhere(council, world.north)
        before = self.where_it_stands(council.app)
        shown = len(self.shown(council, sign_in, world, "coordinator"))

        page = hide(sign_in, council.coordinator, world.north.home, self.CANARY, sure="y")

        assert page.status == 303, page.errors
        assert filled > len(before) > 20
        assert shown > 20
        assert self.where_it_stands(council.app) == set()
        assert self.CANARY not in str(stored(council, FormDraft).answers)
        for who in ("coordinator", "partner"):
            assert self.shown(council, sign_in, world, who) == []

    def test_a_put_back_mistake_leaves_each_row_as_it_was(self, council: Council, sign_in: SignIn) -> None:
        world = a_world(council)
        self.everywhere(council, world.north)
        before = self.rows(council)
        hide(sign_in, council.coordinator, world.north.home, self.CANARY, sure="y")
        ref = stored(council, HiddenWords).ref

        page = sign_in(council.manager).submit(f"/hidden/{ref}", {"why": "It is the postcode of the office"})

        assert page.status == 303, page.errors
        assert self.rows(council) == before

    def rows(self, council: Council) -> dict[str, Any]:
        with council.behind_the_scenes():
            return {
                f"{place.table} {place.row.id} {place.column}": place.value
                for full in db.session.scalars(select(Household.family_id).distinct())
                for place in typed_places.of_family(full)
                if not isinstance(place.row, Event) or not place.row.kind.value.startswith("words.")
            }

    def test_each_column_of_text_is_looked_into_or_says_who_somebody_is(self) -> None:
        """A table that is added later joins by itself; what does not is named here."""
        looked = typed_places.columns_by_model()
        left = {
            f"{model.__name__}.{column.key}"
            for model in (mapper.class_ for mapper in Base.registry.mappers)
            if "family_id" in inspect(model).columns and model not in typed_places.NOT_LOOKED_INTO
            for column in inspect(model).columns
            if isinstance(column.type.python_type, type)
            and column.type.python_type in (str, dict, list)
            and column.key not in looked.get(model, ())
            and not column.key.endswith("_by_name")
        }

        assert left - {f"Person.{name}" for name in typed_places.WHO_IS_WHO[Person]} == {
            "Audit.changes",
            "Audit.changes_mark",
            "Audit.page",
            "Audit.reason",  # kept back where it is read
            "Audit.roles",
            "Audit.standing",
            "Audit.subject",
            "Audit.writer",
            "Audit.mac",
            "Event.actor_name",
            "Event.subject",
            "Household.postcode_mark",
            "FamilyAnswer.language",
            "FamilyAnswer.sent",
            "FamilyLink.token_hash",
            "FamilySeen.click",
            "FormDraft.form",
            "FormDraft.subject",
            "OutboxMessage.kind",
            "OutboxMessage.rule",
            "OutboxMessage.subject",
        }


class TestWhoHides:
    def test_a_member_hides_their_own_note(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        line = a_note(council, team.home, council.partner, f"Mum is at {WHERE} now.")
        browser = sign_in(council.partner)

        assert f"/events/{line}/hide" in browser.get(f"/families/{team.ref}/history").links()
        page = browser.submit(f"/events/{line}/hide", {"what": "some", "words": WHERE.lower(), **BECAUSE}).follow()

        assert WHERE not in page.text
        assert "Mum is at [Hidden on" in page.main
        assert "Pat Partner hid words in 1 place, Z-" in page.main
        assert stored(council, HiddenWords).words == [WHERE.lower()]

    def test_all_that_was_written_in_a_line(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        line = a_note(council, team.home, council.lead, "This is about the Browns,\nnot about them.", own=True)

        page = sign_in(council.lead).submit(
            f"/events/{line}/hide", {"what": "whole", "code": "wrong_family", "why": "I wrote it here by mistake"}
        )

        assert page.status == 303, page.errors
        assert stored(council, Note).text.startswith("[Hidden on ")
        assert "Browns" not in page.follow().text

    def test_not_what_somebody_else_wrote_first(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        a_note(council, team.home, council.coordinator, f"They went to {WHERE}.")
        line = a_note(council, team.home, council.partner, f"As you wrote: {WHERE}.")

        page = sign_in(council.partner).submit(f"/events/{line}/hide", {"what": "some", "words": WHERE, **BECAUSE})

        assert page.status == 422
        assert "Carol Coordinator wrote these words first. Ask them, or the early help coordinator" in page.errors[0]
        assert WHERE in stored(council, Note).text

    def test_nor_words_that_stand_elsewhere_alone(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        a_note(council, team.home, council.coordinator, f"They went to {WHERE}.")
        line = a_note(council, team.home, council.partner, "All is well.")

        page = sign_in(council.partner).submit(f"/events/{line}/hide", {"what": "some", "words": WHERE, **BECAUSE})

        assert page.status == 422
        assert page.errors == ["These words do not stand in this line. Copy them as they stand there"]

    def test_nobody_else_is_offered_a_line_of_mine(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        line = a_note(council, team.home, council.coordinator, "All is well.")
        browser = sign_in(council.partner)

        assert f"/events/{line}/hide" not in browser.get(f"/families/{team.ref}/history").links()
        assert browser.get(f"/events/{line}/hide").status == 403
        assert browser.get(f"/families/{team.ref}/hide").status == 403

    def test_a_coordinator_hides_what_anybody_wrote_wherever_it_stands(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)
        a_note(council, team.home, council.partner, f"Mum is at {WHERE.upper()}", own=True)
        with council.behind_the_scenes():
            row = db.session.get_one(PlanAction, action.id)
            row.what, row.in_the_way = "Ring 14 Orchard\n Row first", "Nobody\nis there"

        hide(sign_in, council.coordinator, team.home, also="nobody is there")

        changed = stored(council, PlanAction)
        assert changed.what.startswith("Ring [Hidden on ")
        assert changed.in_the_way.startswith("[Hidden on ")
        assert stored(council, Note).text.startswith("Mum is at [Hidden on ")


class TestWhatIsAsked:
    @pytest.mark.parametrize(
        ("answers", "field"),
        [
            ({"words": ""}, "Enter the words as they stand"),
            ({"words": "at"}, "“at” would be met by chance. Choose longer words"),
            ({"words": "the", "sure": "y"}, "“the” would be met by chance. Choose longer words"),
            ({"words": "She is with"}, "“She is with” would be met by chance. Choose longer words"),
            ({"words": "1234"}, "“1234” would be met by chance. Choose longer words"),
            ({"words": "Of no such street"}, "These words stand nowhere in this record. Copy them as they stand"),
            ({"why": f"She is at {WHERE}"}, "Say why without the words themselves"),
            ({"why": ""}, "Enter why they must not stand"),
            ({"code": ""}, "Select why they must not stand"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_question(
        self, council: Council, sign_in: SignIn, answers: dict[str, str], field: str
    ) -> None:
        team = an_active_family(council)
        a_note(council, team.home, council.partner, f"Mum is at {WHERE}")

        page = sign_in(council.coordinator).submit(f"/families/{team.ref}/hide", {"words": WHERE, **BECAUSE, **answers})

        assert page.status == 422
        assert page.errors == [field]
        assert stored(council, HiddenWords) is None

    def test_words_of_many_places_or_of_a_home_have_to_be_meant(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        browser = sign_in(council.coordinator)

        page = browser.submit(f"/families/{home.ref}/hide", {"words": "1 Mill Lane", **BECAUSE})

        assert page.status == 422
        assert page.errors == [
            "These words stand in 1 place, and are part of how somebody is reached or where they live. "
            "Tick that all of it is meant, or choose other words"
        ]
        assert stored(council, Household).address == "1 Mill Lane, Ambleford"
        assert hide(sign_in, council.coordinator, home, "1 Mill Lane", sure="y").status == 303
        assert stored(council, Household).address.endswith("], Ambleford")

    def test_words_of_the_portal_s_own_are_left_alone(self, council: Council, sign_in: SignIn) -> None:
        """A line of history would not open any more."""
        team = an_active_family(council)
        with council.as_(council.coordinator) as viewer:
            data = {"what": "a visit to them", "told_how": "visit"}
            history.record(E.CONTACT_RECORDED, team.home.family, by=viewer, data=data, told_by="Mum", text="A visit")

        page = hide(sign_in, council.coordinator, team.home, "visit").follow()

        assert page.status == 200
        assert "recorded a [Hidden on" in page.main

    def test_a_form_that_was_open_does_not_bring_them_back_unseen(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)
        with council.behind_the_scenes():
            db.session.get_one(PlanAction, action.id).what = f"Ring {WHERE}"
        open_form = sign_in(council.lead).get(f"/actions/{action.ref}/due").form()

        hide(sign_in, council.coordinator, team.home)

        assert open_form.send().status in (409, 422)
