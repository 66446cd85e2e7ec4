"""A dash between two days, months, decades or times, the last of which may be the present, and after a fraction."""

from __future__ import annotations

from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.abbreviations import CALENDAR, DAYS, MONTHS
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, any_of, around, before, initials
from avsynth.text.later import compiled

_MONTH = any_of(*(name.capitalize() for name in (*MONTHS, *CALENDAR)))
_DAY = any_of(*(name.capitalize() for name in (*DAYS, *DAYS.values())))
_FROM = compiled(
    rf"(?:\d/\d{{1,2}}|\b(?:{_MONTH})\.?\s\d{{1,2}}|\b(?:BCE?|CE|AD)|\b(?:{_MONTH})\.?|\b(?:1\d|20)\d\d|\d0'?s|\d\s?[ap]\.?m\.?|\d(?:st|nd|rd|th))\s{{0,2}}$"
)
_UNTIL = compiled(
    r"(?:present|now|today|date|late|close|noon|midnight)(?=\s*$|[,.;:!?)\]])"
    rf"|c(?:a|irca)?\.\s?(?:\d|AD\b)|AD\s\d|\d{{1,2}}(?::\d\d)?\s?[ap]\.?m\b|(?:early|mid|late)[\s-]'?\d|(?:{_DAY})\.?,?\s(?:\d|{_MONTH})|(?:{_MONTH})\.?\s\d"
)


_SIMPLE = r"[1-9]\d?(?:\u2044|/(?=[2348]\b|16\b))\d{1,2}"
_MIXED = rf"\d{{1,3}}\s{{1,2}}{_SIMPLE}"
_LASTING = compiled(r"\d{1,3}\s?(?:hours?|hrs?|days?|weeks?|wks?|months?|years?|yrs?|minutes?|mins?)\b")
_THREADED = compiled(r"\d{2}\s(?:screws?|bolts?|threads?|tap|UNC|UNF|nuts?|machine|studs?|rod)\b")
_DASH = r"\s{0,2}-\s{0,2}"


def _from_fraction(match: Match, _: Context) -> Sequence[Said] | None:
    """The first of two amounts of which one has a fraction: "1-1½ hrs"; the second is read by itself."""
    words = [*numbers.number(match["whole"])] if match["whole"] else []
    if match["above"]:
        half = words and match["above"] + match["below"] == "12" and _LASTING.match(after(match))
        part = ["a", "half"] if half else numbers.fraction(int(match["above"]), int(match["below"]))
        words += [*(["and"] if words else []), *part]
    return words if match["above"] and _THREADED.match(after(match)) else [*words, "to"]


def _letters(match: Match, _: Context) -> Sequence[Said] | None:
    """Parts of a figure: "4b-d"."""
    if match["low"] >= match["high"]:
        return None
    return [*numbers.number(match["number"]), initials(match["low"]), "to", initials(match["high"])]


def _small_letters(match: Match, _: Context) -> Sequence[Said] | None:
    """From the first on: "a-z"."""
    return ["a.", "to", initials(match["high"])] if "=" not in around(match) else None


def _to(match: Match, _: Context) -> Sequence[Said] | None:
    return ["to"] if _UNTIL.match(after(match)) and _FROM.search(before(match, 24)) else None


KIND = Kind(
    name="Spans to a day, a time or the present",
    readings=(
        Reading(
            "a", r"(?<![\w'(|+*/-])(?P<low>a)-(?P<high>[c-z])(?![\w'()|+*/-])", _small_letters, needs="-", then="-"
        ),
        Reading(
            r"\d",
            rf"(?<![\w.,/$£€-])(?:(?P<whole>\d{{1,3}})(?:(?={_DASH}{_MIXED})|\s{{1,2}}(?={_SIMPLE}{_DASH}\d)))?"
            rf"(?P<fraction>(?P<above>\d{{1,2}})[/\u2044](?P<below>[2-9]|1[0-6])(?={_DASH}\d))?(?<=\d){_DASH}(?=\d)",
            _from_fraction,
            needs="/⁄",
            then=r"\d\s/\u2044-",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/$£€-])(?P<number>\d{1,3})(?P<low>[a-h])-(?P<high>[b-z])(?![\w'-])",
            _letters,
            needs="-",
            then=r"\da-h",
        ),
        Reading(r"\-", r"-\s?(?=\d{1,4}\s?(?:AD|CE|A\.D\.|BC))", lambda match, _: ["to"], needs="A", figures=True),
        Reading(r"\-", r"-{1,2}\s{0,2}(?=[A-Za-z\d])", _to, figures=True, then=r"\s\dA-Za-z-"),
    ),
    examples="""
        2015–present → twenty fifteen to present
        Jan 2019–present → january twenty nineteen to present
        June 2010 – today → june twenty ten to today
        CEO (1998–now) → C E O, nineteen ninety eight to now
        8 a.m. – 5 p.m. → eight A M to five P M
        Jul 4 – Aug 2 → july fourth to august second
        9am–late → nine A M to late
        the late 1960s–early 70s → the late nineteen sixties to early seventies
        1970s–mid-80s → nineteen seventies to mid eighties
        Fri 5pm–Sun 9pm → friday five P M to sunday nine P M
        Mon 3 Jan–Fri 7 Jan → monday the third of january to friday the seventh of january
        It opened in 2015 - now it is shut. → it opened in twenty fifteen, now it is shut
        500 BC–c. AD 200 → five hundred B C to circa A D two hundred
        44 BC–14 AD → forty four B C to fourteen A D
        1-1½ hrs → one to one and a half hours
        2½–3 lbs → two and one half to three pounds
        1/2-3/4 cup → one half to three quarters cup
        Fig. 4b–d → figure four B to D
        a 2015-style car → a twenty fifteen style car
    """,
)
