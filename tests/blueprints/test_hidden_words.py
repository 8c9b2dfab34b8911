"""What was hidden, as a manager sees it: who had opened the record, what the log says, and back again."""

from datetime import timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.event_kinds import E
from portal.domain.hiding import WhyHidden
from portal.models.families import Note
from portal.models.hiding import HiddenPlace, HiddenWords
from portal.models.record import Audit, AuditKind, Event
from portal.services import hiding, remember
from portal.services.hiding import Asked
from tests.support.actions import cannot, in_the_way
from tests.support.hiding import WHERE, a_note, hide, stored
from tests.support.log import verify
from tests.support.people import Council, an_action, an_active_family
from tests.support.web import SignIn


class TestTheManager:
    def test_sees_what_the_words_were_and_who_had_opened_the_record(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        a_note(council, team.home, council.partner, f"Mum is at {WHERE}")
        sign_in(council.lead).get(f"/families/{team.ref}/history")
        sign_in(council.lead).get(f"/families/{team.ref}/history/whole")
        hide(sign_in, council.coordinator, team.home)
        sign_in(council.auditor).get(f"/families/{team.ref}")
        ref = stored(council, HiddenWords).ref
        browser = sign_in(council.manager)

        assert f"/families/{team.ref}/hidden" in browser.get(f"/families/{team.ref}/history").links()
        assert f"/hidden/{ref}" in browser.get(f"/families/{team.ref}/hidden").links()
        page = browser.get(f"/hidden/{ref}")

        assert WHERE in page.main
        assert "A note" in page.main
        assert "Lena Lead" in page.text_of("table")
        assert "printed once" in page.text_of("table")
        assert "Audrey Auditor" not in page.text_of("table"), "they came when the words were gone"
        looks = [(row.kind, row.subject) for row in self.log(council) if row.subject == ref]
        assert looks == [(AuditKind.LOOK, ref)]

    def log(self, council: Council) -> list[Audit]:
        with council.behind_the_scenes():
            return list(db.session.scalars(select(Audit).where(Audit.user_id == council.manager.id)))

    def test_puts_them_back_once_and_history_says_so(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        a_note(council, team.home, council.partner, f"Mum is at {WHERE}")
        hide(sign_in, council.coordinator, team.home)
        ref = stored(council, HiddenWords).ref
        browser = sign_in(council.manager)
        twice = browser.get(f"/hidden/{ref}").form()

        page = browser.submit(f"/hidden/{ref}", {"why": "It is the school"}).follow()

        assert "Put back by Moira Manager" in page.main
        assert stored(council, Note).text == f"Mum is at {WHERE}"
        assert "Moira Manager put hidden words back in 1 place" in browser.get(f"/families/{team.ref}/history").main
        assert twice.send({"why": "Again"}).status == 409

    def test_what_was_rewritten_since_is_left_and_said(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        a_note(council, team.home, council.partner, f"Mum is at {WHERE}")
        hide(sign_in, council.coordinator, team.home)
        with council.behind_the_scenes():
            db.session.scalars(select(Note)).one().text = "Nothing is known"

        page = sign_in(council.manager).submit(f"/hidden/{stored(council, HiddenWords).ref}", {"why": "A mistake"})

        assert "The words are back. In 1 place something else stands now" in page.follow().text
        assert stored(council, Note).text == "Nothing is known"

    def test_what_somebody_else_hid_stays_hidden(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        a_note(council, team.home, council.partner, f"Mum is at {WHERE} with Jo")
        hide(sign_in, council.coordinator, team.home, f"at {WHERE} with")
        first = stored(council, HiddenWords).ref
        a_note(council, team.home, council.partner, f"Again at {WHERE}")
        hide(sign_in, council.coordinator, team.home, WHERE)

        sign_in(council.manager).submit(f"/hidden/{first}", {"why": "Too much was hidden"})

        with council.behind_the_scenes():
            texts = [note.text for note in db.session.scalars(select(Note))]
            assert not [text for text in texts if WHERE in text]
            assert [text for text in texts if text.startswith("Mum is at [Hidden on ")]

    def test_reasons_in_the_log_are_kept_back_and_the_log_stays_sound(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        a_note(council, team.home, council.partner, f"Mum is at {WHERE}")
        with council.as_(council.manager) as viewer:
            entry = remember.Entry(
                AuditKind.EXPORT, "looks.of_family_log", viewer, team.home.id, team.ref, rows=3, reason=f"At {WHERE}?"
            )
            remember.within_change(entry)
        browser = sign_in(council.manager)
        assert WHERE in browser.get(f"/families/{team.ref}/who-has-looked").main

        hide(sign_in, council.coordinator, team.home)

        page = browser.get(f"/families/{team.ref}/who-has-looked")
        assert WHERE not in page.main
        assert "[Hidden]" in page.main
        assert verify(council.app).exit_code == 0

    def test_what_the_log_says_of_changes_is_kept_back_too(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, due_on=clock.today() + timedelta(days=30))
        assert cannot(sign_in, council.partner, action, in_the_way(), f"She is at {WHERE}").status == 303
        browser, looked = sign_in(council.manager).client, f"/families/{team.ref}/who-has-looked"
        assert WHERE in browser.get(looked).get_data(as_text=True)

        hide(sign_in, council.coordinator, team.home)

        assert WHERE not in browser.get(looked).get_data(as_text=True)
        with council.behind_the_scenes():
            last = db.session.scalars(
                select(Audit).where(Audit.kind == AuditKind.CHANGE, Audit.user_id == council.coordinator.id)
            ).all()[-1]
            assert last.page == "hiding.of_family"
            assert WHERE not in (last.changes or "")

    def test_the_digest_of_the_manager_tells_of_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        a_note(council, team.home, council.partner, f"Mum is at {WHERE}")

        with council.as_(council.coordinator) as viewer:
            asked = Asked(WHERE, [], WhyHidden.WHERE_SOMEBODY_IS, "It tells where she is")
            row = hiding.hide(team.home.family, asked, by=viewer)
            refs = (row.ref, row.id)

        with council.behind_the_scenes():
            event = db.session.scalars(select(Event).where(Event.subject == refs[0])).one()
            assert (event.kind, event.text) == (E.WORDS_HIDDEN, "It tells where she is")
            assert db.session.scalars(select(HiddenPlace.of_table).where(HiddenPlace.hiding_id == refs[1])).all()
