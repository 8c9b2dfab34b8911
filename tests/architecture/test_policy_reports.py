"""What a page's policy held back: reported by the browser, counted, and told without anything of anybody."""

import json
from datetime import timedelta
from typing import Any

import pytest
import structlog
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.models.edge import PolicyReport
from portal.services import policy_reports
from tests.support.people import Council, an_active_family

SECRET = "Ellie-7f3a"
TYPE = "application/csp-report"
TOLD = {
    "document-uri": f"https://earlyhelp.council.example/s/{SECRET}?q={SECRET}",
    "referrer": f"https://elsewhere.example/{SECRET}",
    "blocked-uri": f"https://evil.example/{SECRET}.js?{SECRET}",
    "effective-directive": "script-src-elem",
    "script-sample": SECRET,
    "source-file": f"https://earlyhelp.council.example/{SECRET}",
}


def report(app: Flask, **changed: Any) -> int:
    return send(
        app, json.dumps({"csp-report": TOLD | {name.replace("_", "-"): value for name, value in changed.items()}})
    )


def send(app: Flask, body: str | bytes, *, of: str = TYPE) -> int:
    answer = app.test_client().post("/csp-report", data=body, content_type=of)
    assert answer.data == b""
    return answer.status_code


def kept(app: Flask) -> list[tuple[str, str, str, int]]:
    with app.app_context():
        rows = db.session.scalars(select(PolicyReport).order_by(PolicyReport.id))
        return [(row.page, row.directive, row.blocked, row.times) for row in rows]


class TestReports:
    def test_are_counted_by_page_and_kind_without_anything_of_anybody(self, app: Flask) -> None:
        with structlog.testing.capture_logs() as lines:
            assert [report(app), report(app), report(app, blocked_uri="inline")] == [204, 204, 204]

        assert kept(app) == [
            ("family_link.question", "script-src-elem", "https://evil.example", 2),
            ("family_link.question", "script-src-elem", "inline", 1),
        ]
        assert [line["event"] for line in lines] == ["held back by the policy of a page"] * 2
        assert SECRET not in repr(lines)

    def test_name_the_page_by_what_it_is_for(self, council: Council) -> None:
        family = an_active_family(council)

        report(council.app, document_uri=f"http://localhost/families/{family.ref}?view={SECRET}")
        report(council.app, document_uri=f"http://localhost/{SECRET}")
        report(council.app, document_uri=17, blocked_uri=f"chrome-extension://{SECRET}", effective_directive="img-src")

        assert [row[:3] for row in kept(council.app)] == [
            ("families.overview", "script-src-elem", "https://evil.example"),
            ("elsewhere", "script-src-elem", "https://evil.example"),
            ("elsewhere", "img-src", "unreadable"),
        ]

    @pytest.mark.parametrize(
        ("body", "of"),
        [
            ("", TYPE),
            ("{", TYPE),
            ("[]", TYPE),
            ('{"csp-report": 3}', TYPE),
            ('{"csp-report": {"effective-directive": "Ellie O’Neill"}}', TYPE),
            (b"\xff\xfe\x00", TYPE),
            ("[" * 9_000, TYPE),
            (json.dumps({"csp-report": TOLD | {"script-sample": "x" * 10_000}}), TYPE),
            (json.dumps({"csp-report": TOLD}), "application/json"),
        ],
    )
    def test_what_is_none_is_answered_alike_and_not_kept(self, app: Flask, body: str | bytes, of: str) -> None:
        assert send(app, body, of=of) == 204

        assert kept(app) == []

    def test_end_for_the_day_where_somebody_sends_them_without_end(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(policy_reports, "MOST_KINDS", 3)
        monkeypatch.setattr(policy_reports, "MOST_TIMES", 2)

        for number in range(5):
            for _time in range(3):
                report(app, blocked_uri=f"https://host-{number}.example")

        assert [row[2:] for row in kept(app)] == [(f"https://host-{number}.example", 2) for number in range(3)]

    def test_are_thrown_away_after_a_month_and_begin_again_each_day(self, app: Flask) -> None:
        now = clock.now()
        report(app)
        with time_machine.travel(now + timedelta(days=20)):
            report(app)
        with time_machine.travel(now + timedelta(days=31)):
            report(app)

        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(PolicyReport)) == 2

    def test_are_listed_for_whoever_runs_the_portal(self, app: Flask) -> None:
        report(app)

        listed = app.test_cli_runner().invoke(args=["portal", "csp-reports"]).output

        assert "1 x  family_link.question  script-src-elem  https://evil.example" in listed
