"""A step that seals what a council has already: nothing is lost, and nothing can be read without the key."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import select, text

from portal.core.config import Settings
from portal.core.db import db, writing
from portal.core.sealed import holds
from portal.domain.event_kinds import E
from portal.domain.hiding import WhyHidden
from portal.domain.reach import Reach
from portal.models.families import (
    ConfidentialAddress,
    EarlierAddress,
    Household,
    KeepApartReason,
    Note,
    Person,
    SafeContact,
)
from portal.models.following import SharedReferral, SupportReferral
from portal.models.hiding import HiddenPlace, HiddenWords
from portal.models.people import User
from portal.models.proving import AuthenticatorApp
from portal.models.record import Event, FormDraft
from portal.models.step_down_ends import FamilySaidNo
from portal.models.teamwork import TeamMember
from portal.policies.scope import unscoped
from portal.services import hiding, safety
from portal.services.hiding import Asked
from tests.architecture.test_nothing_readable import (
    ADDRESS,
    CANARIES,
    EMAIL,
    HELPER,
    HOMES,
    HOW,
    NOTE,
    NUMBER,
    OTHERS,
    POSTCODE,
    PROFESSIONAL,
    WHY,
    lived,
    told,
    told_of_others,
)
from tests.support import databases
from tests.support.keys import KEY, readable, with_keys
from tests.support.people import Council, found_council
from tests.support.receiving import sent

MANY = 250
# The first stands in both parts of a line, the other in the one that is sealed.
HIDDEN = ("Nan Okafor", "01632 960 400")
PLACES = "SELECT hiding_id, of_table, of_column, row_id FROM hidden_place ORDER BY id"
SECRET, TYPED = "JBSWY3DPEHPK3PXP", "She told us about the blue door"


@pytest.fixture(scope="module")
def own_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """No other test's, as these take steps back."""
    with databases.fresh(request.config.getoption("--database")) as url:
        yield url


@pytest.fixture
def own_app(own_database: str, settings: Settings) -> Iterator[Flask]:
    app = with_keys(settings, KEY, database_url=own_database)
    databases.migrate(app)
    yield app
    databases.migrate(app)
    databases.empty(app)
    with app.app_context():
        db.engine.dispose()


def back_to(app: Flask, revision: str) -> None:
    with app.app_context():
        downgrade(revision=revision)


def rows(app: Flask, statement: str) -> list[object]:
    with app.app_context(), db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def upgraded(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["portal", "upgrade"])
    assert done.exit_code == 0, done.output


def as_before(app: Flask, council: Council) -> None:
    """Written by a portal that sealed nothing."""
    now = "2026-10-07 09:00:00"
    with app.app_context(), writing(), db.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO authenticator_app (user_id, secret, made_at) VALUES (:user, :secret, :now)"),
            {"user": council.lead.id, "secret": SECRET, "now": now},
        )
        drafts = [
            {
                "user": council.lead.id,
                "form": f"form {number}",
                "now": now,
                "typed": f'{{"text": ["{TYPED} {number}"]}}',
            }
            for number in range(MANY)
        ]
        connection.execute(
            text(
                "INSERT INTO form_draft (user_id, form, subject, answers, saved_at) "
                "VALUES (:user, :form, '', :typed, :now)"
            ),
            drafts,
        )


def test_secrets_and_drafts_are_sealed_and_come_back_as_they_were(own_app: Flask) -> None:
    council = found_council(own_app)
    back_to(own_app, "0043")
    as_before(own_app, council)
    assert SECRET in readable(own_app)
    before = rows(own_app, "SELECT id, CAST(answers AS text) FROM form_draft ORDER BY id")

    upgraded(own_app)

    found = readable(own_app)
    assert SECRET not in found
    assert TYPED not in found
    with own_app.app_context():
        assert [app.secret for app in db.session.scalars(select(AuthenticatorApp))] == [SECRET]
        drafts = db.session.scalars(select(FormDraft).order_by(FormDraft.id)).all()
        assert [draft.answers for draft in drafts] == [{"text": [f"{TYPED} {number}"]} for number in range(MANY)]
    back_to(own_app, "0043")
    assert rows(own_app, "SELECT secret FROM authenticator_app") == [(SECRET,)]
    assert rows(own_app, "SELECT id, CAST(answers AS text) FROM form_draft ORDER BY id") == before


def test_how_people_are_reached_is_sealed_and_comes_back_as_it_was(own_app: Flask) -> None:
    council = found_council(own_app)
    told(council)
    before = all_told(own_app)
    assert tuple(before)[:7] == (NUMBER, EMAIL, HOW, ADDRESS, POSTCODE, NOTE, WHY)
    back_to(own_app, "0055")
    found = readable(own_app)
    assert [each for each in CANARIES if each not in found] == []
    lines = rows(own_app, "SELECT id, CAST(data AS text) FROM event ORDER BY id")

    upgraded(own_app)

    found = readable(own_app)
    assert [each for each in CANARIES if each in found] == []
    assert all_told(own_app) == before
    back_to(own_app, "0055")
    assert rows(own_app, "SELECT id, CAST(data AS text) FROM event ORDER BY id") == lines


def test_how_others_are_reached_is_sealed_with_what_was_hidden_of_it_and_comes_back(own_app: Flask) -> None:
    """A line of history is parted, and with it the pieces that were taken out of it."""
    council = found_council(own_app)
    handover = told_of_others(council)
    asked = [Asked(words, (), WhyHidden.OTHER, "It should not stand here", sure=True) for words in HIDDEN]
    with council.as_(council.manager) as viewer:
        hidden = [hiding.hide(handover.family, each, by=viewer).id for each in asked]
    before = others_told(own_app)
    assert (HELPER in str(before), str(before).count("[Hidden on")) == (True, 3)

    back_to(own_app, "0059")
    found = readable(own_app)
    assert [each for each in OTHERS if each not in found] == []
    lines = rows(own_app, "SELECT id, CAST(data AS text) FROM event ORDER BY id")
    places = rows(own_app, PLACES)

    upgraded(own_app)

    found = readable(own_app)
    assert [each for each in OTHERS if each in found] == []
    assert others_told(own_app) == before
    back_to(own_app, "0059")
    assert rows(own_app, "SELECT id, CAST(data AS text) FROM event ORDER BY id") == lines
    assert rows(own_app, PLACES) == places
    upgraded(own_app)
    with council.as_(council.manager) as viewer:
        words = [db.session.get_one(HiddenWords, each) for each in reversed(hidden)]
        assert [hiding.put_back(each, why="It may stand here", by=viewer) for each in words] == [0, 0]
    line = others_told(own_app)[-1]
    assert line == (
        "name from “Nan Okafor” to “Nan Okoro”, how they can be reached from “01632 960 400” to “07700 900 561”",
        "Nan Okafor",
    )


def test_where_people_live_is_sealed_is_found_by_its_postcode_and_comes_back(own_app: Flask) -> None:
    council = found_council(own_app)
    family = lived(council)
    with council.behind_the_scenes():
        db.session.add(Household(family_id=family.id, name="Not known"))
    before = homes_told(own_app)
    assert before == [("7 Finch Street, Ambleford", "AF8 8ZQ"), (None, None), ("1 Mill Lane, Ambleford", "AF1 1AA")]

    back_to(own_app, "0061")
    found = readable(own_app)
    assert [each for each in HOMES if each not in found] == []
    assert rows(own_app, "SELECT address, postcode FROM household ORDER BY id") == before[:2]
    assert rows(own_app, "SELECT address, postcode FROM earlier_address ORDER BY id") == before[2:]

    upgraded(own_app)

    found = readable(own_app)
    assert [each for each in HOMES if each in found] == []
    assert homes_told(own_app) == before
    with own_app.app_context(), unscoped("a test looks for homes"):
        names = [
            db.session.scalars(select(Household.name).where(holds(Household.postcode, each))).all() for each in HOMES
        ]
    assert names == [[], [], [], ["Home"]]


def test_what_was_hidden_before_a_line_was_sealed_can_be_put_back(own_app: Flask) -> None:
    """Two hidings of a portal that sealed no line, and a later one that lies as it should. Of the first, words stood in
    both parts of a line; of the second, in what is sealed alone."""
    council = found_council(own_app)
    family, parent = told(council)
    with council.as_(council.coordinator) as viewer:
        how = Reach(phone=NUMBER, by_phone=True, note="Ask for Siobhán at the desk of the gym")
        safety.reach(db.session.get_one(Person, parent.id), how, by=viewer)
    lines = lines_told(own_app)
    hidden = []
    for words in ("Siobhán", NUMBER, "after the gym"):
        with council.as_(council.manager) as viewer:
            asked = Asked(words, (), WhyHidden.OTHER, "It should not stand here", sure=True)
            hidden.append(hiding.hide(family, asked, by=viewer).id)
    parted = rows(own_app, PLACES)
    assert all(words not in str(lines_told(own_app)) for words in ("Siobhán", NUMBER, "after the gym"))
    with council.behind_the_scenes():
        as_before_sealing(hidden[:2])

    back_to(own_app, "0055")
    upgraded(own_app)

    assert sorted(rows(own_app, PLACES), key=str) == sorted(parted, key=str)
    with council.as_(council.manager) as viewer:
        places = [db.session.get_one(HiddenWords, each) for each in reversed(hidden)]
        assert [hiding.put_back(each, why="It may stand here", by=viewer) for each in places] == [0, 0, 0]
    assert lines_told(own_app) == lines


def as_before_sealing(hidings: list[int]) -> None:
    """As they were written down while a line had one part."""
    for row in db.session.scalars(select(HiddenPlace).where(HiddenPlace.hiding_id.in_(hidings))).all():
        if row.of_column == "private":
            of = {"hiding_id": row.hiding_id, "of_table": row.of_table, "of_column": "data", "row_id": row.row_id}
            first = db.session.scalars(select(HiddenPlace).filter_by(**of)).one_or_none()
            if first is None:
                row.of_column = "data"
            else:
                first.pieces = [*first.pieces, *row.pieces]
                db.session.delete(row)


def lines_told(app: Flask) -> list[tuple[str, ...]]:
    """What each line says that is sealed in part."""
    with app.app_context(), unscoped("a test reads what was sealed"):
        found = db.session.scalars(select(Event).where(Event.private_sealed.is_not(None)).order_by(Event.id)).all()
        return [tuple(text for _, text in sorted((line.data | line.private).items())) for line in found]


def test_how_professionals_are_rung_is_sealed_and_comes_back_as_it_was(own_app: Flask) -> None:
    council = found_council(own_app)
    sent(council)
    with council.behind_the_scenes():
        db.session.get_one(User, council.admin.id).phone = None
    columns = ("phone FROM app_user", "sent_by_phone FROM shared_referral")

    back_to(own_app, "0064")
    before = [rows(own_app, f"SELECT id, {each} ORDER BY id") for each in columns]
    assert [PROFESSIONAL in str(each) for each in before] == [True, True]

    upgraded(own_app)

    assert PROFESSIONAL not in readable(own_app)
    with own_app.app_context(), unscoped("a test reads what was sealed"):
        people = db.session.scalars(select(User).order_by(User.id)).all()
        assert [(each.id, each.phone) for each in people] == before[0]
        assert [(each.id, each.sent_by_phone) for each in db.session.scalars(select(SharedReferral))] == before[1]
    back_to(own_app, "0064")
    assert [rows(own_app, f"SELECT id, {each} ORDER BY id") for each in columns] == before


def homes_told(app: Flask) -> list[tuple[str | None, str | None]]:
    """Each home, then each earlier address, as the portal reads it."""
    with app.app_context(), unscoped("a test reads what was sealed"):
        now = db.session.scalars(select(Household).order_by(Household.id)).all()
        before = db.session.scalars(select(EarlierAddress).order_by(EarlierAddress.id)).all()
        return [(each.address, each.postcode) for each in now] + [(each.address, each.postcode) for each in before]


def others_told(app: Flask) -> list[object]:
    """Each value, as the portal reads it."""
    with app.app_context(), unscoped("a test reads what was sealed"):
        helper = db.session.scalars(select(TeamMember).where(TeamMember.outside_name.is_not(None))).one()
        watcher = db.session.scalars(select(FamilySaidNo)).one().watcher_contact
        sent = db.session.scalars(select(SupportReferral)).one().safe_contact
        shared = db.session.scalars(select(SharedReferral)).one().safe_contact
        line = db.session.scalars(select(Event).where(Event.kind == E.TEAM_CORRECTED)).one()
        told = tuple(text for _, text in sorted((line.data | line.private).items()))
        return [helper.contact, watcher, sent, shared, told]


def all_told(app: Flask) -> list[str | None]:
    """Each value, as the portal reads it."""
    with app.app_context(), unscoped("a test reads what was sealed"):
        reached = db.session.scalars(select(SafeContact).where(SafeContact.note_sealed.is_not(None))).one()
        hidden = db.session.scalars(select(ConfidentialAddress)).one()
        note, why = db.session.scalars(select(Note)).one(), db.session.scalars(select(KeepApartReason)).one()
        kinds = (E.SAFE_CONTACT_CHANGED, E.FAMILY_BROUGHT_UP_TO_DATE)
        lines = db.session.scalars(select(Event).where(Event.kind.in_(kinds)).order_by(Event.id))
        said = [text for line in lines for _, text in sorted((line.data | line.private).items())]
        own = [reached.phone, reached.email, reached.note, hidden.address, hidden.postcode, note.text, why.text]
        return [*own, *said]
