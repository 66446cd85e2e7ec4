"""A face from a file, prepared on the fly: the pictures of a still or a video, and the mouth's place in each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.faces.choosing import SURE, runs_of, small_view
from avsynth.faces.covering import Covering
from avsynth.faces.face import FaceCard, PlacedFace, Player, Sighting, Teeth
from avsynth.faces.following import OVERLAP, PIECE, FaceFollower, Person, Pictures, Places
from avsynth.faces.playing import SEED, InOrder, mixed, still_player
from avsynth.faces.rest import at_rest, landmarks_of, teeth_of
from avsynth.faces.sampling import around_crops, within
from avsynth.faces.texture import Shown, dissolve_length, find_texture, walk
from avsynth.video.geometry import FloatArray, warp
from avsynth.video.mouth import LARGEST_PICTURE
from avsynth.video.planes import Planes
from avsynth.video.reading import WHITE, FrameIterator, fit_within, iterate_frames
from avsynth.video.shots import CutFinder

Colour = tuple[int, int, int]
STILL_FPS = Fraction(50)
"""Frame rate of a still that sways; more would not be visible."""
LATEST_S = 30.0
"""The face must appear within so many seconds."""
KEPT_BYTES = 256 << 20
"""Bytes for a video's last pictures, which are repeated as a video texture when it is over: 86 of 1920 × 1080
pixels."""


@dataclass(frozen=True)
class Piece:
    """Pictures of one shot that are tracked together."""

    pictures: Pictures
    fresh: bool
    """The shot's first; others begin with the last :data:`OVERLAP` pictures of the one before."""
    final: bool
    """The shot's last; of others the last :data:`OVERLAP` pictures come again."""

    @property
    def own(self) -> int:
        """How many of its pictures are shown."""
        return len(self.pictures) - (0 if self.final else OVERLAP)


def pieces_of(pictures: Iterator[NDArray[np.uint8]]) -> Iterator[Piece]:
    """A video's pictures in pieces that never cross a hard cut."""
    cut = CutFinder()
    piece: Pictures = []
    fresh = True
    for picture in pictures:
        if cut(picture) and piece:
            yield Piece(piece, fresh, True)
            piece, fresh = [], True
        piece.append(picture)
        if len(piece) == PIECE:
            yield Piece(piece, fresh, False)
            piece, fresh = piece[-OVERLAP:], False
    if piece:
        yield Piece(piece, fresh, True)


class FacePictures(InOrder):
    """The pictures of a video one after the other, in memory that does not grow with its length, on its own clock.

    The mouth is followed while they are played. When the video is over its last pictures, as many as
    :data:`KEPT_BYTES` hold, go on as a video texture.
    """

    def __init__(self, pieces: Iterator[Piece], start: int, follow: Follow, config: LipsConfig, fps: Fraction) -> None:
        super().__init__()
        self._source = _followed(pieces, start, follow, config)
        self._config, self._fps = config, fps
        self._kept: deque[tuple[PlacedFace, int]] = deque()
        self._read = 0
        self._after: AfterTheEnd | None = None

    def _make(self, index: int, step: int) -> PlacedFace:
        while index >= self._read and self._advance():
            pass
        if index < self._read:
            return self._kept[-1][0]
        if self._after is None:
            self._after = AfterTheEnd(list(self._kept), self._config, self._fps)
        return self._after[index - self._read]

    def _advance(self) -> bool:
        """Read one picture more; False if there is none."""
        item = next(self._source, None)
        if item is None:
            return False
        self._kept.append(item)
        if len(self._kept) > max(2, KEPT_BYTES // item[0].picture.data.nbytes):
            self._kept.popleft()
        self._read += 1
        return True


class AfterTheEnd(InOrder):
    """Continues a video that is over with a texture of its last pictures, into which the very last one dissolves.

    Where there are too few of them the last is held.
    """

    def __init__(self, kept: list[tuple[PlacedFace, int]], config: LipsConfig, fps: Fraction) -> None:
        super().__init__()
        placed, shots = [item for item, _ in kept], np.array([shot for _, shot in kept])
        self._last, self._fade = placed[-1], dissolve_length(float(fps))
        views = np.stack([small_view(item.picture.rgb(), item.transform, config) for item in placed])
        sure = np.array([item.weight >= SURE for item in placed])
        runs = runs_of(sure, shots, 3 * self._fade)
        chosen = np.flatnonzero(runs >= 0)
        self._kept = [placed[number] for number in chosen]
        self._walk: Iterator[Shown] = iter(())
        if chosen.size:
            _, numbers = np.unique(runs[chosen], return_inverse=True)
            texture, alive = find_texture(views[chosen], numbers.astype(np.int64), float(fps))
            if len(texture.jumps):
                far = np.square(views[chosen] - views[-1]).mean(axis=1) + np.where(alive, 0, np.inf)
                self._walk = walk(texture, float(fps), SEED, int(far.argmin()))

    def _make(self, index: int, step: int) -> PlacedFace:
        shown = next(islice(self._walk, step - 1, None), None)
        if shown is None:
            return self._last
        now = self._kept[shown.index]
        if index < self._fade:
            return mixed(self._last, now, (index + 1) / (self._fade + 1))
        return now if shown.leaving is None else mixed(self._kept[shown.leaving], now, shown.share)


class FileFace:
    """A still or a video that shows a face (:class:`~avsynth.faces.face.Face`).

    A picture of more than :data:`~avsynth.video.mouth.LARGEST_PICTURE` pixels on its shorter side is brought to that;
    of an odd side the last pixel is left out, since H.264 wants even ones.

    Args:
        path: The file.
        config: The geometry of the crops.
        still: Whether a still does not sway.
        person: Who talks where several are seen.
        background: Red, green and blue behind what is transparent.

    Errors: :class:`UserError` naming the file if it cannot be read, shows no face in its first :data:`LATEST_S`
    seconds, or one too small.
    """

    def __init__(
        self,
        path: Path | str,
        config: LipsConfig,
        *,
        still: bool = False,
        person: Person | None = None,
        background: Colour = WHITE,
    ) -> None:
        self.path, self.geometry, self._still = Path(path), config, still
        self.card = FaceCard(self.path.name)
        self._person = person or Person()
        self._background = background
        source = self._read()
        self.fps = source.fps
        pieces = pieces_of(_ready(source))
        first = next(pieces)
        self.size = first.pictures[0].shape[0], first.pictures[0].shape[1]
        self.moves = len(first.pictures) > 1 or not first.final or next(pieces, None) is not None
        try:
            self._start, found = self._find()
        except UserError as error:
            raise UserError(f"{path}: {error}") from error
        self.people = found.follower.people
        """How many people the picture shows in which the talker was found."""
        self.shown, self.place = found.most_closed()
        """Of the first pictures that show the face that with the most closed mouth, ``(H, W, 3)``, and the transform of
        its crop."""
        self.identity, self.teeth = crop_at_rest(self.shown, self.place, config)
        """``(80, 160, 3)``: the crop in which the mouth is most closed, of the first pictures that show it, brought to
        rest; and what it showed of the teeth."""
        self.found = Sighting(self.shown, self.place)
        self.openings: dict[str, float] = {}

    def sighting(self) -> Sighting:
        return self.found

    def play(self) -> Player:
        """Its pictures from the first on."""
        if not self.moves:
            return still_player(Planes.of_rgb(self.shown), self.place, STILL_FPS, self._still)
        return FacePictures(self.pieces(), self._start, self.follow, self.geometry, self.fps)

    def _read(self) -> FrameIterator:
        return iterate_frames(self.path, square=True, background=self._background)

    def pictures(self) -> Iterator[NDArray[np.uint8]]:
        """All of the video's, once."""
        return _ready(self._read())

    def pieces(self) -> Iterator[Piece]:
        return pieces_of(self.pictures())

    def follow(self, piece: Piece) -> FaceFollower:
        """A tracker of the face, from the first piece on that shows it."""
        return FaceFollower(piece.pictures, self.geometry, float(self.fps), self._person)

    def followed(self) -> Iterator[tuple[NDArray[np.uint8], Places, int, int]]:
        """See :func:`follow_pieces`."""
        return follow_pieces(self.pieces(), self._start, self.follow)

    def _find(self) -> tuple[int, FoundFace]:
        """The number of the first piece that shows the face, and what it shows."""
        fault: UserError | None = None
        shown = 0
        for number, piece in enumerate(self.pieces()):
            try:
                follower = self.follow(piece)
                return number, FoundFace(piece.pictures, follower, follower(piece.pictures))
            except UserError as error:
                fault = fault or error
            shown += piece.own
            if shown > LATEST_S * self.fps:
                break
        where = f" (looked at its first {float(shown / self.fps):.1f} s)" if self.moves else ""
        raise UserError(f"{fault}{where}")


@dataclass(frozen=True)
class FoundFace:
    """The first pictures that show a face."""

    pictures: Pictures
    follower: FaceFollower
    places: Places

    def most_closed(self) -> tuple[NDArray[np.uint8], FloatArray]:
        """The one in which the mouth is most closed, and its place."""
        open_most = np.where(self.places.weights > 0.5, self.places.lips, np.inf)
        number = int(open_most.argmin())
        return self.pictures[number], self.places.transforms[number]


Follow = Callable[[Piece], FaceFollower]


def follow_pieces(
    pieces: Iterator[Piece], start: int, follow: Follow
) -> Iterator[tuple[NDArray[np.uint8], Places, int, int]]:
    """Each picture of a video, the places of its piece, its number in them, and its shot's number.

    Before piece ``start`` there is no face.
    """
    follower: FaceFollower | None = None
    shot = -1
    for number, piece in enumerate(pieces):
        shot += piece.fresh
        if number == start:
            follower = follow(piece)
        elif follower is not None and piece.fresh:
            follower.cut()
        places = follower(piece.pictures) if follower is not None else nowhere(len(piece.pictures))
        for at in range(piece.own):
            yield piece.pictures[at], places, at, shot


def _followed(
    pieces: Iterator[Piece], start: int, follow: Follow, config: LipsConfig
) -> Iterator[tuple[PlacedFace, int]]:
    cover, shot = Covering(config), -1
    for index, (picture, places, at, now) in enumerate(follow_pieces(pieces, start, follow)):
        if now != shot:
            # Light and size may have changed: learn the appearance anew.
            cover, shot = Covering(config), now
        transform, weight = places.transforms[at], float(places.weights[at])
        hidden = cover(own_crop(picture, transform, config)) if weight > 0.5 else None
        yield PlacedFace(Planes.of_rgb(picture), transform, weight, index + 1, hidden), shot


def own_crop(picture: NDArray[np.uint8], transform: FloatArray, config: LipsConfig) -> NDArray[np.uint8]:
    """``(80, 160, 3)``: the crop at a place of a picture."""
    window = around_crops((picture.shape[0], picture.shape[1]), transform[None], (config.height, config.width))[0]
    crop = warp(picture[window][None], within(transform, window)[None], config.height, config.width)[0]
    return np.asarray(crop.round().byte().permute(1, 2, 0).contiguous().numpy())


def crop_at_rest(
    picture: NDArray[np.uint8], transform: FloatArray, config: LipsConfig
) -> tuple[NDArray[np.uint8], Teeth | None]:
    """``(80, 160, 3)``: the crop at the place of a mouth, its lips closed where they stand apart; and the teeth that
    were seen between them."""
    crop = own_crop(picture, transform, config)
    points = landmarks_of(picture, transform, config)
    return (crop, None) if points is None else (at_rest(crop, points, config), teeth_of(crop, points))


def nowhere(count: int) -> Places:
    """Places in pictures without a face."""
    unknown = np.full(count, np.nan)
    return Places(np.repeat(np.eye(2, 3)[None], count, axis=0), np.zeros(count), unknown, unknown)


def _ready(source: Iterator[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    return (_even(fit_within(picture, LARGEST_PICTURE)) for picture in source)


def _even(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = picture.shape[:2]
    return np.ascontiguousarray(picture[: height // 2 * 2, : width // 2 * 2])
