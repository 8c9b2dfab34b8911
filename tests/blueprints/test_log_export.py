"""The log of one family or one person as a file."""

import csv
from io import StringIO

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.sheets import harmless
from portal.models.families import Clearance
from portal.models.people import Organisation, User
from portal.models.record import Audit, AuditKind
from portal.queries import log_export
from tests.support.faults import without_table
from tests.support.people import Council, a_family, an_active_family
from tests.support.web import FilledForm, Page, SignIn


def asked_for(sign_in: SignIn, who: User, path: str) -> FilledForm:
    page = sign_in(who).get(path)
    return page.form(path)


def rows(page: Page) -> list[list[str]]:
    assert page.status == 200, page.main
    return list(csv.reader(StringIO(page.html.removeprefix("\ufeff"))))


class TestOfAFamily:
    def test_is_a_file_with_every_row_and_itself_in_the_log(
        self, council: Council, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Read in batches; what somebody typed cannot run in a spreadsheet."""
        monkeypatch.setattr(log_export, "AT_ONCE", 2)
        team = an_active_family(council)
        with council.behind_the_scenes():
            db.session.get_one(Organisation, council.school.id).name = "=HYPERLINK(1)"
        sign_in(council.partner).get(f"/families/{team.ref}")
        sign_in(council.lead).get(f"/families/{team.ref}")
        sign_in(council.lead).get(f"/families/{a_family(council).ref}")
        form = asked_for(sign_in, council.manager, f"/families/{team.ref}/log")

        page = form.send({"purpose": "=1+1"})

        head, columns, *found = rows(page)
        assert head == [f"{team.ref}. Exported by {council.manager.name}, 7 October 2026 at 10am", "'=1+1"]
        assert columns == list(log_export.COLUMNS)
        assert [row[1:7] for row in found] == [
            [
                council.partner.name,
                council.partner.ref,
                "'=HYPERLINK(1)",
                "On the team around the family",
                f"Opened: family page, {team.ref}",
                team.ref,
            ],
            [
                council.lead.name,
                council.lead.ref,
                council.health.name,
                "Lead professional",
                f"Opened: family page, {team.ref}",
                team.ref,
            ],
            [
                council.manager.name,
                council.manager.ref,
                council.organisation.name,
                "Early help manager",
                f"Opened: who has looked, {team.ref}",
                team.ref,
            ],
        ]
        assert page.response.headers["Content-Disposition"] == f'attachment; filename="{team.ref}-log.csv"'
        with council.behind_the_scenes():
            (made,) = db.session.scalars(select(Audit).where(Audit.kind == AuditKind.EXPORT))
            assert (made.user_id, made.family_id, made.rows) == (council.manager.id, team.family.id, 3)
            assert (made.subject, made.reason) == (team.ref, "=1+1")
        shown = sign_in(council.manager).get(f"/families/{team.ref}/who-has-looked")
        assert "exported once" in shown.main.lower()

    def test_is_not_sent_where_it_cannot_be_recorded_or_nobody_said_why(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        form = asked_for(sign_in, council.manager, f"/families/{team.ref}/log")

        assert form.send({"purpose": " "}).errors == ["Enter what you need it for"]
        with without_table(council.app, "audit"):
            page = form.send({"purpose": "A complaint"})
        assert page.status in (500, 503)
        assert "Exported by" not in page.html

    def test_twenty_times_a_day(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        form = asked_for(sign_in, council.manager, f"/families/{team.ref}/log")
        sent = [form.send({"purpose": "A complaint"}).status for _ in range(20)]

        page = form.send({"purpose": "A complaint"})

        assert set(sent) == {200}
        assert page.status == 429
        assert "You have exported 20 times in a day" in page.main


class TestOfAPerson:
    def test_leaves_out_families_that_whoever_asks_does_not_reach(self, council: Council, sign_in: SignIn) -> None:
        team, closed = an_active_family(council), a_family(council, restricted=True)
        with council.behind_the_scenes():
            db.session.add(Clearance(family_id=closed.id, user_id=council.auditor.id, cleared_at=clock.now()))
        auditor = sign_in(council.auditor)
        for path in (f"/families/{team.ref}", f"/families/{closed.ref}", "/families", f"/actions/A-{team.family.id}9"):
            auditor.get(path)
        form = asked_for(sign_in, council.manager, f"/people/{council.auditor.ref}/log")

        found = rows(form.send({"purpose": "A concern of a colleague"}))

        assert [row[5] for row in found[2:]] == [
            f"Opened: family page, {team.ref}",
            "Listed: family page",
            "Was refused: action",
        ]


class TestHarmless:
    @pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1"])
    def test_what_a_spreadsheet_would_run_is_text(self, cell: str) -> None:
        assert harmless(cell) == f"'{cell}"

    def test_the_rest_stays_as_it_is(self) -> None:
        assert harmless("F-1, 2 – 3") == "F-1, 2 – 3"
