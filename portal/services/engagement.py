"""What people said when asked whether they want early help: each answer kept, none edited."""

from collections.abc import Iterable

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.drafts import Asked
from portal.domain.engagement import EARLY_HELP, UNASKED, EngagementAnswer, too_young
from portal.domain.event_kinds import E
from portal.domain.standards import Standard
from portal.domain.viewer import Viewer
from portal.facts import drafts, practice
from portal.models.families import Person
from portal.models.handover import EngagementRecord, StepDown
from portal.services import history

ANSWERS = {
    EngagementAnswer.NOT_YET_ASKED: "not asked yet",
    EngagementAnswer.AGREED: "agreed",
    EngagementAnswer.PARTLY_AGREED: "partly agreed",
    EngagementAnswer.SAID_NO: "said no for now",
    EngagementAnswer.ASKED_TO_STOP: "asked us to stop",
    EngagementAnswer.OVERRIDDEN: "went ahead without agreement, for safety",
}


def record(step_down: StepDown, asked: Iterable[Asked], *, by: Viewer) -> bool:
    """A new record for each answer that differs from that person's latest. Returns whether there was one."""
    latest = drafts.asked(step_down)
    new = [said for said in asked if said != latest.get(said.person_id)]
    if not new:
        return False
    asked_of = select(Person).where(Person.id.in_([said.person_id for said in new]))
    people = {person.id: person for person in db.session.scalars(asked_of)}
    for said in new:
        _demand_old_enough(people[said.person_id], said)
        _record(step_down, said, people[said.person_id].name, by=by)
    return True


def _demand_old_enough(person: Person, said: Asked) -> None:
    """A child who decides although so young is asked about first. Raises Refused: the form asks at the child."""
    if said.child_can_decide and not said.young and said.answer not in UNASKED:
        youngest = practice.amount(Standard.CHILD_DECIDES)
        words = too_young(person.name, person.date_of_birth, clock.today(), youngest)
        if words:
            raise Refused(f"{words}.")


def _record(step_down: StepDown, said: Asked, whom: str, *, by: Viewer) -> None:
    record = EngagementRecord(
        family_id=step_down.family_id,
        person_id=said.person_id,
        step_down_id=step_down.id,
        purpose=EARLY_HELP,
        answer=said.answer,
        exclusions=said.exclusions,
        asked_by_name=by.name,
        asked_on=said.asked_on,
        how_explained=said.how_explained,
        worries=said.worries,
        child_can_decide=said.child_can_decide,
        recorded_at=clock.now(),
    )
    db.session.add(record)
    history.record(
        E.ENGAGEMENT_RECORDED,
        record,
        by=by,
        happened_on=said.asked_on,
        data={"whom": whom, "answer": ANSWERS[said.answer]},
    )
