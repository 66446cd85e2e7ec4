"""What is counted as "ch.": channels of sound, and chapters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before
from avsynth.text.later import compiled

_SOUND = compiled(
    r"\.?\s(?:soundbars?|audio|surround|systems?|mixers?|dvr|nvr|receivers?|amps?|amplifiers?|speakers?|recorders?|home|setup"
    r"|remote|radio|transmitter|relay|oscilloscope|sound|input|output|interface)\b",
    re.IGNORECASE,
)


def _channels(match: Match, _: Context) -> Sequence[Said] | None:
    count = match["count"]
    sound = "." in count or match["gap"] == "-" or _SOUND.match(after(match))
    name = "channel" if sound else "chapter"
    one = count == "1" or (sound and (re.search(r"\b(?:[Aa]|the)\s$", before(match, 5)) or _SOUND.match(after(match))))
    return [*numbers.number(count), name if one else name + "s"]


KIND = Kind(
    name="Channels and chapters",
    readings=(
        Reading(
            r"\d",
            r"(?<![\w.,/$£€-])(?P<count>\d{1,3}(?:\.\d)?(?:\.\d)?)(?P<gap>\s?|-)ch(?:\b(?!\.)|\.(?=\s+(?:[a-z]|[A-Z]{2})|[,;:)]|\s*$))"
            r"(?!\w|\.\w)(?!\.?\s?\d)",
            _channels,
            needs="c",
            then=r"\d.\sc-",
        ),
    ),
    examples="""
        a 2.1 ch. soundbar → a two point one channel soundbar
        5.1 ch. audio → five point one channel audio
        7.1ch surround → seven point one channel surround
        a 16 ch. mixer → a sixteen channel mixer
        a 4-ch DVR → a four channel D V R
        12 of 30 ch. so far → twelve of thirty chapters so far
        I read 3 ch. last night. → i read three chapters last night
        1 ch. a day → one chapter a day
        2 ch. left → two chapters left
        ch. 3 → chapter three
    """,
)
