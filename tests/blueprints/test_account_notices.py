"""What somebody is told by email: they choose, kind by kind, and what a person asks of them always arrives."""

from sqlalchemy import select

from portal.core.db import db
from portal.domain.notices import DEFAULTS, Notice, When
from portal.facts import notice_choices
from portal.models.messages import DeliveryStatus
from portal.models.record import Audit, AuditKind
from tests.support.people import Council, an_active_family
from tests.support.post import Postbox, deliveries
from tests.support.web import SignIn

ADDRESS = "/account/notices"


class TestWhatIAmTold:
    def test_is_reached_from_the_account_and_chosen_kind_by_kind(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.partner)
        account = browser.get("/account")
        page = browser.get(ADDRESS)
        before = page.form(ADDRESS).values

        saved = page.form(ADDRESS).send({"action_given": "digest", "family_stops": "never"}).follow()

        assert ADDRESS in account.links()
        assert "It comes at 8am on Mondays, or on the next working day" in page.main
        assert {kind: before[kind] for kind in Notice} == {kind: [when] for kind, when in DEFAULTS.items()}
        assert "Saved what you are told" in saved.text
        assert saved.form(ADDRESS).values["action_given"] == ["digest"]
        assert "An action is given to you" in saved.text_of(".app-timeline")
        assert "In the digest. Until then: immediately" in saved.text_of(".app-timeline")
        assert saved.text_of(".app-timeline").count("Until then") == 2
        with council.behind_the_scenes():
            assert db.session.scalars(select(Audit.page).where(Audit.kind == AuditKind.CHANGE)).all() == [
                "account.notices"
            ]

    def test_is_asked_of_me_by_a_person_and_is_never_never(self, council: Council, sign_in: SignIn) -> None:
        page = sign_in(council.partner).get(ADDRESS)

        refused = page.form(ADDRESS).send({"asked_to_lead": "never", "reminder": "never", "news": "at_once"})

        assert refused.status == 422
        assert refused.errors == ["Select one of the answers in the list"] * 3
        with council.app.app_context():
            assert notice_choices.of_person(council.partner.id) == DEFAULTS

    def test_holds_for_the_next_message(self, council: Council, sign_in: SignIn) -> None:
        team, postbox = an_active_family(council), Postbox(council.app)
        chosen = {council.lead: When.NEVER, council.coordinator: When.DIGEST}
        for person, when in chosen.items():
            sign_in(person).submit(ADDRESS, {"family_stops": when})

        sign_in(council.manager).submit(
            f"/families/{team.ref}/agreement/new", {"person": str(team.home.parent.id), "answer": "asked_to_stop"}
        )
        postbox.work()

        found = {each.user_id: each.status for each in deliveries(council.app) if each.notice is Notice.FAMILY_STOPS}
        assert found[council.lead.id] is DeliveryStatus.WITHHELD
        assert found[council.coordinator.id] in (DeliveryStatus.LINED_UP, DeliveryStatus.SENT)
        assert not any(letter.subject.startswith("Asked to stop") for letter in postbox.letters)
