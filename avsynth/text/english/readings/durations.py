"""Durations: hours, minutes and seconds written together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import adjectival
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before
from avsynth.text.later import compiled

_NAMES = {"d": "day", "h": "hour", "m": "minute", "s": "second"}
_PART = r"\d{1,4}\s?(?:d|days?|h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?)\.?"


_PART_OF_SECONDS = r"\d{1,2}\.\d{1,3}\s?(?:s|secs?|seconds?)"


def _duration(match: Match, _: Context) -> Sequence[Said] | None:
    parts = re.findall(r"0{0,3}(\d+(?:\.\d+)?)\s?([a-z]+)", match[0])
    if "dhms".find(parts[0][1][0]) >= "dhms".find(parts[1][1][0]):
        return None
    words: list[str] = []
    described = adjectival(match)
    for count, unit in parts:
        name = _NAMES[unit[0]]
        words += [*numbers.number(count), name if count == "1" or described else name + "s"]
    return words


def _hours(match: Match, _: Context) -> Sequence[Said] | None:
    hours, minutes = match["hours"], match["minutes"]
    if 12 < int(hours) < 25:
        return numbers.clock(int(hours), int(minutes), suffix=False)
    return [*numbers.number(hours), "hour" if hours == "1" else "hours", *numbers.number(minutes.lstrip("0") or "0")]


def _old(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["years"]), "year", "old" + (match["many"] or "")]


def _by_colon(match: Match, _: Context) -> Sequence[Said] | None:
    """ "2:30 mins": the unit is that of the first number. Hours of two digits are a time of day."""
    places = ["hour", "minute", "second"] if match["unit"][0] in "hH" else ["minute", "second"]
    parts = [int(part) for part in match["clock"].split(":")]
    if len(parts) > len(places) and places[0] == "minute":
        places = ["hour", "minute", "second"]
    if len(parts) > len(places) or (places[0] == "hour" and len(parts) == 2 and len(match["clock"]) > 4):
        return None
    named = [(count, name) for count, name in zip(parts, places, strict=False) if count]
    one = adjectival(match)
    return [
        word for count, name in named for word in (*numbers.cardinal(count), name if count == 1 or one else name + "s")
    ]


_LASTED = compiled(
    r"\b(?:(?:WR|PB|PR|[Rr]ecord|time)(?:\s(?:is|was|of|stands\sat))?:?|in|(?:time|times|record|pb|pr|best|split|duration|length|runtime)\sof|lasted|lasts|lasting|took|takes|clocked"
    r"|ran|running|(?:run|split|lap|swim|bike|mile|race|marathon|row|climb|sprint|relay|triathlon|finish|pace):|(?:timer|countdown|stopwatch)\s(?:for|to|at|of)|(?:timer|elapsed|runtime|uptime|countdown|duration|remaining|time\sleft):?)\s(?:a\s|just\s|under\s|only\s|about\s)?$",
    re.IGNORECASE,
)
_LONG = compiled(r"\s(?:long|in\slength|remaining|elapsed|left)\b(?!\s(?:for|the|to|on|at|from)\b)")
_NO_SPAN = compiled(r"\s?(?:[ap]\.?m\b|ratio|aspect|mix|odds|proportions?|formats?|splits?|favou?r|to\s\d)")


_TIME = compiled(r"\b(?:for|in|after|every|within|over|last|next|past|first|during|x|about|of)\s$", re.IGNORECASE)


_GONE = compiled(r"\s(?:ago|left|later|remaining|old)\b")
_AGO = _NAMES | {"w": "week", "y": "year", "mo": "month"}


def _long_ago(match: Match, _: Context) -> Sequence[Said] | None:
    """Days or weeks by one letter: "for 7d"."""
    gone = _GONE.match(after(match)) or re.search(r"\b(?:eta|ETA|brb)[:\s]\s?$", before(match, 6))
    if not gone and (match["unit"] not in ("d", "w") or not _TIME.search(before(match, 8))):
        return None
    name = _AGO[match["unit"]]
    return [*numbers.number(match["count"]), name if match["count"] == "1" else name + "s"]


def _time_code(match: Match, _: Context) -> Sequence[Said] | None:
    """A place in a film to the thousandth of a second: "00:01:12,500"."""
    *counts, seconds = match[0].replace(",", ".").split(":")
    part = re.sub(r"^0(?=\d)|\.?0+$", "", seconds)
    named = [(numbers.cardinal(int(count)), name) for count, name in zip(counts, ("hour", "minute"), strict=True)]
    said = [word for count, name in named if count != ["zero"] for word in (*count, name + "s" * (count != ["one"]))]
    if part == "0" and said:
        return said
    return [*said, *numbers.number(part), "second" if part == "1" else "seconds"]


_LASTED_SO = compiled(r"\b[A-Z]{2,4}\s$|\b(?!by\b|is\b|of\b|at\b)[a-z]{3,}\s$")


def _lasted_so(match: Match, _: Context) -> Sequence[Said] | None:
    """How long something has lasted: "cough x 3 days"."""
    return ["for"] if _LASTED_SO.search(before(match)) else None


def _every(match: Match, _: Context) -> Sequence[Said] | None:
    """In prescriptions: "q8h"."""
    return ["every", *numbers.cardinal(int(match["hours"])), "hours"]


def _lasted(match: Match, _: Context) -> Sequence[Said] | None:
    """Minutes and seconds, after words that ask how long: "finished in 45:30". A marathon takes hours and minutes."""
    first, second, third, part = match["first"], match["second"], match["third"], match["part"]
    if int(first) + int(second) == 100 or _NO_SPAN.match(after(match)):
        return None
    if not part and not _LASTED.search(before(match)) and not _LONG.match(after(match)):
        return None
    slow = (
        ("arathon" in match.string or re.search(r"\b[Hh]alf\s(?:in|of)\s$", before(match, 9)))
        and int(first) < 7
        and not part
    )
    names = ["hour", "minute", "second"] if third or slow else ["minute", "second"]
    one = re.search(r"\b[Aa]n?\s$", before(match, 4)) and re.match(r"(?:\slong)?\s[a-z]{3,}", after(match))
    said: list[list[str]] = []
    for count, name in zip(filter(None, (first, second, third)), names, strict=False):
        if part and name == "second":
            said.append([*numbers.number(f"{int(count)}.{part}"), name if one else "seconds"])
        elif int(count):
            said.append([*numbers.cardinal(int(count)), name if int(count) == 1 or one else name + "s"])
    if not said:
        return None
    *head, last = said
    return [*(word for words in head for word in words), *(["and"] if head else []), *last]


KIND = Kind(
    name="Durations",
    readings=(
        Reading(r"\d", r"(?<![\w:.,])\d\d:[0-5]\d:[0-5]\d[.,]\d{3}(?![\w:]|[.,]\d)", _time_code, needs=":", then=r"\d"),
        Reading(
            r"\d",
            r"(?<![\w:.,/-])(?P<first>\d{1,2}):(?P<second>[0-5]\d)(?::(?P<third>[0-5]\d))?(?:\.(?P<part>\d{1,3}))?"
            r"(?![\w:/-]|[.,]\d)",
            _lasted,
            needs=":",
            then=r"\d:",
        ),
        Reading(
            r"\d",
            r"(?<![\w:.,])(?P<clock>\d{1,3}:[0-5]\d(?::[0-5]\d)?)\s?(?P<unit>(?i:min(?:ute)?s?|hours?|hrs?))\b(?:\.(?=\s+[a-z]|,|\s*$))?",
            _by_colon,
            needs=":",
            then=r"\d:",
        ),
        Reading(
            r"\d",
            rf"(?<![\w.])(?:{_PART}\s?){{1,3}}(?:{_PART.removesuffix(chr(92) + '.?')}|{_PART_OF_SECONDS})(?![\w'])"
            r"(?:\.(?=\s+[a-z]|,))?",
            _duration,
            needs="dhms",
            then=r"\d\sdhms",
        ),
        Reading(
            r"\d",
            r"(?<![\w.])(?P<years>\d{1,3})[\s-]?(?:y\.?o\b\.?|y/o\b|yr-old(?P<many>'?s)?\b)",
            _old,
            needs="y",
            then=r"\d\sy-",
        ),
        Reading(
            "1-9",
            r"(?<![\w.,/-])(?P<count>[1-9]\d{0,2})(?:\s(?=d))?(?P<unit>mo|[dwhmys])(?![\w'-])",
            _long_ago,
            needs="dwhmys",
            then=r"\d\sdwhmys",
        ),
        Reading(
            "x",
            r"(?<=[A-Za-z]\s)x(?=\s?\d{1,3}\s?(?:days?|d|weeks?|wks?|months?|mos?|years?|yrs?|hours?|hrs?|h|minutes?|mins?)\b)",
            _lasted_so,
            figures=True,
            then=r"\s\d",
        ),
        Reading("q", r"\bq(?P<hours>[2-9]|[1-9]\d)h(?!\w)", _every, figures=True, then=r"\d"),
        Reading(r"\d", r"(?<![\w.])(?P<hours>\d{1,2})h(?P<minutes>[0-5]\d)(?!\w)", _hours, needs="h", then=r"\dh"),
    ),
    examples="""
        1h 30m → one hour thirty minutes
        5m 30s → five minutes thirty seconds
        2h → two hours
        1h30m → one hour thirty minutes
        1h 1m 1s → one hour one minute one second
        3d 4h → three days four hours
        2 hrs 5 mins → two hours five minutes
        2 hours 5 minutes → two hours five minutes
        1 hr. 20 min. late → one hour twenty minutes late
        1m 23.4s → one minute twenty three point four seconds
        12m07s → twelve minutes seven seconds
        10m20s → ten minutes twenty seconds
        17h30 → seventeen thirty
        a 10-yr-old, 5yo → a ten year old, five year old
        2h05 → two hours five
        at 00:01:12,500 → at one minute twelve point five seconds
        01:00:00.000 → one hour
        2:30 mins → two minutes thirty seconds
        1:05:30 hours → one hour five minutes thirty seconds
        a 3:45 min. song → a three minute forty five second song
        1:30 hrs → one hour thirty minutes
        1d 12h 5m → one day twelve hours five minutes
        finished in 45:30 → finished in forty five minutes and thirty seconds
        a time of 1:43.20 → a time of one minute and forty three point two zero seconds
        the marathon in 2:58 → the marathon in two hours and fifty eight minutes
        in 2:05:13 → in two hours five minutes and thirteen seconds
        it is 1:02:45 long → it is one hour two minutes and forty five seconds long
        5 mg q8h → five milligrams every eight hours
        cough x 3 days → cough for three days
        for 7d, every 2w → for seven days, every two weeks
        4min 33s → four minutes thirty three seconds
    """,
)
