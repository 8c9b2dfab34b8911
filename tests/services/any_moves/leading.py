"""Clicks about who leads."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
)

from portal.core import clock
from portal.domain.leads import EndCode, LeadState, NotFound
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.handover import LeadAssignment
from portal.services import (
    leads,
)
from tests.services.any_moves.clicks import (
    Clicks,
    anybody,
    anyone_asked,
    days_ahead,
    numbers,
    often,
)


class Leading(Clicks):
    # Who leads

    @precondition(lambda self: self.has(LeadAssignment, LeadState.NOMINATED))
    @rule(who=anybody, number=numbers, accepts=often)
    def somebody_asked_to_lead_answers(self, who: str | None, number: int, accepts: bool) -> None:
        asked = self.pick(LeadAssignment, number, LeadState.NOMINATED)

        def answer(found: LeadAssignment, by: Viewer) -> None:
            if accepts:
                leads.accept(found, by=by)
            else:
                leads.decline(found, "I lead four families", by=by)

        self.do(who or self.name_of(asked.user_id), P.LEAD_ANSWER, asked, answer)

    @rule(who=anybody, number=numbers, lead=anyone_asked)
    def somebody_is_asked_to_lead(self, who: str | None, number: int, lead: str) -> None:
        self.do(
            who or "coordinator",
            P.LEAD_NOMINATE,
            self.pick(Family, number),
            lambda found, by: leads.ask(found, leads.Whom(self.user(lead).id), by=by),
        )

    @precondition(lambda self: self.has(LeadAssignment, LeadState.NOMINATED, LeadState.ACCEPTED))
    @rule(who=anybody, number=numbers, lead=anyone_asked, how=st.sampled_from(("leave", "follow", "end", "withdraw")))
    def somebody_stops_leading_or_is_asked_no_longer(self, who: str | None, number: int, lead: str, how: str) -> None:
        fitting = LeadState.NOMINATED if how == "withdraw" else LeadState.ACCEPTED
        assignment = self.pick(LeadAssignment, number, fitting)
        if assignment is None:
            return

        def stop(found: LeadAssignment, by: Viewer) -> None:
            if how == "withdraw":
                leads.withdraw(found, by=by)
            elif how == "end":
                leads.end(found, EndCode.CASELOAD, clock.today(), None, by=by)
            else:
                successor = leads.Whom(self.user(lead).id) if how == "follow" else None
                leads.leave(found, EndCode.LEFT_ROLE, None, by=by, successor=successor)

        permission = P.LEAD_NOMINATE if how == "withdraw" else P.LEAD_END
        self.do(who or "coordinator", permission, assignment, stop)

    @rule(who=anybody, number=numbers, worker=anyone_asked, days=days_ahead)
    def a_council_worker_leads_for_the_time_being(self, who: str | None, number: int, worker: str, days: int) -> None:
        self.do(
            who or "manager",
            P.LEAD_DECIDE,
            self.pick(Family, number),
            lambda found, by: leads.decide(
                found,
                NotFound.COUNCIL_WORKER,
                "Nobody else can",
                worker_id=self.user(worker).id,
                until_on=clock.today() + timedelta(days=days),
                by=by,
            ),
        )
