"""Postal addresses: house numbers in pairs, streets and directions, states, ZIP codes and postcodes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.places import FULL_STREETS, POINTS, PROVINCES, SHORT_STATES, STATES, STREETS, UNITS_OF_HOUSES
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, any_of, before, initials
from avsynth.text.english.readings.codes import characters
from avsynth.text.later import compiled
from avsynth.text.tokens import Pause

_POINT = r"(?:[NS]\.?[EW]\.?|[NSEW]\.?)(?=\s)"
_NAME = rf"(?:(?:{any_of(*SHORT_STATES)})\.|[A-Z][a-z']+|\d{{1,3}}(?:st|nd|rd|th))"
_KIND = rf"(?:(?P<kind>{any_of(*STREETS)})\b\.?(?!')|(?P<full>{any_of(*FULL_STREETS)})\b)"


def _house(number: str) -> list[str]:
    return numbers.pairs(int(number)) if number[0] != "0" else numbers.digits(number)


def _names(written: str, context: Context) -> list[Said]:
    words: list[Said] = []
    for word in written.split():
        ordinal = re.match(r"\d+", word)
        words += (
            numbers.street_number(int(ordinal[0]))
            if ordinal
            else [SHORT_STATES[word[:-1]] if word.endswith(".") else word.lower()]
        )
    return words


def _street(match: Match, context: Context) -> Sequence[Said] | None:
    house, points, names, tail = match["house"], match["point"], match["names"], match["tail"]
    first = [*_house(house), *([initials(match["letter"])] if match["letter"] else [])]
    direction = [POINTS[points.strip().replace(".", "")]] if points else []
    last = [POINTS[tail.strip().replace(".", "")]] if tail else []
    street = STREETS[match["kind"]] if match["kind"] else match["full"].lower()
    return [*first, *direction, *_names(names, context), street, *last]


def _corner(match: Match, context: Context) -> Sequence[Said] | None:
    """A street without a house number."""
    street = STREETS[match["kind"]] if match["kind"] else match["full"].lower()
    direction = [POINTS[match["point"].strip().replace(".", "")]] if match["point"] else []
    return [*direction, *_names(match["names"], context), street]


def _bare_street(match: Match, _: Context) -> Sequence[Said] | None:
    """After a name, where the clause ends: "on Main St"."""
    if not re.search(r"\b(?:(?!The\b)[A-Z][a-z']+|[A-Z]{2}|\d{1,3}(?:st|nd|rd|th))\s$", before(match, 20)):
        return None
    tail = [POINTS[match["tail"].strip()]] if match["tail"] else []
    return [STREETS[match["kind"]], *tail]


def _point(match: Match, _: Context) -> Sequence[Said] | None:
    """Of a city, after the name of a street."""
    if not re.search(rf"\b(?:{any_of(*STREETS, *FULL_STREETS)})\.?,?\s$", before(match, 16)):
        return None
    return [POINTS[match[0].replace(".", "")]]


def _wind(match: Match, _: Context) -> Sequence[Said] | None:
    first, rest = (match[0][:1], match[0][1:]) if len(match[0]) == 3 else ("", match[0])
    return [*([POINTS[first]] if first else []), POINTS[rest]]


_ROUTE = compiled(r"\b(?:(?:I|US|SR|CR|[AM](?=\d)|Hwy\.?|Highway|Rte?\.?|Route|Interstate)[-\s]?\d{1,3}[A-Z]?)\s$")
_SIDES = (
    "tower|side|wing|end|coast|wall|bank|shore|face|entrance|door|gate|corner|slope|ridge|window|transept|aisle|pole"
    "|facade|edge|rim|fork|half|part|bound|portal|porch"
)


def _side(match: Match, _: Context) -> Sequence[Said] | None:
    """ "The W. tower"."""
    return [POINTS[match[0][0]]]


_TURNING = compiled(
    r"(?:\b(?:[Tt]hen|[Tt]urn|[Bb]ear|[Kk]eep|[Ss]tay|[Ee]xit|[Gg]o|[Mm]ake\sa|[Tt]ake\sa|[Hh]ang\sa|[Oo]n\sthe|[Oo]n\syour|[Ss]harp|[Ss]light)|\d(?:st|nd|rd|th))\s$"
)


def _turn(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Turn L. onto Pine Ave."."""
    return ["left" if match[0][0] == "L" else "right"] if _TURNING.search(before(match, 9)) else None


def _heading(match: Match, _: Context) -> Sequence[Said] | None:
    """Where a numbered road goes: "I-95 N"."""
    return [POINTS[match[0][0]]] if _ROUTE.search(before(match, 16)) else None


_WAY = compiled(
    r"(?:\d\sm\s|\b(?:miles?|mi|km|kilomet(?:er|re)s?|blocks?|met(?:er|re)s|yards|feet|head(?:s|ed|ing)?|go|goes|went|drive|turn|walk"
    r"|bear|continue|then)\.?\s)$",
    re.IGNORECASE,
)


def _towards(match: Match, _: Context) -> Sequence[Said] | None:
    """After a distance or where one goes: "2 mi. E on Hwy. 50"."""
    return [POINTS[match[0]]] if _WAY.search(before(match, 12)) else None


def _numbered_street(match: Match, _: Context) -> Sequence[Said] | None:
    """ "E 14th and 3rd"."""
    return [POINTS[match["point"]], *numbers.street_number(int(match["number"]))]


def _floor(match: Match, _: Context) -> Sequence[Said] | None:
    return ["floor"]


_INITIALS = compiled(r"\b(?!(?:NYC|LA|DC|SF|KC|OKC|SLC)\b)[A-Z]{2,4},\s$")


def _state(match: Match, context: Context) -> Sequence[Said] | None:
    if (context.shouted or _INITIALS.search(before(match, 8))) and not match["zip"]:
        return None
    code = characters(match["zip"]) if match["zip"] else []
    return [*STATES[match["state"]].split(), *code]


_ROW = compiled(
    rf"\b(?:{any_of(*STATES)})(?:,\s(?:{any_of(*STATES)})\b)*,?\s(?:and|&|or)\s(?:{any_of(*STATES)})(?![\w'-])"
)


def _in_a_row(match: Match, context: Context) -> Sequence[Said] | None:
    """One of three states or more: "OK, TX & NM"."""
    if context.shouted:
        return None
    for row in _ROW.finditer(match.string, max(0, match.start() - 80), match.end() + 80):
        if row.start() <= match.start() < row.end() and "," in row[0]:
            return STATES[match["state"]].split()
    return None


def _short_state(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Boston, Mass.", "on Mass. Ave."."""
    return [SHORT_STATES[match["state"]]]


_WHOLE_STATES = [name.title() for name in STATES.values() if " " not in name and "." not in name]


def _party(match: Match, _: Context) -> Sequence[Said] | None:
    """A politician's: "Sen. Warren (D-Mass.)"."""
    state = match["state"]
    return [
        initials(match["party"]),
        SHORT_STATES.get(state, state.lower()) if state else initials(match["initials"].replace(".", "")),
    ]


def _named_party(match: Match, _: Context) -> Sequence[Said] | None:
    names = {"Lab": "labour", "Con": "conservative", "Ind": "independent", "Dem": "democrat", "Rep": "republican"}
    return [names[match["party"]]]


def _zip(match: Match, _: Context) -> Sequence[Said] | None:
    names = any_of(*(name.title() for name in STATES.values()))
    if before(match, 2) == ", " and re.match(r"\s[A-Z][a-z]+\s*(?:[.,;]|$)", after(match)):
        return characters(match[0])  # of a town
    if not re.search(
        rf"\b(?:(?:{names})\s|NYC\s|[A-Z]\.\s?[A-Z]\.\s|(?:{any_of(*SHORT_STATES)})\.\s|(?i:zip(?:\s?codes?)?):?\s)$",
        before(match, 20),
    ):
        return None
    return characters(match[0])


def _box(match: Match, _: Context) -> Sequence[Said] | None:
    return ["p.o.", "box", *_house(match["number"])]


def _house_unit(match: Match, _: Context) -> Sequence[Said] | None:
    number = [*_house(match["number"])] if match["number"] else []
    return [UNITS_OF_HOUSES[match["name"]], *number, *([initials(match["letter"])] if match["letter"] else [])]


def _postcode(match: Match, _: Context) -> Sequence[Said] | None:
    return [*characters(match["out"]), Pause(), *characters(match["back"])]


KIND = Kind(
    name="Postal addresses",
    readings=(
        Reading(
            r"\d",
            rf"(?<![\w.,$£€/-])(?P<house>\d{{1,5}})(?P<letter>[A-Z])?\s(?P<point>{_POINT}\s)?"
            rf"(?P<names>{_NAME}(?:\s{_NAME}){{0,3}}?)\s{_KIND}(?P<tail>\s(?:[NS][EW]|[NSEW])\b(?!\.?\s?[A-Z]))?",
            _street,
            needs="A",
            then=r"\dA-Z\s",
        ),
        Reading(
            "ENSW",
            rf"\b(?P<point>(?:[NS][EW]|[NSEW])\.?\s)(?P<names>{_NAME}(?:\s{_NAME}){{0,2}}?)\s{_KIND}",
            _corner,
            then=r"A-Z.\s",
        ),
        Reading(
            "ABCDEFGHLPRSTX",
            rf"\b(?P<kind>{any_of(*STREETS)})\b(?P<tail>\s(?:[NS][EW]|[NSEW])\b(?!\.?\s?[A-Z]))?"
            r"(?=\s*$|[,;:)?!]|\.\s*$|\s(?:and|in|at|near|is|was|on|to|for|from|by|between|before|after|with|when|where)\b|\s&\s)",
            _bare_street,
            then="a-z",
        ),
        Reading(
            "NSEW",
            r"(?<=\bthe\s)[NS][EW]\b|(?<=\bin\s)[NS][EW](?=\s[A-Z][a-z])|(?<=[NS][EW]\sand\s)[NS][EW]\b"
            r"|(?:(?<=mph\s)|(?<=km/h\s)|(?<=\d\skt\s)|(?<=\skts\s)|(?<=knots\s))[NS][EW]\b"
            r"|\b(?:[NS][EW]|[NSEW])(?=\s(?:winds?|gusts?|breezes?|swells?|corner|suburbs)\b)"
            r"|(?<=[Ww]ind\s)(?:[NS][NSEW]?[EW]|[EW][NS][EW]|[NSEW])\b|(?<=[Ww]inds\s)(?:[NS][NSEW]?[EW]|[EW][NS][EW]|[NSEW])\b",
            _wind,
            then=r"EWNS\s",
        ),
        Reading("NSEW", r"\b(?:NN[EW]|SS[EW]|E[NS]E|W[NS]W)(?![\w'-])", _wind, then="NSEW"),
        Reading(
            "NSEW",
            r"(?<=[\dA-Z]\s)[NSEW](?:\.(?=\s[a-z]|\s*$|,))?(?![\w'-]|\.\w)",
            _heading,
            figures=True,
        ),
        Reading(
            "NSEW",
            r"\b[NSEW]\.(?=\s(?:Berlin|Germany|Africa|Asia|London|Jerusalem|Coast|Timor|Anglia|Sussex|Yorkshire|Virginia|Carolina"
            r"|Dakota|Korea|Ireland|Wales|America|Europe|Hollywood|Bank|Ham|Midlands|Indies|Village|Island|Shore|Lothian)\b)",
            _side,
            then=".",
        ),
        Reading("LR", r"(?<=[a-z]\s)[LR](?!\w|['^-])\.?", _turn, then=r"\s.,"),
        Reading(
            "NSEW", rf"(?<=[a-z]\s)[NSEW]\.?(?=\s(?:{_SIDES})\b)|(?<=\bthe\s)[NSEW]\.(?=\sof\b)", _side, then=r".\s"
        ),
        Reading(
            "NSEW",
            r"\b(?:[NS][EW]|[NSEW])(?=\s(?:of|on|to|towards?|along|from|at|for|until|past|via|and|then)\b|\.?\s*$|[,;])",
            _towards,
            then=r"EW\s,;.",
        ),
        Reading(
            "NSEW",
            r"\b(?P<point>[NS][EW]|[NSEW])\.?\s(?P<number>\d{1,3})(?:st|nd|rd|th)\b(?!-|\s(?:century|floor|grade|edition)\b)",
            _numbered_street,
            figures=True,
            then=r"EW.\s",
        ),
        Reading("NS", r"\b(?:[NS]\.[EW]\.(?=\W*$|[,;]|\s[a-z])|[NS][EW]\b)(?!')", _point, then="A-Z."),
        Reading(
            "ACDFGHIKLMNOPRSTUVW",
            rf"(?<=[A-Za-z.],\s)(?P<state>{any_of(*STATES)})(?:,?\s(?P<zip>\d{{5}}(?:-\d{{4}})?))?(?![\w-])(?!'(?!s\b))",
            _state,
            then="A-Z",
        ),
        Reading(
            "ACDFGHIKLMNOPRSTUVW",
            rf"(?<=[a-z]\s)(?P<state>{any_of(*STATES)})\s(?P<zip>\d{{5}}(?:-\d{{4}})?)(?![\w-])",
            _state,
            then="A-Z",
        ),
        Reading(
            r"\d",
            r"(?:(?<=[Ff]lat\s)|(?<=[Aa]pt\.\s)|(?<=[Uu]nit\s))(?P<low>\d{1,2})/(?P<high>\d{1,3})(?![\w/])",
            lambda match, _: [*numbers.number(match["low"]), *numbers.number(match["high"])],
            needs="/",
            then=r"\d/",
        ),
        Reading(
            "ACDFGHIKLMNOPRSTUVW",
            rf"(?:(?<=,\s)|(?<=\sand\s)|(?<=&\s)|(?<=\sor\s)|(?=[A-Z]{{2}},\s))\b(?P<state>{any_of(*STATES)})(?![\w'-])",
            _in_a_row,
            then="A-Z",
        ),
        Reading(
            "ABMNOPQSY",
            rf"(?<=[a-z],\s)(?P<province>{any_of(*PROVINCES)})(?=\s[A-Z]\d[A-Z]\b|[,.;)]|\s*$)",
            lambda match, _: PROVINCES[match["province"]].split(),
            needs=",",
            then="A-Z",
        ),
        Reading(
            "A-Z",
            r"(?<![\w-])(?P<out>[A-Z]\d[A-Z])\s(?P<back>\d[A-Z]\d)(?!\w)",
            _postcode,
            figures=True,
            then=r"\d",
        ),
        Reading(
            "DIR",
            rf"(?:(?<=\()|(?<=[a-z],\s))(?P<party>[DIR])-"
            rf"(?:(?P<state>{any_of(*SHORT_STATES, *_WHOLE_STATES)})\b\.?"
            rf"|(?P<initials>[A-Z]\.[A-Z]\.))"
            r"(?=[),.]|\s*$)",
            _party,
            needs="-",
        ),
        Reading("CDILR", r"(?<=\()(?P<party>Lab|Con|Ind|Dem|Rep)\.?(?=\))", _named_party, needs="(", then="aoen"),
        Reading(
            r"\d",
            r"(?<![\w.,/$£€-])(?P<flat>[1-9]\d{0,2})/(?P<house>[1-9]\d{0,3})"
            rf"(?=\s(?:[A-Z][a-z']+\s){{1,3}}(?:{any_of(*STREETS, *FULL_STREETS)})\b)",
            lambda match, _: [*numbers.cardinal(int(match["flat"])), *_house(match["house"])],
            needs="/",
            then=r"\d/",
        ),
        Reading("W", r"\bW\.\s?Va\.", lambda match, _: ["west", "virginia"], needs=".", then="."),
        Reading(
            "ACFGIKMNOTVW",
            r"\b(?P<state>Fla|Calif|Ariz|Conn|Tenn|Okla|Minn|Mich|Wis|Nev|Neb|Kan|Colo|Mont|Tex)\.(?=\s[a-z])",
            _short_state,
            needs=".",
            then="a-z",
        ),
        Reading(
            "ACDFGIKLMNOPTVW",
            rf"\b(?P<state>{any_of(*SHORT_STATES)})\.(?:(?<=,\s\w\w\.)|(?<=,\s\w{{3}}\.)|(?<=,\s\w{{4}}\.)|(?<=,\s\w{{5}}\.)"
            rf"|(?=\s(?:{any_of(*STREETS, *FULL_STREETS)})\b))(?!\w)",
            _short_state,
            needs=".",
            then="a-z",
        ),
        Reading(r"\d", r"(?<![\w.,-])\d{5}(?:-\d{4})?(?![\w-]|[.,]\d)", _zip, then=r"\d"),
        Reading("P", r"\bP\.?\s?O\.?\sBox\s(?P<number>\d{1,6})\b", _box),
        Reading("Ff", r"(?<=\d(?:st|nd|rd|th)\s)[Ff]l\b\.?", _floor, then="l", figures=True),
        Reading(
            "ABFRSU",
            rf"\b(?P<name>{any_of(*UNITS_OF_HOUSES)})\b\.?\s#?(?P<number>\d{{1,5}})?-?(?P<letter>(?<=\d)[A-Z]|(?<=\d-)[A-Z]"
            rf"|(?<=\s)[A-Z](?![\w]))?(?=\b)(?<![\s.#])",
            _house_unit,
            then="a-z",
        ),
        Reading(
            "A-Z",
            r"\b(?P<out>[A-Z]{1,2}\d[A-Z\d]?)\s(?P<back>\d[ABD-HJLNP-UW-Z]{2})\b",
            _postcode,
            then=r"A-Z\d",
            figures=True,
        ),
    ),
    examples="""
        2788 San Tomas Expy → twenty seven eighty eight san tomas expressway
        123 Main St. → one twenty three main street
        22 W 31st St → twenty two west thirty first street
        1600 Pennsylvania Ave NW → sixteen hundred pennsylvania avenue northwest
        Santa Clara, CA 95051 → santa clara, california nine five zero five one
        Austin, TX → austin, texas
        10 Downing Street → ten downing street
        221B Baker Street → two twenty one B baker street
        105 N. Oak Blvd. → one oh five north oak boulevard
        5 Elm Rd. → five elm road
        Springfield, IL 62704-1234 → springfield, illinois six two seven zero four, one two three four
        P.O. Box 1520 → P O box fifteen twenty
        SW1A 1AA → S W one A, one A A
        Apt. 4B → apartment four B
        Ste 200 → suite two hundred
        Washington, D.C. → washington, D C
        400 Oak Dr, Boise, ID → four hundred oak drive, boise, idaho
        on W 42nd St. → on west forty second street
        New York, NY 10001 → new york, new york one zero zero zero one
        8100 Jasper Ln. → eighty one hundred jasper lane
        on Main St → on main street
        Elm Dr → elm drive
        the corner of 5th Ave and 42nd St → the corner of fifth avenue and forty second street
        2nd St. NW → second street northwest
        Peachtree St NE → peachtree street northeast
        12-14 High St, Leeds → twelve to fourteen high street, leeds
        1600 Pennsylvania Ave. NW, Washington, DC → sixteen hundred pennsylvania avenue northwest, washington, D C
        ZIP: 90210-1234 → zip, nine zero two one zero, one two three four
        123 Mass. Ave. → one twenty three massachusetts avenue
        Boston, Mass., is cold → boston, massachusetts, is cold
        Sen. Warren (D-Mass.) → senator warren, D massachusetts
        1050 W. Oak St., 3rd Fl. → ten fifty west oak street, third floor
        Go 2 mi. E on Hwy 50 → go two miles east on highway fifty
        at E 14th and 3rd → at east fourteenth and third
        350 5th Ave → three fifty fifth avenue
    """,
)
