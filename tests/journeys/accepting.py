"""The coordinator accepts, the lead says yes and visits, the team meets and settles what was outstanding."""

# ruff: noqa: RUF001  (names in another script than Latin)

import re
from datetime import date, time

from tests.journeys.driver import Someone
from tests.journeys.way import (
    ACCEPTED,
    ANSWERED,
    BEDS,
    COURSE,
    DAUGHTER,
    FAMILY,
    FATHER,
    FIRST_TEAM,
    LED,
    LETTER,
    LOCK,
    MEETING,
    MORNINGS,
    MOTHER,
    VISITED,
    Way,
    social_worker_holds,
    waits_on,
)


def coordinator_accepts(way: Way) -> None:
    way.days.turn_to(ACCEPTED)
    me = way.coordinator.open("/step-downs")
    before = me.clicks
    me.follow(FAMILY)
    me.reads(*way.lines, LETTER, BEDS, LOCK, COURSE, "Concerns safety.")
    me.follow("Accept this step-down")
    load = me.pick("Who will be asked to be the lead professional?", "Zoë D’Arcy")
    assert "1 family" in load, load
    assert "1 overdue action" in load, load
    me.press("Accept and ask them to lead")
    assert me.clicks - before == 4
    me.reads("Step-down accepted", "Waiting on Zoë D’Arcy")
    me.open(f"/families/{way.family}").reads(f"{DAUGHTER}: ", "Carol Coordinator")
    social_worker_holds(me)


def lead_accepts(way: Way) -> None:
    way.days.turn_to(LED)
    me = way.lead.open("/my-actions")
    me.follow(re.compile("^Will you be the lead professional"))
    me.reads("Asked by", "Síofra, 10 years", "Тарас, 7 years", MORNINGS)
    me.choose("Will you be the lead professional?", "I will lead")
    me.press("Send my answer")
    me.reads("You are the lead professional now", "Lead professional: Zoë D’Arcy")


def record_a_visit(way: Way) -> None:
    way.days.turn_to(VISITED, time(16, 45))
    me = way.lead.open(f"/families/{way.family}")
    me.follow("Record a visit or call")
    me.choose("How were you in touch?", "Visit")
    me.choose("Did somebody answer?", "Yes")
    me.choose("Which adults did you see or speak to?", MOTHER, FATHER)
    me.choose("Did you see Síofra?", "Seen alone")
    me.choose("Did you see Тарас?", "Seen, with others there")
    me.fill("What happened? (optional)", way.words("child", 60, start=1))
    me.press("Save")
    me.reads("Contact recorded")


def bring_the_team_together(way: Way) -> None:
    me = way.lead
    me.follow("Team and meetings")
    for somebody in ("Pat Partner", "Sinéad O'Hara-Šťastná"):
        me.follow("Add someone")
        me.choose("Who joins the team around the family?", "Somebody with a sign-in")
        me.pick("Who is it?", somebody)
        me.press("Add to the team")
        me.reads(f"{somebody} is on the")
    for relative in (MOTHER, FATHER):
        me.follow("Add someone")
        me.choose("Who joins the team around the family?", "Somebody of the family")
        me.pick("Who of the family?", relative)
        me.press("Add to the team")
    me.follow("Add someone")
    me.choose("Who joins the team around the family?", "Somebody without a sign-in")
    me.fill("What is their name?", "Мар’яна Шевченко")
    me.fill("What do they do?", "Interpreter")
    me.fill("How can they be reached?", "01632 960 377")
    me.press("Add to the team")
    me.follow("Arrange a meeting")
    me.choose("Which meeting is it?", "Step-down meeting")
    me.date("What date?", MEETING)
    me.fill("What time?", "3:45pm")
    me.fill("Where?", "St Brigid’s Primary, the library")
    me.untick("Sinéad O'Hara-Šťastná, Ambleford School Nursing")
    me.press("Arrange the meeting")
    way.meeting = me.ref("M")
    me.reads("arranged", "3:45pm", "St Brigid’s Primary, the library")


def write_up_the_meeting(way: Way) -> None:
    way.days.turn_to(MEETING, time(17, 30))
    me = way.lead.open(f"/meetings/{way.meeting}")
    me.follow("Write up this meeting")
    for name in ("Pat Partner", "Sam Social", "Carol Coordinator", "Zoë D’Arcy", MOTHER, FATHER):
        me.choose(f"Did {name} come?", "Came")
    me.choose("Did Мар’яна Шевченко come?", "Apologies, with a report")
    me.fill("What did the family say?", way.words("parent", 80, start=1))
    me.fill("What did Síofra want to say?", way.words("child", 60))
    me.fill("Or why was Тарас not heard?", "He had fallen asleep on the bus; Zoë asks him at school on Monday.")
    me.fill("What was decided?", way.words("decided", 120))
    _settle(way, me)
    me.date("What date?", FIRST_TEAM)
    me.fill("What time?", "15:45")
    me.fill("Where?", "St Brigid’s Primary, the library")
    me.press("Save the write-up")
    me.reads(
        "Meeting written up",
        "Carried into the action plan",
        "Completed",
        "Dropped",
        *way.words.said[-1].splitlines(),
    )


def _settle(way: Way, me: Someone) -> None:
    one, two, three, four = _outstanding(way, me)
    me.choose(one, "Carried into the action plan")
    me.pick("Who does it now?", "Pat Partner", under=one)
    me.choose("When should this be done by?", "In 1 week", under=one)
    me.choose(two, "Completed")
    me.fill("How do you know?", "Both beds stand in Дмитро’s flat: seen on 6 March", under=two)
    # Nobody asked her yet: she is not at the meeting, and answers for herway.
    me.choose(three, "Carried into the action plan")
    me.pick("Who does it now?", "Sinéad O'Hara-Šťastná", under=three)
    me.choose("When should this be done by?", "On another date", under=three)
    me.date("Date", date(2026, 3, 20), under=three)
    me.choose(four, "Dropped")
    me.fill("Why is it dropped?", "Siobhán has found a course herself & starts after Easter", under=four)


def _outstanding(way: Way, me: Someone) -> list[str]:
    asked = me.page.get_by_role("heading", level=3)
    headings = [words.strip() for words in asked.all_text_contents()]
    assert [each for each in headings if each in (LETTER, BEDS, LOCK, COURSE)] == [LETTER, BEDS, LOCK, COURSE]
    legends = me.page.locator("legend", has_text="What becomes of O-").all_text_contents()
    return [legend.strip() for legend in legends]


def second_partner_agrees(way: Way) -> None:
    """The owner of a carried action who was not at the meeting: until she agrees, the gate stays shut."""
    way.days.turn_to(ANSWERED)
    waits_on(way, "Sinéad O'Hara-Šťastná")
    me = way.second.open("/my-actions")
    me.follow(LOCK)
    me.follow("Back")
    me.press("Agree to this action")
    me.reads("Agreed")
