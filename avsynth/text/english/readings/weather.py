"""The weather: what a forecast calls high and low with one letter."""

from __future__ import annotations

from collections.abc import Sequence

from avsynth.text.english.reading import Context, Kind, Match, Reading, Said

_EXTREMES = {"H": "high", "L": "low"}


def _extreme(match: Match, _: Context) -> Sequence[Said] | None:
    return [_EXTREMES[match[0]]]


KIND = Kind(
    name="Highs and lows of the weather",
    readings=(Reading("HL", r"(?<![\w.'-])[HL](?=:?\s?-?\d{1,3}\s?°)", _extreme, needs="°", then=r":\s\d-"),),
    examples="""
        H 24° L 15° → high twenty four degrees low fifteen degrees
        H: 24° L: 15° → high, twenty four degrees low, fifteen degrees
        H 75°F, L 60°F → high seventy five degrees fahrenheit, low sixty degrees fahrenheit
        H 3° L -2° → high three degrees low minus two degrees
        Tonight L 8°C → tonight low eight degrees celsius
        Sat: H 18° → saturday, high eighteen degrees
        H:30° → high, thirty degrees
        H 10 mm → h ten millimeters
        L 5 cm → l five centimeters
        L° → l degrees
    """,
)
