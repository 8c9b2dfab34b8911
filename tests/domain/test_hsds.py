"""Reading a service directory: what is taken from each shape of file, and what is said of a record or file at fault."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import hsds, opening_hours
from portal.domain.hsds_service import LIMITS, DirectoryService, ServiceStatus

FIXTURES = Path(__file__).parent / "fixtures"
PAGE = (FIXTURES / "services.json").read_text(encoding="utf-8")
PLACES = (FIXTURES / "services_at_locations.json").read_text(encoding="utf-8")
DEMONSTRATION = Path(hsds.__file__).parents[1] / "demo" / "services.json"

SATURDAY_CLUB = "5f1c0f6e-8d0e-4c86-9a54-0d2f4f0b7a01"
BROKEN = "5f1c0f6e-8d0e-4c86-9a54-0d2f4f0b7a03"


def a_service(**changes: object) -> dict[str, Any]:
    return {
        "id": "s-1",
        "name": "Toy library",
        "status": "active",
        "organization": {"id": "o", "name": "Trust"},
    } | changes


def the_service(**changes: object) -> DirectoryService:
    reading = hsds.read(json.dumps(a_service(**changes)))
    assert reading.faults == []
    return reading.services[0]


def faults_of(**changes: object) -> list[str]:
    reading = hsds.read(json.dumps(a_service(**changes)))
    assert reading.services == []
    return [str(fault) for fault in reading.faults]


class TestAPageOfServices:
    def test_every_field_is_read(self) -> None:
        club = hsds.read(PAGE).services[0]

        assert club == DirectoryService(
            external_id=SATURDAY_CLUB,
            name="Harbour Lane Saturday Club",
            organisation_name="Harbour Lane Trust",
            organisation_external_id="0d6b1c53-51c9-4a0c-8f0f-6f2b9d0c1a11",
            status=ServiceStatus.ACTIVE,
            description="Games, cooking and a hot lunch for children and their carers.\n\nCome as you are.",
            url="https://harbourlane.example/saturday",
            email="hello@harbourlane.example",
            phone="01632 960101",
            fees="A child: £1.50 a morning\nCarers: free",
            minimum_age=5,
            maximum_age=11,
            assured_on=date(2026, 2, 28),
            alert="Closed on 4 July",
            places=("Harbour Lane Hall, 2 Harbour Lane, Ambleford, Ambleshire, AF1 2AB",),
            postcode="AF1 2AB",
            opening="Saturday, 10am to 1:30pm\nAlso every day of the school holidays",
            topics=("Youth", "Food"),
            last_modified=datetime(2026, 3, 1, 9, 15, tzinfo=UTC),
        )

    def test_what_the_publisher_leaves_out_is_none(self) -> None:
        money = hsds.read(PAGE).services[1]

        assert (money.description, money.url, money.minimum_age, money.address, money.last_modified) == (None,) * 5
        assert money.topics == ()
        assert not money.is_active

    def test_the_organisation_is_asked_where_the_service_does_not_say(self) -> None:
        cafe = hsds.read(PAGE).services[2]

        assert cafe.name == "Quiet Hour at Ó Briain’s Café"
        assert (cafe.organisation_name, cafe.url, cafe.email) == (
            "Łąka & Sons",
            "http://laka.example",
            "post@laka.example",
        )

    def test_a_bad_record_is_reported_by_id_and_field_and_the_rest_goes_in(self) -> None:
        reading = hsds.read(PAGE)

        assert [service.external_id[-2:] for service in reading.services] == ["01", "02", "04"]
        assert {fault.record_id for fault in reading.faults} == {BROKEN}
        assert [f"{fault.field} {fault.words}" for fault in reading.faults] == [
            "status must be one of: active, inactive, defunct, temporarily closed",
            "description must not contain control characters",
            "url must be a web address that starts with http:// or https://",
            "minimum_age must be a whole number from 0 to 130",
            "assured_date must be a real date, like 2026-03-27",
        ]

    def test_a_byte_order_mark_is_no_hindrance(self) -> None:
        assert hsds.read("\ufeff" + PAGE) == hsds.read(PAGE)

    def test_an_empty_page_has_no_services_and_no_faults(self) -> None:
        assert hsds.read('{"contents": [], "empty": true}') == hsds.Reading([], [])


class TestOtherShapes:
    def test_one_full_service(self) -> None:
        club = json.loads(PAGE)["contents"][0]

        assert hsds.read(json.dumps(club)).services == [hsds.read(PAGE).services[0]]

    def test_a_plain_list(self) -> None:
        assert hsds.read(json.dumps(json.loads(PAGE)["contents"])) == hsds.read(PAGE)

    def test_one_service_at_a_location(self) -> None:
        at_library = hsds.read(json.dumps(json.loads(PLACES)["contents"][1])).services[0]

        assert at_library.external_id == SATURDAY_CLUB
        assert at_library.address == "Weir Road Library, 40 Weir Road, Ambleford, Ambleshire, AF3 4BD"
        assert at_library.postcode == "AF3 4BD"


class TestSeveralRecordsOfOneService:
    def test_the_newest_counts_and_older_ones_fill_what_it_leaves_out(self) -> None:
        [club] = hsds.read(PLACES).services

        assert club.description == "As it is since May"
        assert club.alert == "Closed on 4 July"

    def test_ages_are_never_mixed_from_two_records(self) -> None:
        [club] = hsds.read(PLACES).services

        assert (club.minimum_age, club.maximum_age) == (12, None)

    def test_all_places_are_kept_once(self) -> None:
        full_and_places = [*json.loads(PAGE)["contents"][:1], *json.loads(PLACES)["contents"]]

        [club] = hsds.read(json.dumps(full_and_places)).services

        assert [place.split(",")[0] for place in club.places] == ["Weir Road Library", "Harbour Lane Hall"]
        assert club.address == "Weir Road Library, 40 Weir Road, Ambleford, Ambleshire, AF3 4BD (and 1 other place)"

    def test_the_same_fault_at_two_places_is_said_once(self) -> None:
        at_places = [{"id": f"sal-{n}", "service": a_service(maximum_age=-1)} for n in (1, 2)]

        faults = hsds.read(json.dumps(at_places)).faults

        assert [str(fault) for fault in faults] == ["s-1: service.maximum_age must be a whole number from 0 to 130"]


class TestARecordAtFault:
    @pytest.mark.parametrize("key", ["id", "name", "status"])
    @pytest.mark.parametrize("value", [None, "", "   "])
    def test_what_must_be_there(self, key: str, value: object) -> None:
        [fault] = faults_of(**{key: value})

        assert fault == f"{'record 1' if key == 'id' else 's-1'}: {key} must be there"

    def test_the_organisation_must_have_a_name(self) -> None:
        assert faults_of(organization={"id": "o"}) == ["s-1: organization.name must be there"]
        assert faults_of(organization="Trust") == [
            "s-1: organization must be an object",
            "s-1: organization.name must be there",
        ]

    @pytest.mark.parametrize(
        ("key", "limit"), [("name", "name"), ("description", "description"), ("alert", "alert"), ("fees", "fees")]
    )
    def test_a_text_is_taken_to_its_limit_and_no_further(self, key: str, limit: str) -> None:
        most = LIMITS[limit]

        assert getattr(the_service(**{key: "x" * most}), key) == "x" * most
        assert faults_of(**{key: "x" * (most + 1)}) == [
            f"s-1: {key} must be {most:,} characters or fewer. It is {most + 1:,}"
        ]

    @pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800"])
    def test_control_characters_are_refused(self, character: str) -> None:
        assert faults_of(name=f"Toy{character}library") == ["s-1: name must not contain control characters"]

    @pytest.mark.parametrize("character", ["\u202e", "\u200b", "\ufeff"])
    def test_nor_may_a_name_have_a_character_that_nobody_sees(self, character: str) -> None:
        assert faults_of(name=f"Toy{character}library") == ["s-1: name must not contain invisible characters"]
        assert the_service(description=f"Toy{character}library").description == f"Toy{character}library"

    def test_new_lines_are_for_longer_texts(self) -> None:
        assert the_service(description="One\r\n\ttwo").description == "One\n\ttwo"
        assert faults_of(name="One\ntwo") == ["s-1: name must not contain control characters"]

    @pytest.mark.parametrize("value", [0, 12, "12", 12.0, 130])
    def test_an_age_is_taken_in_plain_digits(self, value: object) -> None:
        assert the_service(minimum_age=value).minimum_age == int(str(value).removesuffix(".0"))

    @pytest.mark.parametrize("value", [-1, 131, 0.5, True, "twelve", "12 ", "١٢", "²", [12], 1e300])
    def test_another_age_is_refused(self, value: object) -> None:
        assert faults_of(maximum_age=value) == ["s-1: maximum_age must be a whole number from 0 to 130"]

    def test_ages_must_be_in_order(self) -> None:
        assert faults_of(minimum_age=12, maximum_age=5) == ["s-1: minimum_age must not be more than maximum_age"]

    @pytest.mark.parametrize("value", ["2024-02-29", "2024-02-29T10:00:00Z"])
    def test_a_date_is_taken_with_or_without_a_time(self, value: str) -> None:
        assert the_service(assured_date=value).assured_on == date(2024, 2, 29)

    @pytest.mark.parametrize("value", ["2025-02-29", "29/02/2024", "20240229", "2024-W09-4", "soon", "2024-02-29x"])
    def test_a_date_that_does_not_exist_is_refused(self, value: str) -> None:
        assert faults_of(assured_date=value) == ["s-1: assured_date must be a real date, like 2026-03-27"]

    @pytest.mark.parametrize("value", ["2024-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "yesterday"])
    def test_a_moment_that_does_not_exist_is_refused(self, value: str) -> None:
        assert faults_of(last_modified=value) == [
            "s-1: last_modified must be a real date and time, like 2026-03-27T10:30:00Z"
        ]

    def test_a_moment_is_kept_in_utc(self) -> None:
        assert the_service(last_modified="2026-07-01T00:30:00+01:00").last_modified == datetime(
            2026, 6, 30, 23, 30, tzinfo=UTC
        )

    @pytest.mark.parametrize(
        "value",
        ["javascript:alert(1)", "ftp://files.example", "www.example", "https://", "http://[::1", "https://a b.example",
         "data:text/html,x", "//example.org", "https://council.example@elsewhere.example"],
    )  # fmt: skip
    def test_only_web_addresses_are_taken(self, value: str) -> None:
        assert faults_of(url=value) == ["s-1: url must be a web address that starts with http:// or https://"]

    @pytest.mark.parametrize("value", ["nobody", "a@b", "a@b.example,c@d.example", "a b@c.example"])
    def test_only_email_addresses_are_taken(self, value: str) -> None:
        assert faults_of(email=value) == ["s-1: email must be an email address, like name@example.com"]

    def test_a_text_that_is_something_else_is_refused(self) -> None:
        assert faults_of(name=["Toy library"]) == ["s-1: name must be text"]
        assert faults_of(schedules="always") == ["s-1: schedules must be a list of objects"]
        assert faults_of(cost_options=[{"amount": "ten"}]) == [
            "s-1: cost_options.0.amount must be a number from 0 to 1,000,000"
        ]

    def test_a_time_that_does_not_exist_is_refused(self) -> None:
        assert faults_of(schedules=[{"opens_at": "25:00"}]) == [
            "s-1: schedules.0.opens_at must be a real time, like 09:30"
        ]

    def test_a_record_that_is_no_object_is_named_by_its_place(self) -> None:
        reading = hsds.read(json.dumps([a_service(), "a stray word"]))

        assert len(reading.services) == 1
        assert str(reading.faults[0]) == "record 2: record must be an object"

    def test_an_id_unfit_to_be_shown_is_not_shown(self) -> None:
        assert faults_of(id="\x1b[2J") == ["record 1: id must not contain control characters"]


class TestAPlaceAbroad:
    def test_keeps_its_postcode_in_the_address_alone(self) -> None:
        address = {"address_1": "1 Main Street", "city": "Springfield", "postal_code": "ABC 1234", "country": "US"}

        there = the_service(service_at_locations=[{"id": "x", "location": {"id": "l", "addresses": [address]}}])

        assert there.address == "1 Main Street, Springfield, ABC 1234"
        assert there.postcode is None


class TestABrokenFile:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "This file is not JSON. Line 1, character 1 cannot be read"),
            ('{"contents": [\n{"id": 1,,}]}', "This file is not JSON. Line 2, character 10 cannot be read"),
            ('{"contents": [{"minimum_age": NaN}]}', "This file is not JSON. NaN is not a number"),
            ("[" * 200_000, "This file is not JSON that can be read"),
            (f"[{'9' * 5_000}]", "This file is not JSON that can be read"),
            ("<html></html>", "This file is not JSON. Line 1, character 1 cannot be read"),
        ],
    )
    def test_that_is_not_json_says_where(self, text: str, words: str) -> None:
        with pytest.raises(hsds.BrokenFile) as refusal:
            hsds.read(text)

        assert str(refusal.value).startswith(words)

    @pytest.mark.parametrize(
        "parsed",
        [
            None,
            7,
            "services",
            {},
            {"version": "HSDS-UK-3.0"},
            {"contents": {"id": "s-1"}},
            {"contents": [{"id": "o-1", "name": "Trust", "description": "An organisation"}]},
            [{"id": "t-1", "name": "Food", "taxonomy": "Kinds of help"}],
        ],
    )
    def test_without_services_says_what_it_must_be(self, parsed: object) -> None:
        with pytest.raises(hsds.BrokenFile, match="There are no services in this file"):
            hsds.read(json.dumps(parsed))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=8), values, max_size=3),
    max_leaves=8,
)
KEYS = [*a_service(), "service", "service_at_locations", "schedules", "contacts", "attributes", "cost_options",
        "minimum_age", "maximum_age", "assured_date", "last_modified", "url", "email", "fees"]  # fmt: skip


@given(st.dictionaries(st.sampled_from(KEYS), json_values))
def test_whatever_stands_in_a_record_it_is_read_or_reported(changes: dict[str, object]) -> None:
    reading = hsds.read(json.dumps(a_service(**changes)))

    assert bool(reading.services) != bool(reading.faults)


class TestOpeningHours:
    @pytest.mark.parametrize(
        ("byday", "words"),
        [
            ("MO", "Monday, 9am to 5:30pm"),
            ("TH,FR", "Thursday and Friday, 9am to 5:30pm"),
            ("FR, mo ,TU,WE,TH", "Monday to Friday, 9am to 5:30pm"),
            ("MO,WE,FR", "Monday, Wednesday and Friday, 9am to 5:30pm"),
            ("", "9am to 5:30pm"),
            ("MO,Someday", "9am to 5:30pm"),
        ],
    )
    def test_in_a_week(self, byday: str, words: str) -> None:
        assert opening_hours.in_words(byday=byday, opens_at=time(9), closes_at=time(17, 30)) == words

    def test_every_other_week(self) -> None:
        words = opening_hours.in_words(byday="TU", opens_at=time(12), closes_at=None, every=2)

        assert words == "Tuesday, from midday, every 2 weeks"

    def test_in_a_month(self) -> None:
        words = opening_hours.in_words(byday="2MO,-1FR", opens_at=None, closes_at=None, monthly=True)

        assert words == "Second Monday and last Friday of the month"

    def test_nothing_said_gives_no_words(self) -> None:
        assert opening_hours.in_words(byday="", opens_at=None, closes_at=None, every=2) == ""


class TestTheDemonstrationDirectory:
    def test_goes_in_whole(self) -> None:
        reading = hsds.read(DEMONSTRATION.read_text(encoding="utf-8"))

        assert reading.faults == []
        assert len({service.external_id for service in reading.services}) == 30
        assert all(service.description and service.topics and service.phone for service in reading.services)
