"""The service directory, taken in from files on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.models.following import Service, ServiceOrigin
from tests.support.following import a_service
from tests.support.people import Council

FIXTURES = Path(__file__).parents[1] / "domain" / "fixtures"
DEMONSTRATION = Path(__file__).parents[2] / "portal" / "demo" / "services.json"
FULL: dict[str, Any] = {
    "id": "s-1",
    "name": "Stay and play",
    "status": "active",
    "description": "Every Tuesday",
    "email": "play@ambleford.example",
    "minimum_age": 0,
    "maximum_age": 4,
    "alert": "Closed in the first week of August",
    "last_modified": "2026-03-01T10:00:00Z",
    "organization": {"id": "o-1", "name": "Ambleford Family Hubs"},
    "phones": [{"number": "01632 960 111"}],
    "schedules": [{"description": "Tuesdays 10am to midday"}],
    "attributes": [{"taxonomy_term": {"name": "Play"}}],
    "service_at_locations": [
        {
            "location": {
                "name": "North Hub",
                "addresses": [
                    {
                        "address_1": "1 Mill Lane",
                        "city": "Ambleford",
                        "postal_code": "AF1 1AA",
                        "address_type": "physical",
                    }
                ],
            }
        }
    ],
}
THIN: dict[str, Any] = {key: FULL[key] for key in ("id", "name", "status", "last_modified", "organization")}


def a_file(folder: Path, name: str, *services: object) -> str:
    path = folder / name
    path.write_text(json.dumps({"contents": list(services)}), encoding="utf-8")
    return str(path)


def take_in(app: Flask, *files: object) -> Result:
    return app.test_cli_runner().invoke(args=["portal", "import", "services", *map(str, files)])


def services_of(council: Council) -> dict[str, Service]:
    with council.behind_the_scenes():
        return {service.name: service for service in db.session.scalars(select(Service).order_by(Service.id))}


class TestTakingInADirectory:
    def test_services_of_a_page_and_of_locations_go_in(self, app: Flask, council: Council) -> None:
        result = take_in(app, DEMONSTRATION)

        assert result.exit_code == 0, result.output
        assert "30 services added, 0 changed, 0 as before, 0 records left out." in result.output
        found = services_of(council)
        assert len(found) == 30
        assert {service.origin for service in found.values()} == {ServiceOrigin.DIRECTORY}
        assert found["Family hub drop-in"].organisation_name

    def test_a_second_time_changes_nothing(self, app: Flask, council: Council) -> None:
        take_in(app, DEMONSTRATION)
        before = {service.id: (service.version, service.changed_at) for service in services_of(council).values()}

        result = take_in(app, DEMONSTRATION)

        assert "0 services added, 0 changed, 30 as before" in result.output
        after = {service.id: (service.version, service.changed_at) for service in services_of(council).values()}
        assert after == before

    def test_what_the_publisher_changed_is_brought_up_to_date(
        self, app: Flask, council: Council, tmp_path: Path
    ) -> None:
        take_in(app, a_file(tmp_path, "first.json", FULL))
        newer = FULL | {
            "name": "Stay, play and talk",
            "status": "temporarily closed",
            "maximum_age": 5,
            "last_modified": "2026-04-01T10:00:00Z",
        }

        result = take_in(app, a_file(tmp_path, "second.json", newer))

        assert "0 services added, 1 changed" in result.output
        (service,) = services_of(council).values()
        assert (service.name, service.active, service.maximum_age) == ("Stay, play and talk", False, 5)

    def test_a_thinner_file_does_not_take_away_what_is_known(
        self, app: Flask, council: Council, tmp_path: Path
    ) -> None:
        take_in(app, a_file(tmp_path, "full.json", FULL))

        result = take_in(app, a_file(tmp_path, "thin.json", THIN))

        assert "1 as before" in result.output
        (service,) = services_of(council).values()
        assert service.description == "Every Tuesday"
        assert service.phone == "01632 960 111"
        assert service.opening == "Tuesdays 10am to midday"
        assert (service.minimum_age, service.maximum_age) == (0, 4)
        assert (service.address, service.postcode) == ("North Hub, 1 Mill Lane, Ambleford, AF1 1AA", "AF1 1AA")
        assert service.topics == ["Play"]
        assert service.alert == "Closed in the first week of August"

    def test_a_place_named_alone_keeps_the_address_that_is_known(
        self, app: Flask, council: Council, tmp_path: Path
    ) -> None:
        take_in(app, a_file(tmp_path, "full.json", FULL))
        at_location = {"id": "l-1", "service": THIN, "location": {"name": "North Hub"}}

        result = take_in(app, a_file(tmp_path, "places.json", at_location))

        assert "1 as before" in result.output
        assert services_of(council)["Stay and play"].postcode == "AF1 1AA"

    def test_an_alert_ends_with_a_newer_record_without_it(self, app: Flask, council: Council, tmp_path: Path) -> None:
        take_in(app, a_file(tmp_path, "full.json", FULL))

        take_in(app, a_file(tmp_path, "thin.json", THIN | {"last_modified": "2026-09-01T10:00:00Z"}))

        assert services_of(council)["Stay and play"].alert is None

    def test_several_files_make_one_service(self, app: Flask, council: Council, tmp_path: Path) -> None:
        thin, full = a_file(tmp_path, "thin.json", THIN), a_file(tmp_path, "full.json", FULL)

        result = take_in(app, thin, full, thin)

        assert "1 service added, 0 changed, 0 as before" in result.output
        assert services_of(council)["Stay and play"].phone == "01632 960 111"

    def test_what_was_added_by_hand_is_never_touched(self, app: Flask, council: Council, tmp_path: Path) -> None:
        by_hand = a_service(council, name="Stay and play")

        take_in(app, a_file(tmp_path, "full.json", FULL))

        with council.behind_the_scenes():
            kept = db.session.get_one(Service, by_hand.id)
            assert (kept.origin, kept.version) == (ServiceOrigin.HAND, by_hand.version)
            assert len(db.session.scalars(select(Service)).all()) == 2


class TestFaults:
    def test_a_bad_record_is_named_with_its_field_and_the_rest_goes_in(
        self, app: Flask, council: Council, tmp_path: Path
    ) -> None:
        bad = FULL | {"id": "s-2", "minimum_age": -1, "url": "javascript:alert(1)"}

        result = take_in(app, a_file(tmp_path, "mixed.json", bad, FULL, "nonsense"))

        assert result.exit_code == 0
        assert "Left out: s-2: minimum_age must be a whole number from 0 to 130" in result.output
        assert "Left out: s-2: url must be a web address" in result.output
        assert "Left out: record 3: record must be an object" in result.output
        assert "1 service added, 0 changed, 0 as before, 2 records left out." in result.output
        assert list(services_of(council)) == ["Stay and play"]

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"{", "This file is not JSON. Line 1, character 2 cannot be read"),
            (b"", "This file is not JSON"),
            (b"\xff\xfe\x00", "this file is not text in UTF-8"),
            (b'{"version": "3.0"}', "There are no services in this file"),
            (b"[" * 100_000, "This file is not JSON that can be read"),
        ],
    )
    def test_one_broken_file_changes_nothing_at_all(
        self, app: Flask, council: Council, tmp_path: Path, content: bytes, words: str
    ) -> None:
        good, broken = a_file(tmp_path, "good.json", FULL), tmp_path / "broken.json"
        broken.write_bytes(content)

        result = take_in(app, good, broken)

        assert result.exit_code == 1
        assert words in result.output
        assert "broken.json" in result.output
        assert "Nothing was changed." in result.output
        assert services_of(council) == {}

    def test_a_file_that_is_not_there(self, app: Flask, council: Council, tmp_path: Path) -> None:
        result = take_in(app, tmp_path / "missing.json")

        assert result.exit_code == 1
        assert "cannot be opened" in result.output

    def test_a_folder_is_no_file(self, app: Flask, council: Council, tmp_path: Path) -> None:
        assert take_in(app, tmp_path).exit_code == 1

    def test_no_file_at_all_is_said(self, app: Flask) -> None:
        assert take_in(app).exit_code == 2

    def test_a_service_without_a_date_of_change_is_dated_today(
        self, app: Flask, council: Council, tmp_path: Path
    ) -> None:
        before = clock.now()
        undated = {key: value for key, value in FULL.items() if key != "last_modified"}

        take_in(app, a_file(tmp_path, "undated.json", undated))

        assert services_of(council)["Stay and play"].changed_at >= before
