"""What the log tells of a change: each field as it was and as it is, and of some fields only that it changed."""

import csv
import hashlib
import re
from base64 import urlsafe_b64decode
from datetime import date
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import Text, select, text
from sqlalchemy.exc import DBAPIError

from portal.core.db import Base, db, writing
from portal.domain.log import SIGNED, content
from portal.domain.log_changes import APART, Change, is_open, read, written
from portal.domain.roles import Role
from portal.facts import what_changed
from portal.models.base import FamilyScoped
from portal.models.families import Person
from portal.models.people import UserRole
from portal.models.record import Audit, AuditKind, AuditSeal
from portal.services import remember
from portal.services.remember import Entry
from tests.support.log import behind_the_back, seal, verify
from tests.support.people import PASSWORD, Council, a_family, an_action, an_active_family
from tests.support.web import SignIn, date_parts

NOWHERE = 99
# Of a family's row they name no way to reach anybody, or nobody's home.
HARMLESS = {
    ("contact_person", "contact_id"),
    ("stays_with_social_care", "contact_made"),
    ("person", "health_contact"),
    ("safe_contact", "by_phone"),
    ("safe_contact", "by_email"),
    ("safe_contact", "never_contact"),
    ("support_referral", "service_phone"),
    ("step_down", "preferred_lead"),
}


def changes(council: Council) -> list[Change]:
    """Of the last change there was."""
    with council.behind_the_scenes():
        last = select(Audit.changes).where(Audit.kind == AuditKind.CHANGE).order_by(Audit.id.desc()).limit(1)
        return read(db.session.scalars(last).one())


class TestAChange:
    def test_is_told_field_by_field_and_shown_to_whoever_may_take_the_log_out(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        child = team.home.children[0]
        path = f"/people/{child.ref}/edit"

        page = sign_in(council.coordinator).submit(path, {"school": "Hillside", "reason": "Moved school"})

        assert page.status == 303, page.errors
        (school,) = [each for each in changes(council) if each.field == "school"]
        assert school == Change("person", child.id, "school", None, "Hillside")
        assert not [each for each in changes(council) if each.table == "family_summary" or each.field == "version"]
        line = f"Person {child.ref}, school: from nothing to Hillside"
        looked = f"/families/{team.ref}/who-has-looked"
        assert line in sign_in(council.manager).get(looked).main
        assert "Hillside" not in sign_in(council.coordinator).get(looked).main
        export = f"/families/{team.ref}/log"
        file = sign_in(council.manager).get(export).form(export).send({"purpose": "A complaint"})
        rows = list(csv.reader(StringIO(file.html.removeprefix("\ufeff"))))
        assert [row[-1] for row in rows if "Hillside" in row[-1]] == [line]
        assert verify(council.app).exit_code == 0

    def test_of_a_day_or_a_moment_is_told_as_people_read_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, due_on=date(2026, 10, 9))
        answers = {"reason": "Half term", **date_parts("due_on", date(2026, 10, 14))}

        assert sign_in(council.lead).submit(f"/actions/{action.ref}/due", answers).status == 303

        manager = sign_in(council.manager).get(f"/families/{team.ref}/who-has-looked").main
        assert f"Plan action {action.ref}, due on: from 9 October 2026 to 14 October 2026" in manager
        assert sign_in(council.partner).submit(f"/actions/{action.ref}/update", {"note": "Done"}).status == 303
        assert "2026-10-" not in sign_in(council.manager).get(f"/families/{team.ref}/who-has-looked").main

    def test_of_how_somebody_is_reached_is_told_without_saying_how(self, council: Council, sign_in: SignIn) -> None:
        parent = a_family(council).parent
        for number in ("0300 123 4567", "0300 765 4321"):
            page = sign_in(council.coordinator).submit(
                f"/people/{parent.ref}/safe-contact", {"ways": ["by_text"], "phone": number, "note": "Never after 6pm"}
            )
            assert page.status == 303, page.errors

        assert Change("safe_contact", 1, "phone", None, "changed") in changes(council)
        with council.behind_the_scenes():
            kept = " ".join(filter(None, db.session.scalars(select(Audit.changes))))
        assert not re.search("0300|Never after", kept)

    def test_of_a_password_is_told_without_its_hash(self, council: Council, sign_in: SignIn) -> None:
        answers = {"current_password": PASSWORD, "new_password": "four plain otters walked"}
        assert sign_in(council.partner).submit("/account/password", answers).status == 303

        assert Change("app_user", None, "password_hash", None, "changed") in changes(council)
        assert "argon2" not in str(changes(council))

    def test_that_was_rolled_back_is_not_told(self, council: Council) -> None:
        child = a_family(council).children[0]
        with council.as_(council.coordinator), what_changed.gathered():
            for school in ("Ash Lane", "Hillside"):
                db.session.get_one(Person, child.id).school = school
                db.session.flush()
                if school == "Ash Lane":
                    db.session.rollback()
            found = what_changed.told()

        assert read(found) == [Change("person", child.id, "school", None, "Hillside")]

    def test_that_takes_a_row_away_says_what_it_held(self, council: Council) -> None:
        with council.as_(council.admin), what_changed.gathered():
            role = db.session.get_one(UserRole, (council.lead.id, Role.PARTNER))
            db.session.delete(role)
            found = read(what_changed.told())

        row = f"{council.lead.id}/partner"
        assert found[0] == Change("user_role", row, None, None, "taken away")
        assert Change("user_role", row, "role", "partner", None) in found


def told(council: Council, family_id: int | None = NOWHERE) -> None:
    """As the gate writes a change of one field."""
    entry = Entry(
        AuditKind.CHANGE,
        "household.correct",
        None,
        family_id,
        changes=written([Change("person", 1, "school", "Ash Lane", "Hillside")]),
    )
    with council.app.app_context():
        remember.before_sending(entry)


class TestWhatTheLogTells:
    @pytest.mark.parametrize(
        ("tampered", "words"),
        [
            (
                "changes = replace(changes, 'Hillside', 'Ash Lane')",
                "What row 1 says of changes is not what was written",
            ),
            ("changes_mark = mac", "Row 1 was changed after it was written"),
            ("changes_mark = NULL", "Row 1 was changed after it was written"),
        ],
    )
    def test_cannot_be_changed_unnoticed(self, council: Council, tampered: str, words: str) -> None:
        told(council)
        assert verify(council.app).exit_code == 0

        behind_the_back(council.app, f"UPDATE audit SET {tampered}")

        found = verify(council.app)
        assert (found.exit_code, words in found.output) == (1, True), found.output

    def test_goes_with_the_record_and_the_rest_of_the_row_stays(self, council: Council) -> None:
        home = a_family(council)
        told(council)
        told(council, home.id)
        for family in (NOWHERE, home.id):
            with council.behind_the_scenes():
                remember.forget_changes(family)
            found = verify(council.app)
            there = family == home.id
            assert found.exit_code == int(there), found.output
            assert ("What row 2 says of changes was taken away, and no record with it." in found.output) is there
        assert "2 rows say no more what was changed" in verify(council.app).output

    def test_is_all_that_can_ever_be_taken_from_a_row(self, council: Council) -> None:
        told(council)
        others: dict[str, Any] = {
            column.name: "'x'" if isinstance(column.type, Text) or column.type.python_type is str else "7"
            for column in Audit.__table__.columns
            if column.name != "at"
        }
        others["at"] = "'2026-01-01 10:00:00'"
        with council.app.app_context():
            for name, value in others.items():
                for more in ("", ", changes = NULL") if name != "changes" else ("",):
                    with (
                        pytest.raises(DBAPIError, match="the log can only grow"),
                        writing(),
                        db.engine.begin() as connection,
                    ):
                        connection.execute(text(f"UPDATE audit SET {name} = {value}{more}"))

    def test_changes_nothing_of_what_was_signed_before(self) -> None:
        row: dict[str, Any] = {**dict.fromkeys(SIGNED), "changes_mark": None, "page": "p", "number": 3}

        assert content(row) == b'[null,3,null,null,null,null,null,null,null,null,"p",null,null]'
        assert content(row | {"changes_mark": "k.m"}) == content(row)[:-1] + b',"k.m"]'

    def test_is_signed_and_sealed_by_256_bits(self, council: Council) -> None:
        told(council)
        (head,) = seal(council.app)

        with council.behind_the_scenes():
            row, sealed = db.session.scalars(select(Audit)).one(), db.session.scalars(select(AuditSeal)).one()
        for mark in (row.mac, row.changes_mark, sealed.mac, head.partition(":")[2]):
            assert mark is not None
            assert len(urlsafe_b64decode(mark.partition(".")[2] + "=")) == 32
        assert re.fullmatch("[0-9a-f]{64}", sealed.digest)
        given = {name: getattr(row, "rows" if name == "row_count" else name) for name in (*SIGNED, "changes_mark")}
        signed = content(given)
        whole = f"{row.id}:{len(signed)}:".encode() + signed + str(row.mac).encode()
        assert sealed.digest == hashlib.sha256(whole).hexdigest()

    def test_holds_nothing_that_opens_a_door_or_leads_to_somebody(self) -> None:
        """A column that is added later and sounds like one has to be named in the list, or here."""
        mappers = list(Base.registry.mappers)
        columns = [(mapper, str(mapper.class_.__tablename__), each) for mapper in mappers for each in mapper.columns]
        secret = [
            (table, each.name)
            for _mapper, table, each in columns
            if re.search("hash|token|secret|_key|credential", each.name) and table not in APART
        ]
        reached = [
            (table, each.name)
            for mapper, table, each in columns
            if re.search("address|postcode|phone|email|contact", each.name)
            and issubclass(mapper.class_, FamilyScoped)
            and (table, each.name) not in HARMLESS
            and table not in APART
        ]

        assert ("app_user", "password_hash") in secret
        assert ("safe_contact", "phone_sealed") in reached
        named = {("person", "name_key"), ("audit_seal", "mac")}
        assert [each for each in [*secret, *reached] if each not in named and is_open(*each)] == []
