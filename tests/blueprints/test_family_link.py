"""The page behind a family's link: one question, answered without a sign-in."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.domain.support import CheckStage, NeedNow, NotStarted
from portal.models.asking import FamilyLink, FamilyQuestion
from portal.models.families import KeepApart, KeepApartKind, Person, SafeContact
from portal.models.following import SupportReferral
from portal.models.record import Audit, Event, IdempotencyKey
from portal.services import support_moves
from portal.web.assets import STATIC, asset_path
from tests.support.asking import Link, a_link, answer, answers_of, one_more
from tests.support.following import a_referral, checks_of
from tests.support.household import somebody
from tests.support.people import Council, Home, a_family
from tests.support.web import Page, SignIn, date_parts

GONE = "This link has stopped working"
PHONE = "01632 960 133"


@pytest.fixture
def home(council: Council) -> Home:
    return a_family(council, name="Zelenko")


@pytest.fixture
def link(council: Council, home: Home) -> Link:
    referral, _ = a_referral(council, home, service="Baby Bounce", given_on=clock.today() - timedelta(days=7))
    return a_link(council, home, referral)


def is_gone(page: Page) -> bool:
    """The one page for every link that opens nothing."""
    return page.status == 404 and GONE in page.text and PHONE in page.text and page.soup.select_one("form") is None


class TestWhatThePageSays:
    def test_one_question_and_five_answers(self, sign_in: SignIn, link: Link) -> None:
        page = sign_in(None).get(link.path)

        assert page.text_of("h1") == "Has the support started?"
        assert f"We talked about some support on {full(clock.today() - timedelta(days=7))}." in page.main
        assert [label.get_text(" ", strip=True) for label in page.soup.select("fieldset > label")] == [
            "Yes, it has started",
            "Not yet",
            "It started but has stopped",
            "I no longer want it",
            "I am not sure",
        ]
        assert "Please call me" in page.main
        assert PHONE in page.main
        assert page.text_of("header a") == "Exit this page"
        assert f"works until {full(clock.today() + timedelta(days=14))}" in page.main

    def test_no_name_no_service_and_nothing_of_the_portal(self, sign_in: SignIn, link: Link) -> None:
        page = sign_in(None).get(link.path)

        # The form's own token may hold any letters.
        html = re.sub(r'name="csrf_token"[^>]*', "", page.html)
        assert not re.search(r"Zelenko|Siobh|Child0|Baby Bounce|\b[RFQ]-\d|Sam Social", html)
        assert [link["href"] for link in page.soup.select("a")] == ["https://www.bbc.co.uk/weather", "tel:01632960133"]
        assert page.soup.select("script, img, nav") == []

    def test_a_label_only_where_the_person_asked_for_one(self, council: Council, sign_in: SignIn, link: Link) -> None:
        worker, ask = sign_in(council.social_worker), f"/referrals/{link.referral.ref}/ask"
        unasked = worker.get(ask).main
        with council.behind_the_scenes():
            db.session.get_one(SupportReferral, link.referral.id).label = "the Tuesday thing"

        def sheet(**more: str) -> str:
            printed = worker.submit(ask, {"person": str(link.question.person_id), "way": "print", **more}).follow()
            return "/s/" + printed.form().send().text_of(".app-copy .app-wrap").rpartition("/s/")[2]

        assert "calls it" not in unasked
        assert "Tuesday thing" not in sign_in(None).get(link.path).main
        assert "Tuesday thing" not in sign_in(None).get(sheet()).main
        assert "We talked about “the Tuesday thing” on" in sign_in(None).get(sheet(labelled="y")).main
        assert worker.get(f"/referrals/{link.referral.ref}").main.count("calls it “the Tuesday thing”") == 1

    def test_a_label_is_read_by_nobody_but_whoever_asked_for_it(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        other = somebody(council, home, "Ann")
        worker, ask = sign_in(council.social_worker), f"/referrals/{link.referral.ref}/ask"
        with council.behind_the_scenes():
            referral = db.session.get_one(SupportReferral, link.referral.id)
            referral.label, referral.label_by_id = "the Tuesday thing", home.parent.id
            db.session.add(SafeContact(family_id=home.id, person_id=other.id, by_phone=True))

        page = worker.submit(ask, {"person": str(other.id), "way": "print", "labelled": "y"})

        assert f"{home.parent.name} asked that the page calls it “the Tuesday thing”" in page.main
        assert page.errors == [
            f"{home.parent.name} asked for this label, and {other.name} may not know of it. Take the tick away"
        ]
        assert page.form().send({"labelled": None}).status == 303

    def test_it_is_small_and_fetches_one_file_of_our_own(self, sign_in: SignIn, link: Link) -> None:
        page = sign_in(None).get(link.path)

        fetched = [str(found.get("src") or found.get("href")) for found in page.soup.select("link, [src]")]
        assert fetched == [f"/static/{asset_path('answer.css')}", "data:,"]
        assert len(page.response.data) + (STATIC / asset_path("answer.css")).stat().st_size < 25_000

    def test_it_is_kept_nowhere_and_told_to_nobody(self, sign_in: SignIn, link: Link) -> None:
        response = sign_in(None).get(link.path).response

        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert [header.split("=")[0] for header in response.headers.getlist("Set-Cookie")] == ["portal"]

    def test_it_is_the_same_for_a_browser_in_which_somebody_is_signed_in(
        self, council: Council, sign_in: SignIn, link: Link
    ) -> None:
        page = sign_in(council.social_worker).get(link.path)

        assert "Sam Social" not in page.html
        assert page.soup.select("nav") == []


class TestOpening:
    def test_a_mail_scanner_opens_it_a_hundred_times_and_changes_nothing(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        scanner = sign_in(None)
        before = everything(council)

        for _ in range(100):
            scanner.client.get(link.path)

        assert everything(council) == before
        assert sign_in(None).get(link.path).status == 200

    def test_each_time_leaves_one_line_in_the_log(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        """As a link, not as somebody’s look; one that opens nothing is a refusal."""
        sign_in(None).get(link.path)
        answer(sign_in, link, answer="not_yet")
        sign_in(None).get("/s/unknown")

        with council.behind_the_scenes():
            found = select(Audit.kind, Audit.family_id, Audit.subject).where(Audit.page.startswith("family_link"))
            rows = [tuple(row) for row in db.session.execute(found.order_by(Audit.id))]
            assert not any(db.session.scalars(select(Audit.user_id).where(Audit.page.startswith("family_link"))))
        of = (home.id, link.question.ref)
        assert rows == [("link", *of), ("link", *of), ("change", *of), ("refusal", None, None)]

    def test_only_a_hash_of_the_token_is_kept(self, council: Council, sign_in: SignIn, link: Link) -> None:
        answer(sign_in, link, answer="not_yet")
        token = link.path.removeprefix("/s/")

        with council.behind_the_scenes():
            kept = [str(found) for found in db.session.scalars(select(FamilyLink.token_hash))]
            kept += [str(found) for found in db.session.scalars(select(IdempotencyKey.location))]
            kept += [str(found.data) + str(found.text) for found in db.session.scalars(select(Event))]
        assert len(token) == 43
        assert not any(token in found for found in kept)


def everything(council: Council) -> tuple[object, ...]:
    with council.behind_the_scenes():
        return (
            db.session.execute(select(func.count(Event.id))).scalar_one(),
            db.session.execute(select(FamilyQuestion.expires_at, FamilyQuestion.ended_at)).all(),
            db.session.execute(select(SupportReferral.state, SupportReferral.version)).all(),
            db.session.execute(select(func.count(FamilyLink.id))).scalar_one(),
        )


class TestLinksThatOpenNothing:
    @pytest.mark.parametrize("altered", ["/s/unknown", "/s/" + "A" * 43, "/s/%F0%9F%98%80", "/s/" + "x" * 200])
    def test_unknown(self, council: Council, sign_in: SignIn, altered: str) -> None:
        assert is_gone(sign_in(None).get(altered))

    def test_altered_by_one_letter(self, sign_in: SignIn, link: Link) -> None:
        last = "A" if link.path[-1] != "A" else "B"

        assert is_gone(sign_in(None).get(link.path[:-1] + last))

    def test_after_fourteen_days(self, sign_in: SignIn, link: Link) -> None:
        with time_machine.travel(clock.now() + timedelta(days=14, minutes=1)):
            assert is_gone(sign_in(None).get(link.path))

    def test_a_new_question_ends_the_one_before(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        again = a_link(council, home, link.referral)

        assert is_gone(sign_in(None).get(link.path))
        assert sign_in(None).get(again.path).status == 200

    def test_a_reminders_link_lives_beside_the_first_and_ends_with_it(
        self, council: Council, sign_in: SignIn, link: Link
    ) -> None:
        with time_machine.travel(clock.now() + timedelta(days=7)):
            second = one_more(council, link)

            assert [sign_in(None).get(each.path).status for each in (link, second)] == [200, 200]
        with time_machine.travel(clock.now() + timedelta(days=15)):
            assert is_gone(sign_in(None).get(second.path))

    def test_nothing_is_asked_of_who_died_or_may_never_be_contacted(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        with council.behind_the_scenes():
            contact = db.session.scalars(select(SafeContact).where(SafeContact.person_id == home.parent.id)).one()
            contact.never_contact = True
        assert is_gone(sign_in(None).get(link.path))
        with council.behind_the_scenes():
            db.session.merge(contact).never_contact = False
            db.session.get_one(Person, home.parent.id).died_on = clock.today()

        assert is_gone(sign_in(None).get(link.path))

    def test_when_somebody_has_to_be_kept_apart(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        with council.behind_the_scenes():
            kept = {"person_id": home.parent.id, "other_id": home.children[0].id}
            db.session.add(KeepApart(family_id=home.id, **kept, kind=KeepApartKind.MUST_NOT_MEET))

        assert is_gone(sign_in(None).get(link.path))
        on = a_link(council, home, link.referral, safe_because="Her own phone, seen today")
        assert sign_in(None).get(on.path).status == 200

    def test_what_was_typed_when_it_ended_is_given_back(self, council: Council, sign_in: SignIn, link: Link) -> None:
        form = sign_in(None).get(link.path).form()
        with council.as_(council.social_worker) as viewer:
            support_moves.not_start(
                db.session.get_one(SupportReferral, link.referral.id),
                by=viewer,
                code=NotStarted.NO_CAPACITY,
                reason="Full",
                need_now=NeedNow.ANOTHER_SERVICE,
            )

        page = form.send({"answer": "not_yet", "words": "They <never> rang"})

        assert is_gone(page)
        assert "They <never> rang" in page.main


class TestSending:
    def test_three_taps(self, council: Council, home: Home, sign_in: SignIn, link: Link) -> None:
        page = answer(sign_in, link, answer="yes")

        assert page.status == 200
        assert page.text_of("h1") == "Thank you"
        assert [each.said for each in answers_of(council, home)] == ["yes"]

    def test_nothing_chosen(self, council: Council, home: Home, sign_in: SignIn, link: Link) -> None:
        page = answer(sign_in, link, words="We <are> waiting")

        assert page.status == 422
        assert page.errors == ["Select whether the support has started, or “Please call me”"]
        assert page.form().values["words"] == ["We <are> waiting"]
        assert answers_of(council, home) == []

    @pytest.mark.parametrize(
        ("answers", "error"),
        [
            ({"when-day": "31", "when-month": "2", "when-year": "2026"}, "The date it started must be a real date"),
            ({"when-day": "3"}, "The date it started must be a real date"),
            ({"when-day": "9", "when-month": "10", "when-year": "2026"}, "The date it started must be today or in the"),
            ({"words": "x" * 501}, "What you want us to know must be 500 characters or fewer"),
            ({"words": "a\x00b"}, "What you want us to know must be plain text"),
            ({"answer": "perhaps"}, "Select whether the support has started"),
        ],
    )
    def test_what_cannot_stand_is_said_and_kept(
        self, council: Council, home: Home, sign_in: SignIn, link: Link, answers: dict[str, str], error: str
    ) -> None:
        page = answer(sign_in, link, **{"answer": "yes", **answers})

        assert page.status == 422
        assert [said.startswith(error) for said in page.errors] == [True]
        assert answers_of(council, home) == []
        if "when-day" in answers:
            assert page.form().values["when-day"] == [answers["when-day"]]

    def test_a_date_is_not_asked_of_who_says_something_else(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        page = answer(sign_in, link, answer="not_yet", **{"when-day": "99"})

        assert page.status == 200
        assert [each.started_on for each in answers_of(council, home)] == [None]

    def test_one_click_sent_twice_is_one_answer(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        form = sign_in(None).get(link.path).form()

        first, second = form.send({"answer": "not_sure"}), form.send({"answer": "not_sure"})

        assert [first.status, second.status] == [200, 200]
        assert len(answers_of(council, home)) == 1
        assert [check.stage for check in checks_of(council, home)] == [CheckStage.SIGNPOSTED, CheckStage.CALL_BACK]

    def test_two_phones_at_once_are_both_kept(self, council: Council, home: Home, sign_in: SignIn, link: Link) -> None:
        one, other = (sign_in(None).get(link.path).form() for _ in range(2))

        one.send({"answer": "yes", **date_parts("when", clock.today())})
        page = other.send({"answer": "not_yet"})

        assert page.status == 200
        assert [each.said for each in answers_of(council, home)] == ["yes", "not_yet"]

    def test_it_can_be_changed_and_shows_none_of_what_was_said(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        phone = sign_in(None)
        page = phone.submit(link.path, {"answer": "not_sure", "words": "Is it far?"})

        again = phone.get(str(page.soup.find("a", string="Change my answer")["href"]))  # type: ignore[index]

        assert "Is it far?" not in again.html
        assert again.soup.select("[checked]") == []
        assert again.form().send({"answer": "not_yet"}).status == 200
        assert len(answers_of(council, home)) == 2

    def test_without_the_forms_token_nothing_is_taken(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        form = sign_in(None).get(link.path).form()

        page = form.send({"answer": "yes", "words": "It is lovely", "csrf_token": "wrong"})

        assert page.status == 400
        assert "Your answer was not sent" in page.main
        assert "It is lovely" in page.main
        assert PHONE in page.main
        assert answers_of(council, home) == []

    def test_a_machine_that_sends_many_has_to_wait(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        phone = sign_in(None)
        for _ in range(10):
            phone.client.post(link.path, data=phone.get(link.path).form().values)

        page = phone.submit(link.path, {"answer": "not_yet", "words": "Hello"})

        assert page.status == 429
        assert "Wait an hour" in page.errors[0]
        assert page.form().values["words"] == ["Hello"]
        other, _ = a_referral(council, home, service="Dads’ Saturday")
        assert answer(sign_in, a_link(council, home, other), answer="not_yet").status == 200, "not by another link"
        with time_machine.travel(clock.now() + timedelta(hours=1, minutes=1)):
            assert answer(sign_in, link, answer="not_yet").status == 200
        assert len(answers_of(council, home)) == 2
