"""A clip's mel, and pitch and energy per phone, as one array file."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError
from avsynth.files import atomic_path


@dataclass(frozen=True)
class Features:
    """What the mel branch learns from."""

    mel_FM: NDArray[np.float32]
    """Natural-log mel."""
    pitch_P: NDArray[np.float32]
    """Mean natural-log F0 of each phone, unvoiced stretches filled in."""
    energy_P: NDArray[np.float32]
    """Mean log energy of each phone."""
    hops_P: NDArray[np.int64]
    """The durations over which the phone values were taken."""

    def fits(self, hops: NDArray[np.int64]) -> bool:
        """Whether these were measured with the given durations."""
        return np.array_equal(self.hops_P, hops) and int(hops.sum()) == len(self.mel_FM)

    def save(self, path: Path) -> None:
        """Write one ``.npz``."""
        with atomic_path(path) as temporary:
            np.savez(temporary, mel=self.mel_FM, pitch=self.pitch_P, energy=self.energy_P, hops=self.hops_P)

    @classmethod
    def load(cls, path: Path) -> Features:
        """Read one ``.npz``; a missing or damaged file is a :class:`UserError`."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                return cls(stored["mel"], stored["pitch"], stored["energy"], stored["hops"])
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise UserError(f"cannot read features {path}; run the stats stage again: {error}") from error


def feature_file(folder: Path, uid: str) -> Path:
    """Where a clip's features lie."""
    return folder / f"{uid}.npz"
