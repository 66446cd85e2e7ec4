"""Roman numerals after names and headings, and small ones after words for a page or a part."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.names import FAMILY_NAMES, GIVEN_NAMES, RULERS
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before, initials, word_set
from avsynth.text.later import compiled
from avsynth.text.tokens import Pause

_RULERS = (
    "Albert|Alexander|Benedict|Catherine|Charles|Christian|Clement|Constantine|Edward|Elizabeth|Ferdinand|Francis|"
    "Frederick|George|Gregory|Gustav|Haakon|Harald|Henry|Innocent|Ivan|James|John|Juan|Carlos|Leo|Leopold|Louis|Margaret|"
    "Mary|Napoleon|Nicholas|Olaf|Paul|Peter|Philip|Pius|Ramesses|Ramses|Richard|Rudolf|Urban|Victor|Wilhelm|William"
)
_HEADINGS = {
    **{"mvt": "movement", "movement": ""},
    **dict.fromkeys(
        word_set("act appendix article book bowl chapter class episode figure grade level mark page paragraph")
    ),
    **dict.fromkeys(
        word_set(
            "part phase scene section stage stages group tier category step table title type unit verse volume war "
            "question item"
        )
    ),
    **dict.fromkeys(
        word_set("pages parts sections chapters books volumes acts scenes canto division schedule exhibit")
    ),
    **{
        "amend": "amendment",
        "app": "appendix",
        "vol": "volume",
        "ch": "chapter",
        "pt": "part",
        "sec": "section",
        "fig": "figure",
        "p": "page",
        "pp": "pages",
    },
    **{
        "mk": "mark",
        "sc": "scene",
        "art": "article",
        "bk": "book",
        "no": "number",
        "vols": "volumes",
        "chs": "chapters",
        "pts": "parts",
    },
}
_SERIES = word_set(
    "Fantasy Fighter Quest Scrolls Universalis Kings Auto Civ Civilization Rocky Rambo Saw Saturn Apollo Gemini Factor "
    "Souls Tekken Halo Ultima Warcraft Diablo Mercury Crusader Symphony Sonata Concerto Nerve Creed Oblivion Legion "
    "OS GTA FF DQ MGS KH CK EU AOE CN SC WC TES HOMM"
)
"""Names whose parts, models or works are counted in Roman numerals, of a single sign or after capitals, too."""
_NO_FIVE = word_set(
    "The A An My Our His Her Their This That In On At To Of And Or But With From By For Is Was Channel Agent Mr Dr "
    "Vitamin Model Series Team Plan Letter Operation Hepatitis Protein Key Drive Column Row Option Player Victory Like"
)
"""Words with a capital after which V is a letter."""
_LETTERED = word_set("stage stages phase type grade class group category tier table figure")
"""After these, a capital that touches the numeral is a letter: "stage IIIB"."""
_SIGNS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_NUMERAL = r"(?:M{0,3})(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
_DEEDS = (
    f"and\\s(?:{_RULERS})\\s[IVX]{{1,5}}\\b|were|"
    "of|ruled|reigned|died|became|succeeded|abdicated|invaded|conquered|built|founded|signed|granted|refused|ordered|declared"
    "|defeated|expelled|issued|commissioned|executed|fought|inherited|established|restored|led|ascended|founded|annexed"
    "|was\\s(?:queen|king|emperor|empress|pope|tsar|crowned|beheaded|born|executed|assassinated|deposed|succeeded|killed|buried)|married(?=\\s[A-Z])|and(?=\\s[IVX]+\\b)"
)
"""What rulers did, after which I is a number and no pronoun."""
_FORCE = r"(?:(?:Airborne|Army|Air|Panzer|Armored)\s)?(?:Corps|Army|Fleet|Legion|Brigade|Division)"
_END = r"(?P<own>'s\b)?(?![\w'-]|\.\w)"
_TITLE = r"(?P<title>(?:King|Queen|Pope|Emperor|Empress|Tsar|Saint|Prince|Sultan)\s)"


def roman_value(numeral: str) -> int:
    """``"XIV"`` -> 14."""
    values = [_SIGNS[sign] for sign in numeral.upper()]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def _ruler(match: Match, _: Context) -> Sequence[Said] | None:
    title = (match.groupdict().get("title") or "").lower().split()
    names = [re.sub("[^a-z]", "", name) for name in match["name"].lower().split()]
    *words, last = numbers.ordinal(roman_value(match["numeral"]))
    return [*title, *names, "the", *words, last + (match["own"] or "")]


def _heading(match: Match, context: Context) -> Sequence[Said] | None:
    name, dot = match["name"].lower(), match["dot"]
    if name not in _HEADINGS or (len(name) < 4 and not dot and name not in ("act", "war", "mk")):
        return None
    numeral = match["numeral"]
    if numeral in ("C", "D", "L", "M") and len(match["name"]) > 1:
        return [_HEADINGS[name] or name, f"{numeral.lower()}."] if not match["to"] and not match["own"] else None
    if len(match["name"]) == len(numeral) == 1 and match["name"].isupper() and numeral.isupper():
        return None  # initials
    if numeral == "I" and name == match["name"] and re.match(r"\s(?!(?:of|and|or|to)\b)[a-z]", after(match, 6)):
        return None  # "the book I read"
    if (
        numeral.islower()
        and numeral in ("i", "c", "d", "l", "m", "mix", "di", "mi", "vi", "dim", "mild")
        and (
            name
            not in ("page", "section", "part", "chapter", "volume", "vol", "p", "pp", "ch", "sec", "item", "paragraph")
            or numeral in ("mix", "dim", "mild", "c", "d", "l", "m")
        )
    ):
        return None
    *words, last = numbers.cardinal(roman_value(numeral))
    more = ["to", *numbers.cardinal(roman_value(match["to"]))] if match["to"] else []
    return [_HEADINGS[name] or name, *words, last + (match["own"] or ""), *more]


def _place(match: Match, context: Context) -> Sequence[Said] | None:
    """A place in a text by numeral, letter and number, parted by dots: "Sec. II.B", "Table A.1"."""
    name, first = match["name"], match["first"]
    said = "section" if name == "§" else _HEADINGS.get(name.lower(), "") or name.lower()
    if name != "§" and name.lower() not in _HEADINGS:
        return None
    if match["rest"][0] in "ABC" and said not in _LETTERED:
        return None
    words = numbers.cardinal(roman_value(first)) if re.fullmatch("[IVX]+", first) else [initials(first)]
    for part in re.findall(r"\d+|[A-Za-z]", match["rest"]):
        words += numbers.number(part) if part.isdigit() else [initials(part)]
    return [said, *words]


def _another_stage(match: Match, _: Context) -> Sequence[Said] | None:
    """The second of two stages: "stages IIIA and IIIB"."""
    if not re.search(r"\b[IV]{1,3}[A-Ca-c]?(?:,|\sand|\sor|\sto|/|\s?-)\s?$", before(match, 12)):
        return None
    return [*numbers.cardinal(roman_value(match["numeral"])), initials(match["letter"])]


_OF_A_PERSON = compiled(
    r",?\s(?:who|whose|said|says|sang|sings|wrote|writes|was\sborn|graduated|married|told|joked|testified)\b"
)


def _named(match: Match, _: Context) -> Sequence[Said] | None:
    """An ordinal after people's names: of rulers, after a family name, or after any name that follows a given name or a
    title."""
    value = roman_value(match["numeral"])
    earlier = re.search(r"\b([A-Z][a-z]*)\.?\s(?:[A-Z]\.\s)?$", before(match))
    person = match["name"] in FAMILY_NAMES or (earlier is not None and earlier[1] in GIVEN_NAMES)
    person = person or (earlier is not None and _OF_A_PERSON.match(after(match)) is not None)
    if (person and 1 < value < 9) or match["name"] in RULERS:
        *words, last = numbers.ordinal(value)
        return [match["name"].lower(), "the", *words, last + (match["own"] or "")]
    *words, last = numbers.cardinal(value)
    return [match["name"].lower(), *words, last + (match["own"] or "")]


def _counted_title(match: Match, _: Context) -> Sequence[Said] | None:
    """A numeral after the name of a series: "GTA V", "Final Fantasy X". A single V is one after other names, too."""
    name, numeral = match["name"], match["numeral"]
    small = re.match(r"\s(?:[A-Z][a-z]|neck|shape|sign|engine|formation|twin|cut|belt)", after(match, 12))
    five = numeral == "V" and name[1:].islower() and name not in _NO_FIVE and not small
    if name not in _SERIES and not five:
        return None
    words = [initials(name) if name.isupper() else name.lower(), *numbers.cardinal(roman_value(numeral))]
    words += numbers.cardinal(int(match["part"])) if match["part"] else []
    return [*words[:-1], words[-1] + (match["own"] or "")]


def _ordinal(match: Match, _: Context) -> Sequence[Said] | None:
    return numbers.ordinal(roman_value(match["numeral"]))


def _outline(match: Match, _: Context) -> Sequence[Said] | None:
    """The number of a heading, at the beginning of a line or alone."""
    return [*numbers.cardinal(roman_value(match["numeral"])), Pause()]


def _after_the(match: Match, _: Context) -> Sequence[Said] | None:
    *words, last = numbers.ordinal(roman_value(match["numeral"]))
    return ["the", *words, last + (match["own"] or "")]


def _among_others(match: Match, _: Context) -> Sequence[Said] | None:
    """One of several: "II and IV", "James I and VI"."""
    ruler = re.search(rf"\b(?:{_RULERS})\s[IVX]+\sand\s$", before(match))
    earlier = re.search(r"\b[IVX]{2,5}(?:,|,?\sand|\sor|\sto|,?\s(?:but\s)?not)\s$", before(match, 15))
    later = re.match(r"(?:,|\sand|\sor|\sto)\s[IVX]{2,5}\b", after(match, 12))
    if not (ruler or earlier or later):
        return None
    value = roman_value(match["numeral"])
    *words, last = ["the", *numbers.ordinal(value)] if ruler else numbers.cardinal(value)
    return [*words, last + (match["own"] or "")]


def _alone(match: Match, _: Context) -> Sequence[Said] | None:
    """A numeral of three signs or more that makes no word."""
    if match["numeral"][0] in "CDLM" and (len(match["numeral"]) < 4 or match["numeral"][0] != "M"):
        return None  # initials
    if len(set(match["numeral"])) < 2 and match["numeral"] not in ("II", "III", "XXX"):
        return None
    value = roman_value(match["numeral"])
    year = _DATED.search(before(match, 14)) and 1000 < value < 2100
    *words, last = numbers.year(value) if year else numbers.cardinal(value)
    return [*words, last + (match["own"] or "")]


_DATED = compiled(r"(?:©|\b(?:[Cc]opyright|[Aa]nno|[Ss]ince|[Ee]st\.|[Ii]n|A\.?D\.?|[Dd]ated|[Bb]uilt))\s$")
"""Before a numeral that is a year."""


def _listed(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.cardinal(roman_value(match["numeral"]))] if roman_value(match["numeral"]) < 30 else None


KIND = Kind(
    name="Roman numerals",
    readings=(
        Reading(
            "a-zA-Z§",
            rf"(?<!\w)(?P<name>[A-Za-z]{{1,9}}|§)(?:\.?\s|(?<=§))(?P<first>(?=[IVX]){_NUMERAL}|[A-Z])"
            r"(?P<rest>(?:\.(?:\d{1,2}|[A-Za-z])(?!\w)){1,3}|(?<=[IVX])[a-eA-C](?![\w']))(?!\.\w)",
            _place,
            needs=".IVX",
            then=r"A-Za-z.\s\d",
        ),
        Reading(
            "EKPQST",
            rf"\b{_TITLE}(?P<name>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)\s(?P<numeral>(?=[IVXL]){_NUMERAL}){_END}",
            _ruler,
            needs="ILVX",
            then="a-z",
        ),
        Reading(
            "ABCEFGHIJLMNOPRUVW",
            rf"\b(?P<name>{_RULERS})\s(?!I\b(?!\s*(?:$|[.,;:?!()]|(?:{_DEEDS})\b)))(?P<numeral>(?=[IVXL]){_NUMERAL}){_END}",
            _ruler,
            needs="ILVX",
            then="a-z",
        ),
        Reading(
            "a-zA-Z",
            rf"\b(?P<name>[A-Za-z]{{1,9}})(?P<dot>\.)?\s(?P<numeral>(?=[IVXLCDM]){_NUMERAL}|(?=[ivxlcdm]){_NUMERAL.lower()})"
            rf"(?:-(?P<to>(?=[IVXLCDM]){_NUMERAL}|(?=[ivxlcdm]){_NUMERAL.lower()}))?{_END}",
            _heading,
            then=r"A-Za-z.\s",
        ),
        Reading(
            "A-Z",
            rf"\b(?P<name>[A-Z]{{2,4}}|[A-Z][a-z]+)\s(?P<numeral>(?=[VX](?!\w)|(?<=[A-Z]\s)[IVX]{{2}}){_NUMERAL})"
            r"(?:-(?P<part>[2-9])(?!\w))?(?P<own>'s\b)?(?![\w'-]|\.\w|\.\s[A-Z][a-z]+\b)",
            _counted_title,
            needs="A",
            then="A-Za-z",
        ),
        Reading(
            "A-Z",
            rf"\b(?P<name>[A-Z][a-z]+)(?<!\bThe)(?<!\bAn)(?<!\bMy)\s(?P<numeral>(?=[IVX]{{2}}){_NUMERAL}){_END}",
            _named,
            needs="IVX",
            then="a-z",
        ),
        Reading(
            "IVX",
            rf"(?<![\w.-])(?P<numeral>(?=[IVX]{{2,6}}(?:th|st|nd|rd|TH)\b|[VX]th\b|Ist\b){_NUMERAL})(?:th|st|nd|rd|TH)\b",
            _ordinal,
            needs="hnst",
        ),
        Reading(
            "IVX",
            rf"(?<![\w.-])(?P<numeral>(?=[IVX]{{2}}){_NUMERAL})(?=\s(?:(?i:century|centuries|dynasty|olympi\w+)|{_FORCE})\b)",
            _ordinal,
            needs="Ca",
        ),
        Reading(
            "IVX", rf"(?<![^\n])(?P<numeral>(?=[IVX]{{1,5}}\.\s[A-Z]){_NUMERAL})\.(?=\s[A-Z][a-z])", _outline, needs="."
        ),
        Reading("IVX", rf"(?<![\s\S])(?P<numeral>(?=[IVX]{{2,6}}\.?$){_NUMERAL})\.?$", _outline),
        Reading(
            "Tt",
            rf"\b[Tt]he\s(?P<numeral>(?=[IVX]{{2}}|[VX]\s(?:Corps|Army|Fleet|Legion|Brigade|Republic|Amendment|Dynasty)\b){_NUMERAL}){_END}"
            rf"(?=\s(?:{_FORCE}|(?i:century|centuries|dynasty|edition|congress|fleet|olympi\w+|legion|corps|army|arrondissement"
            r"|amendment|brigade|republic|international|festival|reich|vatican|crusade|symposium|conference|summit|biennale)\b))",
            _after_the,
            needs="h",
            then="h",
        ),
        Reading(
            "IV",
            r"(?<![\w.-])(?P<numeral>I{1,3}|IV)(?P<letter>[A-C])(?![\w'-])",
            _another_stage,
        ),
        Reading(
            "§",
            rf"§\s?(?P<numeral>(?=[IVX]){_NUMERAL})(?![\w'-]|\.\w)",
            lambda match, _: ["section", *numbers.cardinal(roman_value(match["numeral"]))],
            then=r"\sIVX",
        ),
        Reading("IVX", rf"(?<![\w.-])(?P<numeral>(?=[IVX]{{1,5}}\b){_NUMERAL}){_END}", _among_others),
        Reading("CDILMVX", rf"(?<![\w.-])(?P<numeral>II|(?=[IVXLCDM]{{3}}){_NUMERAL}){_END}", _alone),
        Reading("ivx", rf"(?<![\s\S])(?P<numeral>(?=[ivx]{{2,6}}\.?$)(?!xxx){_NUMERAL.lower()})\.?$", _listed),
        Reading("(", rf"(?<!\w)\((?P<numeral>(?=[ivx]){_NUMERAL.lower()})\)", _listed),
    ),
    examples="""
        King Henry VIII → king henry the eighth
        Louis XIV's → louis the fourteenth's
        Queen Elizabeth I → queen elizabeth the first
        Pope John Paul II → pope john paul the second
        King Juan Carlos I → king juan carlos the first
        Chapter IV → chapter four
        World War II → world war two
        Super Bowl LIV → super bowl fifty four
        page iv → page four
        section ii → section two
        Part I → part one
        vol. III → volume three
        Pt. II → part two
        pp. iv-vi → pages four to six
        the XIX century → the nineteenth century
        Rocky IV → rocky four
        Sec. II.B → section two B
        Section IV.A.2 → section four A two
        Stage IIIb and Type IIa → stage three B and type two A
        § II.A → section two A
        Table A.1 and App. B.2 → table A one and appendix B two
        Act V, Scene ii → act five, scene two
        MCMXCIX → one thousand nine hundred and ninety nine
        Malcolm X and I → malcolm x and i
        The IV drip → the I V drip
        (iii) → three
        Rocky III and IV → rocky three and four
        I, II, III → one, two, three
        Charles III → charles the third
        Section XL → section forty
        John Smith III → john smith the third
        Smith III → smith the third
        Mr. Robert T. Ames IV's → mister robert T ames the fourth's
        Mehmed II → mehmed the second
        Apollo XI → apollo eleven
        XXI century → twenty first century
        the XXth century → the twentieth century
        I. Introduction → one, introduction
        GTA V → G T A five
        Final Fantasy X → final fantasy ten
        the Saturn V rocket → the saturn five rocket
        stage IIIB → stage three B
        VI → six
        xiv → fourteen
        Charles I → charles the first
        Elizabeth I and Mary I were sisters → elizabeth the first and mary the first were sisters
        Elizabeth I was queen → elizabeth the first was queen
        § IV → section four
        © MCMLXXXIV → copyright nineteen eighty four
        the VI Fleet and the V Corps → the sixth fleet and the fifth corps
        VII Corps attacked → seventh corps attacked
        Loudon Wainwright III → loudon wainwright the third
        the XVIII Airborne Corps → the eighteenth airborne corps
    """,
)
