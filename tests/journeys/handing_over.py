"""The social worker looks the family up, adds it, and writes the step-down; the manager agrees; it is sent."""

from datetime import date

from tests.journeys.driver import Someone
from tests.journeys.way import (
    BEDS,
    COURSE,
    DAUGHTER,
    DECISION,
    FAMILY,
    FATHER,
    GRANDMOTHER,
    LETTER,
    LOCK,
    MORNINGS,
    MOTHER,
    RESUMED,
    SON,
    START,
    TALKING,
    Way,
)


def look_up_then_add(way: Way) -> None:
    me = way.social_worker.open("/step-downs")
    me.reads("You have no step-down to finish.")
    me.follow(START)
    me.fill("Surname of anybody in the family", "Ковальчук")
    me.date("Their date of birth", date(1988, 11, 30))
    me.fill("Their postcode", "af2 2bb")
    me.press("Look up")
    me.reads("No family found")
    me.follow("Add a family")
    _answer_about_the_family(way, me)
    me.press("Add family")
    way.family = me.ref("F")
    me.reads(FAMILY, MOTHER, FATHER, GRANDMOTHER, DAUGHTER, SON, "Sam Social")


def _answer_about_the_family(way: Way, me: Someone) -> None:
    me.fill("What is the family called?", FAMILY)
    me.fill("Address", "Flat 2, St Brigid’s House\n14 Mill Lane, Ambleford")
    me.fill("Postcode", "AF1 1AA")
    me.fill("Address of the second home", "7a O'Connell Yard, Ambleford")
    me.fill("Postcode of the second home", "AF2 2BB")
    me.press("Add another person")
    me.press("Add another person")
    _adult(way, me, 1, MOTHER, date(1990, 5, 4), "Mother", "In the first home", "01632 960 301")
    _adult(way, me, 2, FATHER, date(1988, 11, 30), "Father", "In the second home", "01632 960 302")
    _child(way, me, 3, DAUGHTER, date(2015, 6, 21))
    _child(way, me, 4, SON, date(2018, 12, 3))
    _adult(way, me, 5, GRANDMOTHER, date(1958, 1, 1), "Father’s stepmother", "Somewhere else, or not known", None)
    me.fill("Language", "Українська", under="Person 2")
    me.pick("Do they need an interpreter?", "Yes", under="Person 2")


def _adult(way: Way, me: Someone, n: int, name: str, born: date, what: str, home: str, phone: str | None) -> None:
    person = f"Person {n}"
    _person(way, me, person, name, born, "An adult", home)
    me.fill("Relationship to the children", what, under=person)
    if phone is None:
        return
    me.tick("Has parental responsibility for the children", under=person)
    me.fill("Phone number", phone, under=person)
    me.choose("What is safe?", "Call", "Text", under=person)
    me.fill("Anything else about contacting them safely", "Not after 3pm; never leave a message", under=person)


def _child(way: Way, me: Someone, n: int, name: str, born: date) -> None:
    person = f"Person {n}"
    _person(way, me, person, name, born, "A child", "In both homes")
    me.fill("School, nursery or college", "St Brigid’s Primary", under=person)


def _person(way: Way, me: Someone, person: str, name: str, born: date, kind: str, home: str) -> None:
    given, surname = name.split(" ", 1)
    me.fill("Given name", given, under=person)
    me.fill("Family name", surname, under=person)
    me.date("Date of birth", born, under=person)
    me.choose("Is this a child or an adult?", kind, under=person)
    me.choose("Where do they live?", home, under=person)


def begin_the_step_down(way: Way) -> None:
    me = way.social_worker
    me.press(START)
    way.step_down = me.ref("S")
    for child, start in ((DAUGHTER, 0), (SON, 3)):
        me.tick(child)
        me.fill(
            "Why do this child’s needs no longer meet the threshold for statutory social care?",
            way.words("why", 190, start=start),
            under=child,
        )
    me.choose("What is this child stepping down from?", "A child in need plan", under=DAUGHTER)
    me.date("When did that begin?", date(2025, 10, 6), under=DAUGHTER)
    me.date("When was it decided that this child can step down?", DECISION, under=DAUGHTER)
    me.choose("Which level of need was it before?", "3", under=DAUGHTER)
    me.choose("Which level of need is it now?", "2", under=DAUGHTER)
    me.press("Save and continue")
    _answer_about_needs(way, me)
    me.press("Save and go to the list")
    me.reads("To do", "Done")


def _answer_about_needs(way: Way, me: Someone) -> None:
    for _ in range(2):
        me.press("Add another need")
    for _ in range(3):
        me.press("Add another outstanding action")
    for n, (headline, whose, what, stands) in enumerate(
        (
            ("Getting a good education", SON, MORNINGS, "Left for early help"),
            ("Improved family relationships", "The whole family", TALKING, "Left for early help"),
            ("Secure housing", "The whole family", "Heating that works in winter", "Met"),
        ),
        start=1,
    ):
        me.pick("Which outcome is it about?", headline, under=f"Need {n}")
        me.pick("Whose need is it?", whose, under=f"Need {n}")
        me.fill("What is the need?", what, under=f"Need {n}")
        me.choose("How does it stand now?", stands, under=f"Need {n}")
    for n, what in enumerate((LETTER, BEDS, LOCK, COURSE), start=1):
        me.fill("What does social work still have to do?", what, under=f"Outstanding action {n}")
    me.tick("It concerns somebody’s safety", under="Outstanding action 3")


def resume_it(way: Way) -> None:
    """The next day, from the list."""
    way.days.turn_to(RESUMED)
    me = way.social_worker.open("/step-downs")
    me.follow(FAMILY)
    me.reads("Still missing")
    me.follow("Safety and safe contact")
    me.fill("What could go wrong for the children?", way.words("risks", 260))
    me.fill("What should be done if things get worse?", way.words("contingency", 240))
    me.fill("When should the family come back to social care?", way.words("triggers", 130))
    me.press("Save and continue")
    _answer_about_views(way, me)
    me.press("Save and continue")
    me.date("When is your last visit planned?", date(2026, 3, 24))
    me.fill(
        "What matters to the family for the step-down meeting? (optional)",
        "After 3.30pm, at school; an interpreter for Дмитро, and not Mrs O’Hara from next door.",
    )
    me.press("Save and continue")
    me.reads("It waits for a social care manager of Fieldwork North to agree.", *way.lines)
    me.is_not_offered("Send this step-down", "Agree to this step-down")


def _answer_about_views(way: Way, me: Someone) -> None:
    for child, start in ((DAUGHTER, 0), (SON, 3)):
        me.fill("What does this child think and feel about it?", way.words("child", 90, start=start), under=child)
        me.choose("How is that known?", "They said it", under=child)
    for parent, start in ((MOTHER, 0), (FATHER, 2)):
        me.fill("What does this person think of it?", way.words("parent", 110, start=start), under=parent)
        question = "What did they say when asked whether they want early help?"
        me.choose(question, "Agreed" if parent == MOTHER else "Agreed to part of it", under=parent)
        me.date("When were they asked?", DECISION, under=parent)
        me.fill("How was it explained to them?", "At home, with the leaflet & an interpreter", under=parent)
    me.fill("What have they not agreed to?", "Nothing about him is told to his employer", under=FATHER)
    me.fill("Whom would the family like as lead professional? (optional)", "Zoë D’Arcy, the school nurse")


def manager_agrees(way: Way) -> None:
    me = way.manager.open("/step-downs")
    me.follow(FAMILY)
    me.follow("Check and send")
    me.reads("It waits for you to agree", *way.lines)
    me.press("Agree to this step-down", answered=422)
    me.reads("Enter why you agree to this step-down")
    me.fill("Why do you agree to this step-down?", "What is left is early help’s to do; I've read all of it.")
    me.press("Agree to this step-down")
    me.reads("You agreed to this step-down")


def send_it(way: Way) -> None:
    me = way.social_worker.open(f"/step-downs/{way.step_down}/check")
    me.reads("It is agreed and waits to be sent")
    me.press("Send this step-down")
    me.reads("Step-down sent", "Waiting to be accepted", *way.lines)
