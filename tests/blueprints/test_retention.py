"""How long records are kept: what is due, what holds it back, and two people who destroy it."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import MetaData, func, select

from portal.core import clock
from portal.core.db import Base, db
from portal.domain.support import HowGiven, NeedNow, NotStarted, ReferralState
from portal.models.families import Family, LookUp, Person
from portal.models.following import SupportReferral
from portal.models.messages import Delivery, DeliveryAttempt, DeliveryStatus
from portal.models.people import User
from portal.models.record import Audit, FormDraft, OutboxMessage
from portal.models.subjects import DestroyedRecord
from portal.services import destruction, history
from tests.support.people import Council, Home, history_of
from tests.support.retention import an_old_family, another_manager
from tests.support.web import Page, SignIn, from_today
from tests.support.world import a_world

LONG_AGO = date(2010, 5, 4)
WHY = "Kept as long as our schedule says"


@pytest.fixture
def second(council: Council) -> User:
    return another_manager(council)


def support_ended(council: Council, home: Home, on: date) -> None:
    with council.behind_the_scenes():
        db.session.add(
            SupportReferral(
                family_id=home.id,
                need_text="Sleep",
                service_name="Sleep clinic",
                state=ReferralState.NOT_STARTED,
                not_started_code=NotStarted.NO_CAPACITY,
                need_now=NeedNow.FAMILY_MANAGING,
                given_on=on,
                how_given=HowGiven.LEAFLET,
                recorded_by_id=council.coordinator.id,
                recorded_by_name=council.coordinator.name,
                recorded_at=clock.now(),
                ended_at=clock.now().replace(year=on.year, month=on.month, day=on.day),
            )
        )
        history.changed(home.id)


def listed(council: Council, sign_in: SignIn, view: str = "due") -> list[str]:
    page = sign_in(council.manager).get(f"/retention?view={view}")
    return [tag.get_text() for tag in page.soup.select("tbody .app-worklist__note")]


def of_family(council: Council, sign_in: SignIn, home: Home) -> str:
    return sign_in(council.manager).get(f"/families/{home.ref}/retention").main


def propose(council: Council, sign_in: SignIn, home: Home) -> Page:
    return sign_in(council.manager).submit(f"/families/{home.ref}/retention/propose", {"why": WHY})


def confirm(sign_in: SignIn, by: User, home: Home, reference: str | None = None) -> Page:
    path = f"/families/{home.ref}/retention/confirm"
    return sign_in(by).submit(path, {"reference": home.ref if reference is None else reference})


class TestWhatIsDue:
    def test_is_listed_once_both_have_passed(self, council: Council, sign_in: SignIn) -> None:
        due, young = an_old_family(council), an_old_family(council, "Young", born=date(2005, 3, 1))
        lately = an_old_family(council, "Lately")
        support_ended(council, lately, date(2022, 1, 10))

        assert listed(council, sign_in) == [due.ref]
        assert "on 1 March 2030" in of_family(council, sign_in, young)
        said = of_family(council, sign_in, lately)
        assert "Support ended, 10 January 2022" in said
        assert "on 10 January 2028" in said
        with time_machine.travel(clock.now().replace(year=2028, month=1, day=10), tick=False):
            assert listed(council, sign_in) == [due.ref, lately.ref]

    def test_says_what_is_not_known_and_is_never_due_by_a_guess(self, council: Council, sign_in: SignIn) -> None:
        unknown = an_old_family(council, born=None)

        assert listed(council, sign_in) == []
        assert listed(council, sign_in, "missing") == [unknown.ref]
        said = of_family(council, sign_in, unknown)
        assert "When Child0 Oldham was born is not known" in said
        assert "cannot be said yet" in said
        assert "Propose that it is destroyed" not in said

    def test_an_open_family_is_not(self, council: Council, sign_in: SignIn) -> None:
        home = an_old_family(council)
        with council.behind_the_scenes():
            db.session.add(
                SupportReferral(
                    family_id=home.id,
                    need_text="Sleep",
                    service_name="Sleep clinic",
                    given_on=LONG_AGO,
                    how_given=HowGiven.LEAFLET,
                    recorded_by_id=council.coordinator.id,
                    recorded_by_name=council.coordinator.name,
                    recorded_at=clock.now(),
                )
            )
            history.changed(home.id)

        assert listed(council, sign_in) == []
        assert "The family is open" in of_family(council, sign_in, home)

    def test_a_restricted_family_is_there_for_nobody_who_is_not_cleared(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = an_old_family(council)
        with council.behind_the_scenes():
            db.session.get_one(Family, home.id).restricted = True

        assert listed(council, sign_in) == []

    def test_pages_follow_each_other(self, council: Council, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("portal.queries.retention.PAGE", 2)
        refs = [an_old_family(council, name).ref for name in ("One", "Two", "Three")]

        page = sign_in(council.manager).get("/retention")
        further = page.browser.get(f"/retention?view=due&after={refs[1].removeprefix('F-')}")

        assert "Due (3)" in page.main
        assert [tag.get_text() for tag in page.soup.select("tbody .app-worklist__note")] == refs[:2]
        assert [tag.get_text() for tag in further.soup.select("tbody .app-worklist__note")] == refs[2:]


class TestHold:
    def test_keeps_a_record_until_it_is_lifted(self, council: Council, sign_in: SignIn) -> None:
        home = an_old_family(council)
        propose(council, sign_in, home)
        manager = sign_in(council.manager)
        path = f"/families/{home.ref}/retention"

        placed = manager.submit(f"{path}/hold", {"why": "A claim", **from_today("review_on", 90)}).follow()

        assert "A claim" in placed.main
        assert listed(council, sign_in) == []
        assert listed(council, sign_in, "held") == [home.ref]
        assert manager.submit(f"{path}/propose", {"why": WHY}).status == 409
        assert manager.submit(f"{path}/hold", {"why": "More", **from_today("review_on", 9)}).status == 409
        assert "this day has passed" not in placed.main
        with time_machine.travel(clock.now() + timedelta(days=91), tick=False):
            assert "this day has passed" in of_family(council, sign_in, home)

        lifted = manager.submit(f"{path}/lift", {"why": "It was settled"}).follow()

        assert "It was settled" in lifted.main
        assert listed(council, sign_in) == [home.ref]
        assert history_of(council, home.id)[1:] == [
            *("retention.proposed", "retention.held", "retention.withdrawn", "retention.lifted")
        ]

    def test_asks_why_and_until_when(self, council: Council, sign_in: SignIn) -> None:
        home = an_old_family(council)

        page = sign_in(council.manager).submit(f"/families/{home.ref}/retention/hold", from_today("review_on", 0))

        assert page.errors == ["Enter why the record is kept", "Date it is looked at again must be after today"]


class TestDestroying:
    def test_takes_two_people_and_the_reference(self, council: Council, sign_in: SignIn, second: User) -> None:
        home = an_old_family(council)
        assert "Somebody else has to confirm it" in propose(council, sign_in, home).follow().main
        assert listed(council, sign_in, "proposed") == [home.ref]

        own = confirm(sign_in, council.manager, home)
        assert own.status == 409
        assert "You proposed this. Somebody else has to confirm it." in own.text
        assert confirm(sign_in, second, home, "F-999").status == 422
        assert WHY in sign_in(second).get(f"/families/{home.ref}/retention/confirm").main
        done = confirm(sign_in, second, home).follow()

        assert f"The record {home.ref} was destroyed" in done.text
        assert sign_in(second).get(f"/families/{home.ref}").status == 404
        with council.behind_the_scenes():
            (record,) = db.session.scalars(select(DestroyedRecord))
        assert (record.reference, record.proposed_by_id, record.confirmed_by_id) == (
            *(home.ref, council.manager.id),
            second.id,
        )
        assert record.counts["person"] == 2
        assert record.rule == "6 years after the last that was done, and the youngest 25 years old"

    def test_is_asked_anew_when_it_is_confirmed(self, council: Council, sign_in: SignIn, second: User) -> None:
        home = an_old_family(council)
        propose(council, sign_in, home)
        with council.behind_the_scenes():
            db.session.get_one(Person, home.children[0].id).date_of_birth = date(2010, 1, 1)

        assert "This record is kept until 1 January 2035" in confirm(sign_in, second, home).text
        assert sign_in(second).get(f"/families/{home.ref}").status == 200

    def test_can_be_withdrawn(self, council: Council, sign_in: SignIn, second: User) -> None:
        home = an_old_family(council)
        page = propose(council, sign_in, home).follow()

        page.form(f"/families/{home.ref}/retention/withdraw").send()

        assert listed(council, sign_in) == [home.ref]
        assert confirm(sign_in, second, home).status == 409

    def test_waits_where_its_number_could_be_given_again(self, council: Council, sign_in: SignIn, second: User) -> None:
        home = an_old_family(council)
        propose(council, sign_in, home)
        with council.behind_the_scenes():
            newer = db.session.scalars(select(Family).where(Family.id > home.id)).one()
            destruction.destroy(newer.id)

        assert "could be given again" in confirm(sign_in, second, home).text


class TestWhatIsLeft:
    def test_every_table_that_leads_to_a_family_is_emptied_of_it(self) -> None:
        emptied = {model.__table__.name for model, _ in destruction.rows_of(1)}
        leading = {"family"}
        while more := {
            table.name
            for table in Base.metadata.tables.values()
            if table.name not in leading and any(key.column.table.name in leading for key in table.foreign_keys)
        }:
            leading |= more
        named = {
            name for name, table in Base.metadata.tables.items() if {"family_id", "person_id"} & set(table.c.keys())
        }

        kept = {model.__table__.name for model in destruction.KEPT}

        assert (leading | named) - kept == emptied, "say in portal/services/destruction.py what becomes of their rows"
        assert not emptied & kept

    def test_no_row_of_it_is_left_and_others_are_as_they_were(self, council: Council) -> None:
        world = a_world(council)
        north, south = world.north.home, world.south.home
        _messages_and_more(council, north, south)
        before = _rows(council)

        with council.behind_the_scenes():
            counts = destruction.destroy(north.id)

        after = _rows(council)
        assert _of(after, north) == {}
        assert _of(after, south) == _of(before, south)
        gone = {name: len(before[name]) - len(after[name]) for name in before if len(before[name]) > len(after[name])}
        assert counts == gone
        filled = {"look_up", "form_draft", "outbox_message", "delivery", "delivery_attempt", "family"}
        assert filled | set(_of(before, north)) == set(gone)

    def test_no_text_of_it_is_left_anywhere(self, council: Council, sign_in: SignIn, second: User) -> None:
        home = an_old_family(council, "Zebulon")
        sign_in(council.manager).submit(
            f"/families/{home.ref}/retention/hold", {"why": "Quagga", **from_today("review_on", 9)}
        )
        sign_in(council.manager).submit(f"/families/{home.ref}/retention/lift", {"why": "Quagga"})
        sign_in(council.manager).submit(f"/people/{home.parent.ref}/edit", {"language": "Quagga", "because": "changed"})
        assert _found(council, "Zebulon")
        assert "audit" in _found(council, "Quagga")

        self._destroy(council, sign_in, second, home)

        assert _found(council, "Zebulon") == []
        assert _found(council, "Quagga") == []
        assert _found(council, WHY) == []

    def test_the_log_keeps_its_rows_and_holds(self, council: Council, sign_in: SignIn, second: User) -> None:
        home = an_old_family(council)
        sign_in(council.lead).get(f"/families/{home.ref}")
        with council.behind_the_scenes():
            rows = db.session.execute(select(func.count(Audit.id)).where(Audit.family_id == home.id)).scalar_one()

        self._destroy(council, sign_in, second, home)

        with council.behind_the_scenes():
            left = db.session.scalars(select(Audit).where(Audit.family_id == home.id)).all()
        assert len(left) > rows
        assert [row.changes for row in left if row.page != "retention.confirm" and row.changes] == []
        checked = council.app.test_cli_runner().invoke(args=["portal", "audit", "verify"])
        assert checked.exit_code == 0, checked.output

    def _destroy(self, council: Council, sign_in: SignIn, second: User, home: Home) -> None:
        assert propose(council, sign_in, home).status == 303
        assert confirm(sign_in, second, home).status == 303


def _rows(council: Council) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as the database tells them."""
    with council.app.app_context(), db.engine.connect() as connection:
        found = MetaData()
        found.reflect(connection)
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in found.sorted_tables
        }


def _of(rows: dict[str, list[dict[str, Any]]], home: Home) -> dict[str, list[dict[str, Any]]]:
    """Those of one family, by table."""
    own = {
        name: [row for row in some if home.id in (row.get("family_id"), row.get("found_family_id"))]
        for name, some in rows.items()
        if name != "audit"
    }
    return {name: some for name, some in own.items() if some}


def _messages_and_more(council: Council, home: Home, other: Home) -> None:
    """What is not of one family alone. A message about the other went out in one letter with one of this."""
    now, user = clock.now(), council.partner.id
    with council.behind_the_scenes():
        db.session.add(LookUp(user_id=user, at=now, reason="A call", searched_by="name", found_family_id=home.id))
        db.session.add(
            FormDraft(user_id=user, family_id=home.id, form="notes.new", subject=home.ref, answers={}, saved_at=now)
        )
        letters: list[Delivery] = []
        for of in (home, other):
            message = OutboxMessage(
                family_id=of.id,
                kind="action.reminded",
                rule="owner",
                subject=of.ref,
                made_at=now,
                due_at=now,
                expires_at=now + timedelta(days=1),
            )
            db.session.add(message)
            db.session.flush()
            letter = Delivery(
                outbox_id=message.id,
                user_id=user,
                status=DeliveryStatus.WAITING,
                message_id=f"{of.ref}@example",
                made_at=now,
                next_at=now,
                digest_id=letters[0].id if letters else None,
            )
            db.session.add(letter)
            db.session.flush()
            db.session.add(DeliveryAttempt(delivery_id=letter.id, number=1, lease="a", at=now))
            letters.append(letter)


def _found(council: Council, words: str) -> list[str]:
    """The tables in which somebody would read these words."""
    return [name for name, rows in _rows(council).items() if any(words in json.dumps(row, default=str) for row in rows)]
