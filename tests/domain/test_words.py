"""The council's words inside a sentence."""

import re

import pytest

from portal.domain.gate_words import GATES
from portal.domain.next_steps import SENTENCES
from portal.domain.wording import CHOICES, STATES
from portal.domain.words import SHIPPED, Word, say

OWN = {**SHIPPED, "lead_professional": Word("key worker", "key workers", "a key worker")}


class TestSayingAConcept:
    @pytest.mark.parametrize(
        ("written", "said"),
        [
            ("Ask the {lead_professional}", "Ask the key worker"),
            ("No {lead_professional:many} yet", "No key workers yet"),
            ("Ask {lead_professional:a}", "Ask a key worker"),
            ("{Lead_professional} needed", "Key worker needed"),
            ("{Lead_professional:a} has accepted", "A key worker has accepted"),
        ],
    )
    def test_in_the_form_the_sentence_asks_for(self, written: str, said: str) -> None:
        assert say(written, OWN) == said

    def test_keeps_the_rest_of_a_label_as_the_council_wrote_it(self) -> None:
        words = {"team": Word("TAF+ team", "TAF+ teams", "a TAF+ team")}

        assert say("The {team} met. {Team:many} meet.", words) == "The TAF+ team met. TAF+ teams meet."

    @pytest.mark.parametrize("typed", ["{nothing}", "{step_down:twice}", "{}", "{ step_down }", "a } b {", "{0}"])
    def test_leaves_other_braces_as_they_were_typed(self, typed: str) -> None:
        assert say(typed, SHIPPED) == typed

    def test_does_not_read_a_label_again(self) -> None:
        words = {"plan": Word("{step_down}", "", ""), "step_down": Word("handover", "", "")}

        assert say("Our {plan}", words) == "Our {step_down}"


class TestShippedWords:
    def test_article_goes_with_the_word(self) -> None:
        for key, word in SHIPPED.items():
            article = re.fullmatch(r"(?:(?:a|an) )?(.+)", word.a)
            assert article is not None
            assert article[1] == word.one, key

    def test_every_sentence_names_only_concepts_that_have_a_word(self) -> None:
        labels = [label.words for label in STATES.values()]
        for text in [*SENTENCES.values(), *CHOICES.values(), *GATES.values(), *labels]:
            assert "{" not in say(text.replace("{text}", ""), SHIPPED), text
