"""Ask somebody of a family by a link: only in a way that is safe for them, never at night, once more and no more."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import FieldRefused
from portal.domain.asking import LINK, REMINDER, LinkWay
from portal.domain.dates import Calendar, to_utc
from portal.domain.standards import Standard
from portal.domain.support import NeedNow, NotStarted
from portal.models.asking import FamilyLink
from portal.models.families import KeepApart, KeepApartKind, Person, SafeContact
from portal.models.following import SupportReferral
from portal.models.record import OutboxMessage
from portal.services import family_links, support_moves
from portal.services.link_messages import Later, Letter, letter_of
from tests.support.asking import Link, a_link, answer, ask, question_of
from tests.support.following import a_referral
from tests.support.people import Council, Home, a_family, history_of
from tests.support.web import SignIn

# Something happens to the family, or to the support.
Change = Callable[[Council, Home, SupportReferral], None]
SAYS = {"begins": "https://early.example", "council": "Ambleford Council", "phone": "01632 960 133"}


@pytest.fixture
def home(council: Council) -> Home:
    return a_family(council)


@pytest.fixture
def referral(council: Council, home: Home) -> SupportReferral:
    return a_referral(council, home)[0]


def messages(council: Council) -> list[OutboxMessage]:
    with council.behind_the_scenes():
        rules = OutboxMessage.rule.in_([LINK, REMINDER])
        return list(db.session.scalars(select(OutboxMessage).where(rules).order_by(OutboxMessage.id)))


def sent(council: Council, message: OutboxMessage, at: datetime | None = None) -> Letter | Later | None:
    """What the worker would send for it, then or now."""
    with time_machine.travel(at or clock.now()), council.app.app_context(), writing():
        found = letter_of(db.session.get_one(OutboxMessage, message.id), **SAYS)
        db.session.commit()
        return found


def kept_apart(council: Council, home: Home) -> None:
    with council.behind_the_scenes():
        who = {"person_id": home.parent.id, "other_id": home.children[0].id}
        db.session.add(KeepApart(family_id=home.id, **who, kind=KeepApartKind.MUST_NOT_LEARN))


class TestByText:
    def test_one_message_that_names_nobody_and_no_service(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        page = ask(council, sign_in, home, referral, "text").follow()

        assert "Not sent yet" in page.main
        letter = sent(council, messages(council)[0])
        assert isinstance(letter, Letter)
        assert letter.to == "01632 960 300"
        assert letter.text == f"Ambleford Council: one question for you, 1 minute: {letter.link}. Or call 01632 960 133"
        assert len(letter.text) <= 160
        assert sign_in(None).get(letter.link.removeprefix("https://early.example")).status == 200

    def test_the_outbox_holds_no_token(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        ask(council, sign_in, home, referral, "text")

        question = question_of(council)
        assert [(each.rule, each.subject) for each in messages(council)] == [
            (LINK, question.ref),
            (REMINDER, question.ref),
        ]
        with council.behind_the_scenes():
            assert db.session.scalars(select(FamilyLink)).all() == []

    @pytest.mark.parametrize(
        ("asked", "due"),
        [("19:59", "19:59"), ("20:00", "08:00 next"), ("23:30", "08:00 next"), ("00:30", "08:00"), ("08:00", "08:00")],
    )
    def test_nobody_is_written_to_at_night(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral, asked: str, due: str
    ) -> None:
        day, (time_of_day, *next_day) = clock.today() + timedelta(days=1), due.split()
        with time_machine.travel(to_utc(day, time.fromisoformat(asked)), tick=False):
            ask(council, sign_in, home, referral, "text")

            first = messages(council)[0]
            expected = to_utc(day + timedelta(days=1 if next_day else 0), time.fromisoformat(time_of_day))
            assert first.due_at == expected

    def test_nor_by_a_worker_who_comes_late(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        ask(council, sign_in, home, referral, "text")
        today = clock.today()

        night = to_utc(today, time.fromisoformat("21:00"))
        morning = to_utc(today + timedelta(days=1), time.fromisoformat("08:00"))
        assert sent(council, messages(council)[0], night) == Later(morning)

    def test_one_reminder_after_five_working_days_with_a_link_of_its_own(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        ask(council, sign_in, home, referral, "text")
        first, reminder = messages(council)
        one = sent(council, first)

        assert clock.LONDON.fromutc(reminder.due_at.replace(tzinfo=clock.LONDON)).date() == (
            Calendar().working_days_after(clock.today(), 5)
        )
        two = sent(council, reminder, reminder.due_at)

        assert isinstance(one, Letter)
        assert isinstance(two, Letter)
        assert one.link != two.link
        for letter in (one, two):
            assert sign_in(None).get(letter.link.removeprefix("https://early.example")).status == 200

    def test_who_has_answered_is_not_reminded(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        ask(council, sign_in, home, referral, "text")
        first, reminder = messages(council)
        letter = sent(council, first)
        assert isinstance(letter, Letter)
        path = letter.link.removeprefix("https://early.example")
        answer(sign_in, Link(referral, question_of(council), path), answer="not_yet")

        assert sent(council, reminder, reminder.due_at) is None

    def test_nothing_is_sent_when_that_way_is_no_longer_safe(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        ask(council, sign_in, home, referral, "text")
        with council.behind_the_scenes():
            safe = db.session.scalars(select(SafeContact).where(SafeContact.person_id == home.parent.id)).one()
            safe.by_text = False

        assert sent(council, messages(council)[0]) is None

    def test_nothing_is_sent_once_somebody_is_kept_apart(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        ask(council, sign_in, home, referral, "text")
        kept_apart(council, home)

        assert sent(council, messages(council)[0]) is None


class TestWhatIsRefused:
    def test_a_way_that_is_not_recorded_as_safe(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        page = ask(council, sign_in, home, referral, "email")

        assert page.errors == [f"By email is not recorded as a safe way for {home.parent.name}"]
        assert messages(council) == []

    def test_somebody_of_another_family(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        stranger = a_family(council, name="Nowak").parent

        page = ask(council, sign_in, home, referral, "print", person=str(stranger.id))

        assert page.status == 422

    def test_a_child_who_is_not_known_to_be_old_enough(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        child = home.children[0]
        page, worker = f"/referrals/{referral.ref}/ask", sign_in(council.social_worker)

        for born in (None, clock.today() - timedelta(days=13 * 365)):
            with council.behind_the_scenes():
                db.session.get_one(Person, child.id).date_of_birth = born
            assert child.name not in worker.get(page).main
            assert ask(council, sign_in, home, referral, "print", person=str(child.id)).status == 422
            with council.as_(council.social_worker) as viewer, pytest.raises(FieldRefused, match="13 or older"):
                family_links.ask(db.session.get_one(SupportReferral, referral.id), child.id, LinkWay.PRINT, by=viewer)
        sign_in(council.manager).submit(
            "/standards/change", {"key": Standard.LINK_FROM.value, "amount": "12", "why": "Agreed with our schools"}
        )

        assert "A child can be asked from the age of 12" in worker.get(page).main
        unsure = ask(council, sign_in, home, referral, "print", person=str(child.id))
        (error,) = unsure.errors
        assert error.startswith(f"No safe way to reach {child.name} is known yet. Record one first, or tick")
        assert unsure.form().send({"in_hand": "y"}).status == 303

    def test_who_can_be_reached_is_given_a_sheet_without_being_asked_again(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        assert "own hand" not in sign_in(council.social_worker).get(f"/referrals/{referral.ref}/ask").main
        assert ask(council, sign_in, home, referral, "print").status == 303

    def test_where_somebody_is_kept_apart_it_is_off_until_a_worker_says_why_it_is_safe(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        kept_apart(council, home)

        refused = ask(council, sign_in, home, referral, "text")
        done = ask(council, sign_in, home, referral, "text", safe_because="Her own phone, seen today")

        assert refused.errors == ["Enter why it is safe to ask this person by a link"]
        assert done.status == 303
        assert isinstance(sent(council, messages(council)[0]), Letter)
        assert "Her own phone, seen today" in sign_in(council.social_worker).get(f"/referrals/{referral.ref}").main


class TestOnPaper:
    def test_a_sheet_with_the_address_and_a_square(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        page = ask(council, sign_in, home, referral, "print").follow()

        sheet = page.form().send()

        assert sheet.status == 200
        assert sheet.soup.select("svg.app-square")
        address = sheet.text_of(".app-copy .app-wrap")
        assert sign_in(None).get("/s/" + address.rpartition("/s/")[2]).status == 200
        assert "Stay and play" not in sheet.text_of(".app-copy")
        assert home.parent.family_name not in sheet.text_of(".app-copy")
        assert messages(council) == []

    def test_stopped_it_opens_nothing(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        sheet = ask(council, sign_in, home, referral, "print").follow().form().send()
        path = "/s/" + sheet.text_of(".app-copy .app-wrap").rpartition("/s/")[2]
        worker = sign_in(council.social_worker)

        page = worker.submit(f"/questions/{question_of(council).ref}/stop").follow()

        assert "The link was stopped" in page.main
        assert sign_in(None).get(path).status == 404
        assert "link.revoked" in history_of(council, home.id)
        assert worker.submit(f"/questions/{question_of(council).ref}/stop").status == 409


def never_contacted(council: Council, home: Home, _referral: SupportReferral) -> None:
    with council.behind_the_scenes():
        found = select(SafeContact).where(SafeContact.person_id == home.parent.id)
        db.session.scalars(found).one().never_contact = True


def no_more_texts(council: Council, home: Home, _referral: SupportReferral) -> None:
    with council.behind_the_scenes():
        db.session.scalars(select(SafeContact).where(SafeContact.person_id == home.parent.id)).one().by_text = False


def somebody_apart(council: Council, home: Home, _referral: SupportReferral) -> None:
    kept_apart(council, home)


def parent_died(council: Council, home: Home, _referral: SupportReferral) -> None:
    with council.behind_the_scenes():
        db.session.get_one(Person, home.parent.id).died_on = clock.today()


def not_started(council: Council, _home: Home, referral: SupportReferral) -> None:
    with council.as_(council.social_worker) as viewer:
        support_moves.not_start(
            db.session.get_one(SupportReferral, referral.id),
            by=viewer,
            code=NotStarted.NO_CAPACITY,
            reason="Full",
            need_now=NeedNow.ANOTHER_SERVICE,
        )


ANOTHER_WAY = "Somebody has to ask the family another way"


class TestALinkThatOpensNothing:
    @pytest.mark.parametrize(
        ("happens", "why", "now"),
        [
            (never_contacted, "this person must never be contacted", ANOTHER_WAY),
            (somebody_apart, "somebody in this family is to be kept apart", ANOTHER_WAY),
            (parent_died, "this person has died", ANOTHER_WAY),
            (not_started, "what became of this support is known", "Nothing more is asked about this support"),
        ],
    )
    def test_is_said_not_to_work_with_the_reason_and_is_not_printed_again(
        self,
        council: Council,
        sign_in: SignIn,
        home: Home,
        referral: SupportReferral,
        happens: Change,
        why: str,
        now: str,
    ) -> None:
        link, worker = a_link(council, home, referral), sign_in(council.social_worker)
        printing = f"/questions/{link.question.ref}/print"
        sheet = worker.get(printing).form()
        assert "asked by link" in worker.get("/checks?view=all").main

        happens(council, home, referral)

        page = worker.get(f"/referrals/{referral.ref}")
        assert f"The link does not work any more: {why}. {now}." in page.main
        assert "The link works until" not in page.main
        assert printing not in page.links()
        assert "asked by link" not in worker.get("/checks?view=all").main
        opened = worker.get(printing)
        assert f"The link does not work any more: {why}. {now}." in opened.main
        assert "Make the link" not in opened.main
        refused = sheet.send()
        assert refused.status == 409
        assert f"A link would not work: {why}. {now}." in refused.main
        with council.behind_the_scenes():
            assert len(db.session.scalars(select(FamilyLink)).all()) == 1

    @pytest.mark.parametrize(
        ("happens", "why"),
        [
            (never_contacted, "this person must never be contacted"),
            (no_more_texts, "this way is no longer recorded as safe for this person"),
        ],
    )
    def test_nobody_waits_for_a_text_that_is_not_sent(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral, happens: Change, why: str
    ) -> None:
        ask(council, sign_in, home, referral, "text")
        worker = sign_in(council.social_worker)
        assert "asked by link" in worker.get("/checks?view=all").main

        happens(council, home, referral)

        page = worker.get(f"/referrals/{referral.ref}")
        assert f"The link is not being sent: {why}. {ANOTHER_WAY}." in page.main
        assert "Not sent yet" not in page.main
        assert "asked by link" not in worker.get("/checks?view=all").main

    def test_what_was_sent_works_although_the_way_is_safe_no_longer(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        ask(council, sign_in, home, referral, "text")
        letter = sent(council, messages(council)[0])
        no_more_texts(council, home, referral)

        page = sign_in(council.social_worker).get(f"/referrals/{referral.ref}")

        assert isinstance(letter, Letter)
        assert "The link works until" in page.main
        assert sign_in(None).get(letter.link.removeprefix("https://early.example")).status == 200

    def test_can_be_stopped_for_good_before_it_works_again(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        link, worker = a_link(council, home, referral), sign_in(council.social_worker)
        never_contacted(council, home, referral)

        assert f"/questions/{link.question.ref}/stop" in worker.get(f"/referrals/{referral.ref}").links()

    def test_nobody_is_offered_to_ask_about_support_that_is_over(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        a_link(council, home, referral)
        not_started(council, home, referral)

        page = sign_in(council.social_worker).get(f"/referrals/{referral.ref}")

        assert f"/referrals/{referral.ref}/ask" not in page.links()

    def test_who_has_answered_need_not_be_asked_another_way(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        answer(sign_in, a_link(council, home, referral), answer="not_yet")
        never_contacted(council, home, referral)

        page = sign_in(council.social_worker).get(f"/referrals/{referral.ref}")

        assert "The link does not work any more: this person must never be contacted." in page.main
        assert ANOTHER_WAY not in page.main
