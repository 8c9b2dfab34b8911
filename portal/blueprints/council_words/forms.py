"""Which word, and how the council says it."""

import re
from typing import Any

from flask import request

from portal.domain.viewer import Viewer
from portal.domain.word_examples import called
from portal.domain.words import SHIPPED, Word
from portal.facts import administration
from portal.queries import council_words as read
from portal.web.forms import LineField, PickField, PortalForm, Required, SelectChoice, TickField

LONGEST = 60
_BRACES = re.compile(r"[{}]")


class WordForm(PortalForm):
    """Judged by the newest change that was on the page: its `version`."""

    key = PickField("What for?", [Required("Choose what the words are for")])
    one = LineField(
        "One of it",
        [Required("Enter how one is called")],
        longest=LONGEST,
        called="How one is called",
        description="As it stands inside a sentence: lead professional, with a small letter unless it is a name",
    )
    many = LineField(
        "Several of it", [Required("Enter how several are called")], longest=LONGEST, called="How several are called"
    )
    a = LineField(
        "With “a” or “an”",
        [Required("Enter how it is called with “a” or “an”")],
        longest=LONGEST,
        called="How it is called with “a” or “an”",
        description="Like: a lead professional, an action plan",
    )
    preview = TickField("Show me first how sentences would read. Nothing is saved then")

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        for field in (self.one, self.many, self.a):
            if _BRACES.search(field.data or ""):
                self.refuse(field.name, f"{field.called} must not hold braces")
                valid = False
        return valid

    @property
    def word(self) -> Word:
        return Word(self.one.data or "", self.many.data or "", self.a.data or "")


def word_form(_viewer: Viewer) -> WordForm:
    """The word that a link on the list names is chosen, as it is said now."""
    asked = request.args.get("word", "")
    key = asked if asked in SHIPPED else None
    now = read.now(key) if key else None
    form = WordForm(version=str(administration.newest()), key=key, **(vars(now) if now else {}))
    form.key.choices = [
        SelectChoice("", "Choose what the words are for"),
        *(SelectChoice(each, called(each)) for each in SHIPPED),
    ]
    return form


class ResetForm(PortalForm):
    """A button beside one word: which one stands in the form itself."""

    word = LineField("", longest=40)


def reset_form(_viewer: Viewer) -> ResetForm:
    return ResetForm()
