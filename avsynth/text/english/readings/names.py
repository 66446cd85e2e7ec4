"""Names with figures: shops and firms, cables and networks, how many lines and pictures a second a screen shows, how
well an eye sees, several rooms or flights."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.abbreviations import CHAT
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, any_of, around, before, initials
from avsynth.text.later import compiled
from avsynth.text.tokens import Pause

_NAMES = {
    **{"7UP": "seven up", "7Up": "seven up", "23andMe": "twenty three and me", "4chan": "four chan"},
    **{"9GAG": "nine gag", "1Password": "one password", "99designs": "ninety nine designs", "2Pac": "two pac"},
    **{"7-Zip": "seven zip", "7zip": "seven zip", "4Runner": "four runner", "3Com": "three com"},
    **{"37signals": "thirty seven signals", "4Chan": "four chan", "8chan": "eight chan", "5SOS": "five s.o.s."},
    **{"3DS": "three d.s.", "2DS": "two d.s.", "2K Games": "two k. games", "A$AP": "asap", "Ke$ha": "kesha"},
    **{short: said for short, said in CHAT.items() if any(map(str.isdigit, short))},
    **{"49ers": "forty niners", "49er": "forty niner", "76ers": "seventy sixers"},
    **{"M.2": "m. dot two", "U.2": "u. dot two"},
}
"""Names that are said otherwise than the figures and signs in them."""
_SCORED = compiled(
    r"\s(?:wins?|loss|lead|leads|defeat|victory|record|draw|deficit|run|vote|score|split|margin|games?|years?|age|range"
    r"|group|am|pm|people|days|weeks|months|points|in\sthe|at\sthe)\b"
)
_SHOP = compiled(r"'s\b|\s(?:stores?|shops?|clerk|parking|franchise|coffee|slurpee|hot\sdogs?|counter|cashier)\b")
_AT_SHOP = compiled(
    r"\b(?:the|a|an|at|near|nearest|local|our|their|my|this|that|another|inside|outside|every|called|named|old|new)\s$",
    re.IGNORECASE,
)
_FIRM_BEFORE = compiled(
    r"\b(?:(?:work(?:s|ed|ing)?|job|jobs|engineer|chemist)\s(?:at|for)|by|from|shares\sof|stock\sof|with|like|company"
    r"|invest(?:s|ed)?\sin|sued?|buys?|bought|own|owns|and|maker)\s$"
)
_FIRM_AFTER = compiled(
    r"'s\b|\s(?:[A-Z][a-z]|(?:said|says|is|was|has|had|makes|made|sells|sold|will|announced|reported|plans|and\s[A-Z]"
    r"|shares?|stock|tapes?|masks?|respirators?|adhesives?|filters?|products?|stickers?|hooks?|film|pads?|glue|sandpaper"
    r"|earplugs?|goggles|plant|chemicals|settlement|command)\b)"
)


def _name(match: Match, _: Context) -> Sequence[Said] | None:
    *words, last = _NAMES[match["name"]].split()
    return [*words, last + (match["own"] or "")]


def _shop(match: Match, _: Context) -> Sequence[Said] | None:
    """ "7-11" where a shop would stand, and not a score or a range."""
    if _SCORED.match(after(match)):
        return None
    alone = match.string.strip(" .!?") == match[0]
    if not (alone or _SHOP.match(after(match)) or _AT_SHOP.search(before(match, 12))):
        return None
    return ["seven", "eleven"]


def _over_the_radio(match: Match, _: Context) -> Sequence[Said] | None:
    """ "10-4", understood: as a whole answer, or said of one."""
    told = re.search(r"\b(?:big|copy|roger|(?i:that's\sa|is\sa))[,]?\s$", before(match, 12))
    whole = re.fullmatch(r"[\W]*", before(match)) and re.match(
        r"[.,!]|\W*$|\s(?:over|good|copy|roger|on\sthat|that)\b", after(match)
    )
    return ["ten", "four"] if told or whole else None


_DISPATCH = compiled(
    r"\b(?:respond\w*|dispatch\w*|officers?|police|sheriff|radio|copy|patrol|cruiser|unit)\b", re.IGNORECASE
)


def _code_of_police(match: Match, _: Context) -> Sequence[Said] | None:
    """ "A 10-50 on I-40"."""
    if not _DISPATCH.search(around(match)) or not re.search(r"\b[Aa]\s$", before(match, 3)):
        return None
    return ["ten", *numbers.cardinal(int(match["code"]))]


def _firm(match: Match, _: Context) -> Sequence[Said] | None:
    """ "3M" where a firm would stand, and not three million."""
    alone = match.string.strip(" .!?") == match[0]
    if not (alone or _FIRM_BEFORE.search(before(match)) or _FIRM_AFTER.match(after(match))):
        return None
    return ["three", "m." if not match["own"] else "m.'s"]


def _cable(match: Match, _: Context) -> Sequence[Said] | None:
    letter = [initials(match["letter"])] if match["letter"] else []
    return ["cat", *numbers.cardinal(int(match["class"])), *letter]


def _standard(match: Match, _: Context) -> Sequence[Said] | None:
    """A standard of the IEEE: "802.11ac"."""
    letters = [initials(match["letters"])] if match["letters"] else []
    return ["eight", "oh", "two", "point", *numbers.cardinal(int(match["part"])), *letters]


def _screen(match: Match, _: Context) -> Sequence[Said] | None:
    """Lines, how they are drawn, and how many pictures a second: "1080p60", "4K@120Hz"."""
    lines, letters, sign, rate = match["lines"], match["letters"], match["sign"], match["rate"]
    between = {"@": ["at"], "/": ["slash"]}.get(sign or "", [])
    unit = {"Hz": ["hertz"], "fps": ["frames", "per", "second"]}.get(match["unit"] or "", [])
    scan = [initials(letter) for letter in letters]
    return [*numbers.pairs(int(lines)), *scan, *between, *numbers.pairs(int(rate)), *unit]


_SEEN = compiled(r"\b(?:[Vv]ision|[Ee]yesight|acuity|eyes?|optometrist|optician)\b")


def _eyesight(match: Match, _: Context) -> Sequence[Said] | None:
    """How well one sees: "20/40 vision", "6/6 vision"."""
    has = match["at"] == "20" and re.search(r"\b(?:has|have|had|sees?|am)\s$", before(match, 6))
    if not (has or _SEEN.search(before(match)) or _SEEN.search(after(match))):
        return None
    return [*numbers.cardinal(int(match["at"])), *numbers.pairs(int(match["usual"]))]


def _several(match: Match, _: Context) -> Sequence[Said] | None:
    """Rooms, flights or roads, whose numbers are their names: "rooms 101-104"."""
    between = match["joint"].strip()
    joint: Said = Pause() if between == "," else "to" if between == "-" else between
    low, high = (numbers.pairs(int(match[name])) for name in ("low", "high"))
    return [match["things"].lower(), *low, joint, *high]


KIND = Kind(
    name="Names with figures",
    readings=(
        Reading(
            "".join(sorted({name[0] for name in _NAMES})),
            rf"(?<![\w.$£€-])(?P<name>{any_of(*_NAMES)})(?P<own>'s\b)?(?![\w-]|\.\w)",
            _name,
            needs="aA",
        ),
        Reading("7", r"(?<![\w.,$£€/-])7-11(?![\w/%:-]|[.,]\d|\s?[ap]\.m)", _shop, needs="-", then="-"),
        Reading("1", r"(?<![\w.,$£€/-])10-(?P<code>[1-9]\d)(?![\w-]|[.,]\d)", _code_of_police, needs="-", then="0"),
        Reading("1", r"(?<![\w.,$£€/-])10-4(?![\w/%:-]|[.,]\d|\s?[=ap]\.?m?\b)", _over_the_radio, needs="-", then="0"),
        Reading(
            "26",
            r"(?<![\w.,$£€/-])(?P<at>20|6)/(?P<usual>[1-9]\d{0,2})(?![\w/-]|[.,]\d|\sof\b)",
            _eyesight,
            needs="/",
            then="0/",
        ),
        Reading("3", r"(?<![\w.,$£€/-])3M(?P<own>'s\b)?(?![\w/-])", _firm, needs="A", then="M"),
        Reading(
            "C",
            r"\b(?:CAT|Cat)[ -]?(?P<class>[3-8])(?P<letter>[aAeE])?(?![\w-]|[.,]\d)",
            _cable,
            then="aA",
            figures=True,
        ),
        Reading(
            "8",
            r"(?<![\w.,$£€])802\.(?P<part>[13]|1[1-9]|3)(?P<letters>[a-z]{1,2})?(?!\w|\.\d)",
            _standard,
            needs=".",
            then="0",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,$£€/-])(?P<lines>\d{3,4}(?=[pi])|[24568](?=K))(?P<letters>[pi]|Kp?)(?P<sign>[@/])?"
            r"(?P<rate>\d{2,3})(?P<unit>Hz|fps)?(?![\w-]|[.,]\d)",
            _screen,
            needs="aA",
            then=r"\dK",
        ),
        Reading(
            "abfhorsuABFHORSU",
            r"\b(?P<things>(?i:rooms|flights|flats|apartments|suites|offices|highways|routes|buses|units))\s"
            r"(?P<low>[1-9]\d\d)(?P<joint>\s?-\s?|,\s|\s(?:to|and|or)\s)(?P<high>[1-9]\d\d)(?![\w-]|[.,:]\d)",
            _several,
            figures=True,
            then="a-zA-Z",
        ),
    ),
    examples="""
        at the 7-11 → at the seven eleven
        7-11 → seven eleven
        ages 7-11 → ages seven to eleven
        10-4, over → ten four, over
        they won 10-4 → they won ten to four
        3M's tape → three M's tape
        a 3M mask → a three M mask
        3M users → three million users
        7UP → seven up
        23andMe → twenty three and me
        a CAT5e cable → a cat five E cable
        Cat 6 → cat six
        802.11ac Wi-Fi → eight oh two point eleven A C wifi
        20/40 vision → twenty forty vision
        My left eye is 20/200. → my left eye is twenty two hundred
        1080p60 → ten eighty P sixty
        4K@120Hz → four K at one twenty hertz
        4K60 → four K sixty
        rooms 101-104 → rooms one oh one to one oh four
        Flights 310 and 415 → flights three ten and four fifteen
        an M.2 drive → an M dot two drive
    """,
)
