"""Lip crops on disk: where they lie, how they are read and written. Nobody else knows their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError
from avsynth.files import atomic_path, read_json, write_json


@dataclass(frozen=True)
class Crops:
    """The crops of a corpus, clip by clip, in the folder that the lips stage wrote."""

    folder: Path

    def __contains__(self, uid: str) -> bool:
        """Whether this clip has crops."""
        return self._frames(uid).is_file()

    def frames(self, uid: str) -> NDArray[np.uint8]:
        """``(T, H, W, 3)`` uint8, one per lip frame at the config's rate from time 0 on.

        Raises :class:`UserError` where the clip has none, or they are damaged.
        """
        return read_frames(self._frames(uid))

    def first(self, uid: str) -> NDArray[np.uint8]:
        """The first frame alone, ``(H, W, 3)``."""
        return np.array(self.frames(uid)[0])

    def track(self, uid: str) -> dict[str, Any]:
        """The transforms that take the canonical face to ``window``, the part of the picture that was kept
        (:class:`FaceWindow`); and the mouth's box in the crop. Empty where none is stored."""
        path = self._track(uid)
        return dict(read_json(path)) if path.is_file() else {}

    def check(self, uid: str) -> None:
        """A clip's frames are as many as its track says, or :class:`UserError`."""
        if len(self.frames(uid)) != self.track(uid).get("frames"):
            raise UserError(f"{self._frames(uid)} is damaged; delete it and run the lips stage again")

    def write(self, uid: str, frames_THWC: NDArray[np.uint8], track: Mapping[str, Any] | None = None) -> None:
        """Store a clip's crops and, if given, its track."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_frames(self._frames(uid), frames_THWC)
        if track is not None:
            write_json(self._track(uid), dict(track))

    def _frames(self, uid: str) -> Path:
        return self.folder / f"{uid}.npy"

    def _track(self, uid: str) -> Path:
        return self.folder / f"{uid}.json"


def write_frames(path: Path, frames_THWC: NDArray[np.uint8]) -> None:
    """Pictures of a mouth ``(T, H, W, 3)`` as one array file: what a voice drew."""
    with atomic_path(path) as temporary:
        np.save(temporary, frames_THWC)


def read_frames(path: Path) -> NDArray[np.uint8]:
    """What :func:`write_frames` wrote, mapped into memory; anything else is a :class:`UserError`."""
    try:
        frames: NDArray[np.uint8] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise UserError(f"cannot read crops {path}: {error}") from error
    if frames.dtype != np.uint8 or frames.ndim != 4 or frames.shape[-1] != 3:
        raise UserError(f"{path} holds no crops (T, H, W, 3) of uint8, but {frames.dtype} {frames.shape}")
    return frames
