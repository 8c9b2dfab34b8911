"""What belonged to early help that ended before it began is asked of nobody."""

from portal.core.db import db
from portal.domain.episodes import EpisodeState
from portal.domain.plans import ActionState
from portal.models.handover import Episode
from portal.models.teamwork import PlanAction
from portal.services import history
from tests.support.people import Council, Team, an_action, an_active_family
from tests.support.web import SignIn


def ended(council: Council, team: Team) -> None:
    with council.behind_the_scenes():
        db.session.get_one(Episode, team.episode.id).state = EpisodeState.ENDED_BEFORE_START
        history.changed(team.home.id)


def test_an_action_of_it_is_on_nobodys_list(council: Council, sign_in: SignIn) -> None:
    team = an_active_family(council, state=EpisodeState.PREPARING)
    action = an_action(council, team)
    browser = sign_in(council.partner)
    before = browser.get("/my-actions").main
    ended(council, team)

    after = browser.get("/my-actions").main

    assert action.ref in before
    assert action.ref not in after


def test_no_move_of_an_action_of_it_is_open_however_it_is_asked_for(council: Council, sign_in: SignIn) -> None:
    team = an_active_family(council, state=EpisodeState.PREPARING)
    asked = an_action(council, team, state=ActionState.PROPOSED)
    lead, partner = sign_in(council.lead), sign_in(council.partner)
    forms = [partner.get(f"/actions/{asked.ref}/update").form(), lead.get(f"/actions/{asked.ref}/drop").form()]
    ended(council, team)

    sent = [
        forms[0].send({"note": "Rang them"}),
        forms[1].send({"dropped_reason": "Not needed", "family_agreed": "agrees"}),
    ]

    words = "Early help ended before it began, so nothing more is recorded for this action."
    for page in (*sent, partner.get(f"/actions/{asked.ref}"), partner.get(f"/actions/{asked.ref}/update")):
        assert words in page.main
    assert [page.status for page in sent] == [409, 409]
    assert not partner.get(f"/actions/{asked.ref}").soup.select("form[action^='/actions/']")
    with council.behind_the_scenes():
        assert db.session.get_one(PlanAction, asked.id).state is ActionState.PROPOSED
