"""A copy of what is held about one person: complete, with what is about others marked, and remembered."""

import csv
from collections.abc import Hashable
from datetime import timedelta
from io import StringIO
from typing import cast

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import Base, db
from portal.domain.redaction import Others
from portal.models.base import FamilyScoped
from portal.models.families import (
    ConfidentialAddress,
    EarlierAddress,
    Household,
    KeepApart,
    KeepApartKind,
    KeepApartReason,
    Note,
    NoteAudience,
    Person,
)
from portal.models.record import Audit, AuditKind
from portal.models.subjects import DataCopy
from portal.queries.held_parts import LEFT_OUT, PARTS, TOLD_OTHERWISE
from portal.queries.held_values import NOT_TOLD, columns
from tests.support.copies import ANSWERS, the_copy
from tests.support.people import Council, Home, Team, a_family, an_active_family
from tests.support.web import Page, SignIn

HOW_A_ROW_LEADS_TO_SOMEBODY = {"family", "person"}


@pytest.fixture
def team(council: Council) -> Team:
    return an_active_family(council, a_family(council, children=2))


def path_of(page: Page) -> str:
    return page.response.request.path


def told(page: Page) -> list[str]:
    return [tag.get_text() for tag in page.soup.select(".app-typed")]


def the_file(council: Council, sign_in: SignIn, person: Person) -> list[list[str]]:
    page = the_copy(council, sign_in, person)
    sent = page.browser.get(f"{path_of(page)}/file")
    assert sent.status == 200
    return list(csv.reader(StringIO(sent.html.removeprefix("\ufeff"))))


def write(council: Council, home: Home, text: str, *, audience: NoteAudience = NoteAudience.TEAM) -> None:
    with council.behind_the_scenes():
        db.session.add(
            Note(
                family_id=home.id,
                author_id=council.partner.id,
                organisation_id=council.school.id,
                audience=audience,
                text=text,
                written_at=clock.now(),
            )
        )


class TestTables:
    def test_each_that_leads_to_a_family_is_in_the_copy_or_left_out_with_a_reason(self) -> None:
        told = {part.model for part in PARTS} | set(TOLD_OTHERWISE) | set(LEFT_OUT)
        tables = {str(mapper.local_table): mapper.class_ for mapper in Base.registry.mappers}
        leading = set(HOW_A_ROW_LEADS_TO_SOMEBODY)
        while more := {
            table.name
            for table in Base.metadata.tables.values()
            if table.name not in leading and any(key.column.table.name in leading for key in table.foreign_keys)
        }:
            leading |= more
        named = {name for name, cls in tables.items() if {"family_id", "person_id"} & set(cls.__table__.c.keys())}

        missing = {tables[name].__name__ for name in leading | named if tables[name] not in told}

        assert not missing, "say in portal/queries/held_parts.py whether a copy holds them"
        assert all(reason for reason in LEFT_OUT.values())

    def test_each_column_is_told_but_for_numbers_of_the_portals_own(self) -> None:
        for part in PARTS:
            told = {column.key for column in columns(cast(Hashable, part.model))}
            keys = {attribute.key.removesuffix("_sealed") for attribute in part.model.__mapper__.column_attrs}
            for key in keys - told - NOT_TOLD:
                assert key.endswith("_id"), f"{part.model.__name__}.{key}"
                assert f"{key.removesuffix('_id')}_name" in keys, f"{part.model.__name__}.{key}"

    def test_every_table_of_families_has_a_part_once(self) -> None:
        models = [part.model for part in PARTS]

        assert len(models) == len(set(models))
        assert not set(models) & (set(LEFT_OUT) | set(TOLD_OTHERWISE))
        assert {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, FamilyScoped)} <= {
            *models,
            *LEFT_OUT,
            *TOLD_OTHERWISE,
        }


class TestCopy:
    def test_is_asked_for_with_a_purpose_and_proof_of_who_asks(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        page = sign_in(council.manager).submit(f"/people/{team.home.parent.ref}/copy", {})

        assert page.status == 422
        assert page.errors == [
            "Enter who asks for it",
            "Enter how it was made sure that it is them",
            "Enter what it is for",
        ]
        link = sign_in(council.manager).get(f"/families/{team.ref}/household")
        assert f"/people/{team.home.parent.ref}/copy" in link.html
        assert "/copy" not in sign_in(council.coordinator).get(f"/families/{team.ref}/household").html

    def test_tells_what_is_held_and_marks_others(self, council: Council, sign_in: SignIn, team: Team) -> None:
        parent, child = team.home.parent, team.home.children[0]
        write(council, team.home, f"{parent.given_name} rang about Child0’s shoes; child0 is well, Child01 is nobody")

        page = the_copy(council, sign_in, parent)

        assert "01632 960 300" in page.main
        assert "4 May 1990" in page.main
        marked = "[THIRD PARTY: Child0]’s shoes; [THIRD PARTY: child0] is well, Child01 is nobody"
        assert f"{parent.given_name} rang about {marked}" in told(page)
        assert f"[THIRD PARTY: {child.name}]" in page.main
        assert "1 March 2017" not in page.main, "the birthday of another person is not about this one"
        assert "She asked in a letter" in page.main
        assert page.soup.select_one(".app-print-line").text.startswith(  # type: ignore[union-attr]
            f"{team.ref}, {parent.ref}. Printed by {council.manager.name}"
        )

    def test_marks_names_as_they_are_spelled_the_longest_first(self) -> None:
        others = Others.than(["Ann Lee", "Ann"], ["Al", "Al Lee", "A", "ann", "Bo (Bee)"])

        found = others.find("AL LEE, al, Bo (Bee), A, Ann")

        assert "".join(map(str, found)) == "[THIRD PARTY: AL LEE], [THIRD PARTY: al], [THIRD PARTY: Bo (Bee)], A, Ann"

    def test_holds_back_where_somebody_hides_and_why_they_are_kept_apart(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        home, (child, other) = team.home, team.home.children
        with council.behind_the_scenes():
            of = {"family_id": home.id}
            db.session.add(ConfidentialAddress(**of, person_id=child.id, address="9 Refuge Road", postcode="AF9 9ZZ"))
            house = db.session.scalars(select(Household).where(Household.family_id == home.id)).one()
            before = {"address": "7 Old Lane", "postcode": "AF2 2BB", "corrected_on": clock.today()}
            db.session.add(EarlierAddress(**of, household_id=house.id, **before))
            row = KeepApart(**of, person_id=child.id, other_id=other.id, kind=KeepApartKind.MUST_NOT_LEARN)
            db.session.add(row)
            db.session.flush()
            db.session.add(KeepApartReason(**of, keep_apart_id=row.id, text="He threatened her"))
        write(council, home, "They are at 9 Refuge Road now")
        write(council, home, "For the school’s eyes", audience=NoteAudience.ORGANISATION)

        page = the_copy(council, sign_in, child)

        for secret in (
            "Refuge Road",
            "AF9 9ZZ",
            "1 Mill Lane",
            "AF1 1AA",
            "7 Old Lane",
            "AF2 2BB",
            "He threatened her",
            "For the school’s eyes",
        ):
            assert secret not in page.html, secret
        assert page.main.count("[HELD BACK: it would tell a confidential address]") == 5
        assert "1 confidential address: the early help coordinator and the lead professional read it" in page.main
        assert "1 reason why two people are kept apart" in page.main
        assert "1 note for people of another organisation alone" in page.main
        assert f"Somebody is kept apart from {child.name}" in page.main
        rows = [row for row in the_file(council, sign_in, child) if row[0] == "Kept apart"]
        assert rows
        assert {row[4] for row in rows} == {"Could do harm: ask the early help coordinator before giving"}

    def test_is_a_file_whose_cells_cannot_run(self, council: Council, sign_in: SignIn, team: Team) -> None:
        write(council, team.home, "=HYPERLINK(1)")

        head, *rows = the_file(council, sign_in, team.home.parent)

        assert head[0] == (
            f"{team.ref}, {team.home.parent.ref}. Exported by {council.manager.name}, 7 October 2026 at 10am"
        )
        assert ["Notes", "", "Text", "'=HYPERLINK(1)", "About the whole family: check before giving"] in rows

    def test_is_a_file_to_be_kept_and_never_a_page(self, council: Council, sign_in: SignIn, team: Team) -> None:
        page = the_copy(council, sign_in, team.home.parent)

        headers = page.browser.get(f"{path_of(page)}/file").response.headers

        assert headers["Content-Disposition"] == f'attachment; filename="{team.home.parent.ref}-copy.csv"'
        assert headers["Content-Type"].startswith("text/csv")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"

    def test_says_nothing_raw(self, council: Council, sign_in: SignIn, team: Team) -> None:
        page = the_copy(council, sign_in, team.home.parent)

        for raw in ("None", "False", "not_known", "_", "{"):
            assert raw not in page.main, raw


class TestRemembering:
    def test_each_opening_is_an_export_with_its_lines_and_its_purpose(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        rows = the_file(council, sign_in, team.home.parent)

        with council.behind_the_scenes():
            (copy,) = db.session.scalars(select(DataCopy))
            page, file = db.session.scalars(select(Audit).where(Audit.kind == AuditKind.EXPORT).order_by(Audit.id))
        assert (copy.identity, copy.made_by_id) == (ANSWERS["identity"], council.manager.id)
        assert (page.page, file.page) == ("copies.one", "copies.file")
        assert (file.subject, file.family_id, file.reason) == (copy.ref, team.home.id, ANSWERS["why"])
        lines = rows[next(n for n, row in enumerate(rows) if row[0] == "Part of the record") + 1 :]
        assert file.rows == len(lines)
        shown = sign_in(council.manager).get(f"/families/{team.ref}/who-has-looked").main
        assert f"Exported: copy of what is held about somebody, {copy.ref}" in shown

    def test_twenty_times_a_day(self, council: Council, sign_in: SignIn, team: Team) -> None:
        page = the_copy(council, sign_in, team.home.parent)
        for _ in range(19):
            assert page.browser.get(path_of(page)).status == 200

        late = page.browser.get(path_of(page))

        assert late.status == 429
        assert "You have exported 20 times in a day" in late.main
        assert "01632 960 300" not in late.html

    def test_is_asked_again_after_a_day(self, council: Council, sign_in: SignIn, team: Team) -> None:
        page = the_copy(council, sign_in, team.home.parent)

        with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
            browser = sign_in(council.manager)
            late, file = browser.get(path_of(page)), browser.get(f"{path_of(page)}/file")

        assert "Ask for a new one" in late.main
        assert "01632 960 300" not in late.html
        assert file.status == 404

    def test_no_record_no_copy_of_a_restricted_family(self, council: Council, sign_in: SignIn) -> None:
        closed = a_family(council, name="Closed", restricted=True)

        assert sign_in(council.manager).get(f"/people/{closed.parent.ref}/copy").status == 404


class TestOfAnother:
    def test_needs_and_support_of_another_person_are_not_in_it(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        with council.behind_the_scenes():
            need = db.session.merge(team.need)
            need.person_id = team.home.children[0].id

        assert "Getting to school on time" not in the_copy(council, sign_in, team.home.parent).main
        assert "Getting to school on time" in the_copy(council, sign_in, team.home.children[0]).main
