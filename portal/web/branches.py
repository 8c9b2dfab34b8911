"""Forms in which one answer decides what else is asked."""

from collections.abc import Mapping
from typing import Any, ClassVar

from portal.web.forms import PortalForm, TickField


class SureField(TickField):
    """That an answer which was doubted is right. It is only asked once there is a doubt."""

    @property
    def is_asked(self) -> bool:
        return bool(self.errors or self.data)


class BranchingForm(PortalForm):
    """Each field named in `branches` is only asked after one answer of another question. What stands in a branch that
    was not chosen is neither judged nor used, and is given back as it was typed."""

    branches: ClassVar[Mapping[str, tuple[str, str]]] = {}

    def is_asked(self, name: str) -> bool:
        """Whether this question is put, by the answers to those above it."""
        if name not in self.branches:
            return True
        above, answer = self.branches[name]
        return self.is_asked(above) and self[above].data == answer

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        super().validate(extra_validators)
        for name in self.branches:
            if name in self and not self.is_asked(name):
                self[name].errors = []
        return not self.errors

    def said(self, name: str) -> Any:
        """The answer, where the question was put."""
        return self[name].data if name in self and self.is_asked(name) else None
