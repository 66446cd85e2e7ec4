"""Faces by name: those that ship inside the voices, those that a user made, and any folder or file."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.faces.face import Face
from avsynth.faces.folder import CARD, GEOMETRY, FaceFolder, read_card

VOICES = Path(__file__).parents[1] / "voices"
SEARCH_PATH = "AVSYNTH_FACES"
"""Environment variable: folders of faces, separated as in PATH; a new face goes into the first."""

COLOURS = {"white": "#ffffff", "grey": "#808080", "black": "#000000", "green": "#00b140", "blue": "#1e5aa8"}


@dataclass(frozen=True)
class FaceInfo:
    """What ``avsynth faces`` shows of a face, read without its pictures."""

    name: str
    folder: Path
    megabytes: float
    about: str
    """Size, frame rate, person and licence; or why it cannot be used."""


def own_folder() -> Path:
    """Where a user's new faces are kept."""
    first = os.environ.get(SEARCH_PATH, "").split(os.pathsep)[0]
    if first:
        return Path(first)
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "avsynth" / "faces"


def face_folders() -> dict[str, Path]:
    """Every face's folder by its name; a user's own faces override those that ship."""
    places = [Path(item) for item in os.environ.get(SEARCH_PATH, "").split(os.pathsep) if item] or [own_folder()]
    found: dict[str, Path] = {}
    cards = [card for place in places for card in sorted(place.glob(f"*/{CARD}"))]
    for card in [*cards, *sorted(VOICES.glob(f"*/faces/*/{CARD}"))]:
        if not card.parent.name.startswith("."):
            found.setdefault(card.parent.name, card.parent)
    return found


def available_faces() -> Iterator[FaceInfo]:
    """The faces that can be asked for by name."""
    for name, folder in sorted(face_folders().items()):
        megabytes = round(sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) / 1e6, 1)
        try:
            meta = read_card(folder / CARD)
        except UserError as error:
            yield FaceInfo(name, folder, megabytes, f"unusable: {error}")
            continue
        size = f"{meta['width']}×{meta['height']}, {meta['pictures'].split('.')[0]}"
        yield FaceInfo(name, folder, megabytes, "\t".join([size, meta["person"], meta["licence"]]))


def open_face(
    given: str | Path,
    config: LipsConfig,
    *,
    still: bool = False,
    person: str | None = None,
    background: str = "white",
) -> Face:
    """A face by its name, its folder, or a picture or video that it is made of on the fly (extra ``lips``).

    Args:
        given: A face's name takes precedence over a file of that name; write ``./name`` for the file.
        config: The geometry of the crops that are to be set in.
        still: A still stays wholly still.
        person: Of a file, who talks: a number from the left, or ``x,y`` in pixels.
        background: Of a file, what stands behind what is transparent: a colour's name or ``#rrggbb``.

    Errors: :class:`UserError` where there is none, or it does not fit.
    """
    folders = face_folders()
    path = folders.get(str(given), Path(given))
    if (path / CARD).is_file():
        if person is not None:
            raise UserError(f"--person goes with a picture or a video; the face {given} is one person's")
        return _fitting(FaceFolder.load(path, still=still), config)
    if path.is_dir():
        raise UserError(f"{path} is no face: it has no {CARD}")
    if not path.exists():
        near = difflib.get_close_matches(str(given), folders, n=1, cutoff=0.0)
        hint = f"; the nearest is {near[0]!r}" if near else ""
        raise UserError(f"no face and no file named {str(given)!r}{hint} (see avsynth faces)")
    from avsynth.faces.following import Person
    from avsynth.faces.pictures import FileFace

    return FileFace(path, config, still=still, person=Person.parse(person), background=colour_of(background))


def colour_of(given: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour's name or of ``#rrggbb``; :class:`UserError` for anything else."""
    code = COLOURS.get(given.lower(), given).removeprefix("#")
    try:
        red, green, blue = bytes.fromhex(code)
    except ValueError:
        raise UserError(f"--background is {', '.join(COLOURS)} or #rrggbb, not {given!r}") from None
    return red, green, blue


def face_of_speaker(voice: str, speaker: str) -> Path | None:
    """The folder of the face that a voice's speaker shows by default."""
    for folder in face_folders().values():
        try:
            if f"{voice}/{speaker}" in read_card(folder / CARD)["speaks_for"]:
                return folder
        except UserError:
            continue
    return None


def _fitting(face: FaceFolder, config: LipsConfig) -> FaceFolder:
    """Check that a face's crops have the voice's geometry."""
    for name in GEOMETRY:
        if (own := getattr(face.geometry, name)) != (wanted := getattr(config, name)):
            raise UserError(
                f"the face {face.card.name} is cut for {name} {own:g}, the voice for {wanted:g}: make it anew"
            )
    return face
