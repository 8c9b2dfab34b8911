"""What is asked when a plan is written, agreed and put in force."""

from collections.abc import Iterable

from portal.blueprints.plans.offering import AS_IF_READ, SAID, SAID_HINT, entries
from portal.domain.plans import HEADLINES, Headline
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.teamwork import PlanAction, PlanNeed
from portal.queries import plan_forms as read
from portal.queries import plans
from portal.web.forms import (
    LineField,
    NumberField,
    PortalForm,
    RadiosField,
    Required,
    SelectChoice,
    TextField,
    TicksField,
    choices,
)

WHOLE_FAMILY = "family"
SCALE = "0 is as hard as it can be, 10 is as good as it can be. Leave it empty if you have not asked yet."


class NeedForm(PortalForm):
    what = LineField(
        "What is the {need}?",
        validators=[Required("Enter what the {need} is, like “Getting to school on time”")],
        called="The need",
        description=AS_IF_READ,
    )
    headline = RadiosField(
        "Which outcome is it about?",
        validators=[Required("Select which outcome it is about")],
        choices=choices(HEADLINES, Headline),
    )
    whose = RadiosField("Whose {need} is it?", validators=[Required("Select whose {need} it is")])
    desired_outcome = TextField(
        "What should be different, in the family’s own words?",
        validators=[Required("Enter what should be different, in the family’s own words")],
        longest=500,
        called="What should be different",
    )
    scale = NumberField(
        "Where is it now, from 0 to 10? (optional)",
        description=SCALE,
        called="Where it is now",
        most=10,
    )

    @property
    def chosen_headline(self) -> Headline:
        return Headline(self.headline.data)

    @property
    def person_id(self) -> int | None:
        return None if self.whose.data == WHOLE_FAMILY else int(self.whose.data)


def need_form(family: Family, _viewer: Viewer) -> NeedForm:
    form = NeedForm()
    form.whose.choices = [SelectChoice(WHOLE_FAMILY, plans.WHOLE_FAMILY), *entries(read.whose(family.id))]
    return form


class NeedOfActionForm(PortalForm):
    edits = True
    need = RadiosField("Which {need} is it for?", validators=[Required("Select which {need} it is for")])


def need_of_action_form(action: PlanAction, _viewer: Viewer) -> NeedOfActionForm:
    found = read.needs(action.family_id)
    only = found[0].value if len(found) == 1 else None
    form = NeedOfActionForm(version=str(action.version), need=str(action.plan_need_id) if action.plan_need_id else only)
    form.need.choices = entries(found)
    return form


class _StillProposed(TicksField):
    wrong = "Somebody has answered for one of these since you opened the page. Look at the list again"


class AgreedForm(PortalForm):
    agreed = _StillProposed(
        "Which of these were agreed?", validators=[Required("Select what was agreed at the meeting")]
    )


def agreed_form(family: Family, _viewer: Viewer) -> AgreedForm:
    return agreed_form_of(plans.proposed(family))


def agreed_form_of(proposed: Iterable[tuple[int, str, str]]) -> AgreedForm:
    form = AgreedForm()
    form.agreed.choices = [SelectChoice(str(id_), what, {"hint": owner}) for id_, what, owner in proposed]
    return form


class ActionWordsForm(PortalForm):
    edits = True
    said = LineField(SAID, called="How it is said to the family", longest=300, description=SAID_HINT)


def action_words_form(action: PlanAction, _viewer: Viewer) -> ActionWordsForm:
    return ActionWordsForm(version=str(action.version), said=action.family_words)


class NeedWordsForm(PortalForm):
    edits = True
    desired_outcome = TextField(
        "What should be different, in the family’s own words?",
        validators=[Required("Enter what should be different, in the family’s own words")],
        longest=500,
        called="What should be different",
        description=AS_IF_READ,
    )
    scale = NumberField(
        "Where is it now, from 0 to 10? (optional)", description=SCALE, called="Where it is now", most=10
    )


def need_words_form(need: PlanNeed, _viewer: Viewer) -> NeedWordsForm:
    return NeedWordsForm(
        version=str(need.version),
        desired_outcome=need.desired_outcome,
        scale=None if need.scale_now is None else str(need.scale_now),
    )
