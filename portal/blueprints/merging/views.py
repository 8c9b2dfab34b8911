"""What is proposed of one record and another, proposing it, and the second person who confirms it or does not."""

from flask import request, url_for

from portal.blueprints.merging import bp
from portal.blueprints.merging.forms import (
    ConfirmForm,
    DeclineForm,
    PartForm,
    ProposeForm,
    form_of,
    other_of,
    propose_form,
)
from portal.core.errors import FieldRefused
from portal.domain.merging import NOT_OF_YOURS
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import families, merge_reach
from portal.queries import merging as read
from portal.services import merging as change
from portal.services import parting
from portal.web.forms import PortalForm
from portal.web.gate import listed, shows_also
from portal.web.pages import Done, render
from portal.web.policy import Policy

OF_FAMILY = Policy(P.RECORD_MERGE, Family)


@bp.get("/merges", policy=Policy(P.RECORD_MERGE))
def everywhere(viewer: Viewer) -> str:
    found = read.waiting_everywhere(viewer)
    listed(len(found))
    return render("merging/everywhere.html", found=found)


@bp.get("/families/<ref:family>/merge", policy=OF_FAMILY)
def of_family(family: Family, viewer: Viewer) -> str:
    return _page(family, viewer, ConfirmForm())


def _page(family: Family, viewer: Viewer, form: PortalForm) -> str:
    proposal = read.proposal_of(family, viewer)
    if proposal is not None:
        shows_also(proposal.other_id, f"{Family.ref_prefix}-{proposal.other_id}")
    return render(
        "merging/of_family.html",
        family=family,
        header=families.header(family),
        proposal=proposal,
        past=read.past_of(family),
        form=form,
    )


def propose_page(family: Family, _viewer: Viewer, form: ProposeForm) -> str:
    other, asked = other_of(family), request.values.get("other", "")
    if other is None:
        return render(
            "merging/choose.html",
            family=family,
            header=families.header(family),
            likely=read.likely(family),
            asked=asked,
            wrong=NOT_OF_YOURS if "other" in request.values else None,
        )
    shows_also(other.id, other.ref)
    return render(
        "merging/propose.html",
        family=family,
        other=other,
        form=form,
        beside=read.beside(family, other),
        sees=merge_reach.after(family, other),
        obstacles=[] if request.form or form.why.data else read.in_the_way(family, other),
    )


@bp.form("/families/<ref:family>/merge/propose", policy=OF_FAMILY, form=propose_form, page=propose_page)
def propose(family: Family, viewer: Viewer, form: ProposeForm) -> Done:
    other = other_of(family)
    if other is None:
        raise FieldRefused("other", NOT_OF_YOURS)
    pairs, kept = form.pairs(), family
    if form.keep.data == other.ref:
        kept, other, pairs = other, family, {ours: theirs for theirs, ours in pairs.items()}
    shows_also(*_of(other if kept is family else kept))
    change.propose(kept, other, pairs, form.why.data or "", of=family, by=viewer)
    return _back(family, "Proposed. Somebody else has to confirm it")


@bp.form("/families/<ref:family>/merge/withdraw", policy=OF_FAMILY, form=form_of(ConfirmForm), page=_page, shown=False)
def withdraw(family: Family, viewer: Viewer, _form: ConfirmForm) -> Done:
    change.withdraw(family, by=viewer)
    return _back(family, "Withdrawn. Nothing is merged")


def decline_page(family: Family, viewer: Viewer, form: DeclineForm) -> str:
    proposal = read.proposal_of(family, viewer)
    if proposal is not None:
        shows_also(proposal.other_id, f"{Family.ref_prefix}-{proposal.other_id}")
    return render("merging/decline.html", family=family, proposal=proposal, form=form)


@bp.form("/families/<ref:family>/merge/decline", policy=OF_FAMILY, form=form_of(DeclineForm), page=decline_page)
def decline(family: Family, viewer: Viewer, form: DeclineForm) -> Done:
    change.decline(family, form.why.data or "", by=viewer)
    return _back(family, "Declined. Nothing is merged")


@bp.form("/families/<ref:family>/merge/confirm", policy=OF_FAMILY, form=form_of(ConfirmForm), page=_page, shown=False)
def confirm(family: Family, viewer: Viewer, _form: ConfirmForm) -> Done:
    kept, other = change.confirm(family, by=viewer)
    shows_also(*_of(other if kept.id == family.id else kept))
    return Done(url_for("families.overview", family=kept), f"{other.ref} is part of {kept.ref} now")


def part_page(family: Family, _viewer: Viewer, form: PartForm) -> str:
    return render("merging/part.html", family=family, past=read.past_of(family), form=form)


@bp.form(
    "/families/<ref:family>/merge/part", policy=Policy(P.RECORD_PART, Family), form=form_of(PartForm), page=part_page
)
def part(family: Family, viewer: Viewer, form: PartForm) -> Done:
    other = parting.part(family, form.why.data or "", by=viewer)
    shows_also(*_of(other))
    return _back(family, f"{other.ref} stands for itself again")


def _of(family: Family) -> tuple[int, str]:
    return family.id, family.ref


def _back(family: Family, words: str) -> Done:
    return Done(url_for("merging.of_family", family=family), words)
