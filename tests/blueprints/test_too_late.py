"""A form sent after its session was over: nothing is saved, nothing is lost, and nobody else ever sees it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db
from portal.models.families import Note
from portal.models.handover import StepDown
from portal.models.people import User, UserSession
from portal.models.record import FormDraft
from portal.services import drafts as step_downs
from tests.support.actions import stored
from tests.support.drafts import a_whole_draft, an_agreed_draft
from tests.support.people import PASSWORD, Council, a_family, an_action, an_active_family
from tests.support.web import Browser, Page, SignIn, date_parts

TYPED = "She likes the new\nteacher’s <b>songs</b>"
NOTICE = "You were signed out to keep information safe. Sign in, and what you typed will be here."


def end_sessions(council: Council, how: str) -> None:
    """However a session ends: nobody clicked for long, it lasted the whole day, or somebody ended it."""
    now = clock.now()
    ended = {
        "idle": {"seen_at": now - timedelta(minutes=31)},
        "absolute": {"started_at": now - timedelta(hours=11)},
        "ended": {"ended_at": now},
    }
    with council.behind_the_scenes():
        db.session.execute(update(UserSession).values(ended[how]))


def signs_in(page: Page, who: User) -> Page:
    """On the page to which the browser was sent."""
    signed_in = page.form("/sign-in").send({"email": who.email, "password": PASSWORD})
    assert signed_in.status == 303, signed_in.errors
    return signed_in.follow()


def notes(council: Council) -> list[Note]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(Note)))


def drafts(council: Council) -> list[FormDraft]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(FormDraft).order_by(FormDraft.id)))


def sign_out(browser: Browser) -> None:
    form = browser.get("/account").soup.select_one("form[action='/sign-out']")
    assert form is not None
    fields = {str(field["name"]): str(field["value"]) for field in form.select("input[name]")}
    assert "You are signed out" in browser.post("/sign-out", fields).follow().text


class TestAFormSentTooLate:
    @pytest.mark.parametrize("how", ["idle", "absolute", "ended"])
    def test_comes_back_filled_after_signing_in_and_can_then_be_saved(
        self, council: Council, sign_in: SignIn, how: str
    ) -> None:
        team = an_active_family(council)
        browser, path = sign_in(council.partner), f"/families/{team.ref}/notes/new"
        form = browser.get(path).form(path)
        end_sessions(council, how)

        late = form.send({"text": TYPED, "audience": "organisation"})

        assert (late.status, late.location) == (303, f"/sign-in?next={path}")
        asked = late.follow()
        assert NOTICE in asked.text
        assert TYPED not in asked.html
        assert notes(council) == []
        page = signs_in(asked, council.partner)
        assert page.response.request.path == path
        assert "You had begun to write this. What you typed was kept on 7 October 2026" in page.main
        again = page.form(path)
        assert (again.values["text"], again.values["audience"]) == ([TYPED], ["organisation"])
        assert again.send().status == 303
        assert [note.text for note in notes(council)] == [TYPED]
        assert drafts(council) == []
        assert "You had begun" not in browser.get(path).main

    def test_is_shown_to_nobody_else_who_signs_in(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        browser, path = sign_in(council.partner), f"/families/{team.ref}/notes/new"
        form = browser.get(path).form(path)
        end_sessions(council, "idle")
        asked = form.send({"text": TYPED}).follow()

        page = signs_in(asked, council.lead)

        assert page.response.request.path == path
        assert "songs" not in page.html
        assert "You had begun" not in page.main
        # Their own browser, with the page of before still open: it is theirs no more than the page is.
        other = form.send({"text": f"{TYPED} again"})
        assert other.status == 400
        assert "what they typed is kept for them" in other.main
        assert "songs" not in other.html
        assert "songs" not in browser.get(path).html
        own = sign_in(council.partner).get(path).form(path)
        assert own.values["text"] == [f"{TYPED} again"]

    def test_after_signing_out_or_in_again_in_another_window(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        browser, path = sign_in(council.partner), f"/families/{team.ref}/notes/new"
        form = browser.get(path).form(path)
        sign_out(browser)

        assert NOTICE in form.send({"text": TYPED}).follow().text

        signs_in(browser.get("/sign-in"), council.partner)
        late = form.send({"text": f"{TYPED}, and drums"})
        assert (late.status, late.location) == (303, path)
        page = late.follow()
        assert "You have signed in again since you opened this page, so nothing was saved yet." in page.text
        assert page.form(path).values["text"] == [f"{TYPED}, and drums"]
        assert notes(council) == []

    def test_shows_both_texts_where_somebody_was_faster(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)
        browser, path = sign_in(council.partner), f"/actions/{action.ref}/update"
        form = browser.get(path).form(path)
        end_sessions(council, "idle")
        asked = form.send({"note": "I rang twice"}).follow()
        later = date_parts("due_on", clock.today() + timedelta(days=14))
        moved = sign_in(council.lead).submit(f"/actions/{action.ref}/due", {"reason": "They rang back", **later})
        assert moved.status == 303
        version = stored(council, action).version

        page = signs_in(asked, council.partner)

        sides = page.text_of(".app-side-by-side")
        assert "They rang back" in sides
        assert "I rang twice" in sides
        assert page.form(path).values["note"] == ["I rang twice"]
        assert page.form(path).values["version"] == [str(version)]

    def test_in_which_nothing_was_typed_is_not_kept(self, council: Council, sign_in: SignIn) -> None:
        form = sign_in(council.coordinator).get(f"/people/{a_family(council).parent.ref}/died").form()
        end_sessions(council, "idle")

        asked = form.send()

        assert asked.status == 303
        assert NOTICE not in asked.follow().text
        assert drafts(council) == []

    def test_whose_time_has_passed_is_shown_without_the_form(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)
        browser, path = sign_in(council.lead), f"/actions/{action.ref}/drop"
        form = browser.get(path).form(path)
        end_sessions(council, "idle")
        asked = form.send({"dropped_reason": "I rang twice"}).follow()
        dropped = sign_in(council.coordinator).submit(path, {"dropped_reason": "They moved", "family_agreed": "agrees"})
        assert dropped.status == 303, dropped.errors

        page = signs_in(asked, council.lead)

        assert page.status == 409
        assert "This cannot be done now" in page.main
        assert "Why is it no longer needed? I rang twice" in page.main
        assert page.form("/unfinished/throw-away").send().status == 303
        assert drafts(council) == []

    def test_of_a_family_that_is_out_of_reach_by_then_shows_nothing(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        browser, path = sign_in(council.partner), f"/families/{team.ref}/notes/new"
        form = browser.get(path).form(path)
        end_sessions(council, "idle")
        asked = form.send({"text": TYPED}).follow()
        with council.behind_the_scenes():
            db.session.get_one(type(team.partner), team.partner.id).left_on = clock.today()

        page = signs_in(asked, council.partner)

        assert page.status == 404
        assert "songs" not in page.html

    def test_that_was_saved_before_is_not_offered_again(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        browser, path = sign_in(council.partner), f"/families/{team.ref}/notes/new"
        form = browser.get(path).form(path)
        form.send({"text": TYPED})
        end_sessions(council, "idle")

        asked = form.send({"text": TYPED}).follow()

        assert "You were signed out to keep information safe. What you sent had been saved before that." in asked.text
        page = signs_in(asked, council.partner)
        assert "You had begun" not in page.main
        assert len(notes(council)) == 1
        assert drafts(council) == []
        # In the same browser, signed in again: as the second click of any form.
        again = form.send({"text": TYPED})
        assert (again.status, again.location) == (303, page.response.request.full_path.rstrip("?"))
        assert "nothing was saved" not in again.follow().text

    def test_that_was_saved_before_with_other_words_keeps_the_new_ones(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        browser, path = sign_in(council.partner), f"/families/{team.ref}/notes/new"
        form = browser.get(path).form(path)
        form.send({"text": "First words"})
        end_sessions(council, "idle")

        page = signs_in(form.send({"text": TYPED}).follow(), council.partner)

        assert page.form(path).values["text"] == [TYPED]
        assert [note.text for note in notes(council)] == ["First words"]

    def test_can_be_thrown_away_and_is_gone_after_thirty_days(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        browser, path = sign_in(council.partner), f"/families/{team.ref}/notes/new"
        late = browser.get(path).form(path)
        end_sessions(council, "idle")
        page = signs_in(late.send({"text": TYPED}).follow(), council.partner)
        form = page.form("/unfinished/throw-away")

        assert sign_in(council.lead).post(form.action, form.values).status == 400
        thrown = form.send()
        assert (thrown.status, thrown.location) == (303, path)
        assert drafts(council) == []

        late = browser.get(path).form(path)
        end_sessions(council, "idle")
        late.send({"text": TYPED})
        with council.behind_the_scenes():
            db.session.execute(update(FormDraft).values(saved_at=clock.now() - timedelta(days=30)))
        assert "You had begun" not in sign_in(council.partner).get(path).main

    def test_of_a_step_down_that_was_sent_meanwhile_can_still_be_read(self, council: Council, sign_in: SignIn) -> None:
        step_down = an_agreed_draft(council, a_family(council))
        browser, path = sign_in(council.social_worker), f"/step-downs/{step_down.ref}/edit/safety"
        form = browser.get(path).form(path)
        end_sessions(council, "idle")
        asked = form.send({"risks": TYPED}).follow()
        with council.as_(council.social_worker) as viewer:
            step_downs.propose(db.session.get_one(StepDown, step_down.id), by=viewer)

        page = signs_in(asked, council.social_worker)

        assert "This step-down is no longer a draft" in page.main
        assert "She likes the new teacher’s <b>songs</b>" in page.main
        assert page.form("/unfinished/throw-away").send().status == 303

    def test_a_managers_agreement_is_offered_on_the_page_it_stands_on(self, council: Council, sign_in: SignIn) -> None:
        step_down = a_whole_draft(council, a_family(council))
        browser, path = sign_in(council.social_care_manager), f"/step-downs/{step_down.ref}/check"
        form = browser.get(path).form(f"{path}/agree")
        end_sessions(council, "idle")
        asked = form.send({"rationale": TYPED}).follow()

        page = signs_in(asked, council.social_care_manager)

        assert page.response.request.path == path
        assert page.form(f"{path}/agree").values["rationale"] == [TYPED]
        with council.as_(council.social_care_manager) as viewer:
            step_downs.agree(db.session.get_one(StepDown, step_down.id), "They can manage.", by=viewer)
        agreed = page.browser.get(path)
        assert not agreed.soup.select(f"form[action='{path}/agree']")
        assert "She likes the new teacher’s <b>songs</b>" in agreed.main

    def test_after_the_password_was_changed_in_another_window(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        browser, path = sign_in(council.partner), f"/families/{team.ref}/notes/new"
        form = browser.get(path).form(path)
        new = {"current_password": PASSWORD, "new_password": "four plain otters walked"}
        assert browser.submit("/account/password", new).status == 303

        late = form.send({"text": TYPED})

        assert (late.status, late.location) == (303, path)
        assert late.follow().form(path).values["text"] == [TYPED]

    def test_of_no_family_and_of_a_page_that_shows_it_in_place(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.coordinator)
        form = browser.get("/families/new").form("/families/new")
        end_sessions(council, "idle")

        late = form.send({"name": "Osei"}, htmx=True)

        assert late.status == 200
        assert late.response.headers["HX-Redirect"] == "/sign-in?next=/families/new"
        page = signs_in(browser.get("/sign-in?next=/families/new"), council.coordinator)
        assert page.form("/families/new").values["name"] == ["Osei"]
        (draft,) = drafts(council)
        assert (draft.family_id, draft.subject) == (None, "")


class TestWhoeverIsNotKnown:
    def test_a_token_that_the_portal_did_not_give_keeps_nothing(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        path = f"/families/{team.ref}/notes/new"
        form = sign_in(council.partner).get(path).form(path)

        for token in ("", "wrong", form.values["csrf_token"][0][:-3] + "abc"):
            assert form.send({"text": TYPED, "csrf_token": token}).status == 400
        end_sessions(council, "idle")
        assert form.send({"text": TYPED, "csrf_token": "wrong"}).status == 400
        assert drafts(council) == []
        assert notes(council) == []

    def test_a_form_that_another_site_sends_keeps_nothing(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        path = f"/families/{team.ref}/notes/new"
        form = sign_in(council.partner).get(path).form(path)
        end_sessions(council, "idle")

        answers = {**form.values, "text": TYPED}
        form.browser.client.post(path, data=answers, headers={"Sec-Fetch-Site": "cross-site"})

        assert drafts(council) == []

    def test_a_button_asks_to_be_pressed_again(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.partner)
        form = browser.get("/account").soup.select_one("form[action='/sign-out']")
        assert form is not None
        end_sessions(council, "idle")

        late = browser.post("/sign-out", {str(field["name"]): str(field["value"]) for field in form.select("input")})

        assert late.status == 303
        assert "Nothing was saved just now. Sign in, then do it again." in late.follow().text

    def test_the_page_to_sign_in_left_open_in_another_window(self, council: Council) -> None:
        browser = Browser(council.app.test_client())
        form = browser.get("/sign-in").form()
        signs_in(browser.get("/sign-in"), council.partner)
        sign_out(browser)

        late = form.send({"email": council.partner.email, "password": PASSWORD})

        assert (late.status, late.location) == (303, "/sign-in")
        assert "Nothing was sent: do it again." in late.follow().text
