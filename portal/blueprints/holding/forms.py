"""Who coordinates a family, who covers, and who takes over what somebody held."""

from typing import Any

from flask import request
from wtforms import HiddenField

from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import candidates
from portal.queries import holding as read
from portal.services.holding import Passing
from portal.web.forms import DateField, LineField, PickField, PortalForm, Required, SelectChoice
from portal.web.refs import number_in

TAKERS = 3
KINDS = ("families", "leads", "actions", "checks")


class CoordinatorForm(PortalForm):
    told_by_history = True

    coordinator = PickField("Who coordinates this family from today?", [Required("Choose who coordinates this family")])


def coordinator_form(_family: Family, _viewer: Viewer) -> CoordinatorForm:
    form = CoordinatorForm()
    form.coordinator.choices = _coordinators()
    return form


def _coordinators() -> list[SelectChoice]:
    return [
        SelectChoice("", "Choose a person"),
        *(SelectChoice(each.value, each.words) for each in candidates.coordinators()),
    ]


class DutyForm(PortalForm):
    coordinator = PickField("Who is on duty?")


def duty_form(_viewer: Viewer) -> DutyForm:
    form = DutyForm(coordinator=read.on_duty_id())
    nobody = SelectChoice("", "Nobody: it is given to the {early_help_manager}")
    form.coordinator.choices = [nobody, *_coordinators()[1:]]
    return form


class AwayForm(PortalForm):
    away = PickField("Who is away?", [Required("Choose who is away")])
    who = PickField("Who covers?", [Required("Choose who covers")])
    from_on = DateField("From which day?", [Required("Enter the first day of the cover")], called="The first day")
    to_on = DateField("Until which day?", [Required("Enter the last day of the cover")], called="The last day")


def away_form(_viewer: Viewer) -> AwayForm:
    form = AwayForm()
    form.away.choices = form.who.choices = _coordinators()
    return form


class EndCoverForm(PortalForm):
    """One of several on a page: which cover is meant stands in the form itself."""

    cover = LineField()

    def number(self) -> int:
        return number_in(self.cover.data)


def end_cover_form(_viewer: Viewer) -> EndCoverForm:
    return EndCoverForm()


class PassOnForm(PortalForm):
    """A question for each thing held; named by kind and id."""

    told_by_history = True

    who = HiddenField()
    to = HiddenField()
    held: read.Held | None
    takers: list[read.Taker]
    chosen: list[read.Taker]

    def stays(self, kind: str, item: read.Item) -> str | None:
        """Why this is not asked about; None where it is."""
        return item.stays or (None if f"{kind}-{item.id}" in self else read.NOBODY_TAKES[kind])

    @property
    def holder(self) -> int:
        return self.held.user_id if self.held else 0

    def passing(self) -> Passing:
        found: dict[str, dict[int, int]] = {kind: {} for kind in KINDS}
        for kind, id_ in self._asked():
            taker = self[f"{kind}-{id_}"].data
            if taker:
                found[kind][id_] = int(taker)
        return Passing(**found)

    def _asked(self) -> list[tuple[str, int]]:
        if self.held is None:
            return []
        return [
            (kind, item.id)
            for kind, _title, items in self.held.kinds()
            for item in items
            if f"{kind}-{item.id}" in self
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        whole = bool(super().validate(extra_validators))
        if self.held is None or not self.chosen:
            self.refusal = "Choose whose work is passed on, and to whom."
            return False
        if whole and not any(self[f"{kind}-{id_}"].data for kind, id_ in self._asked()):
            self.refusal = "Choose who takes over at least one of these."
            return False
        return whole


def pass_on_form(_viewer: Viewer) -> PassOnForm:
    """Whose things, and up to three people who take them, stand in the address, and in the form that is sent."""
    sent = request.form if request.method == "POST" else request.args
    held = read.held(number_in(sent.get("who")))
    takers = read.takers(held.user_id) if held else []
    wanted = [number_in(each) for text in sent.getlist("to") for each in text.split(",")]
    named = {taker.id: taker for taker in takers}
    chosen = [named[id_] for id_ in dict.fromkeys(wanted) if id_ in named][:TAKERS]
    fields: dict[str, Any] = {}
    for kind, _title, items in held.kinds() if held else []:
        able = [taker for taker in chosen if kind in taker.kinds]
        for item in items:
            if item.stays is None and able:
                fields[f"{kind}-{item.id}"] = _who_takes(item.words, able)
    made = type("PassOnEachForm", (PassOnForm,), fields)
    form: PassOnForm = made(who=str(held.user_id) if held else "", to=",".join(str(taker.id) for taker in chosen))
    form.held, form.takers, form.chosen = held, takers, chosen
    return form


def _who_takes(words: str, able: list[read.Taker]) -> PickField:
    return PickField(
        words,
        choices=[
            SelectChoice("", "Stays where it is"),
            *(SelectChoice(str(taker.id), taker.words) for taker in able),
        ],
        default=str(able[0].id),
    )
