"""The plan is written and put in force, an action is done, support is suggested and followed until it has started."""

# ruff: noqa: RUF001  (names in another script than Latin)

from datetime import time

from tests.journeys.driver import Someone
from tests.journeys.way import (
    ASKED,
    BREAKFAST,
    FIRST_CHECK,
    LETTER,
    LOCK,
    MONEY,
    MORNINGS,
    MOTHER,
    PLANNED,
    SECOND_CHECK,
    SERVICE,
    STARTED,
    TALKING,
    THIRD_CHECK,
    WEEKLY,
    Way,
)


def write_the_plan(way: Way) -> None:
    way.days.turn_to(PLANNED)
    me = way.lead.open(f"/families/{way.family}/plan")
    me.reads("Draft", "Nobody is covering")
    _name_need(way, me, LETTER, None)
    me.follow("Add a need")
    me.fill("What is the need?", MONEY)
    me.choose("Which outcome is it about?", "Financial stability")
    me.choose("Whose need is it?", MOTHER)
    me.fill("What should be different, in the family’s own words?", "I open my letters the day they come.")
    me.fill("Where is it now, from 0 to 10? (optional)", "3")
    me.press("Save and add an action for it")
    _add_action(way, me, WEEKLY, who="Me", due="At the next meeting", then="Save and add another")
    me.choose("Which need is it for?", MORNINGS)
    _add_action(way, me, BREAKFAST, who="Pat Partner", due="In 2 weeks", then="Save and add another")
    me.choose("Which need is it for?", TALKING)
    _add_action(way, me, "Ask for a family group conference", who="Sam Social", due="In 1 week", then="Save")
    _name_need(way, me, LOCK, TALKING)
    me.reads("Agreed at the meeting")
    me.choose("Which of these were agreed?", BREAKFAST, "Ask for a family group conference")
    me.press("Record what was agreed")
    me.reads("2 actions recorded as agreed at the meeting")
    me.follow("Put the action plan in force")
    me.reads(MORNINGS, TALKING, MONEY, BREAKFAST, WEEKLY)
    me.press("Put the action plan in force")
    me.reads("The action plan is in force", "In force since Monday 16 March")
    me.does_not_read("Nobody is covering")


def _name_need(way: Way, me: Someone, action: str, need: str | None) -> None:
    ref = me.page.get_by_role("row").filter(has_text=action).locator(".app-worklist__note").first.inner_text()
    me.follow(f"Say which need {ref.split('.')[0]} is for")
    me.choose("Which need is it for?", need or MORNINGS)
    me.press("Save")


def _add_action(way: Way, me: Someone, what: str, *, who: str, due: str, then: str) -> None:
    me.fill("What will happen?", what)
    me.pick("Who will do this?", who)
    me.choose("When should this be done by?", due)
    me.press(then)
    me.reads("added, due")


def partner_marks_an_action_done(way: Way) -> None:
    me = way.partner.open("/my-actions")
    before = me.clicks
    me.follow(BREAKFAST)
    me.fill("Note", "Both are on Mrs D’Souza's list from today — Тарас’s favourite is the porridge.")
    me.press("Mark as done")
    assert me.clicks - before == 2
    me.reads("Marked as done", "Update your next action")


def suggest_support(way: Way) -> None:
    me = way.social_worker.open(f"/families/{way.family}")
    me.follow("Record what we suggested")
    me.choose("Which service did you suggest?", "A service of the directory")
    me.pick("Service", SERVICE)
    me.choose("Which need is it for?", "Something else: type it")
    me.fill("What is it needed for?", "The rent arrears, before Дмитро's hours are cut")
    me.choose("Who is it for?", MOTHER)
    me.choose("How did you suggest it?", "Gave a leaflet or address")
    me.press("Save")
    me.reads("Suggested", SERVICE, "13 March")


def no_answer(way: Way) -> None:
    way.days.turn_to(FIRST_CHECK, time(14))
    me = _check(way)
    me.choose(ASKED, "No answer")
    me.choose("How did you try?", "Call")
    me.press("Save")
    me.reads("The next check is due Friday 20 March")


def not_yet(way: Way) -> None:
    way.days.turn_to(SECOND_CHECK)
    me = _check(way)
    me.reads("Tried so far")
    me.choose(ASKED, "Not yet")
    me.fill("Who or what are we waiting for?", "The Advice Shop’s first free appointment")
    me.date("When should we check again?", THIRD_CHECK)
    me.press("Save")
    me.reads("The next check is due Monday 30 March")


def it_started(way: Way) -> None:
    way.days.turn_to(THIRD_CHECK)
    me = _check(way)
    me.choose(ASKED, "It started")
    me.date("When did they first receive it?", STARTED)
    me.choose("How do you know?", "The family said so")
    me.fill("What did they go to or receive?", "First appointment: Siobhán took the drawer of letters with her")
    me.press("Save")
    me.reads("Started (reported)", f"{SERVICE} has started, first received on 26 March 2026")


def _check(way: Way) -> Someone:
    me = way.social_worker.open("/checks")
    me.follow(SERVICE)
    return me
