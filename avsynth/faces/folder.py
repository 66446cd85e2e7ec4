"""A face on disk: ``face.yaml``, ``video.mp4`` or ``still.png``, ``track.npz``, ``identity.png``.

Nothing in it is pickled and nothing in it is run: a face from a stranger is data. No detector is needed to use one.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.faces.face import NOTICE, FaceCard, Player, Sighting, Teeth
from avsynth.faces.film import Film, film_frames, write_film_within
from avsynth.faces.playing import SEED, FilmPlayer, still_player
from avsynth.faces.texture import Texture
from avsynth.files import atomic_path
from avsynth.timeline import parse_fps
from avsynth.video.geometry import FloatArray
from avsynth.video.planes import Planes
from avsynth.video.reading import read_image, write_image

FORMAT = 1
CARD, FILM, STILL, TRACK, IDENTITY = "face.yaml", "video.mp4", "still.png", "track.npz", "identity.png"
GEOMETRY = ("height", "width", "face_size", "eye_distance", "eye_row", "mouth_row")
"""The fields of :class:`LipsConfig` that determine a face's crops."""
LARGEST_TRACK = 64 << 20
"""Largest size of an unpacked track in bytes; an hour at 25 pictures a second takes a tenth of it."""
LARGEST_SIDE, LONGEST = 4096, 100_000
WIDEST = 3.0
"""The largest opening that a face may ask for."""
ARRAYS = {"transforms": ("f", 3), "weights": ("f", 1), "opening": ("f", 1), "runs": ("i", 1), "jumps": ("i", 2)}
ARRAYS["costs"] = ("f", 1)
"""Kind and number of dimensions of each array in a track."""


@dataclass(frozen=True)
class Track:
    """The mouth's place in each of T pictures, and the video texture that connects them."""

    transforms: FloatArray
    """``(T, 2, 3)``: pixels of the crop to pixels of the picture."""
    weights: NDArray[np.float64]
    """``(T,)``: 1 where the face is sure, 0 where it is lost."""
    opening: NDArray[np.float64]
    """``(T,)``: how far the mouth is open: the distance from nose to chin less that at rest, in eye distances."""
    texture: Texture


@dataclass(frozen=True)
class FaceFolder:
    """A face that was made (:class:`~avsynth.faces.face.Face`)."""

    folder: Path
    card: FaceCard
    fps: Fraction
    size: tuple[int, int]
    moves: bool
    geometry: LipsConfig
    track: Track
    identity: NDArray[np.uint8]
    still: bool = False
    """Whether a still does not sway."""
    openings: dict[str, float] = field(default_factory=dict)
    teeth: Teeth | None = None
    found: None = None

    @classmethod
    def load(cls, folder: Path | str, *, still: bool = False) -> FaceFolder:
        """Read and check a face; :class:`UserError` naming the file that is missing, damaged or strange."""
        folder = Path(folder)
        path = folder / CARD
        meta = read_card(path)
        moves = meta["pictures"] == FILM
        size = meta["height"], meta["width"]
        geometry = LipsConfig(**meta["lips"])
        identity = read_image(folder / IDENTITY)
        if identity.shape != (geometry.height, geometry.width, 3):
            raise UserError(f"{folder / IDENTITY} has the shape {identity.shape[:2]}, and {path} says another")
        track = read_track(folder / TRACK, size)
        count = film_frames(folder / FILM, size) if moves else 1
        if count != len(track.weights):
            raise UserError(f"{folder / TRACK} is for {len(track.weights)} pictures; the face has {count}")
        card = FaceCard(**{item.name: meta[item.name] for item in fields(FaceCard)})
        known = meta["openings"], meta["teeth"]
        return cls(folder, card, meta["fps"], size, moves, geometry, track, identity, still, *known)

    def sighting(self) -> Sighting:
        """The picture in which its mouth is most closed."""
        number = int(np.where(self.track.weights > 0.5, self.track.opening, np.inf).argmin())
        picture = Film(self.folder / FILM, self.size)[number].rgb() if self.moves else read_image(self.folder / STILL)
        return Sighting(picture, self.track.transforms[number])

    def play(self) -> Player:
        """Its pictures, walked or swayed with one and the same seed."""
        if self.moves:
            film = Film(self.folder / FILM, self.size)
            return FilmPlayer(film, self.track.transforms, self.track.weights, self.track.texture, self.fps, SEED)
        picture = read_image(self.folder / STILL)
        if picture.shape[:2] != self.size:
            raise UserError(f"{self.folder / STILL} is {picture.shape[1]}×{picture.shape[0]}; {CARD} says another size")
        return still_player(Planes.of_rgb(picture), self.track.transforms[0], self.fps, self.still)


def write_face(
    folder: Path,
    card: FaceCard,
    pictures: Callable[[], Iterable[NDArray[np.uint8]]],
    size: tuple[int, int],
    fps: Fraction | None,
    track: Track,
    identity: NDArray[np.uint8],
    geometry: LipsConfig,
    largest_mb: float = 24.0,
    openings: Mapping[str, float] = MappingProxyType({}),
    teeth: Teeth | None = None,
) -> None:
    """Write a face whole or not at all; ``fps`` None for a still. A film is coded in the best quality that fits into
    ``largest_mb``; ``openings`` and ``teeth`` as of :class:`~avsynth.faces.face.Face`.

    Errors: :class:`UserError` where the folder exists or cannot be written.
    """
    if folder.exists():
        raise UserError(f"cannot write the face {folder}: it exists; give another name, or remove it first")
    meta: dict[str, Any] = {"format": FORMAT, **asdict(card), "speaks_for": list(card.speaks_for), "notice": NOTICE}
    meta |= {"pictures": STILL if fps is None else FILM, "height": size[0], "width": size[1]}
    meta |= {"fps": str(25 if fps is None else fps), "lips": {name: getattr(geometry, name) for name in GEOMETRY}}
    meta |= {"openings": dict(openings)} if openings else {}
    meta |= {} if teeth is None else {"teeth": [round(value, 1) for value in teeth]}
    folder.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(folder) as temporary:
        temporary.mkdir()
        if fps is None:
            write_image(temporary / STILL, next(iter(pictures())))
        else:
            write_film_within(temporary / FILM, pictures, size, fps, largest_mb)
        write_image(temporary / IDENTITY, identity)
        arrays = {
            "transforms": track.transforms.astype(np.float32),
            "weights": track.weights.astype(np.float32),
            "opening": track.opening.astype(np.float32),
            "runs": track.texture.runs.astype(np.int32),
            "jumps": track.texture.jumps.astype(np.int32),
            "costs": track.texture.costs.astype(np.float32),
        }
        np.savez_compressed(temporary / TRACK, allow_pickle=False, **arrays)
        text = yaml.safe_dump(meta, sort_keys=False, allow_unicode=True, width=110)
        (temporary / CARD).write_text(text, encoding="utf-8")


def read_card(path: Path) -> dict[str, Any]:
    """What ``face.yaml`` says, checked; :class:`UserError` naming file and key."""
    try:
        meta = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror or error}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not valid YAML: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(meta, dict) or "format" not in meta:
        raise UserError(f"{path} does not describe a face: it lacks the key 'format'")
    if meta["format"] != FORMAT:
        raise UserError(f"{path} is a face of format {meta['format']}; this version of avsynth reads format {FORMAT}")
    texts = [item.name for item in fields(FaceCard) if item.name != "speaks_for"]
    _check(path, meta, {"height": int, "width": int, "pictures": str, "fps": str, "lips": dict})
    _check(path, meta, {**dict.fromkeys(texts, str), "speaks_for": list})
    _check(path, meta["lips"], dict.fromkeys(GEOMETRY, (int, float)))
    if meta["pictures"] not in (FILM, STILL):
        raise UserError(f"{path}: pictures is {FILM} or {STILL}, not {meta['pictures']!r}")
    for side in ("height", "width"):
        if not (2 <= meta[side] <= LARGEST_SIDE and meta[side] % 2 == 0):
            raise UserError(f"{path}: {side} must be an even number from 2 to {LARGEST_SIDE}, not {meta[side]}")
    if meta["lips"].keys() != set(GEOMETRY):
        raise UserError(f"{path}: lips must have the keys {', '.join(GEOMETRY)}, and no other")
    for name in ("height", "width"):
        if not (isinstance(meta["lips"][name], int) and 8 <= meta["lips"][name] <= 1024):
            raise UserError(f"{path}: lips.{name} must be a whole number from 8 to 1024, not {meta['lips'][name]}")
    if not all(isinstance(item, str) for item in meta["speaks_for"]):
        raise UserError(f"{path}: speaks_for must list texts, each voice/speaker")
    openings = meta.get("openings", {})
    _check(path, {"openings": openings}, {"openings": dict})
    for voice, opening in openings.items():
        known = isinstance(opening, int | float) and not isinstance(opening, bool) and 0 <= opening <= WIDEST
        if not (isinstance(voice, str) and known):
            raise UserError(f"{path}: openings must give numbers from 0 to {WIDEST:g} by voice, not {voice}: {opening}")
    return {
        **meta,
        "fps": parse_fps(meta["fps"]),
        "speaks_for": tuple(meta["speaks_for"]),
        "teeth": read_teeth(path, meta),
        "openings": {voice: float(opening) for voice, opening in openings.items()},
    }


def read_teeth(path: Path, meta: Mapping[str, Any]) -> Teeth | None:
    """The teeth's colour, if a face's card gives one; :class:`UserError` where it is none."""
    if "teeth" not in meta:
        return None
    given = meta["teeth"]
    if not (
        isinstance(given, list)
        and len(given) == 3
        and all(isinstance(item, int | float) and not isinstance(item, bool) and 0 <= item <= 255 for item in given)
    ):
        raise UserError(f"{path}: teeth must be red, green and blue from 0 to 255, not {given}")
    red, green, blue = map(float, given)
    return red, green, blue


def _check(path: Path, meta: dict[str, Any], kinds: dict[str, Any]) -> None:
    for key, kind in kinds.items():
        if not isinstance(meta.get(key), kind) or isinstance(meta[key], bool):
            raise UserError(f"{path}: {key} is missing or of the wrong kind")


def read_track(path: Path, size: tuple[int, int]) -> Track:
    """The track of pictures of a ``size``, checked; :class:`UserError` naming the file."""
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(item.file_size for item in packed.infolist()) > LARGEST_TRACK:
                raise UserError(f"{path} is larger than any track: unpacked it has over {LARGEST_TRACK >> 20} MiB")
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in ARRAYS if name in stored}
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, zipfile.BadZipFile, KeyError, EOFError, NotImplementedError) as error:
        raise UserError(f"{path} is damaged or no track: {' '.join(str(error).split())[:200]}") from error
    for name, (kind, dimensions) in ARRAYS.items():
        if name not in arrays or arrays[name].dtype.kind != kind or arrays[name].ndim != dimensions:
            raise UserError(f"{path} lacks {name}, or it is of another kind")
    floats = {name: array.astype(np.float64) for name, array in arrays.items() if array.dtype.kind == "f"}
    runs, jumps = arrays["runs"].astype(np.int64), arrays["jumps"].astype(np.int64)
    count = len(runs)
    shapes = dict.fromkeys(("weights", "opening"), (count,)) | {"transforms": (count, 2, 3)}
    shapes |= {"costs": (len(jumps),)}
    if not 1 <= count <= LONGEST or any(floats[name].shape != shape for name, shape in shapes.items()):
        raise UserError(f"{path}: its arrays are of different lengths, or there is nothing in them")
    if not all(np.isfinite(array).all() for array in floats.values()):
        raise UserError(f"{path} holds values that are not finite")
    middles = floats["transforms"] @ np.array([80.0, 40.0, 1.0])
    scales = np.abs(np.linalg.det(floats["transforms"][:, :, :2]))
    if (np.abs(middles) > 4 * max(size)).any() or scales.min() < 0.01 or scales.max() > 400:
        raise UserError(f"{path}: a mouth lies far outside of its picture")
    steps = np.diff(runs)
    if jumps.shape != (len(jumps), 2) or ((jumps < 0) | (jumps >= count)).any() or ((steps < 0) | (steps > 1)).any():
        raise UserError(f"{path}: its jumps lead to pictures that are not there")
    order = np.argsort(jumps[:, 0], kind="stable")
    texture = Texture(runs, jumps[order], floats["costs"][order])
    return Track(floats["transforms"], floats["weights"].clip(0, 1), floats["opening"], texture)
