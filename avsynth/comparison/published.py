"""What the paper prints (Liu et al., "Parallel and High-Fidelity Text-to-Lip Generation", AAAI 2022), table by table.

Compare a figure of this project with these only in the light of :data:`DIFFERENCES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PARALIP, T2L, DUALLIP = "ParaLip", "TransformerT2L", "DualLip"


@dataclass(frozen=True)
class PublishedQuality:
    """A row of Tables 1, 2 or 4. PSNR in dB, the landmark distance (LMD) in px."""

    psnr: float
    ssim: float
    lmd: float
    fid: float | None = None


QUALITY: Mapping[str, Mapping[str, PublishedQuality]] = {
    "grid": {
        DUALLIP: PublishedQuality(29.13, 0.872, 1.809),
        T2L: PublishedQuality(26.85, 0.829, 1.980),
        PARALIP: PublishedQuality(28.74, 0.875, 1.675),
    },
    "tcd_timit": {
        DUALLIP: PublishedQuality(27.38, 0.809, 2.351),
        T2L: PublishedQuality(26.89, 0.794, 2.763),
        PARALIP: PublishedQuality(27.64, 0.816, 2.084),
    },
}
"""Tables 1 and 2."""

ABLATION: Mapping[str, PublishedQuality] = {
    "base": PublishedQuality(30.24, 0.896, 0.998, 56.36),
    "+SSIM": PublishedQuality(30.51, 0.906, 0.978, 55.05),
    "+ADV": PublishedQuality(25.70, 0.736, 2.460, 65.88),
    "+SSIM+ADV": PublishedQuality(28.36, 0.873, 1.077, 39.74),
}
"""Table 4, on GRID."""

WITHOUT_AUDIO: Mapping[str, Mapping[str, PublishedQuality]] = {
    "grid": {},
    "tcd_timit": {PARALIP: PublishedQuality(27.09, 0.816, 2.313)},
}
"""Section 6: durations from a lip reader. Of GRID the paper says that it is similar, and prints nothing."""

LATENCY_S: Mapping[str, Mapping[str, float]] = {
    "grid": {DUALLIP: 0.299, T2L: 0.689, PARALIP: 0.022},
    "tcd_timit": {DUALLIP: 0.650, T2L: 1.278, PARALIP: 0.034},
}
"""Table 3, of one clip on a GPU."""

PARAMETERS_M: Mapping[str, float] = {DUALLIP: 41.483, T2L: 37.780, PARALIP: 35.224}
DISCRIMINATOR_M = 14.114
"""Table 5."""

DIFFERENCES = (
    "clips: the paper tests 255 clips of each of 33 speakers (GRID) or 30 % of each of 59 (TCD-TIMIT); here those that"
    " the table names",
    "tokens: the paper spells GRID in characters and TCD-TIMIT in phones; here what the table names",
    "durations: Table 1 and 2 most likely with predicted ones, Table 4 with true ones (the same model differs by 1.8 dB"
    " between the two); here each is said",
    "crops and measures: the paper gives neither the size of its face nor the definitions of its measures; the"
    " controls tell where ours lie: compare a row with mean and frozen, not with the printed figure",
    "training: the paper's batches, steps and loss weights are not published but for a batch of 4",
)
