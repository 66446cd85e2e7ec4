#!/usr/bin/env python3
"""Make a small corpus in GRID's layout out of installed packages alone: ``make_corpus.py OUT_DIR --clips 12 --seed 0``.

The portrait is NASA's public-domain photograph of Eileen Collins inside scikit-image's wheel, the voice is
``hibari-tts``; the mouth is warped so that it opens and closes with the phones which pocketsphinx finds in the
sound. Written are ``video/<id>.mp4`` (25 fps, 75 frames, mono sound) and ``align/<id>.align`` (1/25,000 s).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError
from avsynth.files import atomic_path, write_text

Bytes: TypeAlias = NDArray[np.uint8]
Singles: TypeAlias = NDArray[np.float32]
Floats: TypeAlias = NDArray[np.float64]

FPS, FRAMES = 25, 75
SAMPLE_RATE, TTS_RATE = 48_000, 24_000
ALIGN_UNITS = 25_000  # units of an .align file in one second
SOUND_SECONDS = 2.98  # the corpus's sound ends a little before its picture
SIZE = 288  # pixels, both ways
SCALE = 1.2  # pixels of a frame to one of the portrait: outer eye corners 72 px apart

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SLOTS: tuple[dict[str, str], ...] = (
    {word[0]: word for word in ("bin", "lay", "place", "set")},
    {word[0]: word for word in ("blue", "green", "red", "white")},
    {word[0]: word for word in ("at", "by", "in", "with")},
    {letter: letter for letter in "abcdefghijklmnopqrstuvxyz"},
    dict(zip("z123456789", DIGITS, strict=True)),
    {word[0]: word for word in ("again", "now", "please", "soon")},
)

# Mouth targets of each phone: how far open and how rounded, both 0 to 1; two of them for a diphthong.
_TARGETS: dict[str, tuple[tuple[float, float], ...]] = {
    **dict.fromkeys(("SIL", "P", "B", "M"), ((0.0, 0.0),)),
    **dict.fromkeys(("F", "V"), ((0.12, 0.1),)),
    **dict.fromkeys(("S", "Z", "T", "D", "N", "TH", "DH"), ((0.22, 0.1),)),
    **dict.fromkeys(("SH", "ZH", "CH", "JH", "R", "W"), ((0.25, 0.6),)),
    **dict.fromkeys(("L", "K", "G", "NG", "HH", "Y"), ((0.35, 0.0),)),
    "AA": ((1.0, 0.0),), "AE": ((0.9, 0.0),), "AH": ((0.65, 0.0),), "AO": ((0.85, 0.5),), "EH": ((0.75, 0.0),),
    "ER": ((0.4, 0.4),), "IH": ((0.45, 0.0),), "IY": ((0.35, 0.0),), "UH": ((0.4, 0.7),), "UW": ((0.28, 1.0),),
    "AW": ((1.0, 0.0), (0.4, 0.9)), "AY": ((1.0, 0.0), (0.4, 0.0)), "EY": ((0.7, 0.0), (0.4, 0.0)),
    "OW": ((0.7, 0.6), (0.35, 1.0)), "OY": ((0.8, 0.7), (0.4, 0.0)),
}  # fmt: skip

# The open, smiling mouth in pixels of scikit-image's picture: places across, and the lips' inner edges there.
_LIP_X = (203.0, 206.0, 210.0, 215.0, 219.0, 223.0, 228.0, 233.0, 237.0, 241.0, 244.0)
_UPPER_Y = (139.8, 140.2, 141.5, 142.8, 143.5, 143.8, 143.7, 143.0, 141.9, 141.0, 141.0)
_LOWER_Y = (139.8, 143.0, 146.2, 148.7, 149.6, 149.9, 149.5, 148.2, 146.2, 143.6, 141.0)
_MIDDLE, _HALF = 223.5, 20.5  # of the mouth's width
_NOSE_GAP, _CHIN_Y, _OPENING = 9.0, 178.0, 12.0  # mouth to nose; chin; height of the widest opening
_DARK, _RED = np.array([[[46.0]], [[16.0]], [[18.0]]]), np.array([[[165.0]], [[78.0]], [[80.0]]])  # cavity, tongue
_LEFT, _TOP = 104.0, 4.0  # a frame's corner in the picture
_FINE = 3  # the picture is kept this much larger, so that linear look-ups stay sharp


@dataclass(frozen=True)
class Segment:
    """A word or phone (``SIL`` for a pause) from ``start`` to ``end`` in seconds of the clip."""

    label: str
    start: float
    end: float


@dataclass(frozen=True)
class Clip:
    """One sentence before coding.

    ``waveform`` (N,) float32 at 48 kHz; ``frames`` (75, 288, 288, 3) uint8 RGB; ``openness`` and ``rounding`` (75,) in
    [0, 1], the mouth as drawn; ``words`` and ``phones`` each without gaps from 0 to 2.98 s.
    """

    clip_id: str
    waveform: Singles
    frames: Bytes
    openness: Floats
    rounding: Floats
    words: tuple[Segment, ...]
    phones: tuple[Segment, ...]


def words_of(clip_id: str) -> tuple[str, ...]:
    """The six words of a sentence code: ``bbaf2n`` is bin blue at f two now."""
    return tuple(slot[code] for code, slot in zip(clip_id, _SLOTS, strict=True))


def draw_ids(clips: int, seed: int) -> list[str]:
    """``clips`` different sentence codes out of the grammar's 64,000; fewer clips are the first of more."""
    if not 1 <= clips <= 64_000 or seed < 0:
        raise UserError(f"--clips {clips} --seed {seed}: give 1 to 64000 clips and a seed of 0 or more")
    drawn = np.unravel_index(np.random.default_rng(seed).permutation(64_000)[:clips], [len(slot) for slot in _SLOTS])
    return ["".join(list(slot)[i] for slot, i in zip(_SLOTS, row, strict=True)) for row in zip(*drawn, strict=True)]


def speak(speaker: Any, clip_id: str, rng: np.random.Generator) -> Singles:
    """The sentence as sound (N,) at 48 kHz, peak 0.5, in 2.98 s of which the first 0.4 to 0.6 s are silent."""
    from scipy.signal import resample_poly

    spoken = ("zed" if word == "z" else word.upper() if len(word) == 1 else word for word in words_of(clip_id))
    speech = speaker(" ".join(spoken), seed=int(rng.integers(2**31)))  # at most 1.9 s of speech
    loud = np.flatnonzero(np.abs(speech) > 0.01 * np.abs(speech).max())
    speech = speech[loud[0] : loud[-1] + 1]
    whole = rng.normal(0.0, 2e-4, round(SOUND_SECONDS * TTS_RATE))  # a room is never quite silent
    start = round(rng.uniform(0.4, 0.6) * TTS_RATE)
    whole[start : start + len(speech)] += speech * (0.5 / np.abs(speech).max())
    return np.asarray(resample_poly(whole, SAMPLE_RATE // TTS_RATE, 1), np.float32)


def align(decoder: Any, clip_id: str, waveform: Singles) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """Words and phones of a sentence in its sound (N,) at 48 kHz, pauses labelled ``SIL``, to 10 ms."""
    from scipy.signal import resample_poly

    texts = words_of(clip_id)
    entries = {"a": "a.", "z": "zed"}  # the dictionary's "a" is the article and its "z" American
    pcm = (resample_poly(waveform, 1, 3) * 32767).astype("<i2").tobytes()
    decoder.set_align_text(" ".join(entries.get(word, word) for word in texts))
    _decode(decoder, pcm)
    if decoder.hyp() is None:  # never ask this after the second pass: pocketsphinx then crashes
        raise RuntimeError(f"pocketsphinx found no alignment for its own sentence {clip_id}")
    decoder.set_alignment()
    _decode(decoder, pcm)
    words, phones, remaining = list[Segment](), list[Segment](), iter(texts)
    for word in decoder.get_alignment().words():
        silent = word.name.startswith(("<", "["))
        _append(words, "SIL" if silent else next(remaining), word.start + word.duration)
        for phone in word:
            _append(phones, "SIL" if silent else phone.name, phone.start + phone.duration)
    for segments in (words, phones):
        _append(segments, "SIL", round(SOUND_SECONDS * 100))
    return tuple(words), tuple(phones)


def _decode(decoder: Any, pcm: bytes) -> None:
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()


def _append(segments: list[Segment], label: str, end: int) -> None:
    """Add what ends at ``end`` hundredths of a second and begins where the last one ended; join pauses."""
    start = segments[-1].end if segments else 0.0
    if segments and segments[-1].label == label == "SIL":
        start = segments.pop().start
    segments.append(Segment(label, start, end / 100))


def mouth_motion(phones: tuple[Segment, ...]) -> tuple[Floats, Floats]:
    """Openness and rounding (75,) in [0, 1]: targets held over the middle half of a phone, averaged over each frame."""
    from scipy.interpolate import PchipInterpolator

    times, targets = [0.0], [(0.0, 0.0)]
    for phone in phones:
        hold = min(0.25 * (phone.end - phone.start), 0.04)  # a long pause is still until just before the next phone
        times += [phone.start + hold, phone.end - hold]
        targets += [_TARGETS[phone.label][0], _TARGETS[phone.label][-1]]
    fine = (np.arange(FRAMES * 40) + 0.5) / (FPS * 40)
    track = PchipInterpolator([*times, FRAMES / FPS], [*targets, (0.0, 0.0)])(fine).reshape(FRAMES, 40, 2).mean(1)
    return track[:, 0], track[:, 1]


def load_portrait() -> Singles:
    """The portrait (3, 1536, 1536) in [0, 255], three times its size, from the installed scikit-image: no download."""
    from PIL import Image
    from skimage import data

    astronaut: Any = data.astronaut
    larger = Image.fromarray(astronaut()).resize((512 * _FINE, 512 * _FINE), Image.Resampling.BICUBIC)
    return np.ascontiguousarray(np.asarray(larger, np.float32).transpose(2, 0, 1))


def _look_up(portrait: Singles, x: Floats, y: Floats) -> Floats:
    """Colours (3, ...) at places ``x``, ``y`` of the original picture."""
    from scipy.ndimage import map_coordinates

    places = np.stack(np.broadcast_arrays(y, x)) * _FINE - 0.5
    return np.stack([map_coordinates(channel, places, order=1, mode="nearest") for channel in portrait])


def _ease(distance: Floats, length: float) -> Floats:
    """1 at and before 0, 0 at and after ``length``, smooth between."""
    t: Floats = np.clip(distance / length, 0.0, 1.0)
    return 1.0 - t * t * (3.0 - 2.0 * t)


def _plateau(offset: Floats, width: float) -> Floats:
    """Near 1 within ``width`` of the middle, falling to 0 beyond."""
    return np.asarray(np.exp(-np.square(np.square(offset / width))))


def draw_face(portrait: Singles, openness: float, rounding: float, shift: Floats) -> Bytes:
    """One frame (288, 288, 3): the portrait moved by ``shift`` (x, y in frame pixels), its mouth set as told.

    Every pixel looks up where it came from. The lips' inner edges are moved first to a closed line, then apart; below,
    the jaw follows; between them appear the cavity, the tongue and the upper teeth, which stay with the skull.
    """
    grid = (np.arange(SIZE) + 0.5) / SCALE
    x, y = grid[None] + _LEFT - shift[0] / SCALE, grid[:, None] + _TOP - shift[1] / SCALE
    across = (x - _MIDDLE) / _HALF * (1.0 + 0.4 * rounding * _plateau(x - _MIDDLE, 26.0) * _plateau(y - 147.0, 14.0))
    lip_x = _MIDDLE + across * _HALF
    arch = np.clip(1.0 - across * across, 0.0, None)
    upper, lower = np.interp(lip_x, _LIP_X, _UPPER_Y), np.interp(lip_x, _LIP_X, _LOWER_Y)
    closed, opening = upper + 0.4 * (lower - upper), _OPENING * openness
    top, bottom = closed - 0.12 * opening * arch, closed + 0.88 * opening * arch

    above = (top - upper) * _ease(top - y, _NOSE_GAP)
    jaw = 0.5 * opening * _plateau(across, 1.6) * _ease(y - _CHIN_Y, 22.0)
    follow = _ease(y - bottom, 22.0)
    below = (closed - lower) * _ease(y - bottom, 16.0) + 0.88 * opening * arch * follow + jaw * (1.0 - follow)
    face = _look_up(portrait, lip_x, y - np.where(y < (top + bottom) / 2, above, below))
    inside = np.clip(SCALE * np.minimum(y - top, bottom - y) + 0.5, 0.0, 1.0) * (arch > 0.04)
    rows = inside.any(1)
    inside, y, upper, lower, top, bottom = (part[rows] for part in (inside, y, upper, lower, top, bottom))
    tongue = 0.75 * openness * _ease(np.abs(bottom - y - 1.5), 4.0 * openness + 1.0)
    back = _DARK + tongue * (_RED - _DARK)
    light = np.clip((bottom - top) / 4.5, 0.0, 0.92) * np.clip(0.6 + 0.25 * (y - top), 0.0, 1.0)
    teeth = np.clip(np.minimum(y - upper, lower - 0.8 - y), 0.0, 1.0) * np.minimum(light * 1.5, 1.0)
    back += teeth * (_look_up(portrait, x, y) * light - back)
    face[:, rows] += inside * (back - face[:, rows])
    return np.asarray(np.clip(face + 0.5, 0, 255), np.uint8).transpose(1, 2, 0)


def draw_frames(portrait: Singles, openness: Floats, rounding: Floats, rng: np.random.Generator) -> Bytes:
    """Frames (T, 288, 288, 3): the head sits a few pixels elsewhere in every clip and drifts by less than one."""
    place, phase = rng.uniform(-4.0, 4.0, 2), rng.uniform(0.0, 2 * np.pi, 2)
    turns = np.arange(len(openness))[:, None] / FPS * np.array([0.31, 0.23])
    shifts = place + 0.5 * np.sin(2 * np.pi * turns + phase)
    return np.stack([draw_face(portrait, *now) for now in zip(openness, rounding, shifts, strict=True)])


def make_clips(clips: int, seed: int) -> Iterator[Clip]:
    """The clips one after another; the same ``seed`` gives the same samples and pixels."""
    from hibari import Hibari
    from pocketsphinx import Decoder

    clip_ids = draw_ids(clips, seed)
    speaker, decoder, portrait = Hibari(), Decoder(lm=None, bestpath=False, loglevel="FATAL"), load_portrait()
    for index, clip_id in enumerate(clip_ids):
        rng = np.random.default_rng([seed, index])
        waveform = speak(speaker, clip_id, rng)
        words, phones = align(decoder, clip_id, waveform)
        openness, rounding = mouth_motion(phones)
        yield Clip(clip_id, waveform, draw_frames(portrait, openness, rounding, rng), openness, rounding, words, phones)


def write_clip(out_dir: Path, clip: Clip) -> None:
    """Write ``video/<id>.mp4`` and ``align/<id>.align``, each whole or not at all."""
    import av

    for folder in ("video", "align"):
        (out_dir / folder).mkdir(parents=True, exist_ok=True)
    with atomic_path(out_dir / "video" / f"{clip.clip_id}.mp4") as path, av.open(str(path), "w") as container:
        container.metadata["comment"] = "synthetic: warped portrait (NASA, public domain), speech by hibari-tts"
        video = container.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "16", "threads": "1"})
        video.width, video.height, video.pix_fmt = SIZE, SIZE, "yuv420p"
        sound = container.add_stream("aac", rate=SAMPLE_RATE, bit_rate=128_000, layout="mono")
        for picture in clip.frames:
            container.mux(video.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")))
        container.mux(video.encode())
        samples = av.AudioFrame.from_ndarray(clip.waveform[None], format="fltp", layout="mono")
        samples.sample_rate, samples.pts, samples.time_base = SAMPLE_RATE, 0, Fraction(1, SAMPLE_RATE)
        container.mux(sound.encode(samples))
        container.mux(sound.encode())
    rows = [(round(word.start * ALIGN_UNITS), round(word.end * ALIGN_UNITS), word.label) for word in clip.words]
    text = "".join(f"{start} {end} {label.replace('SIL', 'sil')}\n" for start, end, label in rows)
    write_text(out_dir / "align" / f"{clip.clip_id}.align", text)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make a small talking-face corpus in GRID's layout.")
    parser.add_argument("out_dir", type=Path, metavar="OUT_DIR")
    parser.add_argument("--clips", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    try:
        for clip in make_clips(options.clips, options.seed):
            write_clip(options.out_dir, clip)
            print(f"{clip.clip_id}: {' '.join(words_of(clip.clip_id))}", file=sys.stderr)
    except (UserError, OSError) as error:
        print(f"make_corpus: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
