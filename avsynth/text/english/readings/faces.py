"""Faces and hearts made of signs, which are not said: ":D", "^_^"; a heart may be a verb: "I <3 you"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, around, before
from avsynth.text.later import compiled
from avsynth.text.tokens import Pause

_WHO_LOVES = compiled(r"\b(?:i|we|you|u|they|ppl|people|still|really|just)\s$", re.IGNORECASE)
_CARD = compiled(r"(?:(?<!\w)(?:[2-9AJKQ]|10)\s?|\bof\s)$")
_COMPARED = compiled(
    r"(?:\b[A-Za-z]|\d|[)\]%]|\b(?:aged?|is|was|are|were|be|of|at|for|in|with|under|to|by|and|or|scores?|values?|levels?"
    r"|children|patients|size|stays?|counts?|ratings?|rated|ratio|have|has|had|than|if|when|a|an|the|only))\s$"
)
_END = r"(?=[\s.,!?)]|$)"
_MOUTH = rf">?[:;=]'?[-^o]?(?:[DPpOSb3]|[()\[\]|/\\*]{{1,3}}){_END}"
_EYES = r"\(?(?P<eye>[\^>T;*=xXuUoO@<-])(?:_{1,3}|[.o-]?(?=\^))(?:(?P=eye)|(?<=[oO>]_)[oO<])\)?(?![\w])"
FACES = compiled(rf"(?:(?<![\s\S])|(?<=\s))(?:{_MOUTH}|[xX]D{_END}|<3{_END})|(?<![\w.]){_EYES}")
"""Faces and hearts; what is left of a text without them may be said."""


def _face(match: Match, _: Context) -> Sequence[Said] | None:
    return [Pause()]


def _laugh(match: Match, _: Context) -> Sequence[Said] | None:
    return None if before(match, 6) == "Adobe " else [Pause()]


def _heart_sign(match: Match, _: Context) -> Sequence[Said] | None:
    """A heart that is a verb ("I ♥ NY") or a suit of cards ("the Q♥")."""
    if _CARD.search(before(match, 8)):
        return None
    loves = _WHO_LOVES.search(before(match, 12)) and re.match(r"\s?[a-zA-Z]", after(match, 2))
    return ["love" if loves else Pause()]


def _heart(match: Match, _: Context) -> Sequence[Said] | None:
    named = re.search(r"\b[A-Z][a-z]+\s$", before(match, 12)) and re.match(
        r"\s(?!are\b|is\b|and\b|or\b|at\b|years)[a-z]{3}", after(match)
    )
    if (named or _WHO_LOVES.search(before(match, 12))) and re.match(r"\s[a-zA-Z]", after(match, 2)):
        return ["love"]
    if _COMPARED.search(before(match, 12)) or re.search(r"\d", around(match).replace("<3", "")):
        return None
    return [Pause()] if re.match(r"\s*$|[.!?,]|<3", after(match)) else None


KIND = Kind(
    name="Faces and hearts made of signs",
    readings=(
        Reading(
            ":;=>",
            rf"(?:(?<![\s\S])|(?<=\s)){_MOUTH}",
            _face,
            then=r":;=DPpOSb3()\[\]|/\\*'^o-",
        ),
        Reading("xX", rf"(?:(?<![\s\S])|(?<=\s))[xX]D{_END}", _laugh, then="D"),
        Reading(
            r"\^>T;*=xXuUoO@<(\-",
            rf"(?<![\w.]){_EYES}",
            _face,
            needs="_^",
            then=r"\^>T;*=xXuUoO@<_.-",
        ),
        Reading("\\\\", r"\\_\(\s{0,3}\)_/", _face, needs="_", then="_"),
        Reading("(", r"\(\s{0,2}°[\s°]{1,4}\)", _face, needs="°", then=r"\s°"),
        Reading("♥", "♥", _heart_sign),
        Reading("<", r"(?:(?<![\s\S])|(?<=\s)|(?<=<3))<3(?![\w.,]\d|\w)", _heart, then="3"),
    ),
    examples="""
        lol :D → lol
        nice :P thanks → nice, thanks
        see you ^_^ → see you
        sorry >_< → sorry
        ok T_T → ok
        what a day >:( → what a day
        o_O really → really
        lol xD → lol
        Adobe XD → adobe X D
        I <3 you → i love you
        night night <3 → night night
        I ♥ NY → i love N Y
        the Q♥ and the 2♠ → the q hearts and the two spades
        if x <3 → if X is less than three
        option D: the rest → option d, the rest
    """,
)
