"""One value that cannot be opened: its page says so in its place, and no form saves over it in silence."""

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from portal.core import clock
from portal.core.config import Settings
from portal.core.db import db
from portal.models.families import Note, SafeContact
from portal.models.hiding import HiddenWords
from portal.models.record import FormDraft
from tests.support.asking import ask
from tests.support.copies import the_copy
from tests.support.drafts import a_draft
from tests.support.following import a_referral
from tests.support.handovers import a_handover
from tests.support.hiding import a_note, hide
from tests.support.household import somebody
from tests.support.keys import KEPT, UNREAD, damage, lie_there, lies_in, run
from tests.support.merging import Two, added_twice
from tests.support.people import Council, Home, a_family, an_active_family
from tests.support.proving import after_password, code_of, with_an_app
from tests.support.receiving import sent
from tests.support.web import SignIn

CONTACT = ("safe_contact.phone_sealed", "safe_contact.email_sealed", "safe_contact.note_sealed")
OWN = "app_user.phone_sealed"


@pytest.fixture
def two(council: Council, sign_in: SignIn) -> Two:
    return added_twice(council, sign_in)


@pytest.fixture
def home(council: Council) -> Home:
    home = a_family(council)
    with council.behind_the_scenes():
        safe = db.session.scalars(select(SafeContact)).one()
        safe.email, safe.by_email, safe.note = "siobhan@example.com", True, "Never after 6pm"
    return home


def contact(council: Council) -> SafeContact:
    with council.behind_the_scenes():
        return db.session.scalars(select(SafeContact)).one()


class TestHowSomebodyIsReached:
    def test_every_page_says_it_and_whoever_runs_the_portal_is_told_where(
        self, council: Council, sign_in: SignIn, home: Home
    ) -> None:
        damage(council.app, *CONTACT)
        browser = sign_in(council.coordinator)

        with capture_logs() as logged:
            page = browser.get(f"/families/{home.ref}")

        words = "Siobhán O’Neill: call or text (this cannot be read), or email (this cannot be read)"
        assert page.status == 200
        assert f"{words}. {UNREAD}" in page.text_of(".app-safe-contact")
        row = contact(council).id
        assert {(line["place"], line["row"]) for line in logged if "place" in line} == {(each, row) for each in CONTACT}
        assert "siobhan" not in str(logged)
        for path in ("household", "history", "team"):
            assert browser.get(f"/families/{home.ref}/{path}").status == 200, path
        assert words.split(": ")[1] in browser.get(f"/families/{home.ref}/household").main

    def test_form_offers_nothing_of_it_and_leaves_it_as_it_is(
        self, council: Council, sign_in: SignIn, home: Home
    ) -> None:
        before = damage(council.app, *CONTACT)
        path = f"/people/{home.parent.ref}/safe-contact"
        page = sign_in(council.coordinator).get(path)
        form = page.form(path)

        assert [form.values[name] for name in ("phone", "email", "note")] == [[""], [""], [""]]
        assert page.main.count(KEPT) == len(CONTACT)
        saved = form.send()

        assert "Nothing was different" in saved.follow().text
        assert lie_there(council.app, *CONTACT) == before

    def test_another_answer_of_the_form_is_saved_beside_it(self, council: Council, sign_in: SignIn, home: Home) -> None:
        before = damage(council.app, *CONTACT)

        sign_in(council.coordinator).submit(f"/people/{home.parent.ref}/safe-contact", {"ways": ["by_phone"]})

        assert (contact(council).by_phone, contact(council).by_text) == (True, False)
        assert lie_there(council.app, *CONTACT) == before
        history = sign_in(council.coordinator).get(f"/families/{home.ref}/history").main
        assert "call (this cannot be read)" in history

    def test_what_is_typed_anew_takes_its_place(self, council: Council, sign_in: SignIn, home: Home) -> None:
        before = damage(council.app, *CONTACT)

        sign_in(council.coordinator).submit(f"/people/{home.parent.ref}/safe-contact", {"phone": "01632 960 777"})

        assert contact(council).phone == "01632 960 777"
        assert lie_there(council.app, *CONTACT[1:]) == {place: before[place] for place in CONTACT[1:]}

    def test_what_is_wrong_with_the_form_loses_neither(self, council: Council, sign_in: SignIn, home: Home) -> None:
        before = damage(council.app, *CONTACT)
        path = f"/people/{home.parent.ref}/safe-contact"

        page = sign_in(council.coordinator).submit(path, {"phone": "ring me", "email": ""})

        assert page.errors == ["Enter a phone number, like 01632 960 001"]
        assert page.main.count(KEPT) == len(CONTACT)
        page.form(path).send({"phone": ""})
        assert lie_there(council.app, *CONTACT) == before

    def test_whose_change_was_faster_is_shown_and_it_stays(self, council: Council, sign_in: SignIn, home: Home) -> None:
        path = f"/people/{home.parent.ref}/safe-contact"
        slow = sign_in(council.social_worker).get(path)
        sign_in(council.coordinator).submit(path, {"note": "By day"})
        before = damage(council.app, *CONTACT)

        page = slow.form(path).send({"ways": ["by_phone"], "phone": "", "email": "", "note": ""})

        assert page.status == 409
        page.form(path).send()
        assert lie_there(council.app, *CONTACT) == before

    def test_part_of_a_step_down_that_asks_for_it_keeps_it(self, council: Council, sign_in: SignIn, home: Home) -> None:
        step_down = a_draft(council, home)
        before = damage(council.app, *CONTACT)
        path = f"/step-downs/{step_down.ref}/edit/safety"
        browser = sign_in(council.social_worker)
        page = browser.get(path)

        assert page.main.count(KEPT) == 2
        page.form(path).send({"risks": "He drinks"})

        assert lie_there(council.app, *CONTACT) == before
        assert browser.get(f"/step-downs/{step_down.ref}/check").status == 200

    def test_is_not_offered_to_be_sent_on_but_asked(self, council: Council, sign_in: SignIn, home: Home) -> None:
        referral, _ = a_referral(council, home)
        damage(council.app, *CONTACT)

        page = sign_in(council.social_worker).get(f"/referrals/{referral.ref}/send")

        assert page.form().values["safe_contact"] == [""]
        assert f"What is recorded for {home.parent.name} cannot be read. Ask them, and enter it here" in page.main

    def test_value_moved_to_another_row_is_not_told_of_that_one(
        self, council: Council, sign_in: SignIn, home: Home
    ) -> None:
        kevin = somebody(council, home, "Kevin")
        sign_in(council.coordinator).submit(
            f"/people/{kevin.ref}/safe-contact", {"ways": ["by_phone"], "phone": "01632 960 999"}
        )
        run(
            council.app,
            "UPDATE safe_contact SET phone_sealed = (SELECT max(phone_sealed) FROM safe_contact AS other WHERE "
            f"other.person_id = {home.parent.id}) WHERE person_id = {kevin.id}",
        )

        main = sign_in(council.coordinator).get(f"/families/{home.ref}").text_of(".app-safe-contact")

        assert "Kevin O’Neill: call (this cannot be read)" in main
        assert "01632 960 300" in main


class TestHowOthersAreReached:
    def test_helpers_form_offers_nothing_of_it_and_leaves_it_as_it_is(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        place = "team_member.contact_sealed"
        before = damage(council.app, place, row=handover.outside.id)
        browser, path = sign_in(council.lead), f"/members/{handover.outside.ref}"

        assert "Hillside Church (this cannot be read)" in browser.get(f"/families/{handover.ref}/team").main
        page = browser.get(path)
        assert page.form(path).values["contact"] == [""]
        assert KEPT in page.main
        assert page.form(path).send({"job": "Youth lead"}).status == 303

        assert lie_there(council.app, place) == before
        browser.submit(path, {"contact": "01632 960 499"})
        assert "Hillside Church 01632 960 499" in browser.get(f"/families/{handover.ref}/team").main

    def test_receiving_service_reads_that_it_cannot_be_read(self, council: Council, sign_in: SignIn) -> None:
        _, shared = sent(council)
        damage(council.app, "shared_referral.safe_contact_sealed", "support_referral.safe_contact_sealed")

        for who, path in (
            (council.partner, f"/received/{shared.ref}"),
            (council.social_worker, f"/referrals/R-{shared.referral_id}"),
        ):
            page = sign_in(who).get(path)
            assert page.status == 200
            assert UNREAD in page.main


class TestHowAProfessionalIsRung:
    def test_form_of_their_account_offers_nothing_of_it_and_leaves_it_as_it_is(
        self, council: Council, sign_in: SignIn
    ) -> None:
        before = damage(council.app, OWN, row=council.lead.id)
        browser, path = sign_in(council.admin), f"/admin/people/{council.lead.ref}/edit"
        page = browser.get(path)

        assert page.form(path).values["phone"] == [""]
        assert KEPT in page.main
        saved = page.form(path).send({"job": "Nurse"}).follow()

        assert UNREAD in saved.main
        assert "Phone: from" not in saved.main
        assert lie_there(council.app, OWN) == before

    def test_team_look_up_and_receiving_service_read_that_it_cannot_be_read(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        _, shared = sent(council, team.home)
        damage(council.app, OWN, "shared_referral.sent_by_phone_sealed")

        card = sign_in(council.front_door).submit("/look-up", {"number": team.ref, "reason": "A call"})
        assert UNREAD in card.text_of(".app-found")
        assert "(this cannot be read)" in sign_in(council.coordinator).get(f"/families/{team.ref}/team").main
        assert UNREAD in sign_in(council.partner).get(f"/received/{shared.ref}").main


class TestWhatWasWritten:
    def test_note_reason_and_line_of_history_are_there_and_say_it(
        self, council: Council, sign_in: SignIn, home: Home
    ) -> None:
        browser = sign_in(council.coordinator)
        kevin = somebody(council, home, "Kevin")
        browser.submit(f"/people/{kevin.ref}/safe-contact", {"note": "By day"})
        about = {"person": str(kevin.id), "other": str(home.parent.id), "kind": "must_not_learn"}
        browser.submit(f"/families/{home.ref}/household/keep-apart", {**about, "reason": "A court order"})
        a_note(council, home, council.coordinator, "She cried")
        damage(council.app, "note.text_sealed", "keep_apart_reason.text_sealed", "event.private_sealed")

        history = browser.get(f"/families/{home.ref}/history")

        assert history.status == 200
        assert history.main.count(UNREAD) >= 4
        assert "She cried" not in history.main
        assert UNREAD in browser.get(f"/families/{home.ref}/household").main
        assert browser.get(f"/families/{home.ref}").status == 200

    def test_copy_says_it_too(self, council: Council, sign_in: SignIn, home: Home) -> None:
        a_note(council, home, council.coordinator, "She cried")
        damage(council.app, "note.text_sealed", *CONTACT)

        page = the_copy(council, sign_in, home.parent)
        sent = page.browser.get(f"{page.response.request.path}/file")

        assert page.main.count(UNREAD) == 4
        assert sent.html.count(UNREAD) == 4

    def test_words_cannot_be_hidden_in_it_and_are_where_they_can_be_read(
        self, council: Council, sign_in: SignIn, home: Home
    ) -> None:
        a_note(council, home, council.coordinator, "The blue door opens")
        before = damage(council.app, "note.text_sealed")
        a_note(council, home, council.coordinator, "The blue door shuts")

        assert hide(sign_in, council.manager, home, "The blue door").status == 303

        with council.behind_the_scenes():
            texts = [note.text for note in db.session.scalars(select(Note).order_by(Note.id))]
        assert texts[0] == UNREAD
        assert "blue door" not in texts[1]
        assert lies_in(council.app, "note.text_sealed")[:1] == before["note.text_sealed"]

    def test_words_are_not_put_back_where_others_were_hidden_that_cannot_be_read(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        a_note(council, team.home, council.coordinator, "The blue door opens behind the green gate")
        hide(sign_in, council.coordinator, team.home, "blue door")
        hide(sign_in, council.coordinator, team.home, "green gate")
        damage(council.app, "hidden_words.words_sealed")
        with council.behind_the_scenes():
            ref = db.session.scalars(select(HiddenWords).order_by(HiddenWords.id)).all()[0].ref
        manager = sign_in(council.manager)

        assert UNREAD in manager.get(f"/hidden/{ref}").main
        page = manager.submit(f"/hidden/{ref}", {"why": "It was a mistake"})

        assert page.status == 409
        assert "cannot be read, and might come back with these" in page.main


class TestADraft:
    def test_form_opens_empty_says_it_and_keeps_what_lies_there(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.coordinator)
        with council.behind_the_scenes():
            draft = FormDraft(
                user_id=council.coordinator.id, form="family_adding.new", subject="", saved_at=clock.now()
            )
            draft.answers = {"name": ["Osei"]}
            db.session.add(draft)
        assert browser.get("/families/new").form("/families/new").values["name"] == ["Osei"]
        before = damage(council.app, "form_draft.answers_sealed")

        page = browser.get("/families/new")

        assert page.status == 200
        assert UNREAD in page.main
        assert page.form("/families/new").values["name"] == [""]
        assert lie_there(council.app, "form_draft.answers_sealed") == before


class TestWhatIsSentOrProved:
    def test_link_goes_to_no_number_that_cannot_be_read(self, council: Council, sign_in: SignIn, home: Home) -> None:
        referral, _ = a_referral(council, home)
        damage(council.app, *CONTACT)

        page = ask(council, sign_in, home, referral, "text")

        assert page.errors == [f"By text message is not recorded as a safe way for {home.parent.name}"]

    def test_app_whose_secret_cannot_be_read_makes_no_code_that_counts(
        self, council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(council.app.config, "PORTAL", settings.model_copy(update={"second_factor": True}))
        recovery = with_an_app(council, council.partner)
        code = code_of(council, council.partner)
        damage(council.app, "authenticator_app.secret_sealed")
        browser = after_password(council.app, council.partner).browser

        page = browser.submit("/sign-in/code", {"code": code})

        assert page.status == 422
        browser.submit("/sign-in/recovery-code", {"recovery_code": recovery[0]})
        assert browser.get("/my-actions").status == 200
