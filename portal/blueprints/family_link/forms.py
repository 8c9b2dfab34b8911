"""The one question, and what a family may add."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from portal.core import clock
from portal.domain.asking import LONGEST_WORDS, Said
from portal.web.branches import BranchingForm, SureField
from portal.web.forms import DateField, HiddenField, RadiosField, SelectChoice, TextField, TickField

# The names of questions are short and say nothing: they stand in the page of somebody's phone.
Problem = tuple[str, str]


class AnswerForm(BranchingForm):
    """What went wrong is said in the reader's language: `problems` gives keys of it."""

    branches: ClassVar = dict.fromkeys(("when", "already"), ("answer", Said.YES))
    answer = RadiosField("", choices=[SelectChoice(each.value, each.value) for each in Said])
    when = DateField("", called="The date")
    already = SureField("")
    words = TextField("", longest=LONGEST_WORDS, called="The words")
    call_me = TickField("")
    lang = HiddenField()

    def problems(self, talked_on: date) -> Iterator[Problem]:
        """The id of the field that each is about, and its key. `talked_on`: the day the page names; an earlier start
        is asked about once."""
        if self.answer.errors or not (self.answer.data or self.call_me.data):
            yield "answer-yes", "choose"
        if self.when.errors:
            yield f"when-{(self.when.wrong_parts or ['day'])[0]}", "real_date"
        elif (given := self.said_when) and given > clock.today():
            yield "when-day", "past_date"
        elif given and given < talked_on and not self.already.data:
            yield "already", "before"
        if self.words.errors:
            yield "words", "too_long" if len(self.words.data or "") > LONGEST_WORDS else "odd_characters"

    @property
    def said_when(self) -> date | None:
        return self.when.data if self.is_asked("when") else None
