"""How the council works comes with whoever asks: once a request, and as it stands at that request."""

from datetime import date

from sqlalchemy import insert, text

from portal.core.db import db
from portal.domain.standards import DEFAULTS, Standard, Unit
from portal.facts import at_hand, practice
from portal.models.record import ClosureDay, PracticeStandard, WordLabel
from tests.support.people import Council
from tests.support.web import SignIn, counted_statements

MONDAY, TUESDAY = date(2024, 9, 2), date(2024, 9, 3)


class TestWhatEveryPageRestsOn:
    def test_comes_with_the_viewer_as_it_stands_at_that_request(self, council: Council, sign_in: SignIn) -> None:
        worker = sign_in(council.coordinator)
        assert "Start a step-down" not in worker.get("/families").text
        with council.behind_the_scenes():
            db.session.add(WordLabel(key="family", one="household", many="households", a="a household"))
            db.session.commit()

        with counted_statements(council.app) as statements:
            page = worker.get("/families")

        assert [head.get_text() for head in page.soup.select("th")][0:1] in ([], ["Household"])
        assert [sql for sql in statements if " word" in sql] == statements[:1]
        assert [sql for sql in statements if "closure_day" in sql] == statements[:1]

    def test_is_read_once_and_understood_once(self, council: Council) -> None:
        with council.behind_the_scenes(), counted_statements(council.app) as statements:
            with at_hand.remembered():
                first = practice.calendar()
                assert practice.amount(Standard.DECIDE) == DEFAULTS[Standard.DECIDE].amount
                assert practice.calendar() is first
            assert len(statements) == 1
            with at_hand.remembered():
                assert practice.calendar() is first

    def test_a_change_of_this_very_request_is_read_again(self, council: Council) -> None:
        with council.behind_the_scenes(), at_hand.remembered():
            assert practice.calendar().is_working_day(MONDAY)

            db.session.add(ClosureDay(day=MONDAY, name="Closed"))
            db.session.flush()
            assert not practice.calendar().is_working_day(MONDAY)

            db.session.execute(insert(ClosureDay).values(day=TUESDAY, name="Closed too"))
            assert not practice.calendar().is_working_day(TUESDAY)

            own = PracticeStandard(key=Standard.DECIDE, amount=3, unit=Unit.WORKING_DAYS)
            db.session.add(own)
            db.session.flush()
            assert practice.amount(Standard.DECIDE) == 3

            own.amount = 4
            db.session.flush()
            assert practice.amounts([Standard.DECIDE, Standard.COMPLETE])[Standard.DECIDE] == 4

    def test_days_are_understood_however_the_server_writes_them(self, council: Council) -> None:
        with council.behind_the_scenes():
            if db.engine.dialect.name == "postgresql":
                db.session.execute(text("SET LOCAL DateStyle TO 'SQL, DMY'"))
            db.session.add(ClosureDay(day=TUESDAY, name="Closed"))
            db.session.flush()

            assert not practice.calendar().is_working_day(TUESDAY)
