"""The demonstration: an invented council that can be signed in to, loaded where nobody real can be."""

import json
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from portal import create_app
from portal.core import clock, mail
from portal.core.config import Settings
from portal.core.db import db, writing
from portal.demo import cast, families, load, long_ago, old_records
from portal.domain import hsds
from portal.domain.support import ReferralState
from portal.facts import retention
from portal.models.families import Family
from portal.models.following import Service, SupportReferral
from portal.models.people import Organisation, User
from portal.models.record import Event, FamilySummary, OutboxMessage
from portal.models.subjects import RetentionHold
from portal.policies.scope import unscoped
from portal.services import directory, summary
from tests.support import databases
from tests.support.web import Browser

MANY = 16
LOGINS = {
    "coordinator",
    "lead",
    "partner",
    "partner_other_organisation",
    "social_worker",
    "social_worker_other_team",
    "social_care_manager",
    "front_door",
    "manager",
    "auditor",
    "admin",
}


@pytest.fixture(scope="module")
def empty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A demonstration's portal on a database of its own, with nobody in it yet."""
    with databases.fresh(request.config.getoption("--database")) as url:
        app = create_app(_settings(url, tmp_path_factory.mktemp("demonstration")))
        databases.migrate(app)
        yield app


@pytest.fixture(scope="module")
def loaded(empty: Flask) -> Flask:
    databases.empty(empty)
    assert _load(empty).exit_code == 0
    return empty


def _settings(url: str, folder: Path) -> Settings:
    return Settings(
        environment="demonstration",
        secret_key="a demonstration of thirty-two characters",
        database_url=url,
        password_memory_kib=64,
        instance_folder=folder,
    )


def _load(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["portal", "demo", "--families", str(MANY)])


def _file(app: Flask) -> Path:
    settings: Settings = app.config["PORTAL"]
    return settings.instance_folder / "demo-logins.json"


def _count(app: Flask, model: type) -> int:
    with app.app_context(), unscoped("counted by a test"):
        return db.session.scalar(select(func.count()).select_from(model)) or 0


class TestLoading:
    def test_makes_the_council_its_services_and_families(self, loaded: Flask) -> None:
        assert _count(loaded, Organisation) >= 6
        assert _count(loaded, User) == 16
        assert _count(loaded, Service) == 30
        assert _count(loaded, Family) == MANY + old_records.COUNT
        assert _count(loaded, Event) > 10 * MANY

    def test_writes_nothing_to_be_sent(self, loaded: Flask) -> None:
        assert _count(loaded, OutboxMessage) == 0

    def test_every_figure_agrees_with_a_recount(self, loaded: Flask) -> None:
        with loaded.app_context(), unscoped("recounted by a test"):
            found = {family: summary.differences(family) for family in db.session.scalars(select(Family.id))}
        assert not {family: wrong for family, wrong in found.items() if wrong}

    def test_one_old_record_is_due_and_one_is_on_hold(self, loaded: Flask) -> None:
        with loaded.app_context(), unscoped("read by a test"):
            ids = list(db.session.scalars(select(Family.id).order_by(Family.id.desc()).limit(old_records.COUNT)))
            held = list(db.session.scalars(select(RetentionHold.family_id)))
            due = [number for number in ids if retention.of_family(number).is_due(clock.today())]
        assert due == ids
        assert held == ids[:1]

    def test_only_its_owner_can_read_the_sign_ins(self, loaded: Flask) -> None:
        assert stat.S_IMODE(_file(loaded).stat().st_mode) == 0o600

    def test_a_second_time_changes_nothing(self, loaded: Flask) -> None:
        before = _file(loaded).read_text(encoding="utf-8")
        again = _load(loaded)
        assert again.exit_code != 0
        assert "The database already has people in it" in again.output
        assert (_count(loaded, User), _count(loaded, Family)) == (16, MANY + old_records.COUNT)
        assert _file(loaded).read_text(encoding="utf-8") == before


class TestSigningIn:
    def test_one_person_of_each_role(self, loaded: Flask) -> None:
        assert set(_logins(loaded)) == LOGINS

    @pytest.mark.parametrize("role", sorted(LOGINS))
    def test_everybody_lands_on_a_page_that_says_what_it_is(self, loaded: Flask, role: str) -> None:
        login = _logins(loaded)[role]
        browser = Browser(loaded.test_client())
        page = browser.submit("/sign-in", {"email": login["username"], "password": login["password"]})
        while page.status == 303:
            page = page.follow()
        assert page.status == 200
        assert "Demonstration: all people and families here are invented" in page.text


def _logins(app: Flask) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(_file(app).read_text(encoding="utf-8"))
    return found


class TestRefusing:
    def test_production(self, empty: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")  # a command starts where the server would not
        databases.empty(empty)
        production = Settings(
            environment="production",
            secret_key="long enough a secret for production",
            field_keys="a key of many different letters for fields",
            database_url=empty.config["PORTAL"].database_url,
            sqlite_in_production=True,
            trusted_hosts="earlyhelp.council.example",
            behind_tls=True,
            instance_folder=tmp_path,
        )
        refused = _load(create_app(production))
        assert refused.exit_code != 0
        assert "The demonstration cannot be loaded in production" in refused.output
        assert _count(empty, User) == 0
        assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def company(empty: Flask) -> Iterator[cast.Company]:
    databases.empty(empty)
    published = Path(load.__file__).parent / "services.json"
    with empty.app_context(), writing(), mail.held():
        found = cast.found(64)
        directory.take_in([hsds.read(published.read_text(encoding="utf-8"))])
        db.session.commit()
        yield found


class TestStages:
    @pytest.mark.parametrize("stage", families.STAGES, ids=lambda stage: stage.tell.__name__)
    def test_each_can_be_told(self, company: cast.Company, stage: families.Stage) -> None:
        number = families.STAGES.index(stage) + 1
        story = families.begin(company, Random(number), number, stage)
        stage.tell(story)
        db.session.commit()
        assert story.family.ref
        assert not summary.differences(story.family.id)

    def test_what_ended_long_ago_is_history_of_two_years_and_open_no_more(self, company: cast.Company) -> None:
        number, two_years = len(families.STAGES) + 1, families.Stage(long_ago.helped, (730, 730), 1)
        story = families.begin(company, Random(number), number, two_years)

        two_years.tell(story)

        with unscoped("read by a test"):
            first = db.session.scalar(select(func.min(Event.happened_on)).where(Event.family_id == story.family.id))
            states = db.session.scalars(
                select(SupportReferral.state).where(SupportReferral.family_id == story.family.id)
            )
            still_open = db.session.scalar(select(FamilySummary.open).where(FamilySummary.family_id == story.family.id))
        assert first is not None
        assert (clock.today() - first).days >= 730
        assert set(states) == {ReferralState.ENDED}
        assert still_open is False

    def test_sixty_families_stand_in_all_of_them(self) -> None:
        assert sum(stage.weight for stage in families.STAGES) == 60
        assert len(Counter(stage.tell for stage in families.STAGES)) == 25
