"""Going through the plan with the family: each need better, the same or worse, in its own words."""

from typing import Any, ClassVar

from flask import url_for

from portal.blueprints.plans import bp
from portal.domain.permissions import P
from portal.domain.plans import Review
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.families import Family
from portal.queries import families
from portal.queries import plans as read
from portal.queries.plans import NeedLine, PlanPage
from portal.services import needs as change
from portal.services.needs import Reviewed
from portal.web.forms import PortalForm, RadiosField, SelectChoice, TextField
from portal.web.pages import Done, render
from portal.web.policy import Policy

NOT_NOW = "not_now"


class ReviewForm(PortalForm):
    """Put together by `review_form`, a pair of questions for each need."""

    about: ClassVar[PlanPage]
    needs: ClassVar[list[NeedLine]] = []

    def validate(self, extra_validators: Any = None) -> bool:
        whole = bool(super().validate(extra_validators))
        for need in self.needs:
            answer: Any = self[f"answer-{need.ref}"]
            words: Any = self[f"words-{need.ref}"]
            if not answer.data and not answer.errors:
                answer.errors = [f"Select how “{need.what}” stands now"]
                whole = False
            if answer.data not in (None, NOT_NOW) and not words.data and not words.errors:
                words.errors = ["Enter what the family says about it"]
                whole = False
        if whole and not self.reviewed:
            self.refusal = "Answer for at least one {need}, or go back to the {plan}."
            return False
        return whole

    @property
    def reviewed(self) -> list[Reviewed]:
        return [
            Reviewed(
                int(need.ref.removeprefix("N-")),
                Review(self[f"answer-{need.ref}"].data),
                self[f"words-{need.ref}"].data or "",
            )
            for need in self.needs
            if self[f"answer-{need.ref}"].data in list(Review)
        ]


def review_form(family: Family, _viewer: Viewer) -> ReviewForm:
    page = read.of_family(family)
    fields: dict[str, Any] = {}
    answers = [SelectChoice(each.value, CHOICES[each]) for each in Review]
    for need in page.reviewable:
        fields[f"answer-{need.ref}"] = RadiosField(
            f"How does it stand now: {need.what}?", choices=[*answers, SelectChoice(NOT_NOW, "Not talked about now")]
        )
        fields[f"words-{need.ref}"] = TextField(
            f"What does the family say about it: {need.what}?", longest=500, called="What the family says"
        )
    kind = type("ReviewFormOfPlan", (ReviewForm,), {"about": page, "needs": page.reviewable, **fields})
    form: ReviewForm = kind()
    return form


def review_page(family: Family, _viewer: Viewer, form: ReviewForm) -> str:
    return render("plans/review.html", family=families.header(family), plan=form.about, form=form)


@bp.form(
    "/families/<ref:family>/plan/review",
    policy=Policy(P.PLAN_EDIT, Family),
    form=review_form,
    page=review_page,
    keeps_draft=True,
)
def review(family: Family, viewer: Viewer, form: ReviewForm) -> Done:
    change.review(family, form.reviewed, by=viewer)
    return Done(url_for("plans.plan", family=family), "What the family says is saved")
