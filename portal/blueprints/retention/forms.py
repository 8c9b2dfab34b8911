"""Why a record is held or not any more, why it is destroyed, and its reference, typed by whoever confirms that."""

from typing import Any

from wtforms.validators import StopValidation

from portal.core import clock
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.web.forms import DateField, LineField, PortalForm, Required, TextField

LONGEST = 1000


class HoldForm(PortalForm):
    why = TextField(
        "Why is the record kept?",
        [Required("Enter why the record is kept")],
        longest=LONGEST,
        called="Why the record is kept",
        description="For example: a claim, an inquiry, a complaint that is not answered yet",
    )
    review_on = DateField(
        "When is it looked at again?",
        [Required("Enter when it is looked at again")],
        called="Date it is looked at again",
        description="For example, 27 3 2028",
    )

    def validate_review_on(self, field: DateField) -> None:
        if field.data and field.data <= clock.today():
            raise StopValidation("Date it is looked at again must be after today")


class LiftForm(PortalForm):
    why = TextField(
        "Why is the hold not needed any more?",
        [Required("Enter why the hold is not needed any more")],
        longest=LONGEST,
        called="Why the hold is not needed any more",
    )


class ProposeForm(PortalForm):
    why = TextField(
        "Why is it destroyed?",
        [Required("Enter why it is destroyed")],
        longest=LONGEST,
        called="Why it is destroyed",
        description="Whoever confirms it reads this. It is destroyed with the record",
    )


class ConfirmForm(PortalForm):
    reference = LineField(
        "Type the reference of the record",
        [Required("Enter the reference of the record")],
        longest=20,
        called="The reference",
    )


class WithdrawForm(PortalForm):
    pass


def form_of(kind: type[PortalForm]) -> Any:
    def make(_family: Family, _viewer: Viewer) -> PortalForm:
        return kind()

    make.__annotations__["return"] = kind  # by which its questions are known without making it
    return make
