"""Hours with a single letter ("doors at 7p"), and times with a dot beside hours that are told in words."""

from __future__ import annotations

from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before, initials
from avsynth.text.later import compiled

_WHEN = compiled(
    r"(?:\b(?:[Dd]oors(?:\sopen)?|[Dd]inner|[Ll]unch|[Dd]rinks|[Pp]arty|[Mm]eet(?:ing)?|[Ss]ee\s(?:you|u|ya)|[Ss]tarts?|[Bb]egins?|[Oo]pens?"
    r"|[Cc]loses?|[Ss]huts|[Ss]how|[Cc]lass|[Pp]ractice|[Gg]ame|[Tt]onight|[Tt]omorrow|[Tt]oday|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\.?)"
    r"|\d/\d{1,2})\s(?:(?:at|from|by|till|until|@)\s)?$|\b(?:[Uu]ntil|[Tt]ill?)\s$"
)
_PRICED = compiled(r"\s(?:each|per|apiece|off|more|less|a\s(?:litre|liter|pint|mile|minute|unit|share|go)\b)")


def _hour(match: Match, _: Context) -> Sequence[Said] | None:
    """ "See you at 7p"."""
    if not _WHEN.search(before(match, 24)) or _PRICED.match(after(match)):
        return None
    return [*numbers.number(match["hour"]), initials(match["half"] + "m")]


_IN_WORDS = compiled(r"\b(?:half|quarter(?:\s(?:to|past))?|(?:ten|five|twenty)\s(?:to|past))\s\d{1,2}\s?(?:or\s)?$")


def _with_a_dot(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Half 7 or 7.30"."""
    if not _IN_WORDS.search(before(match, 24)):
        return None
    minute = match["minute"]
    spoken = ["oh", *numbers.number(minute[1])] if minute[0] == "0" else numbers.number(minute)
    between = ["or"] if match["slash"] else []
    return [*between, *numbers.number(match["hour"]), *(["o'clock"] if minute == "00" else spoken)]


KIND = Kind(
    name="Hours with a letter",
    readings=(
        Reading(
            "1-9",
            r"(?<![\w.,:/$£€-])(?P<hour>1[0-2]|[1-9])(?P<half>[ap])(?![\w'-]|\.\w)",
            _hour,
            needs="ap",
            then="0-2ap",
        ),
        Reading(
            r"\d/",
            r"(?<![\w.,:$£€-])(?P<slash>/\s?)?(?P<hour>1\d|2[0-3]|[1-9])\.(?P<minute>[0-5]\d)(?![\w:%]|\.\d)",
            _with_a_dot,
            needs=".",
            then=r"\s\d.",
        ),
    ),
    examples="""
        doors at 7p → doors at seven P M
        See you at 8p. → see you at eight P M
        open until 9p → open until nine P M
        Sat 10a → saturday ten A M
        class starts at 6p sharp → class starts at six P M sharp
        it costs 7p → it costs seven P
        a show at 7p each → a show at seven P each
        half 7 or 7.30 → half seven or seven thirty
        half 6 / 6.30 → half six or six thirty
        quarter past 8 or 8.15 → quarter past eight or eight fifteen
        half 7 or 7.35% → half seven or seven point three five percent
    """,
)
