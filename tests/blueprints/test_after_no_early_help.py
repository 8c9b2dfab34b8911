"""What belonged to early help that ended before it began is asked of nobody."""

from portal.core.db import db
from portal.domain.episodes import EpisodeState
from portal.models.handover import Episode
from portal.services import history
from tests.support.people import Council, an_action, an_active_family
from tests.support.web import SignIn


def test_an_action_of_it_is_on_nobodys_list(council: Council, sign_in: SignIn) -> None:
    team = an_active_family(council, state=EpisodeState.PREPARING)
    action = an_action(council, team)
    browser = sign_in(council.partner)
    before = browser.get("/my-actions").main
    with council.behind_the_scenes():
        db.session.get_one(Episode, team.episode.id).state = EpisodeState.ENDED_BEFORE_START
        history.changed(team.home.id)

    after = browser.get("/my-actions").main

    assert action.ref in before
    assert action.ref not in after
