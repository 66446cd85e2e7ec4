"""Tone mapping of high-dynamic-range pictures (PQ and HLG) to standard dynamic range (ITU-R BT.2390, BT.2100).

Light up to about half of diffuse white is kept; above, it is compressed instead of clipped.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

PQ, HLG = 16, 18
"""FFmpeg's numbers of the transfer characteristics."""
WHITE, PEAK = 203.0, 1000.0
"""In cd/m²: diffuse white (BT.2408), and the brightest level that is distinguished."""
BT2020_LUMA = np.array([0.2627, 0.6780, 0.0593], dtype=np.float32)
TO_BT709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], dtype=np.float32
)
"""Linear light from BT.2020's primaries to BT.709's (BT.2087)."""
_M1, _M2, _C1, _C2, _C3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
_A, _B, _C = 0.17883277, 0.28466892, 0.55991073


def tone_mapped(picture: NDArray[np.uint16], transfer: int) -> NDArray[np.uint8]:
    """``(H, W, 3)`` RGB in BT.2020's colours, 16 bits, by :data:`PQ` or :data:`HLG`: the same for BT.709, 8 bits."""
    light = _light_of(transfer)[picture]
    if transfer == HLG:
        light *= PEAK * np.maximum(light @ BT2020_LUMA, 1e-6)[..., None] ** 0.2
    brightest, gains = _roll_off()
    light *= np.interp(light.max(axis=2), brightest, gains)[..., None] / WHITE
    shown = np.clip(light @ TO_BT709.T, 0, 1)
    return np.asarray(np.rint(255 * shown ** (1 / 2.4)), dtype=np.uint8)


def pq_of(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """PQ's signal for light in cd/m²."""
    part = (np.asarray(light) / 10_000) ** _M1
    return np.asarray(((_C1 + _C2 * part) / (1 + _C3 * part)) ** _M2)


def light_of_pq(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light in cd/m² for PQ's signal in [0, 1]."""
    part = signal ** (1 / _M2)
    return np.asarray(10_000 * (np.maximum(part - _C1, 0) / (_C2 - _C3 * part)) ** (1 / _M1))


@cache
def _light_of(transfer: int) -> NDArray[np.float32]:
    """``(65536,)``: light for each signal; of HLG the scene's, up to 1."""
    signal = np.arange(65536) / 65535
    if transfer == PQ:
        return light_of_pq(signal).astype(np.float32)
    low, high = signal**2 / 3, (np.exp((signal - _C) / _A) + _B) / 12
    return np.where(signal <= 0.5, low, high).astype(np.float32)


@cache
def _roll_off() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Light, and by how much it is to be multiplied, so that the peak becomes white (BT.2390's EETF)."""
    light = np.concatenate([[1e-3], np.geomspace(1, 10_000, 512)])
    whole = pq_of(np.array(PEAK))
    signal, most = np.minimum(pq_of(light) / whole, 1), float(pq_of(np.array(WHITE)) / whole)
    knee = 1.5 * most - 0.5
    t = np.maximum(signal - knee, 0) / (1 - knee)
    bent = (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (-2 * t**3 + 3 * t**2) * most
    return light, light_of_pq(np.where(signal < knee, signal, bent) * whole) / light
