"""Days on which the council is closed: added and taken out by an administrator, and what is due on them moves on."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.administering import Act
from portal.models.administering import AdminChange
from portal.models.record import ClosureDay
from tests.support.people import Council, an_action, an_active_family
from tests.support.web import Page, SignIn, date_parts

LIST, NEW, OUT = "/admin/closed-days", "/admin/closed-days/new", "/admin/closed-days/take-out"


def closed(council: Council, sign_in: SignIn, first: date, last: date | None = None, name: str = "Moving") -> Page:
    answers = {"name": name, **date_parts("first", first), **(date_parts("last", last) if last else {})}
    return sign_in(council.admin).submit(NEW, answers)


class TestClosedDays:
    def test_what_falls_due_on_one_is_due_the_next_working_day(self, council: Council, sign_in: SignIn) -> None:
        day = clock.today() + timedelta(days=1)
        team = an_active_family(council)
        an_action(council, team, owner=team.lead, what="Ring the dentist", due_on=day)
        assert "due tomorrow" in sign_in(council.lead).get("/my-actions").main

        page = closed(council, sign_in, day)

        assert "Added. 1 due date falls on them: it is due the next working day" in page.follow().text
        assert "due tomorrow" not in sign_in(council.lead).get("/my-actions").main
        assert "Thursday 8 October Moving" in sign_in(council.admin).get(LIST).main
        sign_in(council.admin).get(LIST).form(OUT).send()
        assert "due tomorrow" in sign_in(council.lead).get("/my-actions").main
        with council.behind_the_scenes():
            changes = list(db.session.scalars(select(AdminChange).order_by(AdminChange.id)))
        assert [change.kind for change in changes] == [Act.DAYS_CLOSED, Act.DAYS_OPENED]
        assert changes[0].about == "Moving, 8 October 2026"

    def test_a_row_of_days_is_one_line_and_goes_as_one(self, council: Council, sign_in: SignIn) -> None:
        first, last = date(2026, 12, 24), date(2027, 1, 1)
        closed(council, sign_in, first, last, "Christmas")
        admin = sign_in(council.admin)

        page = admin.get(LIST)

        assert "24 December 2026 to 1 January 2027" in page.main
        assert len(page.soup.select(f"form[action='{OUT}']")) == 1
        late = page.form(OUT)
        assert page.form(OUT).send().status == 303
        with council.behind_the_scenes():
            assert db.session.scalars(select(ClosureDay)).all() == []
        again = late.send({"idempotency_key": "another-key-of-this-form"})
        assert again.status == 409
        assert "taken out already" in again.main

    @pytest.mark.parametrize(
        ("answers", "error"),
        [
            ({"name": " "}, "Enter what it is called"),
            (date_parts("last", date(2026, 10, 11)), "The last day must be on or after the first day"),
            (date_parts("last", date(2027, 10, 11)), "These must be 31 days or fewer. Add them in parts"),
            (date_parts("first", date(2025, 10, 11)), "The first day must not be more than 31 days ago"),
            (date_parts("first", date(2026, 10, 8)), "8 October 2026 is in already: Moving"),
        ],
    )
    def test_bad_answers(self, council: Council, sign_in: SignIn, answers: dict[str, str], error: str) -> None:
        closed(council, sign_in, date(2026, 10, 8))
        first = date_parts("first", date(2026, 10, 12))

        page = sign_in(council.admin).submit(NEW, {"name": "Training", **first, **answers})

        assert page.errors == [error] if "first-year" not in answers else error in page.errors

    def test_bank_holidays_are_named_with_how_far_they_are_known(self, council: Council, sign_in: SignIn) -> None:
        page = sign_in(council.admin).get(LIST)

        assert "Bank holidays until 11 November 2027" in page.main
        assert "Friday 25 December 2026, Christmas Day" in page.main
        assert "Friday 1 January 2027, New Year’s Day" in page.main
        assert "Monday 28 December 2026, Boxing Day (substitute day)" in page.main
