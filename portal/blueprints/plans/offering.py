"""What the forms of a plan share: how lists are offered, and a hint."""

from collections.abc import Iterable

from portal.queries.plan_forms import Offer
from portal.web.forms import SelectChoice

AS_IF_READ = "Write it as if the family will read it. They can ask to."
SAID = "How shall we say it to the family? (optional)"
SAID_HINT = "It follows “will:” on the family’s own copy, like “ring the nursery about mornings”."


def entries(offers: Iterable[Offer]) -> list[SelectChoice]:
    return [SelectChoice(each.value, each.words, {"hint": each.hint} if each.hint else {}) for each in offers]
