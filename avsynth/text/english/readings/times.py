"""Times of day: by the clock, with halves of the day, seconds, spans."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, around, before, initials
from avsynth.text.later import compiled

_HALF = r"(?i:(?<=:[0-5]\d)[ap]\b(?!\.\w)|a\.\s?m\.|p\.\s?m\.|[ap]m\b|[ap]\.m\b)"
_ZONE = r"(?:\s?(?P<zone>(?<=\d)Z|(?<=\s)(?i:[ecmp][sd]?t|gmt|utc|bst|cest|cet|ist|jst|aest))\b)?"
_CLOCK = r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?"


def _clock(written: str, half: str | None) -> list[str]:
    hour, minute, second = [*(int(part) for part in written.replace(".", ":").split(":")), 0, 0][:3]
    has_second = written.count(":") == 2
    words = numbers.clock(hour, minute, suffix=bool(half) or (has_second and second > 0 and minute == 0))
    if has_second and second:
        words = numbers.clock(hour, minute, suffix=True) if minute == 0 else words
        words = [*words, "and", *numbers.cardinal(second), "second" if second == 1 else "seconds"]
    return [*words, *([f"{half[0].lower()}.m."] if half else [])]


_RATIO = compiled(
    r"\s(?:aspect|ratio|mix|odds|proportions?|formats?|split|dilutions?|scale|models?|replica|gradient|slope|blend)\b"
)


def _time(match: Match, _: Context) -> Sequence[Said] | None:
    if _RATIO.match(after(match)) or re.search(
        r"\b(?:ratio\s(?:of|was|is)|(?:odds|scale|mix)\s(?:of|was|is|at)|[Dd]ilute[ds]?(?:\sto)?)\s$",
        before(match, 12),
    ):
        return None
    zone = match["zone"]
    return [*_clock(match["time"], match["half"]), *([initials("utc" if zone == "Z" else zone)] if zone else [])]


def _span(match: Match, _: Context) -> Sequence[Said] | None:
    low = _clock(match["low"], match["first"] or match["half"])
    return [*(low if match["first"] or not match["half"] else low[:-1]), "to", *_clock(match["high"], match["half"])]


def _offset(match: Match, _: Context) -> Sequence[Said] | None:
    """How far a zone's clock is from Greenwich's."""
    minutes = int(match["minute"] or 0)
    sign = "minus" if match["sign"] == "-" else "plus"
    return [
        initials(match["zone"]),
        sign,
        *numbers.cardinal(int(match["hour"])),
        *(numbers.cardinal(minutes) if minutes else []),
    ]


def _military(match: Match, _: Context) -> Sequence[Said] | None:
    hour, minute = match["hour"], match["minute"]
    first = numbers.cardinal(int(hour)) if hour[0] != "0" else ["zero", *numbers.cardinal(int(hour))]
    if minute == "00":
        return [*first, "hundred"]
    return [*first, *(["oh"] if minute[0] == "0" else []), *numbers.cardinal(int(minute))]


def _working(match: Match, _: Context) -> Sequence[Said] | None:
    """ "8a-5p"."""
    return [*_clock(match["low"], match["first"]), "to", *_clock(match["high"], match["half"])]


def _two_zones(match: Match, _: Context) -> Sequence[Said] | None:
    """When something is shown in the east and in the middle of America: "9/8c"."""
    one, two = int(match["one"]), int(match["two"])
    return [*numbers.cardinal(one), *numbers.cardinal(two), "central"] if (one - two) % 12 == 1 else None


def _week(match: Match, _: Context) -> Sequence[Said] | None:
    return ["monday", "to", "friday"]


_MILITARY = compiled(r"(?P<hour>\d\d)(?P<minute>\d\d)")


def _military_span(match: Match, context: Context) -> Sequence[Said] | None:
    low, high = (_military(time, context) or () for time in _MILITARY.finditer(match[0]))
    return [*low, "to", *high]


_MEETING = compiled(
    r"\b(?:wake|meet(?:ing|s)?|starts?|begins?|train|bus|lunch|dinner|breakfast|supper|opens?|doors|home|leaves?|left|arrives?"
    r"|arrived|back|bed|call|see\syou|kick-?off|class|school|appointment|show|film|flight|pick)\b[^.,;]{0,24}\b(?:at|by|until"
    r"|till|before|after)\s$",
    re.IGNORECASE,
)


_TRAVEL = compiled(
    r"\b(?:train|bus|coach|ferry|tram|flight|boat|gets?\sin|departs?|departed|departing|arriv(?:es?|ed|ing)|leaves?|leaving"
    r"|calls?|due)\b[^.,;]{0,24}\s$"
)
_TO_A_PLACE = compiled(
    r"\s(?:to|from)\s(?:[A-Z][a-z]|London|the\scity|town)|\s(?:train|bus|ferry|tram|coach|service)\b"
)


_FROM_A_PLACE = compiled(
    r"\b(?:[Dd]ep|[Aa]rr|[Dd]eparts?|[Aa]rrives?|[Ll]eaves?)\b\.?\s(?:[A-Z][a-z']+\s){1,3}$|\b(?:[Dd]ep|[Aa]rr)\.?:?\s$"
)


def _with_a_dot(match: Match, _: Context) -> Sequence[Said] | None:
    """The British way, where people meet or travel: "dinner at 7.45", "the 10.52 from Paddington"."""
    if _MEETING.search(before(match)) and match["time"][-2:] in ("00", "15", "30", "45"):
        return _clock(match["time"], None)
    travelled = _TRAVEL.search(before(match)) and re.search(
        r"\b(?:at|by|the|arriving|departing|leaving|in)\s$", before(match, 10)
    )
    travelled = travelled or _FROM_A_PLACE.search(before(match))
    week = r",?\s(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|daily|every|each|weekdays|weekends)"
    if re.match(rf"\sto\s\d{{1,2}}(?:\.[0-5]\d)?{week}", after(match)) or (
        re.match(week, after(match)) and re.search(r"\d\.[0-5]\d\sto\s$", before(match, 8))
    ):
        return _clock(match["time"], None)
    hours = re.search(r"\b(?:from\s)?\d{1,2}(?:\.[0-5]\d)?\sto\s$", before(match, 14)) and re.match(
        r"\s(?:every|each|daily|on|in\sthe|tonight)\b", after(match)
    )
    if hours:
        return _clock(match["time"], None)
    named = re.search(r"\b[Tt]he\s$", before(match, 4)) and _TO_A_PLACE.match(after(match))
    return _clock(match["time"], None) if travelled or named else None


_PAST = {"00": "", "15": "quarter past", "30": "half past", "45": "quarter to"}


def _any_hour(match: Match, _: Context) -> Sequence[Said] | None:
    """Minutes of whatever hour: "xx:15"."""
    minute = int(match["minute"])
    if match["minute"] in _PAST:
        words = _PAST[match["minute"]].split()
        return [*words, "the", "hour"]
    past = minute < 30
    count = numbers.cardinal(minute if past else 60 - minute)
    name = [] if minute % 5 == 0 else ["minute" if count == ["one"] else "minutes"]
    return [*count, *name, "past" if past else "to", "the", "hour"]


_OPEN = compiled(
    r"\b(?:[Oo]pen|[Hh]ours|[Dd]aily|[Cc]losed|[Mm]on|[Tt]ues?|[Ww]ed|[Tt]hu(?:rs)?|[Ff]ri|[Ss]at|[Ss]un|(?:Mon|Tues|Wednes|Thurs"
    r"|Fri|Satur|Sun)days?|weekdays|weekends)\b"
)


def _open(match: Match, _: Context) -> Sequence[Said] | None:
    """When a shop is open: "Mon-Fri 9.30-5.30"."""
    if not _OPEN.search(around(match)):
        return None
    low, high = (_clock(time, None) if "." in time else numbers.number(time) for time in (match["low"], match["high"]))
    return [*low, "to", *high]


KIND = Kind(
    name="Times of day",
    readings=(
        Reading(
            "GU",
            r"\b(?P<zone>UTC|GMT)\s?(?P<sign>[+-])\s?(?P<hour>0?\d|1[0-4])(?::?(?P<minute>[0-5]\d))?(?![\d:])",
            _offset,
            needs="+-",
        ),
        Reading(
            "012",
            r"(?<![\w.,:-])(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?:h\b|(?=\s?(?:hours|hrs)\b))",
            _military,
            needs="hr",
            then=r"\d",
        ),
        Reading(
            "012",
            r"(?<![\w.,:-])(?:[01]\d|2[0-3])[0-5]\d\s?-\s?(?:[01]\d|2[0-3])[0-5]\d(?=\s?(?:hours|hrs)\b)",
            _military_span,
            needs="-",
            then=r"\d",
        ),
        Reading(
            "1-9",
            r"(?<![\w.,/-])(?P<one>1[0-2]|[1-9])/(?P<two>1[0-2]|[1-9])(?:[cC](?![\w'])|\s?Central\b)(?!\.?\s(?:[a-z]+\s)?(?:sugar|milk|flour"
            r"|water|butter|of)\b)",
            _two_zones,
            needs="/",
            then=r"\d/",
        ),
        Reading("xX", r"(?<![\w:])[xX]{2}:(?P<minute>[0-5]\d)(?![\w:])", _any_hour, needs=":", then="xX", figures=True),
        Reading(
            "M",
            r"\bM-F(?=,?\s\d|\s?:)|(?<=\d[ap]\s)M-F\b|(?<=[ap]m\s)M-F\b|(?<=[AP]M\s)M-F\b|(?<=\d\s)M-F\b",
            _week,
            then="-",
        ),
        Reading(
            "1-9",
            r"(?<![\w:.,/-])(?P<low>\d{1,2}(?::[0-5]\d)?)(?P<first>a)\s?-\s?(?P<high>\d{1,2}(?::[0-5]\d)?)(?P<half>p)(?![\w'-])",
            _working,
            needs="-",
            then=r"\d:a",
        ),
        Reading(
            "1-9",
            r"(?<![\w:.,/$£€-])(?P<time>(?:1\d|2[0-3]|[1-9])\.[0-5]\d)(?=\s*$|[,;:!?)]|\.(?!\d)|\s(?:to|from|on|or|and|sharp"
            r"|tomorrow|today|tonight|every|each|daily|train|bus|ferry|tram|coach|service|in\sthe)\b)",
            _with_a_dot,
            needs=".",
            then=r"\d.",
        ),
        Reading(
            "1-9",
            r"(?<![\w:.,/$£€-])(?=\d{1,2}(?:\.[0-5]\d\s?-|\s?-\s?\d{1,2}\.[0-5]))(?P<low>(?:1\d|[1-9])(?:\.[0-5]\d)?)\s?-\s?"
            r"(?P<high>(?:1\d|2[0-3]|[1-9])(?:\.[0-5]\d)?)(?![\w:%-]|\.\d|\s?(?:[ap]\.?m|%))",
            _open,
            needs=".",
            then=r"\d.-",
        ),
        Reading("0", r"(?<=\bat\s)(?P<hour>0\d)(?P<minute>[0-5]\d)(?![\w:]|[.,]\d)", _military, needs="a", then=r"\d"),
        Reading(
            r"\d",
            rf"(?<![\d:.,])(?P<low>{_CLOCK}|\d{{1,2}}(?:\.[0-5]\d)?)(?:\s?(?P<first>{_HALF}))?\s?-\s?"
            rf"(?P<high>{_CLOCK}|(?:1[0-2]|[1-9])(?:\.[0-5]\d)?)(?![\d:])\s?(?P<half>{_HALF})",
            _span,
            needs="-",
            then=r"\d:.\saApP-",
        ),
        Reading(
            r"\d",
            rf"(?<![\d:.,])(?P<low>{_CLOCK})(?P<first>)\s?-\s?(?P<high>{_CLOCK})(?P<half>)(?![\d:])",
            _span,
            needs=":",
            then=r"\d:",
        ),
        Reading(
            r"\d",
            rf"(?<![\d:.,])(?P<time>{_CLOCK})(?!\d|:\d|,\d{{3}})(?:\s?(?P<half>{_HALF})|\s?h\b)?{_ZONE}",
            _time,
            needs=":",
            then=r"\d:",
        ),
        Reading(
            "123456789",
            rf"(?<![\w:.,])(?P<time>(?:1[0-2]|[1-9])(?:\.[0-5]\d)?)\s?(?P<half>{_HALF}){_ZONE}",
            _time,
            needs=".Mm",
            then=r"\d.\saApP",
        ),
        Reading(
            r"\d",
            r"(?<![\w:.,])(?P<time>(?:1?\d|2[0-3])\.[0-5]\d)(?P<half>)\s?h\b(?P<zone>)",
            _time,
            needs=".",
            then=r"\d.",
        ),
    ),
    examples="""
        10:30 → ten thirty
        10:05 a.m. → ten oh five A M
        5pm → five P M
        5 P.M. → five P M
        at 7:00 → at seven o'clock
        14:00 → fourteen hundred
        17:30h → seventeen thirty
        10:30:15 → ten thirty and fifteen seconds
        M–F 8a–5p → monday to friday eight A M to five P M
        0700–1500 hrs → zero seven hundred to fifteen hundred hours
        dinner at 7.45 → dinner at seven forty five
        9am-5pm → nine A M to five P M
        5:00–6:30 pm → five to six thirty P M
        9-5 pm → nine to five P M
        10:00:15-10:00:45 → ten and fifteen seconds to ten and forty five seconds
        7.15pm → seven fifteen P M
        12:00 → twelve o'clock
        8:30 PM EST → eight thirty P M E S T
        12:00 a.m. est → twelve A M E S T
        08:05 → eight oh five
        00:30 → zero thirty
        11:59 pm → eleven fifty nine P M
        2:30 p.m. Monday → two thirty P M monday
        1:00 → one o'clock
        At 10:30: the start → at ten thirty, the start
        UTC-05:00 → U T C minus five
        GMT+5:30 → G M T plus five thirty
        10:00 UTC+2 → ten o'clock U T C plus two
        1800 hours → eighteen hundred hours
        at 0805 → at zero eight oh five
        5:30p → five thirty P M
        1730h → seventeen thirty
        Sundays at 9/8c → sundays at nine eight central
        a 16:10 ratio → a sixteen to ten ratio
        at xx:15 and xx:30 → at quarter past the hour and half past the hour
        0600 hours → zero six hundred hours
    """,
)
