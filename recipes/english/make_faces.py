"""Make the faces that ship from clips of the corpus: ``make_faces.py CLIPS --name NAME --speaks-for VOICE/SPEAKER …
--out DIR``.

Short clips of one talker in which the head has the usual size are aligned, each shifted as a whole so that the heads
coincide; their pictures of a mouth at rest become a video texture of at most 3.2 MB.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.faces.choosing import VIEW_ROWS, Chosen, Footage, choose, jaw_and_lips, opening_of, small_view
from avsynth.faces.face import FaceCard
from avsynth.faces.folder import write_face
from avsynth.video.geometry import FloatArray, apply, compose, invert, warp
from avsynth.video.landmarks import LandmarkDetector
from avsynth.video.lip_clock import FaceWindow
from avsynth.video.mouth import MouthTrack, canonical_face, follow_face
from avsynth.video.reading import iterate_frames, read_frames

SAME_SIZE = 0.04
"""Clips whose head size differs by more than this share from the most frequent size are left out."""
LARGEST_MB = 3.2
GRID = (
    'M. Cooke, J. Barker, S. Cunningham, X. Shao, "An audio-visual corpus for speech perception and automatic speech'
    ' recognition", JASA 120(5), 2006, 2421-2424'
)


@dataclass(frozen=True)
class Clip:
    """One clip, and where its pictures go."""

    path: Path
    to_face: FloatArray
    """``(2, 3)``: its pixels to the face's."""
    transforms: FloatArray
    """``(T, 2, 3)``: pixels of the crop to its own."""
    opening: NDArray[np.float64]


def find_points(path: Path, detector: LandmarkDetector) -> FloatArray | None:
    """``(T, 68, 2)``, or None where a picture shows no face."""
    points, found = detector(read_frames(path).frames)
    return points if found.all() else None


def usual_size(sizes: FloatArray) -> FloatArray:
    """Which of the sizes lie by the most frequent one."""
    near = np.abs(sizes[:, None] / sizes[None] - 1) < SAME_SIZE
    return np.asarray(near[near.sum(axis=1).argmax()])


def lay_over(paths: list[Path], config: LipsConfig, size: tuple[int, int], aspect: Fraction) -> list[Clip]:
    """The clips that fit together, each with its transform to the face's pictures of a ``size``."""
    detector = LandmarkDetector(detect_every=6)
    points = {path: found for path in paths if (found := find_points(path, detector)) is not None}
    face = canonical_face(np.concatenate(list(points.values())), config)
    tracks = {}
    for path, shapes in points.items():
        transforms = follow_face(read_frames(path).frames, shapes, face, config)
        track = MouthTrack(transforms, face.left, face.top, np.ones(len(shapes), bool))
        tracks[path] = track.crop_transforms()
    means = np.stack([track.mean(axis=0) for track in tracks.values()])
    usual = usual_size(np.sqrt(np.linalg.det(means[:, :, :2])))
    reference = np.median(means[usual], axis=0)
    laid = {path: compose(reference, invert(mean)) for path, mean in zip(tracks, means, strict=True)}
    chosen = [path for path, fits in zip(tracks, usual, strict=True) if fits]
    frame = iterate_frames(chosen[0])
    window = common_window([laid[path] for path in chosen], (frame.height, frame.width), aspect, size)
    return [
        Clip(path, compose(window, laid[path]), tracks[path], opening_of(*jaw_and_lips(points[path])))
        for path in chosen
    ]


def common_window(
    laid: list[FloatArray], source: tuple[int, int], aspect: Fraction, size: tuple[int, int]
) -> FloatArray:
    """``(2, 3)``: from aligned pixels to the face's, such that every clip covers the whole picture and pixels are
    square."""
    height, width = source
    corners = np.array([[0.0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]])
    placed = np.stack([apply(transform, corners) for transform in laid])
    left, top = placed[:, [0, 2], 0].max() + 1, placed[:, [0, 1], 1].max() + 1
    right, bottom = placed[:, [1, 3], 0].min() - 1, placed[:, [2, 3], 1].min() - 1
    scale = max(size[1] / (float(aspect) * (right - left)), size[0] / (bottom - top))
    grow = np.array([[scale * float(aspect), 0.0], [0.0, scale]])
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    shift = np.array([size[1] - 1, size[0] - 1]) / 2 - grow @ middle
    return np.concatenate([grow, shift[:, None]], axis=1)


def views(clip: Clip, size: tuple[int, int], config: LipsConfig) -> Iterator[NDArray[np.float32]]:
    """The clip's pictures as :func:`small_view` would show them of the face's, at its rows."""
    step = max(1, size[0] // VIEW_ROWS)
    whole = FaceWindow(0, 0, *_size(clip.path), step)
    grow = np.array([[1 / step, 0.0, 0.5 / step - 0.5], [0.0, 1 / step, 0.5 / step - 0.5]])
    to_view = compose(compose(grow, clip.to_face), invert(grow))
    rows, columns = size[0] // step, size[1] // step
    for frame, own in zip(iterate_frames(clip.path), clip.transforms, strict=True):
        small = warp(whole.view(frame)[None], invert(to_view)[None], rows, columns)[0].permute(1, 2, 0).byte().numpy()
        yield small_view(small, compose(compose(grow, clip.to_face), own), config)


def _size(path: Path) -> tuple[int, int]:
    """Width and height."""
    source = iterate_frames(path)
    return source.width, source.height


def footage(clips: list[Clip], size: tuple[int, int], config: LipsConfig) -> Footage:
    """Collect what choosing needs of all clips."""
    lengths = [len(clip.transforms) for clip in clips]
    return Footage(
        np.stack([compose(clip.to_face, own) for clip in clips for own in clip.transforms]),
        np.ones(sum(lengths)),
        np.concatenate([clip.opening for clip in clips]),
        np.repeat(np.arange(len(clips)), lengths),
        np.stack([view for clip in clips for view in views(clip, size, config)]),
    )


def chosen_pictures(clips: list[Clip], chosen: Chosen, size: tuple[int, int]) -> list[NDArray[np.uint8]]:
    """The pictures of the face in order, aligned with one another."""
    first, made = 0, []
    for clip in clips:
        for number, frame in enumerate(iterate_frames(clip.path), first):
            if number in chosen.pictures:
                laid = warp(frame[None], invert(clip.to_face)[None], *size)[0]
                made.append(laid.round().byte().permute(1, 2, 0).contiguous().numpy())
        first += len(clip.transforms)
    return made


def resting_identity(clips: list[Clip], chosen: Chosen, config: LipsConfig) -> NDArray[np.uint8]:
    """``(80, 160, 3)``: the crop of the chosen picture with the least open mouth, as the corpus's own crops are cut."""
    number = int(chosen.pictures[chosen.track.opening.argmin()])
    for clip in clips:
        if number < len(clip.transforms):
            frame = read_frames(clip.path).frames[number]
            crop = warp(frame[None], clip.transforms[number][None], config.height, config.width)[0]
            return np.asarray(crop.round().byte().permute(1, 2, 0).contiguous().numpy())
        number -= len(clip.transforms)
    raise ValueError("a chosen picture lies beyond the clips")


def main(arguments: list[str] | None = None) -> int:
    """Make one face; 2 where it cannot be made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs="+", type=Path, metavar="CLIP")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the face's folder")
    parser.add_argument("--size", type=int, nargs=2, required=True, metavar=("HEIGHT", "WIDTH"))
    parser.add_argument("--aspect", type=Fraction, default=Fraction(1), help="width of a pixel of the clips")
    parser.add_argument("--person", required=True)
    parser.add_argument("--speaks-for", nargs="*", default=[], metavar="VOICE/SPEAKER")
    args = parser.parse_args(arguments)
    config, size = LipsConfig(), (args.size[0], args.size[1])
    try:
        clips = lay_over(sorted(args.clips), config, size, args.aspect)
        fps = iterate_frames(clips[0].path).fps
        chosen = choose(footage(clips, size, config), float(fps))
        card = FaceCard(
            name=args.out.name,
            person=args.person,
            licence="CC BY 4.0",
            consent="recorded for the corpus, which its owners publish under this licence",
            source=f"GRID audio-visual sentence corpus, {len(clips)} of {len(args.clips)} clips",
            citation=GRID,
            made=f"a video texture of the pictures at rest: {chosen.told}",
            speaks_for=tuple(args.speaks_for),
        )
        identity = resting_identity(clips, chosen, config)
        shown = chosen_pictures(clips, chosen, size)
        write_face(args.out, card, lambda: shown, size, fps, chosen.track, identity, config, LARGEST_MB)
    except UserError as error:
        print(f"make_faces.py: error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
