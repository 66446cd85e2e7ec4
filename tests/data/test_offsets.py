"""A/V offsets: clips whose picture was moved by a known amount."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.data.offsets import MIN_CLIPS, Offsets, Recording, estimate, save_offsets
from avsynth.data.shards import hash64
from avsynth.errors import UserError

FRAME_HOPS = 3.4453125
FRAMES = 60
BANDS = 80


def smooth(rng: np.random.Generator, length: int, width: int, span: int) -> NDArray[np.float64]:
    """Random curves ``(length, width)`` that change over about ``span`` samples."""
    noise = rng.standard_normal((length + span, width))
    window = np.hanning(span + 1)[:, None]
    return np.stack([(noise[start : start + span + 1] * window).sum(axis=0) for start in range(length)]) / span**0.5


def corpus(clips: int, offsets: NDArray[np.float64], trains: int, mouth_noise: float = 0.3) -> list[Recording]:
    """Sound and mouth that follow the same curves, the mouth read ``offsets`` frames further on."""
    rng = np.random.default_rng(3)
    to_sound, to_mouth = rng.standard_normal((4, BANDS)), rng.standard_normal((4, 50))
    made = []
    for number in range(clips):
        hops = int(np.ceil((FRAMES + 12) * FRAME_HOPS))
        curves = smooth(rng, hops, 4, 14)
        middles = (np.arange(FRAMES) + 6.5 + offsets[number]) * FRAME_HOPS - 0.5
        seen = np.stack([np.interp(middles, np.arange(hops), curve) for curve in curves.T], axis=1)
        first = round(6 * FRAME_HOPS)
        mel = curves[first : first + round(FRAMES * FRAME_HOPS)] @ to_sound - 5
        mel = mel + 0.5 * rng.standard_normal(mel.shape)
        mouth = seen @ to_mouth + mouth_noise * rng.standard_normal((FRAMES, 50))
        made.append(Recording(mel.astype(np.float32), mouth.astype(np.float32), number < trains))
    return made


def test_known_offsets_are_found_for_clips_that_train_and_for_others() -> None:
    offsets = np.random.default_rng(5).uniform(-1.2, 1.2, 70)
    offsets -= offsets[:60].mean()
    found = estimate(corpus(70, offsets, 60), FRAME_HOPS)
    error = found.frames - offsets
    assert np.abs(error[:60] - error[:60].mean()).max() < 0.2
    assert np.abs(error[60:] - error[:60].mean()).max() < 0.2
    assert abs(found.frames[:60].mean()) < 1e-9
    assert found.reliability > 0.9


def test_a_mouth_that_does_not_follow_the_sound_is_not_trusted() -> None:
    rng = np.random.default_rng(7)
    recordings = [
        Recording(item.mel_FM, smooth(rng, FRAMES, 50, 4).astype(np.float32), True)
        for item in corpus(MIN_CLIPS, np.zeros(MIN_CLIPS), MIN_CLIPS)
    ]
    assert abs(estimate(recordings, FRAME_HOPS).reliability) < 0.5


def test_too_few_clips_keep_their_pictures_where_they_are() -> None:
    found = estimate(corpus(MIN_CLIPS, np.ones(MIN_CLIPS), MIN_CLIPS - 1), FRAME_HOPS)
    assert (found.frames == 0).all() and found.reliability == 0


def test_offsets_are_kept_to_a_tenth_of_a_millisecond_and_found_by_name(tmp_path: Path) -> None:
    path = tmp_path / "offsets.npy"
    save_offsets(path, [hash64("b"), hash64("a")], [0.01234, -0.02])
    offsets = Offsets(path)
    found = [offsets.find(hash64(name)) for name in ("a", "b", "not measured")]
    assert len(offsets) == 2
    assert found == [-0.02, 0.0123, 0.0]


def test_a_corpus_without_offsets_has_a_table_of_none(tmp_path: Path) -> None:
    save_offsets(tmp_path / "offsets.npy", [], [])
    offsets = Offsets(tmp_path / "offsets.npy")
    assert len(offsets) == 0
    assert offsets.find(hash64("a")) == 0.0


@pytest.mark.parametrize("content", [b"", b'{"a": 0.02}', None])
def test_what_is_no_table_of_offsets_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "offsets.npy"
    if content is None:
        np.save(path, np.zeros(3))
    else:
        path.write_bytes(content)
    with pytest.raises(UserError, match=r"offsets\.npy.* run the stats stage again"):
        Offsets(path)
