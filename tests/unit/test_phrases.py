"""Sentences as values: English for everybody who does not ask, with what they were made from for those who do."""

from __future__ import annotations

import copy
import json

from console.phrases import joined, say


def test_a_phrase_is_its_english_sentence_for_everybody_who_does_not_ask() -> None:
    phrase = say("There is no module %(name)s.", name="'x'")
    assert phrase == "There is no module 'x'."
    assert json.dumps({"text": phrase}) == '{"text": "There is no module \'x\'."}'
    assert type(copy.deepcopy(phrase)) is str


def test_joined_phrases_keep_their_parts() -> None:
    whole = joined(say(" or "), ("'a'", "'b'"))
    assert whole == "'a' or 'b'"
    assert whole.template % whole.facts == whole
