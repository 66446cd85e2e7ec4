"""How far a voice has to open a face's mouth: measured with landmarks, once, when the face is found.

Of people that the networks were not trained on, they part some lips a third as far as their own talkers', others just
as far, so that no default suits all. A probe is drawn in the face itself, and the factor taken with which its lips part
as far as those of the voice's own talkers do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import Config, LipsConfig
from avsynth.errors import UserError
from avsynth.faces.blend import MouthBlend
from avsynth.faces.face import Face, PlacedFace, Sighting
from avsynth.models.opening import PROBE, PROBE_S, SHUT, knows_probe
from avsynth.synthesis.options import STRANGERS_OPENING
from avsynth.synthesis.result import Synthesis
from avsynth.synthesis.voice import Voice
from avsynth.text import SIL
from avsynth.timeline import Timeline
from avsynth.video.box import FaceBox
from avsynth.video.geometry import FloatArray, compose, invert, warp
from avsynth.video.landmarks import LandmarkDetector
from avsynth.video.luma import LUMA
from avsynth.video.planes import Planes

APART = 0.16
"""How far lips part on the probe's vowels, in widths of the mouth at rest: the mean of ``english``'s own talkers."""
TRIED = (STRANGERS_OPENING, 1.8, 2.2, 2.6)
"""Openings that are tried. None is smaller than the usual one: people whose lips part further than the voice's own
talkers' keep it. With larger ones teeth and lips no longer look like a person's."""
SHUT_WITHIN = 0.04
"""How far lips may stay apart on P, B and M, likewise, beyond what they do at rest."""
QUIET_S = 0.5
"""Seconds of silence before and after the probe."""
SCALE = 3
"""Pixels, of the view in which landmarks are found, for one of the crop: they are whole numbers."""
MOUTH_AT = 0.65
"""Height of the mouth in the view, from the top."""
LIGHT = 130
"""Median luma to which a darker face is brought before landmarks are found, which in the dark part lips that meet."""
INNER, CORNERS = (62, 66), (48, 54)
"""Landmarks of the lips."""


class Synthesizer(Protocol):
    """What is asked of :class:`~avsynth.synthesis.synthesizer.AVSynthesizer`, which itself asks for openings."""

    voice: Voice

    def __call__(self, text: str = "", **changes: Any) -> Synthesis:
        """Say a text, or given durations, with options by name."""


def opening_in(synthesizer: Synthesizer, face: Face) -> tuple[float, str]:
    """The opening for a face that is not the voice's own, and what is to be said of it, if anything.

    That which was measured with the voice's weights; of a face that is made on the fly it is measured now, and of one
    that was made before if it was measured with other weights of a voice of this name, which may open mouths less.
    Where that needs a detector that is not installed it is the usual one.
    """
    voice = synthesizer.voice
    if voice.weights_name in face.openings:
        return face.openings[voice.weights_name], ""
    stale = any(voice.name in (key, key.rpartition(" ")[0]) for key in face.openings)
    fitting, why = None, "no face is seen in its picture"
    if stale or face.found is not None:
        try:
            fitting = fitting_opening(synthesizer, face, face.found or face.sighting())
        except UserError as error:
            why = str(error)
    if fitting is None and stale:
        line = f"the face {face.card.name} was measured with other weights of the voice {voice.name}, and {why}"
        return STRANGERS_OPENING, f"{line}: its mouth opens as far as is usual, {STRANGERS_OPENING:g} (--opening)"
    face.openings[voice.weights_name] = fitting or STRANGERS_OPENING
    return face.openings[voice.weights_name], ""


def fitting_opening(synthesizer: Synthesizer, face: Face, found: Sighting | None) -> float | None:
    """The opening with which the lips of a face part as those of the voice's own talkers do, from the first to the last
    of :data:`TRIED`; None where that cannot be told, as of one that was not ``found`` in a picture."""
    voice = synthesizer.voice
    if found is None or not voice.speaks or not knows_probe(voice.stats.symbols):
        return None
    seen = View.of(found, voice.config.lips)
    if seen is None:
        return None
    probe, middles = spoken_probe(voice.config)
    tried: list[tuple[float, float]] = []
    for opening in TRIED:
        drawn = synthesizer(durations=probe, face=face, opening=opening, sound=False).lip_frames
        apart = seen.apart(drawn[middles])
        open_ = np.mean([gap for phone, gap in zip(PROBE, apart, strict=True) if phone not in SHUT and phone != SIL])
        shut = np.mean([gap for phone, gap in zip(PROBE, apart, strict=True) if phone in SHUT])
        if tried and shut > apart[0] + SHUT_WITHIN:
            break
        tried.append((opening, float(open_)))
        if open_ >= APART:
            break
    openings, gaps = np.array(tried).T
    return round(float(np.interp(APART, np.maximum.accumulate(gaps), openings)), 2)


def openings_of(synthesizer: Synthesizer) -> Callable[[Face], Mapping[str, float]]:
    """Measures a face's :attr:`Face.openings` for a voice."""

    def measured(face: Face) -> Mapping[str, float]:
        fitting = fitting_opening(synthesizer, face, face.found)
        return {} if fitting is None else {synthesizer.voice.weights_name: fitting}

    return measured


def spoken_probe(config: Config) -> tuple[Timeline, list[int]]:
    """The probe between silences, and the lip frame in the middle of each of its phones; of the first silence its first
    frame, in which the mouth rests."""
    rate, hop = config.mel.sample_rate, config.mel.hop_length
    lengths = [QUIET_S, *[PROBE_S] * (len(PROBE) - 2), QUIET_S]
    probe = Timeline(PROBE, tuple(max(1, round(length * rate / hop)) for length in lengths), (), rate, hop, config.fps)
    edges = [float(edge * probe.fps) for edge in probe.boundaries_s]
    middles = [int((start + end) / 2) for start, end in pairwise(edges)]
    return probe, [0, *middles[1:]]


@dataclass(frozen=True)
class View:
    """A picture of a face, upright and of one size, into which drawn mouths are set."""

    placed: PlacedFace
    box: FaceBox
    blend: MouthBlend
    detector: LandmarkDetector
    gain: float
    """What pictures are multiplied by before landmarks are found."""

    @classmethod
    def of(cls, found: Sighting, config: LipsConfig) -> View | None:
        """None where the detector sees no face in it, as in one that is half hidden."""
        side = config.face_size * SCALE
        corner = np.array([(config.width - config.face_size) / 2, config.mouth_row - MOUTH_AT * config.face_size])
        to_crop = np.concatenate([np.eye(2) / SCALE, (corner + (1 / SCALE - 1) / 2)[:, None]], axis=1)
        made = warp(found.picture[None], compose(found.transform, to_crop)[None], side, side)[0]
        picture = np.ascontiguousarray(made.round().byte().permute(1, 2, 0).numpy())
        detector = LandmarkDetector(detect_every=1)
        box = detector.likeliest_face(picture)
        if box is None:
            return None
        rows, columns = (slice(max(0, round(start)), round(end)) for start, end in (box[1::2], box[::2]))
        gain = max(1.0, LIGHT / max(float(np.median(picture[rows, columns] @ np.array(LUMA))), 1.0))
        placed = PlacedFace(Planes.of_rgb(picture), invert(to_crop), 1.0)
        return cls(placed, box, MouthBlend(config), detector, gain)

    def apart(self, lips: NDArray[np.uint8]) -> FloatArray:
        """``(K,)``: how far the lips of drawn crops ``(K, 80, 160, 3)`` are apart, in widths of the first's mouth."""
        return self._apart(np.stack([self.blend(self.placed, crop).rgb() for crop in lips]))

    def apart_now(self) -> float:
        """How far the lips of the picture itself are apart, in widths of the mouth."""
        return float(self._apart(self.placed.picture.rgb()[None])[0])

    def _apart(self, pictures: NDArray[np.uint8]) -> FloatArray:
        lighter = np.asarray((pictures * self.gain).clip(0, 255), dtype=np.uint8) if self.gain > 1 else pictures
        points, _ = self.detector.shapes(lighter, dict.fromkeys((0, len(pictures) - 1), self.box))
        gaps = np.linalg.norm(points[:, INNER[1]] - points[:, INNER[0]], axis=1)
        return np.asarray(gaps / np.linalg.norm(points[0, CORNERS[1]] - points[0, CORNERS[0]]))
