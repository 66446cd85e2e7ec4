"""Parts smaller than a sentence: whole words, soon at first, and joined what the whole is."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pytest
import torch
from torch import Tensor

from avsynth.synthesis import synthesizer as module
from avsynth.synthesis.ahead import at_once
from avsynth.synthesis.parts import FIRST_PART_S, LONGEST_PART_S, VoicedMel, growing, parts_of
from avsynth.synthesis.result import join
from avsynth.synthesis.synthesizer import AVSynthesizer
from avsynth.synthesis.voice import Voice
from avsynth.timeline import Timeline, WordSpan, join_timelines
from vocoder import MelConfig
from vocoder.errors import VocoderError
from vocoder.harmonic import Harmonic, HarmonicConfig, HarmonicNet, save
from vocoder.protocol import Voicing

SPOKEN = "place blue at f two now set white in p four again bin red by k nine please lay green with s one soon bin"
WORDS = SPOKEN.split()
LENGTHS = [3, 5, 8, 4] * 5
TEXTS = [" ".join(WORDS[place : place + length]) + "." for place, length in enumerate(LENGTHS)]


def sentence(*word_hops: int) -> Timeline:
    """A silence, and words of two phones each."""
    hops = [20, *(half for hops in word_hops for half in (hops // 2, hops - hops // 2)), 20]
    phones = ("sil", *("AA", "B") * len(word_hops), "sil")
    words = tuple(WordSpan(f"w{place}", 1 + 2 * place, 3 + 2 * place) for place in range(len(word_hops)))
    return Timeline(phones, tuple(hops), words, 22050, 256, Fraction(25))


def test_parts_hold_whole_words_begin_soon_and_grow() -> None:
    whole = sentence(*[30] * 60)
    parts = parts_of(whole, growing())
    assert join_timelines(parts) == whole
    lengths = [part.duration_s for part in parts]
    assert FIRST_PART_S <= lengths[0] < FIRST_PART_S + 30 * whole.hop_s
    assert all(after >= before for before, after in itertools.pairwise(lengths[:-1]))
    assert max(lengths[:-1]) < LONGEST_PART_S + 30 * whole.hop_s
    assert lengths[-1] >= LONGEST_PART_S / 2


def test_a_short_sentence_is_one_part_and_lengths_go_on_over_sentences() -> None:
    lengths = growing()
    assert len(parts_of(sentence(2), lengths)) == 1
    later = parts_of(sentence(*[30] * 20), lengths)
    assert later[0].duration_s > FIRST_PART_S


@dataclass
class Smoothing:
    """A vocoder that depends on two frames on either side, and counts what it is asked for."""

    context_frames: int | None = 2
    asked: int = 0
    mel_config = MelConfig()

    def __call__(self, mel_BFM: Tensor) -> Tensor:
        self.asked += mel_BFM.shape[1]
        whole_numbers = torch.nn.functional.pad((mel_BFM.mean(dim=2) * 1024).round(), (2, 2))
        return (whole_numbers.unfold(1, 5, 1).sum(dim=2) / 8192).repeat_interleave(256, dim=1).clamp(-1, 1)


@pytest.mark.parametrize("context", [2, None])
def test_stretches_of_sound_are_those_of_the_whole(context: int | None) -> None:
    mel = torch.rand(1, 50, 80) - 0.5
    vocoder = Smoothing(context)
    whole = vocoder(mel)[0].numpy()
    sound = VoicedMel(vocoder, mel)
    vocoder.asked = 0
    edges = [0, 3, 4, 20, 50]
    joined = np.concatenate([sound.between(start, end) for start, end in itertools.pairwise(edges)])
    np.testing.assert_array_equal(joined, whole)
    assert vocoder.asked == (50 if context is None else 50 + 3 * 4)


class InPieces(Smoothing):
    """Made in pieces that may be asked for at once."""

    context_frames = None

    def voicing(self, mel_BFM: Tensor) -> Voicing:
        return Pieces(self(mel_BFM), [*range(0, mel_BFM.shape[1], 37), mel_BFM.shape[1]])


@dataclass
class Pieces:
    """Of a sound; remembers which were asked for."""

    sound_BN: Tensor
    edges: list[int]
    asked: list[int] = field(default_factory=list)

    def __call__(self, start: int, end: int) -> Tensor:
        self.asked.append(start)
        return self.sound_BN[:, start * 256 : end * 256]


@pytest.mark.parametrize("threads", [1, 2])
def test_pieces_that_are_made_at_once_are_in_order(voice: Voice, threads: int) -> None:
    text = " ".join(TEXTS)
    one, two = (
        np.concatenate([part.waveform for part in AVSynthesizer(voice, vocoder=own, threads=threads).stream(text)])
        for own in (Smoothing(), InPieces())
    )
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("threads", [1, 2])
def test_each_piece_is_made_once_and_a_part_ahead(threads: int) -> None:
    vocoder = InPieces()
    mel = torch.rand(1, 200, 80) - 0.5
    sound = VoicedMel(vocoder, mel)
    pieces = sound._voicing
    assert isinstance(pieces, Pieces)
    with at_once(threads) as begin:
        parts = sound.waits(begin, [0, 20, 50, 51, 150, 200])
        first = next(parts)()
        np.testing.assert_array_equal(first, pieces.sound_BN[0, : 20 * 256].numpy())
        assert set(pieces.asked) <= {0, 37}
        rest = np.concatenate([part() for part in parts])
    np.testing.assert_array_equal(rest, pieces.sound_BN[0, 20 * 256 :].numpy())
    assert sorted(pieces.asked) == pieces.edges[:-1]


def test_sound_that_is_not_finite_is_refused() -> None:
    with pytest.raises(VocoderError, match="not finite"):
        VoicedMel(Smoothing(), torch.full((1, 9, 80), torch.nan)).between(0, 9)


@pytest.fixture(scope="module")
def harmonic(tmp_path_factory: pytest.TempPathFactory) -> Harmonic:
    """Small random networks."""
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("harmonic") / "vocoder.safetensors"
    save(HarmonicNet(HarmonicConfig(channels=16, blocks=1, hidden=16, pitch_channels=8, pitch_blocks=1)), path)
    return Harmonic(path, chunk_frames=64)


@pytest.mark.parametrize(
    ("fps", "own"),
    [("25", False), ("29.97", False), pytest.param("60", False, marks=pytest.mark.slow), ("25", True)],
    ids=["25", "29.97", "60", "harmonic"],
)
def test_joined_parts_are_the_sentence(
    voice: Voice, harmonic: Harmonic, monkeypatch: pytest.MonkeyPatch, fps: str, own: bool
) -> None:
    synthesizer = AVSynthesizer(voice, vocoder=harmonic if own else Smoothing())
    for text in TEXTS:
        parts = list(synthesizer.stream(text, fps=fps))
        monkeypatch.setattr(module, "growing", lambda: itertools.repeat(Fraction(1000)))
        whole = list(synthesizer.stream(text, fps=fps))
        monkeypatch.undo()
        assert len(whole) == 1 and (len(parts) > 1 or len(text.split()) < 5)
        joined = join(parts)
        assert joined.timeline == whole[0].timeline
        np.testing.assert_array_equal(joined.waveform, whole[0].waveform)
        # Sums over batches of other sizes may be rounded otherwise, which a grey level on the border shows.
        apart = np.abs(joined.lip_frames.astype(int) - whole[0].lip_frames)
        assert apart.max() <= 1 and np.count_nonzero(apart) <= 1e-5 * apart.size


def test_several_threads_draw_what_one_draws(voice: Voice) -> None:
    one, three = (AVSynthesizer(voice, vocoder=Smoothing(), device="cpu", threads=threads) for threads in (1, 3))
    for alone, together in zip(one.stream(TEXTS[2]), three.stream(TEXTS[2]), strict=True):
        np.testing.assert_array_equal(together.lip_frames, alone.lip_frames)
        np.testing.assert_array_equal(together.waveform, alone.waveform)


def test_nothing_is_made_before_it_is_asked_for(voice: Voice) -> None:
    vocoder = Smoothing()
    parts = AVSynthesizer(voice, vocoder=vocoder).stream("place blue at f two now. " * 50)
    next(parts)
    first = vocoder.asked
    assert 0 < first < 150
    parts.close()
    assert vocoder.asked == first
