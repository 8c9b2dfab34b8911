"""What is answered in a form of which the page alone does not tell, by the name of its question or by its address."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from portal.models.teamwork import PlanAction
from tests.support.drafts import children_answers
from tests.support.people import PASSWORD
from tests.support.proving import code_of
from tests.support.web import from_today

if TYPE_CHECKING:
    from tests.support.every_form import Forms

WORDS = "Words of mine"
# What a question asks for, by a part of its name.
BY_NAME = {
    "email": "ann@example.com",
    "phone": "01632 960 001",
    "postcode": "AB1 2DE",
    "web": "https://www.example.org/advice",
    "url": "https://www.example.org/advice",
    "age": "5",
    "nhs": "",
    "pupil": "",
    "expected": "",
    "not_heard": "",
    "scale": "5",
    "number": "",
}
Answers = Mapping[str, Any]


def _both_children(forms: "Forms") -> Answers:
    home = forms.world.north.home
    return {name: text for name, text in children_answers(home, which=1).items() if not name.endswith("-why")}


def _code(forms: "Forms", *, waiting: bool) -> Answers:
    return {"code": code_of(forms.council, forms.council.coordinator, waiting=waiting)}


ANSWERS: dict[str, Answers | Callable[["Forms"], Answers]] = {
    "account.password": {"current_password": PASSWORD, "new_password": "four plain otters walked"},
    "actions.move_due": from_today("due_on", 7),
    "asking.ask": {"way": "print"},
    "checks.waive": from_today("waived_until", 7),
    "conflicts.answer": {"reference": ""},
    "drafts.views": lambda forms: {f"parents-{forms.world.north.home.parent.id}-not_asked": ""},
    "drafts.children": _both_children,
    "emergencies.open": lambda forms: {"reference": forms.world.closed.home.ref},
    "hiding.of_family": {"words": "Call the landlord", "also": ""},
    "hiding.of_line": {"what": "some", "words": "Call the landlord", "also": ""},
    "holding.coordinator": lambda forms: {"coordinator": forms.council.other_coordinator.id},
    "home.mark": {"family": "all"},
    "holding.cover": lambda forms: {"who": forms.council.other_coordinator.id},
    "household.add_person": {"upn": ""},
    "household.edit_home": {"name": "Nan’s flat", "reason": WORDS},
    "household.edit_person": {"upn": ""},
    "household.keep_apart": lambda forms: {"other": forms.world.north.home.children[0].id},
    "invitations.new": {"team": "", "roles": "partner"},
    "leads.answer": {"answer": "no"},
    "leads.decide": lambda forms: {"worker": forms.council.other_coordinator.id, **from_today("until_on", 30)},
    "leads.told": {"answer": "no"},
    "plans.agree": lambda forms: {"agreed": forms.world.north.ref(PlanAction).removeprefix("A-")},
    "people.edit": {"team": ""},
    "retention.hold": from_today("review_on", 30),
    "second_factor.app": lambda forms: _code(forms, waiting=True),
    "second_factor.confirm": lambda forms: _code(forms, waiting=False),
    "social_work.pass_on": lambda forms: {"families": forms.world.north.home.id},
    "standards.change": {"amount": "7"},
    "step_downs.complete": {"read": "y"},
    "step_downs.decision": {"answer": "end"},
    "step_downs.settle": {"outcome": "drop", "told": "yes"},
    "support.confirm": {"confirmed_source": "provider"},
    "support.end": {"ended_how": "early"},
    "together.review": from_today("on", 7),
    "support.waiting": from_today("expected_on", 30),
    "team.add": {"who": "outside"},
}
