"""Make a face folder from a picture or a video: find and track the face, and keep its best pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.faces.choosing import Chosen, Footage, choose, opening_of, small_view
from avsynth.faces.face import Face, FaceCard
from avsynth.faces.folder import Track, write_face
from avsynth.faces.library import own_folder
from avsynth.faces.pictures import FileFace
from avsynth.faces.texture import Texture

LONGEST_LOOK_S = 300.0
"""Seconds of a video that are looked at; the rest is ignored."""
CONSENT = "the maker of this face declared to have the right to use the person's likeness"


@dataclass(frozen=True)
class Made:
    """The face that was made of a file."""

    folder: Path
    told: str
    people: int


def make_face(
    path: Path,
    name: str,
    config: LipsConfig,
    *,
    consent: bool,
    licence: str = "",
    person: str | None = None,
    openings: Callable[[Face], Mapping[str, float]] = lambda face: {},
) -> Made:
    """Make a face of a picture or a video, in the user's own folder of faces.

    ``openings`` measures what :class:`~avsynth.faces.face.Face` has by that name.

    Errors: :class:`UserError` without consent, for a name that is taken or cannot be a folder's, or where the file
    shows no face that can be used.
    """
    if not consent:
        raise UserError("a face is somebody's likeness: say --i-have-consent if you have the right to use it")
    if not name or name != Path(name).name or name.startswith("."):
        raise UserError(f"{name!r} cannot be the name of a face: use letters and digits")
    folder = own_folder() / name
    if folder.exists():
        raise UserError(f"there is a face named {name!r} in {folder.parent}: give another name, or remove that folder")
    from avsynth.faces.following import Person

    source = FileFace(path, config, person=Person.parse(person))
    card = FaceCard(name, person=name, licence=licence or "not told", consent=CONSENT, source=path.name)
    write = partial(write_face, folder, size=source.size, identity=source.identity, geometry=config)
    write = partial(write, openings=openings(source), teeth=source.teeth)
    if not source.moves:
        alone = Texture(np.zeros(1, np.int64), np.zeros((0, 2), np.int64), np.zeros(0))
        track = Track(source.place[None], np.ones(1), np.zeros(1), alone)
        card = replace(card, made="a still")
        stills = [source.shown]
        write(card, lambda: stills, fps=None, track=track)
        return Made(folder, card.made, source.people)
    footage = look_through(source, config)
    try:
        chosen = choose(footage, float(source.fps))
    except UserError as error:
        raise UserError(f"{path}: {error}") from error
    shown = chosen_pictures(source, chosen)
    card = replace(card, made=chosen.told)
    write(card, lambda: shown, fps=source.fps, track=chosen.track)
    return Made(folder, chosen.told, source.people)


def look_through(source: FileFace, config: LipsConfig) -> Footage:
    """Collect what choosing needs of a whole video, in a few kilobytes a picture."""
    transforms, weights, jaw, lips, shots, views = [], [], [], [], [], []
    for picture, places, at, shot in source.followed():
        transforms.append(places.transforms[at])
        weights.append(places.weights[at])
        jaw.append(places.jaw[at])
        lips.append(places.lips[at])
        shots.append(shot)
        views.append(small_view(picture, places.transforms[at], config))
        if len(weights) >= LONGEST_LOOK_S * source.fps:
            break
    opened = opening_of(np.array(jaw), np.array(lips))
    return Footage(np.stack(transforms), np.array(weights), opened, np.array(shots), np.stack(views))


def chosen_pictures(source: FileFace, chosen: Chosen) -> list[NDArray[np.uint8]]:
    """The pictures of the face in their order."""
    wanted = set(chosen.pictures.tolist())
    last = max(wanted)
    made = []
    for number, picture in enumerate(source.pictures()):
        if number in wanted:
            made.append(picture)
        if number >= last:
            break
    return made
