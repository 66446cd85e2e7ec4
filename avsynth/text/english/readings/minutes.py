"""Minutes and seconds with the marks of feet and inches, where sport, training or cooking tells so: "bake 25'"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, around, before
from avsynth.text.later import compiled

_MATCH = compiled(
    r"\d\s?-\s?\d|[A-Z][a-z]+\s\d\s\(|\b(?:goals?|scor(?:e|ed|ing|er)|pen|penalty|own\sgoal|booked|yellow|red\scard|sent\soff|sub|substitut\w+"
    r"|half|kick-?off|FT|HT|equali[sz]\w+|header|winner|striker?|GOAL|VAR)\b"
)
_COOKING = compiled(
    r"\b(?:bake|cook|simmer|boil|oven|rise|knead|grill|fry|roast|chill|steep|saut[ée]|stir|dough|braise|sear|steam|prove"
    r"|warm-?up|cool-?down|plank|intervals?|threshold|jog|reps?|sets?|tempo|z[1-5]|easy|hard|rest|recovery)\b",
    re.IGNORECASE,
)
_LENGTHS = compiled(r"\s(?:tall|wide|long|deep|high|thick|ladder|pole|board|ceiling|fence|wall|boat|by|x)\b")
_SCORER = compiled(r"(?:[A-Z][\w.'-]+\s\(?|\d'(?:,|\sand)\s|\((?:pen|og)?\s?|\bpen\s|^)$")


def _is_of_match(match: Match) -> bool:
    return bool(match["added"]) or bool(_SCORER.search(before(match)) and _MATCH.search(around(match)))


def _minute(match: Match, _: Context) -> Sequence[Said] | None:
    """When a goal fell: "Kane 45+2'"; with an article "the 89' winner"."""
    figures, added = match["minute"], match["added"]
    if re.search(r"\bthe\s$", before(match, 4)) and _MATCH.search(around(match)) and not _LENGTHS.match(after(match)):
        return [*numbers.ordinal(int(figures)), "minute"]
    cooked = _COOKING.search(around(match)) and not _LENGTHS.match(after(match))
    if not _is_of_match(match) and not cooked:
        return None
    more = ["plus", *numbers.number(added)] if added else []
    return [*numbers.number(figures), *more, "minute" if figures == "1" and not more else "minutes"]


def _repeated(match: Match, _: Context) -> Sequence[Said] | None:
    """Intervals: "5 x 3'"."""
    if not _COOKING.search(around(match)) or _LENGTHS.match(after(match)):
        return None
    return [*numbers.number(match["count"]), "by", *numbers.number(match["each"]), "minutes"]


def _seconds(match: Match, _: Context) -> Sequence[Said] | None:
    """ "30" plank"."""
    if not _COOKING.search(around(match)) or match.string.count('"') % 2 == 0 or _LENGTHS.match(after(match)):
        return None
    return [*numbers.number(match["count"]), "seconds"]


KIND = Kind(
    name="Minutes with a mark",
    readings=(
        Reading(
            "1-9",
            r"(?<![\w'.,])(?P<minute>[1-9]\d{0,2})(?:\+(?P<added>\d{1,2}))?'(?![\w']|\s?\d{1,2}(?:\"|''))",
            _minute,
            needs="'",
            then=r"\d+'",
        ),
        Reading(
            "1-9",
            r"(?<![\w'.,])(?P<count>[1-9]\d?)\s?[x×]\s?(?P<each>[1-9]\d?)'(?![\w'])",
            _repeated,
            needs="x×",
            then=r"\d\sx×",
        ),
        Reading("1-6", r"(?<![\w'.,])(?P<count>[1-6]\d)\"(?!\w)", _seconds, needs='"', then=r"\d"),
    ),
    examples="""
        Rashford 12', 67' in a 2–1 win → rashford twelve minutes, sixty seven minutes in a two to one win
        Kane 45+2' → kane forty five plus two minutes
        90+4' GOAL! → ninety plus four minutes goal
        bake for 25' → bake for twenty five minutes
        simmer 10', stirring → simmer ten minutes, stirring
        Ronaldo (1') scored → ronaldo, one minute, scored
        the 89' winner → the eighty ninth minute winner
        10' warm-up, 5' easy → ten minutes warm-up, five minutes easy
        plank 30" → plank thirty seconds
        a 10' ladder → a ten foot ladder
        9' high → nine feet high
    """,
)
