"""Questions whose stored answer cannot be read: shown empty, and left as it is unless something is entered anew."""

from typing import Any

from wtforms import StringField
from wtforms.utils import unset_value

from portal.core.sealed import Unread

ENTER_ANEW = "What is stored here cannot be read. Leave this empty to keep it as it is, or enter it anew."


class MayBeUnread(StringField):
    """`unread` says so in words beside the question."""

    unread: str = ""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        if isinstance(self.object_data, Unread):
            self.unread = ENTER_ANEW
            if not self.data:
                self.data = self.object_data

    @property
    def stored(self) -> str:
        """What is offered to be changed."""
        return "" if isinstance(self.data, Unread) else self.data or ""
