"""Features for training, stored in shards: a clip's mel, pitch and energy per phone, and its timeline."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avsynth.data.shards import Shards, hash64
from avsynth.errors import UserError
from avsynth.timeline import Timeline

MEL_STEPS = 512
"""The mel is stored as 16-bit integers in steps of 1 / 512 of the natural logarithm (.017 dB), their low bytes apart
from their high ones, which takes two fifths of the bytes of float32."""
ARRAYS, TIMELINE = "npz", "timeline"


@dataclass(frozen=True)
class Features:
    """Training targets of the mel branch."""

    mel_FM: NDArray[np.float32]
    """Natural-log mel."""
    pitch_P: NDArray[np.float32]
    """Mean natural-log F0 of each phone, unvoiced stretches filled in."""
    energy_P: NDArray[np.float32]
    """Mean log energy of each phone."""
    hops_P: NDArray[np.int64]
    """The durations over which the phone values were taken."""

    def files(self, timeline: Timeline) -> dict[str, bytes]:
        """What a shard keeps of a clip, by ending."""
        buffer = io.BytesIO()
        mel = np.clip(np.rint(self.mel_FM * MEL_STEPS), -32768, 32767).astype("<i2", order="C")
        mel_2FM = np.moveaxis(mel.view(np.uint8).reshape(*mel.shape, 2), 2, 0)
        np.savez_compressed(buffer, mel=mel_2FM, pitch=self.pitch_P, energy=self.energy_P, hops=self.hops_P)
        return {ARRAYS: buffer.getvalue(), TIMELINE: json.dumps(timeline.to_dict(), separators=(",", ":")).encode()}


class FeatureStore:
    """The features of a corpus in the folder of shards that the stats stage wrote."""

    def __init__(self, folder: Path) -> None:
        self.shards = Shards(folder)

    def read(self, uid: str) -> tuple[Features, Timeline]:
        """A clip's features and the timeline over which they were taken; :class:`UserError` where there are none."""
        return self.find(hash64(uid))

    def find(self, key: int) -> tuple[Features, Timeline]:
        """As :meth:`read`, by the hash of the name."""
        uid, members = self.shards.members(key)
        try:
            with np.load(io.BytesIO(members[ARRAYS]), allow_pickle=False) as stored:
                steps = np.ascontiguousarray(np.moveaxis(stored["mel"], 0, 2)).view("<i2")[..., 0]
                mel = (steps / np.float32(MEL_STEPS)).astype(np.float32)
                features = Features(mel, stored["pitch"], stored["energy"], stored["hops"])
            return features, Timeline.from_dict(json.loads(members[TIMELINE]), f"{uid}'s timeline")
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise UserError(
                f"the features of {uid} in {self.shards.folder} are damaged; delete it and run the stats stage again"
            ) from error

    def write(self, uid: str, features: Features, timeline: Timeline) -> None:
        """Store one clip in a shard of its own, in place of what was there."""
        self.shards.replace(uid, features.files(timeline))
