"""The versions of a family's plan that were in force, each with what it changed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import full
from portal.domain.episodes import OPEN_EPISODES
from portal.domain.plans import HEADLINES, Headline, PlanState
from portal.models.families import Family
from portal.models.handover import Episode
from portal.models.teamwork import ActionPlan
from portal.queries.plan_forms import ActionRead, NeedRead


@dataclass(frozen=True)
class Version:
    """One version: its wording as it came into force, and how that differs from the one before."""

    number: int
    since: str
    until: str | None
    changes: list[str]
    needs: list[NeedRead]

    @property
    def in_force(self) -> bool:
        return self.until is None


def of_family(family: Family) -> list[Version]:
    """Newest first, in one statement."""
    rows = db.session.execute(
        select(ActionPlan.number, ActionPlan.in_force_on, ActionPlan.wording)
        .join(Episode, Episode.id == ActionPlan.episode_id)
        .where(
            ActionPlan.family_id == family.id,
            Episode.state.in_(OPEN_EPISODES),
            ActionPlan.state != PlanState.DRAFT,
        )
        .order_by(ActionPlan.number)
    ).all()
    found = []
    for place, row in enumerate(rows):
        after = rows[place + 1] if place + 1 < len(rows) else None
        before = rows[place - 1].wording if place else None
        found.append(
            Version(
                number=row.number,
                since=full(row.in_force_on),
                until=full(after.in_force_on) if after else None,
                changes=changed(before, row.wording) if before else [],
                needs=_needs(row.wording),
            )
        )
    return found[::-1]


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What a version says otherwise than the one before, in sentences."""
    return [
        *_compared(before["needs"], after["needs"], "need", _need_changes),
        *_compared(before["actions"], after["actions"], "action", _action_changes),
    ]


def _compared(old: list[Any], new: list[Any], concept: str, differ: Any) -> list[str]:
    were, are = {row["id"]: row for row in old}, {row["id"]: row for row in new}
    return [
        *(f"New {{{concept}}}: {are[id_]['what']}" for id_ in are if id_ not in were),
        *(f"No longer in the {{plan}}: {were[id_]['what']}" for id_ in were if id_ not in are),
        *(words for id_ in are if id_ in were for words in differ(were[id_], are[id_])),
    ]


def _need_changes(was: dict[str, Any], now: dict[str, Any]) -> list[str]:
    if was["outcome"] == now["outcome"]:
        return []
    return [f"{now['what']}: what should be different was “{was['outcome'] or 'not written yet'}”"]


def _action_changes(was: dict[str, Any], now: dict[str, Any]) -> list[str]:
    found = []
    if was["owner"] != now["owner"]:
        found.append(f"{now['what']}: {now['owner']} does it, not {was['owner']}")
    if was["due_on"] != now["due_on"]:
        found.append(f"{now['what']}: by {_day(now)}, not by {_day(was)}")
    return found


def _day(row: dict[str, Any]) -> str:
    return full(date.fromisoformat(row["due_on"]))


def _needs(wording: dict[str, Any]) -> list[NeedRead]:
    order = [str(headline) for headline in Headline]
    return [
        NeedRead(
            need["what"],
            HEADLINES[Headline(need["headline"])],
            need["whose"],
            need["outcome"],
            [
                ActionRead(action["what"], action["owner"], _day(action))
                for action in wording["actions"]
                if action["need"] == need["id"]
            ],
        )
        for need in sorted(wording["needs"], key=lambda need: (order.index(need["headline"]), need["id"]))
    ]
