"""Two people change the same thing: who changed which answer is said, and what only the other changed is taken over."""

import pytest

from portal.models.handover import StepDown
from tests.support.drafts import a_whole_draft, content, needs_answers, stored
from tests.support.household import read, send
from tests.support.people import Council, Home, a_family, another_manager
from tests.support.web import Browser, FilledForm, Page, SignIn

THEIRS, YOURS = ".app-side-by-side__part:first-child", ".app-side-by-side__part:last-child"
GENDER = "Gender, in their own words"


@pytest.fixture
def home(council: Council) -> Home:
    return a_family(council)


@pytest.fixture
def path(home: Home) -> str:
    return f"/people/{home.parent.ref}/edit"


def said_of(page: Page, side: str) -> dict[str, str]:
    """Each question that differs, and what stands under it."""
    part = page.soup.select_one(side)
    assert part is not None, page.main[:300]
    found: dict[str, list[str]] = {}
    for tag in part.select("h3, p, div"):
        if tag.name == "h3":
            found[tag.get_text()] = []
        else:
            list(found.values())[-1].append(tag.get_text())
    return {question: ". ".join(lines) for question, lines in found.items()}


class TestTwoPeopleAtOneForm:
    def test_of_each_answer_that_differs_it_is_said_who_changed_it(
        self, council: Council, sign_in: SignIn, path: str
    ) -> None:
        form = sign_in(council.coordinator).get(path).form()
        who = council.social_worker.name
        assert sign_in(council.social_worker).submit(path, {"language": "Irish"}).status == 303

        page = form.send({"language": "Polish", "gender": "woman"})

        assert page.status == 409
        assert said_of(page, THEIRS) == {
            "Language": f"Changed by {who} since you opened this. Irish",
            GENDER: "Only you changed this. Nothing written",
        }
        assert said_of(page, YOURS) == {"Language": "Polish", GENDER: "woman"}

    def test_what_only_the_other_changed_is_taken_over_and_neither_is_lost(
        self, council: Council, sign_in: SignIn, home: Home, path: str
    ) -> None:
        form = sign_in(council.coordinator).get(path).form()
        theirs = {"language": "Irish", "interpreter_needed": "yes"}
        assert sign_in(council.social_worker).submit(path, theirs).status == 303

        page = form.send({"gender": "woman"})

        who = council.social_worker.name
        assert page.status == 409
        assert list(said_of(page, YOURS)) == [GENDER]
        assert f"{who} changed these answers, and you did not." in page.text_of("#taken")
        assert "Language Irish" in page.text_of("#taken")
        assert "Yes" in page.text_of("#taken")
        assert page.form().send().status == 303
        person = read(council, home.parent)
        assert (person.language, person.interpreter_needed, person.gender) == ("Irish", "yes", "woman")

    def test_a_date_is_taken_over_too(self, council: Council, sign_in: SignIn, path: str) -> None:
        born = {"date_of_birth-day": "17", "date_of_birth-month": "5", "date_of_birth-year": "1990"}
        form = sign_in(council.coordinator).get(path).form()
        assert send(sign_in, council, path, {**born, "because": "changed"}).status == 303

        page = form.send({"gender": "woman"})

        assert page.status == 409
        assert {name: page.form().values[name] for name in born} == {name: [part] for name, part in born.items()}

    def test_where_you_changed_nothing_there_is_nothing_to_choose(
        self, council: Council, sign_in: SignIn, path: str
    ) -> None:
        form = sign_in(council.coordinator).get(path).form()
        assert sign_in(council.social_worker).submit(path, {"language": "Irish"}).status == 303

        page = form.send()

        assert page.status == 409
        assert not page.soup.select(".app-side-by-side")
        assert "changed this, and you did not. The form below has it as it is saved." in page.text_of("#taken")
        assert page.form().values["language"] == ["Irish"]

    def test_the_same_person_on_another_page(self, council: Council, sign_in: SignIn, path: str) -> None:
        browser = sign_in(council.coordinator)
        form = browser.get(path).form()
        assert browser.submit(path, {"language": "Irish", "gender": "woman"}).status == 303

        page = form.send({"language": "Polish"})

        assert said_of(page, THEIRS)["Language"] == "Changed by you on another page since you opened this. Irish"
        assert "You changed this on the other page, and not here." in page.text_of("#taken")

    def test_of_two_who_were_faster_both_are_named(self, council: Council, sign_in: SignIn, path: str) -> None:
        form = sign_in(council.coordinator).get(path).form()
        manager = another_manager(council)
        assert sign_in(council.social_worker).submit(path, {"language": "Irish"}).status == 303
        assert sign_in(manager).submit(path, {"gender": "woman"}).status == 303

        page = form.send({"language": "Polish"})

        both = f"{council.social_worker.name} or {manager.name}"
        assert said_of(page, THEIRS)["Language"] == f"Changed by {both} since you opened this. Irish"

    def test_once_both_were_shown_only_what_is_changed_after_that_counts(
        self, council: Council, sign_in: SignIn, path: str
    ) -> None:
        form, other = sign_in(council.coordinator).get(path).form(), sign_in(council.social_worker)
        assert other.submit(path, {"language": "Irish"}).status == 303
        shown = form.send({"language": "Polish"}).form()
        assert other.submit(path, {"gender": "woman"}).status == 303

        page = shown.send()

        assert said_of(page, THEIRS) == {"Language": "Only you changed this. Irish"}
        assert f"{GENDER} woman" in page.text_of("#taken")

    @pytest.mark.parametrize("sent", [None, "", "x", "1.\x00", "9" * 30 + ".abc"])
    def test_a_form_that_does_not_tell_how_it_was_opened_takes_nothing_over(
        self, council: Council, sign_in: SignIn, path: str, sent: str | None
    ) -> None:
        form = sign_in(council.coordinator).get(path).form()
        assert sign_in(council.social_worker).submit(path, {"language": "Irish"}).status == 303

        page = form.send({"gender": "woman", "as_opened": sent})

        assert said_of(page, THEIRS) == {"Language": "Irish", GENDER: "Nothing written"}
        assert not page.soup.select("#taken")
        assert page.form().values["language"] == [""]


class TestRows:
    @pytest.fixture
    def step_down(self, council: Council, home: Home) -> StepDown:
        return a_whole_draft(council, home)

    def opened(self, browser: Browser, step_down: StepDown) -> FilledForm:
        return browser.get(f"/step-downs/{step_down.ref}/edit/needs").form()

    def test_are_taken_over_together(self, council: Council, sign_in: SignIn, step_down: StepDown) -> None:
        form = self.opened(sign_in(council.social_care_manager), step_down)
        other = self.opened(sign_in(council.social_worker), step_down)
        assert other.send({"needs-0-what": "Sleep"}).status == 303

        page = form.send({"outstanding-0-what": "Ring the school", "nothing_outstanding": None})

        assert page.status == 409, page.errors
        assert "Need 1: What is the need? Sleep" in page.text_of("#taken")
        assert page.form().send().status == 303
        now = content(council, step_down)
        assert [need.what for need in now.needs] == ["Sleep"]
        assert [action.what for action in now.outstanding] == ["Ring the school"]

    def test_are_left_together_where_one_was_changed(
        self, council: Council, sign_in: SignIn, step_down: StepDown
    ) -> None:
        form = self.opened(sign_in(council.social_care_manager), step_down)
        other = self.opened(sign_in(council.social_worker), step_down)
        second = {name.replace("-0-", "-1-"): answer for name, answer in needs_answers().items() if "needs-0-" in name}
        assert other.send({"needs-0-what": "Sleep", **second}).status == 303

        page = form.send({"needs-0-what": "Food"})

        assert not page.soup.select("#taken")
        assert page.form().values["needs-0-what"] == ["Food"]
        assert "needs-1-what" not in page.form().values


class TestADraftThatIsOfferedAgain:
    def test_takes_over_what_was_changed_since_it_was_opened(self, council: Council, sign_in: SignIn) -> None:
        step_down = a_whole_draft(council, a_family(council))
        here = f"/step-downs/{step_down.ref}/edit/visit"
        browser = sign_in(council.social_care_manager)
        form = browser.get(here).form()
        kept = browser.post(f"{here}/draft", {**form.values, "meeting_wishes": "In the morning"})
        assert kept.status == 303
        other = sign_in(council.social_worker).submit(here, {"last_visit_on-day": "1"})
        assert other.status == 303, other.errors

        page = browser.get(here)

        assert "You had begun to write this" in page.main
        assert list(said_of(page, YOURS)) == ["What matters to the family for the step-down meeting? (optional)"]
        assert said_of(page, THEIRS).popitem()[1].startswith("Only you changed this")
        assert page.form(here).values["last_visit_on-day"] == ["1"]
        assert page.form(here).send().status == 303
        now = stored(council, step_down)
        assert (now.last_visit_on and now.last_visit_on.day, now.meeting_wishes) == (1, "In the morning")
