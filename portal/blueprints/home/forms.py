"""What somebody says they have seen."""

import re
from datetime import datetime
from typing import Any

from wtforms import StringField

from portal.domain.seen import OPEN_AGAIN
from portal.domain.viewer import Viewer
from portal.web.chosen import moment_of
from portal.web.forms import PortalForm

ALL = "all"
_FAMILY = re.compile(r"F-([1-9][0-9]{0,8})", re.ASCII)


class SeenForm(PortalForm):
    """The button that was pressed names the family, or all of them; `until` is when the page was made."""

    family = StringField()
    until = StringField()

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if (self.family_id is None and self.family.data != ALL) or self._until() is None:
            self.refusal = OPEN_AGAIN
            return False
        return True

    @property
    def family_id(self) -> int | None:
        """None: all of them."""
        found = _FAMILY.fullmatch(self.family.data or "")
        return int(found[1]) if found else None

    @property
    def moment(self) -> datetime:
        """Raises LookupError where the form was not judged."""
        found = self._until()
        if found is None:
            raise LookupError(OPEN_AGAIN)
        return found

    def _until(self) -> datetime | None:
        return moment_of(self.until.data)


class UndoForm(PortalForm):
    """Of one click."""

    click = StringField()


def seen_form(_viewer: Viewer) -> SeenForm:
    return SeenForm()


def undo_form(_viewer: Viewer) -> UndoForm:
    return UndoForm()
