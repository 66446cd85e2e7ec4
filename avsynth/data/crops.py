"""Lip crops on disk: the only module that knows their files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.data.shards import FILES, Shards
from avsynth.errors import UserError
from avsynth.files import atomic_path
from avsynth.video.coding import decode_frames, encode_frames

PICTURES, TRACK = "h264", "track"
"""Endings of a clip's coded crops in its shard, and of the JSON that tells how its mouth was found."""
LOSSLESS = 0


@dataclass(frozen=True)
class Crops:
    """The crops of a corpus, clip by clip, in the folder of shards that the lips stage wrote."""

    folder: Path

    def __contains__(self, uid: str) -> bool:
        """Whether this clip has crops."""
        row = Shards(self.folder).row(uid)
        return row is not None and bool(row[FILES])

    def frames(self, uid: str) -> NDArray[np.uint8]:
        """``(T, H, W, 3)`` uint8, one per lip frame at the config's rate from time 0 on.

        Raises :class:`UserError` where the clip has none, or they are damaged.
        """
        return self._frames(uid, self._read(uid))

    def find(self, key: int) -> NDArray[np.uint8] | None:
        """As :meth:`frames`, by the hash of the name; None where the clip has no crops."""
        shards = Shards(self.folder)
        row = shards.find(key)
        return self._frames(*shards.members(key)) if row is not None and row[FILES] else None

    def first(self, uid: str) -> NDArray[np.uint8]:
        """The first frame alone, ``(H, W, 3)``."""
        return np.array(self.frames(uid)[0])

    def track(self, uid: str) -> dict[str, Any]:
        """The transforms that take the canonical face to ``window``, the part of the picture that was kept
        (:class:`FaceWindow`); and the mouth's box in the crop. Empty where the clip has no crops."""
        return dict(json.loads(self._read(uid)[TRACK])) if uid in self else {}

    def write(
        self, uid: str, frames_THWC: NDArray[np.uint8], track: Mapping[str, Any] | None = None, crf: int = LOSSLESS
    ) -> None:
        """Store one clip's crops in a shard of its own, in place of what was there."""
        Shards(self.folder).replace(uid, coded(frames_THWC, track or {}, crf))

    def _read(self, uid: str) -> dict[str, bytes]:
        return Shards(self.folder).read(uid)

    def _frames(self, uid: str, members: Mapping[str, bytes]) -> NDArray[np.uint8]:
        if PICTURES not in members:
            raise UserError(f"the clip {uid} has no crops in {self.folder}")
        try:
            return decode_frames(members[PICTURES])
        except UserError as error:
            raise UserError(f"{self.folder}: {uid}: {error}: delete the folder and run the lips stage again") from error


def coded(frames_THWC: NDArray[np.uint8], track: Mapping[str, Any], crf: int) -> dict[str, bytes]:
    """What a shard keeps of a clip, by ending: how the mouth was found, and its pictures as H.264."""
    return {TRACK: json.dumps(dict(track), separators=(",", ":")).encode(), PICTURES: encode_frames(frames_THWC, crf)}


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
