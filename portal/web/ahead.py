"""Days that are still to come, as a form asks for them."""

from typing import Any

from wtforms.validators import ValidationError

from portal.core import clock


def not_before_today(_form: Any, field: Any) -> None:
    if field.data and field.data < clock.today():
        raise ValidationError(f"{field.called} must be today or later")


def later_than_today(_form: Any, field: Any) -> None:
    if field.data and field.data <= clock.today():
        raise ValidationError(f"{field.called} must be after today")
