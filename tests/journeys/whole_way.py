"""A family’s way from social care to early help until it is confirmed, as steps that people take one after another."""

from tests.journeys.accepting import (
    bring_the_team_together,
    coordinator_accepts,
    lead_accepts,
    record_a_visit,
    second_partner_agrees,
    write_up_the_meeting,
)
from tests.journeys.handing_over import begin_the_step_down, look_up_then_add, manager_agrees, resume_it, send_it
from tests.journeys.way import (
    BEDS,
    BREAKFAST,
    CONFIRMED,
    COURSE,
    DAUGHTER,
    FAMILY,
    LETTER,
    LOCK,
    MORNINGS,
    SERVICE,
    SON,
    Way,
    social_worker_holds,
    waits_on,
)
from tests.journeys.working import (
    it_started,
    no_answer,
    not_yet,
    partner_marks_an_action_done,
    suggest_support,
    write_the_plan,
)


def walk(way: Way) -> None:
    look_up_then_add(way)
    begin_the_step_down(way)
    resume_it(way)
    manager_agrees(way)
    send_it(way)
    coordinator_accepts(way)
    lead_accepts(way)
    record_a_visit(way)
    bring_the_team_together(way)
    suggest_support(way)
    see_what_is_missing(way)
    write_up_the_meeting(way)
    second_partner_agrees(way)
    write_the_plan(way)
    partner_marks_an_action_done(way)
    no_answer(way)
    not_yet(way)
    it_started(way)
    confirm(way)
    see_who_holds_each_child(way)


def see_what_is_missing(way: Way) -> None:
    waits_on(way, "Zoë D’Arcy")
    me = way.social_worker
    me.reads("The step-down meeting was held and written up", "4 of 4 still to settle", "Missing")
    me.open(f"/step-downs/{way.step_down}/complete")
    me.reads("This step-down is not complete yet", "What is missing, and whom it waits on")
    me.is_not_offered("Confirm the step-down is complete")
    social_worker_holds(me.open(f"/families/{way.family}"))


def confirm(way: Way) -> None:
    way.days.turn_to(CONFIRMED)
    social_worker_holds(way.social_worker.open(f"/families/{way.family}"))
    me = way.social_worker.open(f"/step-downs/{way.step_down}")
    me.does_not_read("Waiting on")
    before = me.clicks
    me.follow("Confirm the step-down is complete")
    me.reads("What is in place", LETTER, BEDS, LOCK, COURSE)
    me.tick("I have read the summary")
    me.press("Confirm the step-down is complete")
    assert me.clicks - before == 3
    me.reads("The step-down is complete. Responsibility has moved")
    me.is_not_offered("Confirm the step-down is complete")


def see_who_holds_each_child(way: Way) -> None:
    me = way.coordinator.open(f"/families/{way.family}")
    for child in (DAUGHTER, SON):
        me.reads(f"{child}: Early help: Zoë D’Arcy")
    me.reads(SERVICE, "Started (reported)", "26 March", MORNINGS, BREAKFAST)
    me.follow("All of the history")
    me.reads("Step-down")
    me.open("/families").reads(FAMILY, "1 of 1 started")
