"""Words laid over a sound piece by piece: one clock over all pieces, words passed on, made-up words left out."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from numpy.typing import NDArray

from avsynth.audio.aligner import ALIGN_RATE, AcousticAligner, Segment
from avsynth.audio.io import write_wav
from avsynth.audio.original import SoundReader
from avsynth.errors import UserError
from avsynth.synthesis.recordings import (
    REST_S,
    GivenText,
    Piece,
    PlacedWords,
    RecognisedText,
    listen,
    part_at_rests,
    pieces_of_sound,
    words_of,
)
from avsynth.text import TextFrontend, Word, default_frontend
from avsynth.timeline import Timeline, WordSpan, join_timelines
from tests.conftest import tiny_config

FPS = Fraction(25)


class FakeAligner(AcousticAligner):
    """Finds so many words in each piece, a second each."""

    def __init__(self, *counts: int) -> None:
        self.counts = list(counts)
        self.asked: list[int] = []

    def __call__(self, sound: NDArray[np.float32], pronunciations: Sequence[Sequence[str]]) -> list[Segment] | None:
        return self.beginning(sound, pronunciations) if self.counts[0] == len(pronunciations) else None

    def beginning(self, sound: NDArray[np.float32], pronunciations: Sequence[Sequence[str]]) -> list[Segment] | None:
        self.asked.append(len(pronunciations))
        count = self.counts.pop(0)
        return [Segment(pronunciations[word][0], word, float(word), word + 1.0) for word in range(count)] or None


def piece(start_s: int, end_s: int, last: bool = False) -> Piece:
    return Piece(np.zeros(10, np.float32), Fraction(start_s), Fraction(end_s), last)


def texts(placed: PlacedWords) -> tuple[str, ...]:
    return tuple(word.text for word in placed.words)


@pytest.fixture(scope="module")
def frontend() -> TextFrontend:
    return default_frontend()


def test_each_piece_takes_the_words_that_it_holds_and_the_last_one_the_rest(frontend: TextFrontend) -> None:
    find = GivenText("One two three. Four, five six!", frontend, FakeAligner(2, 0, 3, 1))
    placed = [find(piece(0, 10)), find(piece(10, 20)), find(piece(20, 30)), find(piece(30, 40, last=True))]
    assert [texts(item) for item in placed] == [("one", "two"), (), ("three", "four", "five"), ("six",)]
    assert [segment.word for segment in placed[2].segments] == [0, 1, 2]
    assert find.over_s is None


def test_words_carry_what_is_written_for_them(frontend: TextFrontend) -> None:
    text = "Dr. Lee paid $5. (Really!)"
    find = GivenText(text, frontend, FakeAligner(3, 3))
    placed = [find(piece(0, 10)), find(piece(10, 20, last=True))]
    assert [texts(item) for item in placed] == [("doctor", "lee", "paid"), ("five", "dollars", "really")]
    written = [there for item in placed for there in item.written]
    assert "".join(there.text for there in written) == "Dr. Lee paid $5. (Really!) "
    assert [text[slice(*there.span)] for there in written if there.span] == ["Dr.", "Lee", "paid", "$5", "$5", "Really"]


def test_the_timeline_of_a_given_text_is_as_written(tmp_path: Path, frontend: TextFrontend) -> None:
    write_wav(tmp_path / "a.wav", np.zeros(16000 * 3, np.float32), 16000)
    find = GivenText("It's $5!", frontend, FakeAligner(*[3] * 9))
    timelines = list(listen(SoundReader(tmp_path / "a.wav"), find, tiny_config(), FPS))
    words = [word for timeline in timelines for word in timeline.words]
    assert [(word.text, word.written, word.span) for word in words] == [
        ("it's", "It's ", (0, 4)),
        ("five", "$5! ", (5, 7)),
        ("dollars", "", (5, 7)),
    ]


def test_no_more_words_are_offered_than_anybody_says(frontend: TextFrontend) -> None:
    aligner = FakeAligner(1, 1)
    find = GivenText("one " * 500, frontend, aligner)
    find(piece(0, 10))
    find(piece(10, 30))
    assert aligner.asked == [80, 160]


def test_sound_after_the_last_word_is_told(frontend: TextFrontend) -> None:
    find = GivenText("one two", frontend, FakeAligner(0, 2))
    assert find(piece(0, 10)) == PlacedWords() and find.over_s is None
    assert texts(find(piece(10, 20))) == ("one", "two")
    assert find(piece(20, 30, last=True)) == PlacedWords()
    assert find.over_s == 12.0


def test_words_that_do_not_fit_name_the_span(frontend: TextFrontend) -> None:
    find = GivenText("one two three four five six seven eight nine", frontend, FakeAligner(1, 0))
    find(piece(0, 12))
    with pytest.raises(UserError, match=r"'two three four five six seven …' over 12\.0 to 20\.0 s"):
        find(piece(12, 20, last=True))


def test_a_text_without_words_is_refused(frontend: TextFrontend) -> None:
    with pytest.raises(UserError, match="nothing to say"):
        GivenText("…", frontend, FakeAligner())


def test_what_a_recogniser_makes_up_is_left_out(frontend: TextFrontend) -> None:
    hibari, soxr = pytest.importorskip("hibari"), pytest.importorskip("soxr")
    voice = hibari.Hibari()
    sound = np.asarray(voice("place blue at f two now", seed=0), dtype=np.float32)
    sound = soxr.resample(sound, voice.sample_rate, ALIGN_RATE)
    said = iter(["You place blue at F2 now. Now seven.", "", "♪"])
    find = RecognisedText(lambda _: next(said), frontend, AcousticAligner())
    heard = find(Piece(sound, Fraction(0), Fraction(len(sound), ALIGN_RATE), False))
    assert texts(heard) == ("place", "blue", "at", "f", "two", "now")
    assert {segment.word for segment in heard.segments} == set(range(6))
    assert find(piece(3, 6)) == find(piece(6, 9, last=True)) == PlacedWords()
    assert find.heard == ["You place blue at F2 now. Now seven."]


@pytest.mark.parametrize(("rate", "seconds"), [(8000, 95.3), (11_111, 61.7), (44_100, 0.25)])
def test_one_clock_over_all_pieces(tmp_path: Path, rate: int, seconds: float) -> None:
    """A word at every whole second lies there to half a hop, in whichever piece; the whole covers the sound."""
    write_wav(tmp_path / "a.wav", np.random.default_rng(0).normal(0, 0.1, round(seconds * rate)), rate)

    def find(part: Piece) -> PlacedWords:
        first, last = int(part.start_s) + 1, int(part.end_s)
        starts = [second - float(part.start_s) for second in range(first, last)]
        segments = [Segment("AA", word, start, start + 0.5) for word, start in enumerate(starts)]
        return PlacedWords(tuple(Word(str(second), ("AH",)) for second in range(first, last)), tuple(segments))

    sound = SoundReader(tmp_path / "a.wav")
    timelines = list(listen(sound, find, tiny_config(), FPS))
    whole = join_timelines(timelines)
    assert 0 <= whole.duration_s - Fraction(sound.position, rate) < whole.hop_s
    assert sound.position == round(seconds * rate) and (len(timelines) > 1) == (seconds > 40)
    assert len(whole.words) >= seconds - 2 * len(timelines) - 1
    for word, start_s, end_s in whole.word_times():
        assert abs(start_s - int(word)) <= float(whole.hop_s) / 2 + 1e-9
        assert abs(end_s - int(word) - 0.5) <= float(whole.hop_s) / 2 + 1e-9


def test_a_sound_without_words_is_silence(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.zeros(800), 8000)
    timelines = list(listen(SoundReader(tmp_path / "a.wav"), lambda _: PlacedWords(), tiny_config(), FPS))
    assert [(item.phones, item.words) for item in timelines] == [(("sil",), ())]
    assert 0 <= timelines[0].duration_s - Fraction(1, 10) < timelines[0].hop_s


def test_pieces_follow_one_another_at_16_khz(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.random.default_rng(0).normal(0, 0.1, 70 * 8000), 8000)
    pieces = list(pieces_of_sound(SoundReader(tmp_path / "a.wav")))
    assert [item.last for item in pieces] == [False] * (len(pieces) - 1) + [True]
    assert pieces[0].start_s == 0 and pieces[-1].end_s == 70
    assert all(one.end_s == other.start_s for one, other in pairwise(pieces))
    assert [len(item.sound) for item in pieces] == [2 * 8000 * (item.end_s - item.start_s) for item in pieces]


@given(some.lists(some.tuples(some.sampled_from(["sil", "AA", "M"]), some.integers(1, 60)), min_size=1, max_size=12))
def test_parting_at_rests_keeps_lengths_and_words(phones: list[tuple[str, int]]) -> None:
    words = [WordSpan(str(place), place, place + 1) for place, (phone, _) in enumerate(phones) if phone != "sil"]
    names, hops = zip(*phones, strict=True)
    before = Timeline(names, hops, tuple(words), 22_050, 256, FPS)
    after = part_at_rests(before)
    assert after.total_hops == before.total_hops and after.word_times() == before.word_times()
    rests = sum(p == "sil" and h * before.hop_s >= REST_S for p, h in phones[1:-1])
    assert len(after.phones) == len(before.phones) + rests
    assert [p for p in after.phones if p != "sil"] == [p for p in names if p != "sil"]


def test_words_of_a_text_in_order(frontend: TextFrontend) -> None:
    words = words_of("Two dogs. At 3!", frontend)
    assert [word.text for word in words] == ["two", "dogs", "at", "three"]
    assert words[0].phones == ("T", "UW")
