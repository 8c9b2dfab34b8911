"""The system's log as an administrator reads it: narrowed, page by page, as a file, and without any family."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.models.families import Family
from portal.models.messages import Delivery, DeliveryStatus
from portal.models.record import Audit, AuditKind
from portal.queries import system_log
from tests.support.people import PASSWORD, Council, an_active_family
from tests.support.web import Browser, Page, SignIn

LOG = "/admin/log"


def rows(page: Page) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in page.soup.select("tbody tr")]


@pytest.fixture
def busy(council: Council, sign_in: SignIn) -> Family:
    """Somebody signs in, another tries, one is refused at a family's page, and an account is changed."""
    family = an_active_family(council).family
    at_the_door = Browser(council.app.test_client())
    at_the_door.submit("/sign-in", {"email": council.partner.email, "password": PASSWORD})
    Browser(council.app.test_client()).submit("/sign-in", {"email": council.lead.email, "password": "wrong"})
    assert sign_in(council.partner_other_organisation).get(f"/families/{family.ref}").status == 404
    sign_in(council.admin).submit(f"/admin/people/{council.partner.ref}/edit", {"job": "Teacher"})
    with council.behind_the_scenes():
        db.session.add(
            Delivery(
                digest_on=clock.today(),
                user_id=council.lead.id,
                notice=None,
                status=DeliveryStatus.FAILED,
                message_id="m",
                made_at=clock.now(),
                next_at=clock.now(),
                settled_at=clock.now(),
                why="No such mailbox",
            )
        )
    return family


class TestReading:
    def test_tells_all_four_kinds_and_of_no_family(self, council: Council, sign_in: SignIn, busy: Family) -> None:
        page = sign_in(council.admin).get(LOG)

        said = " | ".join(rows(page))
        assert "Pat Partner Signed in Signing in and out" in said
        assert f"{council.lead.name} Failed to sign in" in said
        assert f"{council.partner_other_organisation.name} Was refused: family page Partner professional" in said
        assert "Changed the account of Pat Partner Job: from nothing to Teacher" in said
        assert f"{council.lead.name} Was not sent: A digest No such mailbox" in said
        assert busy.ref not in page.html
        assert busy.name not in page.html
        assert not re.search(r"\b[A-TV-Z]-\d", page.main)

    @pytest.mark.parametrize(
        ("asked", "kinds"),
        [
            ("kind=changes", {"Changes by administrators"}),
            ("kind=sign_ins", {"Signing in and out"}),
            ("kind=refusals", {"What was refused"}),
            ("kind=messages", {"Messages that could not be sent"}),
            ("day=7&month=10&year=2026&kind=changes", {"Changes by administrators"}),
            ("day=6&month=10&year=2026", set()),
            ("person=U-9", {"Signing in and out", "Changes by administrators"}),
        ],
    )
    def test_narrowed(self, council: Council, sign_in: SignIn, busy: Family, asked: str, kinds: set[str]) -> None:
        assert council.partner.id == 9

        page = sign_in(council.admin).get(f"{LOG}?{asked}")

        assert {cell.get_text() for cell in page.soup.select("td[data-label=Kind]")} == kinds
        assert ("Nothing is like that" in page.main) is (not kinds)

    def test_a_day_that_is_none_is_said_and_kept(self, council: Council, sign_in: SignIn) -> None:
        page = sign_in(council.admin).get(f"{LOG}?day=31&month=2&year=2026")

        assert page.errors == ["The day must be a real date, like 27 3 2025"]
        assert page.soup.select_one("#day")["value"] == "31"  # type: ignore[index]

    @pytest.mark.parametrize("asked", ["kind=families", "before=x", "before=1.changes.x", "before=9" + "9" * 40])
    def test_an_address_of_no_page(self, council: Council, sign_in: SignIn, asked: str) -> None:
        assert sign_in(council.admin).get(f"{LOG}?{asked}").status == 404

    def test_page_by_page_shows_each_line_once(
        self, council: Council, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with time_machine.travel(clock.now(), tick=False) as now:
            for number in range(system_log.AT_ONCE + 10):
                # Two at one moment now and then.
                now.shift(timedelta(seconds=number % 2))
                with council.behind_the_scenes():
                    kind = (AuditKind.SIGN_IN, AuditKind.REFUSAL)[number % 2]
                    db.session.add(Audit(at=clock.now(), kind=kind, user_id=council.partner.id, page=f"p{number}.x"))
            admin = sign_in(council.admin)
            seen: list[str] = []
            path: str | None = LOG
            while path:
                page = admin.get(path)
                seen += [row for row in rows(page) if "Pat Partner" in row]
                path = next((link for link in page.links() if "before=" in link), None)

        assert len(seen) == system_log.AT_ONCE + 10
        refused = [row for row in seen if "Was refused" in row]
        assert len(set(refused)) == len(refused) == (system_log.AT_ONCE + 10) // 2


class TestExporting:
    def test_is_a_file_of_what_was_shown_and_stands_in_the_log(
        self, council: Council, sign_in: SignIn, busy: Family
    ) -> None:
        page = sign_in(council.admin).submit(f"{LOG}/export?kind=changes", {"purpose": "=Review"})

        head, columns, *found = list(csv.reader(StringIO(page.html.removeprefix("\ufeff"))))
        assert head[1] == "'=Review"
        assert columns == ["When", "Who", "Kind", "What", "More"]
        assert [row[1:4] for row in found] == [
            [council.admin.name, "Changes by administrators", "Changed the account of Pat Partner"]
        ]
        assert busy.ref not in page.html
        with council.behind_the_scenes():
            (row,) = db.session.scalars(select(Audit).where(Audit.kind == AuditKind.EXPORT))
        assert (row.user_id, row.rows, row.reason) == (council.admin.id, 1, "=Review")

    def test_needs_a_purpose_and_keeps_the_pace(self, council: Council, sign_in: SignIn) -> None:
        admin = sign_in(council.admin)
        assert admin.submit(f"{LOG}/export", {"purpose": ""}).errors == ["Enter what you need it for"]
        with council.behind_the_scenes():
            for _ in range(20):
                db.session.add(
                    Audit(at=clock.now(), kind=AuditKind.EXPORT, user_id=council.admin.id, page="system_log.export")
                )

        page = admin.submit(f"{LOG}/export", {"purpose": "Review"})

        assert page.status == 429
        assert page.form().values["purpose"] == ["Review"]
