"""A merge is taken apart again: each row goes back to where it was, and what was written since stays."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, String, inspect, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import UTCDateTime, db
from portal.core.errors import Refused
from portal.domain.event_kinds import E
from portal.domain.merging import CALLED
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.facts import merging
from portal.models.base import FamilyScoped
from portal.models.families import Family, Person
from portal.models.merging import MovedValue, RecordMerge
from portal.models.record import FormDraft
from portal.models.restricting import Restriction
from portal.policies import rules, ties
from portal.policies.scope import unscoped
from portal.services import history, summary
from portal.services.merge_fates import FATES, Fate, of_family
from portal.services.merge_moves import leads_to, table_of, write
from portal.services.merging import BUSY, TOLD

Model = type[Any]
NOTHING = "Nothing is merged into this record that could be taken apart."
TOO_LATE = "The 30 days are over: this is one record for good."
# So many are named; more are counted.
NAMED = 5


def part(family: Family, why: str, *, by: Viewer) -> Family:
    """Take apart what was merged into this record last; returns the record that stands for itself again. What was
    written since the merge stays with the one that was kept; where something of that joins both, it is refused, and
    nothing has moved."""
    rules.demand(by, P.RECORD_PART, family)
    merge = merging.last(family.id)
    if merge is None:
        raise Refused(NOTHING)
    if not merging.can_be_parted(merge):
        raise Refused(TOO_LATE)
    other_id = merge.other_id
    with unscoped("two records are taken apart"):
        if not summary.lock_second(other_id):
            raise Refused(BUSY.format(ref=f"{Family.ref_prefix}-{other_id}"))
        _put_back(merge)
        db.session.flush()
        joined = list(_joins_both(merge))
        if joined:
            named = ", ".join(joined[:NAMED])
            more = f" and {len(joined) - NAMED} more" if len(joined) > NAMED else ""
            raise Refused(
                f"Since they were merged something was written that belongs to both: {named}{more}. While it "
                "stands so, they cannot be taken apart."
            )
        merge.parted_at, merge.parted_by_name, merge.parted_why = clock.now(), by.name, why
        db.session.flush()
        db.session.expire_all()
        other = db.session.get_one(Family, other_id)
        data = {"kept": family.ref, "other": other.ref}
        history.record(E.MERGE_PARTED, family, by=by, data=data, text=why, notify=TOLD)
        history.record(E.MERGE_PARTED, other, by=by, data=data, text=why)
    ties.forget()
    return other


def _put_back(merge: RecordMerge) -> None:
    """Each value that is still what the merge made of it; what somebody has changed since is theirs."""
    stored = db.session.scalars(select(MovedValue).where(MovedValue.merge_id == merge.id).order_by(MovedValue.id))
    of: dict[tuple[str, str], list[MovedValue]] = defaultdict(list)
    for each in stored:
        of[each.of_table, each.of_column].append(each)
    same = {row.same_as_id: row.person_id for row in merging.who_is_who(merge) if row.same_as_id is not None}
    models = {table_of(model): model for model in FATES}
    drafts = of.get((table_of(FormDraft), "family_id"), [])
    write(FormDraft, [each.row_id for each in drafts], subject=f"{Family.ref_prefix}-{merge.other_id}")
    back: dict[Model, dict[int, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for (table, name), values in of.items():
        model = models[table]
        kind = inspect(model).columns[name].type
        if model is Person and isinstance(kind, String):
            _unsay(name, [each.row_id for each in values], same)
            continue
        now = _now(model, name, [each.row_id for each in values])
        for each in values:
            if each.row_id in now and (_is_typed(kind) or now[each.row_id] == _read(kind, each.after)):
                back[model][each.row_id][name] = _read(kind, each.before)
    if _is_restricted_anew(merge):
        back[Family][merge.family_id].pop("restricted", None)
    for model, changed in back.items():
        _write_alike(model, changed)


def _write_alike(model: Model, changed: dict[int, dict[str, Any]]) -> None:
    """A row's columns all at once, as the database asks for some of them together."""
    alike: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    for number, values in changed.items():
        alike[tuple(sorted(values.items()))].append(number)
    for values_of, numbers in alike.items():
        if values_of:
            write(model, numbers, **dict(values_of))


def _is_restricted_anew(merge: RecordMerge) -> bool:
    """For a reason of its own, since."""
    own = select(Restriction.id).where(
        Restriction.family_id == merge.family_id, Restriction.lifted_at.is_(None), Restriction.id > _mark(merge)
    )
    return db.session.scalars(own).first() is not None


def _mark(merge: RecordMerge) -> int:
    return int((merge.marks or {}).get(table_of(Restriction), 0))


def _unsay(name: str, numbers: list[int], same: dict[int, int]) -> None:
    """What a person was filled in with is taken away again where it reads as it does of the other one."""
    default: Any = inspect(Person).columns[name].default
    for number in numbers:
        ours, theirs = db.session.get_one(Person, number), db.session.get(Person, same.get(number))
        if theirs is not None and getattr(ours, name) == getattr(theirs, name):
            write(Person, [number], **{name: default.arg if default is not None else None})


def _now(model: Model, name: str, numbers: list[int]) -> dict[int, Any]:
    column = inspect(model).columns[name]
    rows = db.session.execute(select(model.id, column).where(model.id.in_(numbers)))
    return {row[0]: row[1] for row in rows}


def _is_typed(kind: Any) -> bool:
    """Words are not repeated in what was written down: the merge set them where there was nothing."""
    return isinstance(kind, String)


def _read(kind: Any, value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if isinstance(kind, UTCDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def _joins_both(merge: RecordMerge) -> Iterator[str]:
    """What belongs to one of the two and leads to something of the other, each once, as people call it."""
    both = (merge.family_id, merge.other_id)
    scoped = {table_of(model): model for model in FATES if issubclass(model, FamilyScoped)}
    found: dict[str, None] = {}
    own: list[Model] = [
        model for model, fate in FATES.items() if fate is not Fate.STAYS and issubclass(model, FamilyScoped)
    ]
    for model in own:
        for name, table in leads_to(model).items():
            if table not in scoped:
                continue
            to: Any = aliased(scoped[table])
            rows = db.session.execute(
                select(model.id)
                .join(to, to.id == getattr(model, name))
                .where(getattr(model, of_family(model)).in_(both), to.family_id.in_(both))
                .where(getattr(model, of_family(model)) != to.family_id)
                .order_by(model.id)
            )
            found |= {_called(model, row.id): None for row in rows}
    yield from found


def _called(model: Model, number: int) -> str:
    table, prefix = table_of(model), getattr(model, "ref_prefix", None)
    return CALLED.get(table) or (f"{prefix}-{number}" if prefix else table.replace("_", " "))
