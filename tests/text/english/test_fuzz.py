"""Any text gives phones or one line; how quickly, ``test_hostile.py`` asks."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from avsynth.errors import UserError
from avsynth.text import SIL, Format, load_frontend

ENGLISH = load_frontend()
FORMATS = get_args(Format)
SCRAPS = """
a|the|I|Dr.|e.g.|U.S.|3.5|$5|1,000|12:30|5/6/2023|½|10⁶|XIV|read|record|Polish|ABC|don't|'tis|re-do|http://a.b/c
me@a.org|.|,|!|?|…|—|–|-|--|(|)|[|]|{|}|"|“|”|'|’|:|;|*|**|_|`|```|~~|#|##|>|<|&|&amp;|&#65;|&nope;|\\|/|%|°|€|₹|≠|→
☃|😀|中|ж|א|é|ß
[gif](/JH IH F/)|[a](b)|![a](b)|[^1]|[a]: b|- |1. || a | b ||---|---|<b>|</b>|<br>|<p>|<!--|-->|<script>|</script>
<speak>|</speak>|<break/>|<break time="1s"/>|<prosody rate="50%">|</prosody>|<s>|</s>|<emphasis>|</emphasis>
<mark name="a"/>|<say-as interpret-as="date" format="dmy">|</say-as>|<sub alias="x">|</sub>|<voice name="s1">|</voice>
<!DOCTYPE a>|<?xml?>|<![CDATA[|]]>|&#0;|&#55296;|<lang xml:lang="en-GB">|</lang>
<phoneme alphabet="ipa" ph="tə">|</phoneme>
5 km/h|m²|°C|mph|lb|tsp.|½|1/2|2^-3|×|±|–5|10–20|6:30 p.m.|GMT|Jan|AD|IV|No. 5|Eq. 5|vol.|555-0100|MIG-25|v1.2|#a|c.json
"""
PIECES = [piece for piece in SCRAPS.replace("\n", "|").split("|") if piece]
SPACES = ["", " ", "\n", "\n\n", "\t", "\u00a0", "\u200b", "\x1b[31m", "\ue000", "\x00", "\ud800", "\u0301", "\r\n"]
SCRAP = st.one_of(st.sampled_from(PIECES), st.sampled_from(SPACES), st.text(max_size=3))
WRITTEN = st.lists(SCRAP, max_size=40).map("".join)
CODES = "abst1209IVX-–/.,:'()$%°½²#&+ "
"""What codes, sums and formulae are made of: many readings take notice of few of these characters."""
SSML = WRITTEN.map(lambda text: f"<speak>{text}</speak>")


def check(text: str, form: Format) -> None:
    try:
        sentences = ENGLISH.sentences(text, form)
        sequences = [ENGLISH.phonemise(sentence) for sentence in sentences]
    except UserError as error:
        assert "\n" not in str(error) and len(str(error)) < 2000
        return
    assert sequences
    spans = []
    for sequence in sequences:
        assert sequence.phones[0] == sequence.phones[-1] == SIL
        assert all(0 <= mark.phone <= len(sequence.phones) for mark in sequence.bookmarks)
        assert all(one.last <= other.first for one, other in pairwise(sequence.words))
        if not sequence.words:  # a rest
            assert sequence.phones == (SIL,) and sequence.paces[0].seconds
            continue
        assert "".join(word.written for word in sequence.words).strip()
        spans += [word.span for word in sequence.words if word.span is not None]
    assert all(0 <= start < end <= len(text) or start == end for start, end in spans)
    assert all(one == other or one[1] <= other[0] for one, other in pairwise(spans))


@given(st.text(max_size=300), st.sampled_from(FORMATS))
@settings(deadline=None, max_examples=50)
def test_any_unicode_text_gives_phones_or_one_line(text: str, form: Format) -> None:
    check(text, form)


@given(WRITTEN, st.sampled_from(FORMATS))
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_text_of_written_things_gives_phones_or_one_line(text: str, form: Format) -> None:
    check(text, form)


@given(st.text(CODES, max_size=12), st.sampled_from(FORMATS))
@example("s1–2", "text")
@settings(deadline=None, max_examples=200)
def test_letters_figures_and_signs_in_any_order_give_phones_or_one_line(text: str, form: Format) -> None:
    check(text, form)


@given(SSML)
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_ssml_gives_phones_or_one_line(text: str) -> None:
    check(text, "ssml")


def test_many_tags_are_flat_and_entities_refused() -> None:
    (sentence,) = ENGLISH.sentences("<speak>" + "<w>" * 20_000 + "a" + "</w>" * 20_000 + "</speak>")
    assert sentence.text == "a"
    bomb = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><speak>&c;</speak>'
    with pytest.raises(UserError, match="DOCTYPE"):
        ENGLISH.sentences(bomb)
