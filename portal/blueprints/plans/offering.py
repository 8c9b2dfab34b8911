"""What the forms of a plan share: how lists are offered, and a hint."""

from collections.abc import Iterable

from portal.queries.plan_forms import Offer
from portal.web.forms import SelectChoice

AS_IF_READ = "Write it as if the family will read it. They can ask to."


def entries(offers: Iterable[Offer]) -> list[SelectChoice]:
    return [SelectChoice(each.value, each.words, {"hint": each.hint} if each.hint else {}) for each in offers]
