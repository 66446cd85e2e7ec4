"""Captions as written: their text, their times, and the words inside them."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avsynth.synthesis.captions import (
    LINE_CHARACTERS,
    LONGEST_S,
    SHORTEST_S,
    captions,
    to_cues,
    to_karaoke,
    to_srt,
    to_vtt,
)
from avsynth.synthesis.sentences import sentences_of_text
from avsynth.text import SIL, load_frontend
from avsynth.timeline import Timeline, join_timelines

HOP_S = Fraction(1, 100)


def timeline_of(text: str, phone_hops: int = 8, pause_hops: int = 30) -> Timeline:
    """A text said with each phone of one length, 100 hops a second."""
    parts = [
        Timeline(
            line.phones,
            tuple(pause_hops if phone == SIL else phone_hops for phone in line.phones),
            line.words,
            1000,
            10,
            Fraction(25),
            line.bookmarks,
        )
        for line in sentences_of_text(text, load_frontend())
    ]
    return join_timelines(parts)


def shown(text: str, **hops: int) -> list[str]:
    return [cue.text.replace("\n", "|") for cue in captions(timeline_of(text, **hops))]


LONG = (
    "The man who had walked along the river since the morning sat down on the bench, because he was tired and wanted "
    "to look at the boats."
)


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("Dr. Lee paid $5.", ["Dr. Lee paid $5."]),
        ("Dr. Lee paid $5. It was 3:30 p.m., I think!", ["Dr. Lee paid $5.", "It was 3:30 p.m., I think!"]),
        ('"Who is it?" she asked. "Me" (Tom).', ['"Who is it?" she asked. "Me" (Tom).']),
        ("Cafés \u20ac2\u2014\u201creally\u201d\u2026 now.", ["Cafés \u20ac2\u2014\u201creally\u201d\u2026 now."]),
        ("Say [gif](/JH IH F/) to the boys there.", ["Say gif to the boys there."]),
        ("<speak>Tom &amp; <sub alias='the web group'>W3C</sub> met today.</speak>", ["Tom & W3C met today."]),
        ("Wait, <break time='300ms'/> then go home now.", ["Wait, then go home now."]),
        ("<p>Wait, then go <b>home</b> now.</p>", ["Wait, then go home now."]),
        ("We use **bold** and [links](http://a.org) here.", ["We use bold and links here."]),
        ("On 5/6/2023 we paid 20% of 1,250 kg.", ["On 5/6/2023 we paid 20% of 1,250 kg."]),
        ("I love \U0001f600 faces a lot today.", ["I love \U0001f600 faces a lot today."]),
        ("The AT&T deal, e.g. 10\u201320 km/h, is re-set.", ["The AT&T deal, e.g. 10\u201320 km/h, is re-set."]),
        ("<speak><say-as interpret-as='characters'>GPS</say-as> is on now.</speak>", ["GPS is on now."]),
    ],
)  # fmt: skip
def test_captions_show_what_is_written(text: str, cues: list[str]) -> None:
    assert shown(text) == cues


def test_a_long_sentence_has_several_cues_that_end_with_its_clauses() -> None:
    cues = shown(LONG)
    assert len(cues) == 2 and cues[0].endswith("bench,") and cues[1].startswith("because")


def test_short_sentences_share_a_cue_until_it_can_be_read() -> None:
    assert shown("Go. No. So it was said by them.", phone_hops=6, pause_hops=5)[0].startswith("Go. No.")


def test_a_pause_within_a_sentence_ends_no_cue() -> None:
    assert shown("Well, I think so, my dear.", pause_hops=40) == ["Well, I think so, my dear."]


def test_every_cue_fits_two_lines_and_the_time_people_read_in() -> None:
    timeline = timeline_of(" ".join([LONG, "Yes.", "No, not me!", LONG, "Go."]))
    cues = captions(timeline)
    assert all(SHORTEST_S <= cue.end_s - cue.start_s <= LONGEST_S for cue in cues)
    assert all(one.end_s <= other.start_s for one, other in pairwise(cues))
    for cue in cues:
        lines = cue.text.split("\n")
        assert len(lines) <= 2 and all(len(line) <= LINE_CHARACTERS for line in lines)


def test_a_slow_sentence_is_cut_by_time() -> None:
    cues = captions(timeline_of("He speaks so very slowly to all of us here.", phone_hops=40))
    assert len(cues) >= 2 and all(cue.end_s - cue.start_s <= LONGEST_S for cue in cues)


def test_a_cue_stays_as_long_as_reading_takes_where_nothing_follows() -> None:
    (cue,) = captions(timeline_of("Extraordinarily comprehensive.", phone_hops=1, pause_hops=100))
    assert cue.end_s - cue.start_s >= SHORTEST_S


def test_srt_and_vtt() -> None:
    timeline = timeline_of("Dr. Lee paid $5 <3 & more. Yes, he did so.")
    assert re.match(r"1\n00:00:00,300 --> 00:00:0\d,\d{3}\nDr. Lee paid \$5 <3 & more.\n\n2\n", to_srt(timeline))
    assert to_vtt(timeline).startswith("WEBVTT\n\n00:00:00.300 --> ") and "$5 &lt;3 &amp; more.\n" in to_vtt(timeline)


def test_karaoke_times_each_written_word() -> None:
    timeline = timeline_of("Dr. Lee paid $5 today.")
    (line,) = [line for line in to_karaoke(timeline).splitlines() if "Lee" in line]
    assert re.sub(r"<[\d:.]+>", "<>", line) == "Dr. <>Lee <>paid <>$5 <>today."
    times = re.findall(r"<([\d:.]+)>", line)
    starts = {word.text: float(start) for word, start in zip(timeline.words, timeline.boundaries_s[1:], strict=False)}
    assert len(set(times)) == 4 and sorted(times) == times and starts


@pytest.mark.slow
@settings(deadline=None)
@given(st.text(st.sampled_from("ab I.,!?-\u2014()\"'5$\u20ac\u00e9\u2026:;"), min_size=1, max_size=120))
def test_the_cues_of_any_text_follow_one_another(text: str) -> None:
    try:
        timeline = timeline_of("Well. " + text)
    except ValueError:
        return
    cues = captions(timeline)
    assert all(cue.start_s < cue.end_s for cue in cues)
    assert all(one.end_s <= other.start_s for one, other in pairwise(cues))
    assert all(len(line) <= LINE_CHARACTERS for cue in cues for line in cue.text.split("\n"))
    assert sum(len(cue.words) for cue in cues) == len(timeline.words)


def test_cues_in_json_are_the_captions_with_the_time_of_each_word() -> None:
    for text in (LONG, "No no no no. Dr. Lee paid $5, <b>&</b> left.", ""):
        timeline = timeline_of(text)
        cues = to_cues(timeline)
        shown = ["\n".join("".join(word["text"] for word in line) for line in cue["lines"]) for cue in cues]
        assert shown == [cue.text for cue in captions(timeline)]
        starts = [word["start_s"] for cue in cues for line in cue["lines"] for word in line]
        assert starts == sorted(starts)
        assert all(starts.count(start) == 1 for start in starts), "each written word stands alone"


def test_a_word_said_again_has_its_own_time() -> None:
    assert re.search(r"\n(No <[\d:.]+>){3}no\.\n".replace("No <", "[Nn]o <"), to_karaoke(timeline_of("No no no no.")))


def test_words_without_what_is_written_are_shown_as_spoken() -> None:
    timeline = timeline_of("One two three four.")
    bare = replace(timeline, words=tuple(word._replace(span=None, written="") for word in timeline.words))
    assert [cue.text for cue in captions(bare)] == ["one two three four"]


def test_json_carries_what_is_written_and_where() -> None:
    text = "Dr. Lee paid $5."
    timeline = timeline_of(text)
    words = timeline.to_dict()["words"]
    assert [(word["word"], text[slice(*word["span"])], word["written"]) for word in words] == [
        ("doctor", "Dr.", "Dr. "),
        ("lee", "Lee", "Lee "),
        ("paid", "paid", "paid "),
        ("five", "$5", "$5. "),
        ("dollars", "$5", ""),
    ]
    assert Timeline.from_dict(timeline.to_dict()) == timeline


def test_bookmarks_are_in_the_timeline() -> None:
    timeline = timeline_of('<speak>One <mark name="a"/> two. <mark name="b"/> Three.</speak>')
    assert [(mark.name, timeline.phones[mark.phone]) for mark in timeline.bookmarks] == [("a", "T"), ("b", "TH")]
    written = timeline.to_dict()
    assert [mark["name"] for mark in written["bookmarks"]] == ["a", "b"]
    assert written["bookmarks"][0]["time_s"] == pytest.approx(float(timeline.boundaries_s[timeline.bookmarks[0].phone]))
    assert Timeline.from_dict(written) == timeline
