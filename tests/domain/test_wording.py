"""Words of states and choices: members of two enums may have one value, and keep their own words."""

import pytest

from portal.domain.gate_words import GATES, LACKING
from portal.domain.leads import LeadState
from portal.domain.plans import ActionState
from portal.domain.step_downs import StepDownState, ViewKnown
from portal.domain.support import HowGiven
from portal.domain.wording import CHOICES, STATES


class TestWordsByMember:
    def test_accepted_is_one_thing_of_a_step_down_and_another_of_a_lead(self) -> None:
        assert STATES[StepDownState.ACCEPTED].words == "Accepted"
        assert STATES[LeadState.ACCEPTED].words == "Leads"

    def test_proposed_of_a_step_down_and_of_an_action(self) -> None:
        assert STATES[StepDownState.PROPOSED].words == "Waiting to be accepted"
        assert STATES[ActionState.PROPOSED].words == "Proposed"

    def test_said_of_a_child_s_view_and_of_a_service(self) -> None:
        assert CHOICES[ViewKnown.SAID] == "They said it"
        assert CHOICES[HowGiven.SAID] == "Told them about it"

    def test_what_has_no_words_is_a_fault(self) -> None:
        with pytest.raises(KeyError):
            STATES[ViewKnown.SAID]

    def test_every_gate_has_words_when_open_and_when_it_holds(self) -> None:
        assert set(GATES) == set(LACKING)
