"""A step-down while it is written: started, left and resumed, checked, sent once."""

from typing import Any

from portal.domain.step_downs import StepDownState
from tests.support.drafts import (
    a_draft,
    a_sent_step_down,
    a_whole_draft,
    an_agreed_draft,
    children_answers,
    needs_answers,
    safety_answers,
    stored,
    views_answers,
    visit_answers,
)
from tests.support.people import Council, Home, a_family, history_of
from tests.support.web import SignIn, counted_statements

PARTS = ("children", "needs", "safety", "views", "visit")


class TestWritingAStepDown:
    def test_from_the_family_through_five_parts_to_early_help(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        worker, manager = sign_in(council.social_worker), sign_in(council.social_care_manager)
        answers: list[dict[str, Any]] = [
            children_answers(home),
            needs_answers(),
            safety_answers(home),
            views_answers(home),
            visit_answers(),
        ]

        page = worker.submit(f"/families/{home.ref}/step-downs", on=f"/families/{home.ref}/step-downs/new")
        for part, typed in zip(PARTS, answers, strict=True):
            assert page.location.endswith(f"/edit/{part}"), page.location
            page = worker.get(page.location).form().send(typed)
            assert page.status == 303, page.errors
        check = page.follow()
        assert "waits for a social care manager of Fieldwork North to agree" in check.main
        here = check.response.request.path
        agreed = manager.submit(f"{here}/agree", {"rationale": "They can manage with a team"}, on=here)
        assert agreed.location == here
        sent = worker.submit(f"{here}/send", on=here)

        assert sent.status == 303
        assert sent.location == here.replace("/check", "")
        assert history_of(council, home.id) == [
            "family.added",
            "step_down.started",
            "step_down.changed",
            "step_down.changed",
            "step_down.changed",
            "engagement.recorded",
            "step_down.changed",
            "step_down.changed",
            "step_down.agreed",
            "step_down.proposed",
        ]

    def test_six_choices_are_enough_for_one_child_one_adult_and_one_need(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council)
        step_down = a_draft(council, home)
        worker = sign_in(council.social_worker)
        child, parent = f"{home.children[0].id}", f"{home.parent.id}"
        chosen = {
            f"children-{child}-origin",
            f"children-{child}-level_before",
            f"children-{child}-level_now",
            "needs-0-headline",
            f"voices-{child}-known",
            f"asked-{parent}-answer",
        }
        typed = {
            "-why",
            "-what",
            "risks",
            "contingency",
            "step_up_triggers",
            "-view",
            "-how_explained",
            "-day",
            "-month",
            "-year",
        }
        answers = {
            "children": children_answers(home),
            "needs": needs_answers(),
            "safety": safety_answers(home),
            "views": views_answers(home),
            "visit": visit_answers(),
        }

        for part, all_answers in answers.items():
            few = {
                name: value
                for name, value in all_answers.items()
                if name in chosen or any(name.endswith(ending) for ending in typed)
            }
            page = worker.submit(f"/step-downs/{step_down.ref}/edit/{part}", few)
            assert page.status == 303, page.errors

        assert "Everything is there" in worker.get(f"/step-downs/{step_down.ref}/check").main
        assert len(chosen) <= 6

    def test_the_list_says_what_each_part_still_lacks(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        step_down = a_draft(council, home)

        page = sign_in(council.social_worker).get(f"/step-downs/{step_down.ref}/edit")

        assert page.main.count("To do") == 5
        assert "at least one child" in page.main
        assert "the risks" in page.main
        assert "what the family said when asked whether they want early help" in page.main
        assert "Not agreed yet" in page.main

    def test_a_part_left_half_written_is_there_when_one_comes_back(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        step_down = a_draft(council, home)
        worker = sign_in(council.social_worker)

        left = worker.submit(f"/step-downs/{step_down.ref}/edit/safety", {"risks": "Only this so far", "then": "list"})

        assert left.location == f"/step-downs/{step_down.ref}/edit"
        resumed = worker.get(f"/step-downs/{step_down.ref}/edit/safety").form()
        assert resumed.values["risks"] == ["Only this so far"]
        assert "what to do if things get worse" in worker.get(left.location).main

    def test_a_second_start_goes_on_with_the_draft_the_team_has_begun(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        step_down = a_draft(council, home)

        page = sign_in(council.social_care_manager).submit(
            f"/families/{home.ref}/step-downs", on=f"/families/{home.ref}/step-downs/new"
        )

        assert page.location == f"/step-downs/{step_down.ref}/edit/children"
        assert history_of(council, home.id).count("step_down.started") == 1

    def test_only_social_care_starts_one(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        assert sign_in(council.coordinator).get(f"/families/{home.ref}/step-downs/new").status == 403
        assert sign_in(council.social_worker_other_team).get(f"/families/{home.ref}/step-downs/new").status == 404


class TestWhoSeesADraft:
    def test_another_teams_worker_and_early_help_do_not(self, council: Council, sign_in: SignIn) -> None:
        step_down = a_whole_draft(council, a_family(council))
        pages = [f"/step-downs/{step_down.ref}/{page}" for page in ("edit", "edit/children", "edit/views", "check")]

        for person, status in (
            (council.social_worker_other_team, 404),
            (council.partner, 404),
            (council.front_door, 404),
            (council.admin, 404),
            (council.coordinator, 403),
            (council.manager, 403),
            (council.auditor, 403),
        ):
            browser = sign_in(person)
            assert {browser.get(page).status for page in pages} == {status}, person.name

    def test_the_teams_manager_does(self, council: Council, sign_in: SignIn) -> None:
        step_down = a_whole_draft(council, a_family(council))

        assert sign_in(council.social_care_manager).get(f"/step-downs/{step_down.ref}/check").status == 200


class TestStartingOnAFoundFamily:
    def look_up(self, council: Council, home: Home, sign_in: SignIn, **terms: str) -> Any:
        return sign_in(council.social_worker_other_team).submit("/step-downs/new", {"number": home.ref, **terms})

    def test_begins_a_draft_on_a_family_not_yet_in_reach(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        page = self.look_up(council, home, sign_in).form("/step-downs/start").send()

        assert page.status == 303
        assert page.follow().status == 200
        assert history_of(council, home.id)[-1] == "step_down.started"

    def test_somebody_elses_look_up_starts_nothing(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        found = self.look_up(council, home, sign_in).form("/step-downs/start")

        page = (
            sign_in(council.social_worker)
            .submit("/step-downs/new", {"number": home.ref})
            .form("/step-downs/start")
            .send({"look_up": found.values["look_up"]})
        )

        assert page.status == 409
        assert "Look the family up again" in page.main
        assert "step_down.started" not in history_of(council, home.id)

    def test_a_look_up_id_that_is_none_is_refused_in_words(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        form = self.look_up(council, home, sign_in).form("/step-downs/start")

        for wrong in ("", "0", "-1", "²", "9" * 40, "1\x00", "F-1"):
            page = form.send({"look_up": wrong})
            assert page.status == 409, wrong
            assert "Look the family up again" in page.main


class TestSending:
    def test_waits_for_the_managers_agreement(self, council: Council, sign_in: SignIn) -> None:
        step_down = a_whole_draft(council, a_family(council))
        worker = sign_in(council.social_worker)
        here = f"/step-downs/{step_down.ref}"
        form = worker.get(f"{here}/edit/visit").form()
        form.action = f"{here}/check/send"

        page = form.send()

        assert page.status == 409
        assert "A social care manager has to agree to this step-down before it can be sent" in page.main
        assert stored(council, step_down).state is StepDownState.DRAFT

    def test_a_double_click_sends_it_once(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        step_down = an_agreed_draft(council, home)
        here = f"/step-downs/{step_down.ref}"
        form = sign_in(council.social_worker).get(f"{here}/check").form(f"{here}/check/send")

        first, second = form.send(), form.send()

        assert (first.status, second.status) == (303, 303)
        assert first.location == second.location == here
        assert history_of(council, home.id).count("step_down.proposed") == 1

    def test_a_manager_who_opened_it_before_agrees_to_nothing_afterwards(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council)
        step_down = an_agreed_draft(council, home)
        here = f"/step-downs/{step_down.ref}"
        form = sign_in(council.social_care_manager).get(f"{here}/check").form(f"{here}/check/send")
        sign_in(council.social_worker).submit(f"{here}/check/send", on=f"{here}/check")
        before = history_of(council, home.id)

        for move, answers in (
            ("check/agree", {"rationale": "The risks are held"}),
            ("child-protection", {"protection_override": "The panel decided so"}),
        ):
            form.action = f"{here}/{move}"
            form.values["idempotency_key"] = [f"a-key-of-its-own-{len(move):04}"]
            page = form.send(answers)
            assert page.status == 409, move
            assert here in page.links()
        assert history_of(council, home.id) == before

    def test_nothing_can_be_changed_afterwards(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        step_down = an_agreed_draft(council, home)
        here = f"/step-downs/{step_down.ref}"
        worker = sign_in(council.social_worker)
        open_forms = {part: worker.get(f"{here}/edit/{part}").form() for part in PARTS}
        worker.submit(f"{here}/check/send", on=f"{here}/check")
        before = history_of(council, home.id)

        late = open_forms["visit"].send({"meeting_wishes": "Words that came too late"})
        assert late.status == 409
        assert "Words that came too late" in late.main
        assert here in late.links()
        assert {form.send().status for form in open_forms.values()} == {409}
        for page in ("edit", "check", *(f"edit/{part}" for part in PARTS)):
            refused = worker.get(f"{here}/{page}")
            assert refused.status == 409
            assert "what it says can no longer be changed" in refused.main
            assert here in refused.links()
        assert history_of(council, home.id) == before

    def test_says_everything_first(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council, children=2)
        step_down = a_whole_draft(council, home)

        page = sign_in(council.social_worker).get(f"/step-downs/{step_down.ref}/check")

        for words in (
            *(child.name for child in home.children),
            "A child in need plan, from",
            "School is going well.",
            "Getting a good education",
            "Getting to school on time",
            "Left for early help, for the whole family",
            "Write to the housing association",
            "Things went wrong when nobody slept.",
            "Call 01632 960 300",
            "I want to stay at my school",
            "We are tired of new faces",
            "At home, with the leaflet",
            "The school nurse",
            "Sam Social, Fieldwork North",
        ):
            assert words in page.main, words
        assert f"/step-downs/{step_down.ref}/edit/safety#risks" in page.links()

    def test_a_sent_one_is_proposed_to_early_help(self, council: Council) -> None:
        step_down = stored(council, a_sent_step_down(council, a_family(council)))

        assert step_down.state is StepDownState.PROPOSED
        assert step_down.decide_by is not None


class TestWhatThePagesCost:
    def test_at_most_twelve_statements_however_much_there_is(self, council: Council, sign_in: SignIn) -> None:
        small = a_whole_draft(council, a_family(council))
        large = a_whole_draft(council, a_family(council, name="Okafor", children=6))
        worker = sign_in(council.social_worker)

        for page in ("edit", "check", *(f"edit/{part}" for part in PARTS)):
            counts = []
            for step_down in (small, large):
                with counted_statements(council.app) as statements:
                    assert worker.get(f"/step-downs/{step_down.ref}/{page}").status == 200
                counts.append(len(statements))
            assert counts[0] == counts[1], page
            assert counts[0] <= 12, (page, counts)


class TestWhatIsTypedAndNotSaved:
    def test_is_said_on_the_list_and_before_it_is_sent_without_it(self, council: Council, sign_in: SignIn) -> None:
        step_down = a_whole_draft(council, a_family(council))
        worker, path = sign_in(council.social_worker), f"/step-downs/{step_down.ref}"
        assert "not saved" not in worker.get(f"{path}/edit").main
        typed = {**worker.get(f"{path}/edit/safety").form().values, "risks": "Father has come back"}
        assert worker.post(f"{path}/edit/safety/draft", typed, htmx=True).status == 200

        outline, check = worker.get(f"{path}/edit"), worker.get(f"{path}/check")

        assert "What you had begun to write here is kept for you, and not saved yet" in outline.main
        assert "To do" in outline.main
        assert [link["href"] for link in check.soup.select("#not-saved a")] == [f"{path}/edit/safety"]
        assert not sign_in(council.social_care_manager).get(f"{path}/check").soup.select("#not-saved")
        assert worker.get(f"{path}/edit/safety").form(f"{path}/edit/safety").send().status == 303
        assert not worker.get(f"{path}/check").soup.select("#not-saved")
