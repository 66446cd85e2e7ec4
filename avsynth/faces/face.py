"""What a face is: an endless sequence of pictures, the mouth's place in each, and whose face it is."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.video.geometry import FloatArray
from avsynth.video.planes import Planes

NOTICE = "The person in the picture did not say these words."
"""Stands in each ``face.yaml`` and in the metadata of each video with a face."""


Teeth = tuple[float, float, float]
"""Mean red, green and blue of somebody's teeth, 0 to 255."""


@dataclass(frozen=True)
class PlacedFace:
    """A picture and the place of its mouth."""

    picture: Planes
    """Never changed: others may hold it too."""
    transform: FloatArray
    """``(2, 3)``: pixels of the crop to pixels of the picture."""
    weight: float
    """1 where the face was found, 0 where it is lost."""
    index: int = 0
    """A number for each recorded picture, which selects its noise; 0 for a still, whose noise does not change."""
    cover: NDArray[np.float32] | None = None
    """``(rows, columns)`` of the crop's cells, in [0, 1]: where something lies before the face."""


@dataclass(frozen=True)
class FaceCard:
    """The person whose face it is, licence and consent."""

    name: str
    person: str = ""
    licence: str = ""
    consent: str = ""
    """What the maker of the face declared about the right to use the person's likeness."""
    source: str = ""
    """Which pictures it was made of."""
    citation: str = ""
    made: str = ""
    """How it was made, in words: what was kept of the source, and why the rest was not."""
    speaks_for: tuple[str, ...] = ()
    """The speakers, as ``voice/speaker``, that show this face by default."""

    @property
    def metadata(self) -> dict[str, str]:
        """What a video with this face says of it."""
        said = {"face": self.name, "face_person": self.person, "face_licence": self.licence}
        said |= {"face_consent": self.consent, "face_citation": self.citation, "face_notice": NOTICE}
        return {key: value for key, value in said.items() if value}


@dataclass(frozen=True)
class Sighting:
    """A picture in which a face was found."""

    picture: NDArray[np.uint8]
    """``(H, W, 3)``."""
    transform: FloatArray
    """``(2, 3)``: pixels of the crop to pixels of the picture."""


class Player(Protocol):
    """The pictures of a face one after the other, without end."""

    def __getitem__(self, index: int) -> PlacedFace:
        """Picture ``index`` from 0 on, on the face's clock; to be asked for in order."""
        ...


class Face(Protocol):
    """A face that mouths can be set into."""

    @property
    def card(self) -> FaceCard: ...

    @property
    def fps(self) -> Fraction:
        """Pictures a second."""
        ...

    @property
    def moves(self) -> bool:
        """Whether it is made of a video, whose frame rate is then a video's with this face by default."""
        ...

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the pictures, both even."""
        ...

    @property
    def geometry(self) -> LipsConfig:
        """The geometry of its crops."""
        ...

    @property
    def identity(self) -> NDArray[np.uint8]:
        """``(80, 160, 3)``: the face's own mouth at rest."""
        ...

    @property
    def teeth(self) -> Teeth | None:
        """The colour of its teeth, where the pictures of which it was made showed them."""
        ...

    @property
    def found(self) -> Sighting | None:
        """Where it was found; None for a face that was made before, which needs no detector."""
        ...

    @property
    def openings(self) -> dict[str, float]:
        """By voice and its weights (``Voice.weights_name``): the factor on the mouth's motion with which its lips part
        as far as those of the voice's own talkers do, where that was measured."""
        ...

    def sighting(self) -> Sighting:
        """A picture of it, as closed of mouth as it has."""
        ...

    def play(self) -> Player:
        """Its pictures from the first on, the same each time."""
        ...
