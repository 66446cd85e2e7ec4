"""Values of SSML's attributes: lengths of breaks, rates, pitches, volumes. A UserError begins with the place in the
text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import log2, log10

from avsynth.errors import UserError
from avsynth.text.english.markup import check_pause
from avsynth.text.tokens import Pause, Prosody

STRENGTHS = {"none": 0.0, "x-weak": 0.1, "weak": 0.2, "medium": 0.4, "strong": 0.7, "x-strong": 1.0}
"""Seconds of ``<break strength=…/>``."""
RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.25, "x-fast": 1.5}
"""Rates of ``<prosody rate=…>``, relative to the text around it; pitch and volume likewise."""
PITCHES = {"x-low": -6.0, "low": -3.0, "medium": 0.0, "default": 0.0, "high": 3.0, "x-high": 6.0}
"""Semitones."""
SILENT_DB = -120.0
VOLUMES = {
    **{"silent": SILENT_DB, "x-soft": -12.0, "soft": -6.0, "medium": 0.0, "default": 0.0, "loud": 3.0, "x-loud": 6.0}
}
"""Decibels."""
EMPHASES = {
    "strong": Prosody(0.85, 2.0, 3.0),
    "moderate": Prosody(0.92, 1.0, 1.5),
    "reduced": Prosody(1.1, -1.0, -3.0),
    "none": Prosody(),
}
"""The prosody of ``<emphasis level=…>``."""

_NUMBER = r"(?P<number>[+-]?(?:\d{1,6}(?:\.\d{1,6})?|\.\d{1,6}))"


def pause_of(attributes: Mapping[str, str], where: str) -> Pause:
    """A ``break``."""
    strength = known(attributes.get("strength", "medium"), "strength", STRENGTHS, where)
    time = attributes.get("time")
    if time is None:
        return Pause(strength)
    length = re.fullmatch(r"\s*\+?(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})(ms|s)\s*", time, re.ASCII)
    if length is None:
        raise UserError(f"{where}: time={time!r} is no length; write it as 300ms or 0.5s")
    return check_pause(float(length[1]) / (1000 if length[2] == "ms" else 1), f"{where}: time={time!r}")


def prosody_of(attributes: Mapping[str, str], where: str) -> Prosody:
    """A ``prosody``."""
    return Prosody(
        _rate(attributes.get("rate", "default").strip(), where),
        _pitch(attributes.get("pitch", "default").strip(), where),
        _volume(attributes.get("volume", "default").strip(), where),
    )


def _rate(written: str, where: str) -> float:
    if written in RATES:
        return RATES[written]
    match = re.fullmatch(_NUMBER + "(?P<percent>%?)", written, re.ASCII)
    if match is None or (not match["percent"] and match["number"][0] in "+-"):
        raise UserError(f"{where}: rate={written!r} is not known; known are 80%, +20%, -20%, 1.2, {', '.join(RATES)}")
    value = float(match["number"])
    if not match["percent"]:
        return value
    return value / 100 + (match["number"][0] in "+-")


def _pitch(written: str, where: str) -> float:
    if written in PITCHES:
        return PITCHES[written]
    match = re.fullmatch(_NUMBER + "(?P<unit>st|%)", written, re.ASCII)
    factor = 1 + float(match["number"]) / 100 if match else 0
    if match is None or match["number"][0] not in "+-" or (match["unit"] == "%" and factor <= 0):
        raise UserError(f"{where}: pitch={written!r} is not known; known are +2st, -10%, {', '.join(PITCHES)}")
    return float(match["number"]) if match["unit"] == "st" else 12 * log2(factor)


def _volume(written: str, where: str) -> float:
    if written in VOLUMES:
        return VOLUMES[written]
    match = re.fullmatch(_NUMBER + "(?P<unit>dB|)", written, re.ASCII)
    signed = match is not None and match["number"][0] in "+-"
    value = float(match["number"]) if match else 0.0
    if match is None or signed != (match["unit"] == "dB") or (not signed and value > 100):
        raise UserError(f"{where}: volume={written!r} is not known; known are +6dB, 0 to 100, {', '.join(VOLUMES)}")
    if signed:
        return max(value, SILENT_DB)
    return max(20 * log10(value / 100), SILENT_DB) if value else SILENT_DB


def known(written: str, name: str, table: Mapping[str, float], where: str) -> float:
    """The value that an attribute's word has."""
    if written not in table:
        raise UserError(f"{where}: {name}={written!r} is not known; known are {', '.join(table)}")
    return table[written]
