"""Abbreviations: titles, what counts pages and figures, what introduces or closes, slashes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english.abbreviations import (
    ABBREVIATIONS,
    BARE,
    BEFORE_NAMES,
    BEFORE_NUMBERS,
    CAPITAL_BARE,
    CAPITALISED,
    CLOSERS,
    COUNTED,
    GREATLY,
    NUMBERED_THINGS,
    SLASHED,
    SORTS_OF_DAYS,
)
from avsynth.text.english.places import AFTER_COUNTY
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, any_of, before, initials, word_set
from avsynth.text.later import compiled
from avsynth.text.tokens import Pause

_COUNTED_BY = word_set("second minute hour day week month year night person mile gallon liter litre student capita")
_TIMES = word_set("second minute hour day week month year night")
_SHORT_TIMES = {"mo": "month", "yr": "year", "wk": "week", "hr": "hour", "min": "minute", "sec": "second"}
_STREETS = {"st": "street", "dr": "drive"}


_INCOME = compiled(r"\b(?:Q[1-4]|FY\d*|annual|total|net|gross|ad|quarterly|yearly|tax|sales)\s$", re.IGNORECASE)


def _abbreviation(match: Match, _: Context) -> Sequence[Said] | None:
    written, name = match["name"], match["name"].lower()
    if name == "rev" and _INCOME.search(before(match)):
        return ["revenue"]
    if name not in ABBREVIATIONS or (name in CAPITALISED and not written[0].isupper()):
        return None
    before_name = re.match(r"\s*[A-Z]", after(match, 20))
    after_name = re.search(r"\b(?:(?!The\b)[A-Z][a-z]+|\d(?:st|nd|rd|th))\s$", before(match))
    if name == "st" and re.match(r"-[A-Z]", after(match, 2)):
        return ["saint"]
    if name == "st" and not (before_name and written[0].isupper() and not after_name):
        return ["street"]
    if name == "dr" and not before_name and after_name:
        return ["drive"]
    words: list[Said] = [*ABBREVIATIONS[name].split()]
    if written == "Co" and (following := re.match(r"\s([A-Z][a-z]+)", after(match))) and following[1] in AFTER_COUNTY:
        return ["county"]
    if name == "incl" and re.match(r"\s*$|[.,;)]", after(match, 2)):
        return ["included"]
    if name == "inc" and written == "inc" and re.match(r"\s[a-z]", after(match, 2)):
        return ["including"]
    if written == "SAT" and re.search(r"\b(?:the|an|my|his|her)\s$", before(match, 4)):
        return ["s.a.t."]
    if (written == "APR" and re.search(r"(?:%|\b(?:an|the|of|fixed))\s$", before(match, 6))) or (
        written in ("PT", "MT") and re.search(r"\d\s$", before(match, 2))
    ):
        return [initials(written)]
    if written == "EST" and not re.match(r"\s(?:in\s)?(?:1[5-9]|20)\d\d\b", after(match)):
        return ["e.s.t."]
    if name == "est" and re.search(r"(?:\b(?:19|20)\d\d|%|\b[Tt]he\s[^\s,]{1,12})\s$", before(match, 16)):
        return ["estimate"]
    if name == "est" and not re.match(r"\s(?:in\s)?(?:1[5-9]|20)\d\d\b(?!,\d)", after(match)):
        return ["estimated"]
    closes = name in CLOSERS and re.match(r"\s+[A-Z]", after(match, 20)) and (after_name or name not in ("jr", "sr"))
    return [*words, Pause()] if closes else words


def _counted(match: Match, _: Context) -> Sequence[Said] | None:
    if match["name"].lower() == "no" and re.match(r"I(?:'|\s[a-z])", after(match, 3)):
        return None  # an answer
    said = COUNTED.get(match["name"].lower())
    return said.split() if said else None


def _without_tax(match: Match, _: Context) -> Sequence[Said] | None:
    return ["excluding" if match[0].startswith("ex") else "including"]


def _between_two(match: Match, _: Context) -> Sequence[Said] | None:
    return ["between"]


def _of_body(match: Match, _: Context) -> Sequence[Said] | None:
    return ["height" if match[0][0] in "Hh" else "weight"]


def _several(match: Match, _: Context) -> Sequence[Said] | None:
    """Streets after their names, saints before theirs."""
    if match[0].startswith("A"):
        return ["avenues"]
    named = re.search(r"\b(?:\d(?:st|nd|rd|th)|[A-Z][a-z]+)\s$", before(match, 20))
    return ["streets"] if named else ["saints"] if re.match(r"\s[A-Z]", after(match, 2)) else None


_WORKED = compiled(r"\b(?:yrs?\.?|years?|work|prior|some|no|relevant)\s(?:of\s)?$")


def _experience(match: Match, _: Context) -> Sequence[Said] | None:
    return ["experience"] if _WORKED.search(before(match, 12)) else None


def _number_of(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Order no.: 5", "your ref. no.", "the no. of users"."""
    if not re.match(r"\sof\s(?!course)|\sis\s[\d+(]", after(match, 10)) and not NUMBERED_THINGS.search(
        before(match, 14)
    ):
        return None
    return ["numbers" if "s" in match[0] else "number"]


def _following(match: Match, _: Context) -> Sequence[Said] | None:
    return ["and", "following"]


def _sort_of_days(match: Match, _: Context) -> Sequence[Said] | None:
    return [SORTS_OF_DAYS[match["sort"].lower()]]


def _bare(match: Match, _: Context) -> Sequence[Said] | None:
    name = match["name"].lower()
    if match["name"] in ("MR", "MRS") and (
        re.search(r"/[A-Z]{2,}\s$", before(match)) or re.match(r"\.?\s[A-Z]{3,}\b", after(match))
    ):
        return ["mister" if match["name"] == "MR" else "missus"]
    if match["name"] == "VS" and re.match(r"\sCode\b", after(match)):
        return ["v.s."]
    if name in BARE and match["name"] not in ("HR", "HRs", "PCs"):
        return BARE[name].split()
    if match["name"] in CAPITAL_BARE:
        return CAPITAL_BARE[match["name"]].split()
    if match["name"] in BEFORE_NUMBERS and re.match(r"\s\d", after(match, 2)):
        return BEFORE_NUMBERS[match["name"]].split()
    if match["name"] in BEFORE_NAMES and re.match(r"\s[A-Z][a-z]", after(match, 4)):
        return BEFORE_NAMES[match["name"]].split()
    return None


def _slashed(match: Match, _: Context) -> Sequence[Said] | None:
    name = match["name"].lower()
    if name == "a/c" and re.match(r"[.:]?\s(?:[Nn](?:o|umber)\b\.?\s?)?\d", after(match)):
        return ["account"]
    if name in ("s/n", "p/n") and not re.match(r"[:.]?\s?[A-Z-]*\d", after(match)):
        return [initials(name.replace("/", ""))]
    if name == "c/o" and _PATIENT.search(before(match, 10)):
        return ["complains", "of"]
    return SLASHED[name].split()


_PATIENT = compiled(r"\b(?:[Pp]t\.?|[Pp]atient|[Ss]he|[Hh]e)\s$")


def _patient(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Pt. c/o pain"."""
    return ["patient"]


def _position(match: Match, _: Context) -> Sequence[Said] | None:
    return [{"a": "altitude", "l": "latitude"}[match[0][0].lower()] if match[0][:2].lower() != "lo" else "longitude"]


def _way(match: Match, _: Context) -> Sequence[Said] | None:
    return ["departs" if match[0][0] in "dD" else "arrives"]


def _watched(match: Match, _: Context) -> Sequence[Said] | None:
    return ["channel"] if _WATCHING.search(before(match, 24)) or re.match(r"\d+\s@\s\d", after(match)) else None


_WATCHING = compiled(r"\b(?:[Ww]atch|[Tt]une(?:d|\sin)?(?:\sto)?|on|TV|news|[Ff]lip(?:ped)?\sto|airs\son|aired\son)\s$")


def _either(match: Match, _: Context) -> Sequence[Said] | None:
    """A slash between words; below it is what something is counted by: "miles/hour"."""
    earlier, later = re.search(r"[A-Za-z]+$", before(match)), re.match(r"[a-z]+\b", after(match))
    times = later and later[0] in _TIMES and earlier and earlier[0] not in _TIMES and re.search(r"\d", before(match))
    counted = times or (earlier and earlier[0].endswith("s") and later and later[0] in _COUNTED_BY)
    return ["per" if counted else "slash"]


def _each(match: Match, _: Context) -> Sequence[Said] | None:
    """ "2.3M hits/mo"."""
    return ["per", _SHORT_TIMES[match["time"]]] if re.search(r"\d", before(match)) else None


def _against(match: Match, _: Context) -> Sequence[Said] | None:
    """The parties of a lawsuit."""
    return ["versus"]


def _against_bare(match: Match, _: Context) -> Sequence[Said] | None:
    """Two sides by their names: "Arsenal v Chelsea"."""
    return ["versus"] if re.search(r"\b[A-Z](?:[a-z]+)?\s$", before(match)) else None


_DEGREE_BEFORE = compiled(
    r"(?:^|[,.;:!?(-]\s?|\b(?:is|was|are|were|be|been|being|am|it's|i'm|you're|he's|she's|they're|we're|that's|feel|feels"
    r"|feeling|felt|look|looks|looked|seem|seems|seemed|sounds?|a|so|not|got|getting|and|but|or|all|v\.)\s)$",
    re.IGNORECASE,
)


def _very(match: Match, _: Context) -> Sequence[Said] | None:
    """ "v. good", against "man v. machine"."""
    following = re.match(r"\s([a-z]+)", after(match))
    if following is None or following[1] in GREATLY or following[1] == "v":
        return ["very"]
    if not before(match).strip():
        return None  # an item of a list
    greatly = _DEGREE_BEFORE.search(before(match)) and following[1] not in ("the", "a", "an")
    return ["very" if greatly else "versus"]


def _very_bare(match: Match, _: Context) -> Sequence[Said] | None:
    following = re.match(r"\s([a-z]+)", after(match))
    return ["very"] if following and following[1] in GREATLY else None


def _life(match: Match, _: Context) -> Sequence[Said] | None:
    return [{"b": "born", "d": "died", "m": "married"}[match[0][0]]]


def _degree(match: Match, _: Context) -> Sequence[Said] | None:
    """ "B.Sc.", "LL.B.", "M.Phil."."""
    one, two = match["one"], match["two"]
    if len(two) == 1:
        return [initials(one + two)] if len(one) == 2 else None
    return [initials(one + two)] if two == "Sc" else [initials(one), two.lower()]


def _doctor(match: Match, _: Context) -> Sequence[Said] | None:
    return ["phd's" if match[0].endswith("'s") else "phds" if match[0].endswith("s") else "phd"]


def _circa(match: Match, _: Context) -> Sequence[Said] | None:
    return ["circa"]


KIND = Kind(
    name="Abbreviations",
    readings=(
        Reading("ei", r"\b(?:ex|inc)\.?(?=\s(?:VAT|GST|tax|P&P|p&p)\b)", _without_tax, then="nx"),
        Reading("b", r"\bbtw(?=\s(?:\S{1,12}\s){1,2}(?:and|&)\s)", _between_two, then="t"),
        Reading("HWhw", r"\b[HhWw]t\b\.?(?=:?\s\d)", _of_body, figures=True, then="t"),
        Reading(
            "Pp",
            r"\b[Pp]t\b\.?(?=\s(?:c/o|presents?|presented|has|had|is|was|denies|reports|states|with)\b)",
            _patient,
            then="t",
        ),
        Reading(
            "AaLl",
            r"\b(?:[Aa]lt\.|[Ll]at\b\.?|[Ll]ong?\b\.?)(?=:?\s-?\d)(?!\s\d+\s[a-z])",
            _position,
            figures=True,
            then="lao",
        ),
        Reading(
            "AaDd",
            r"\b(?:[Dd]ep|[Aa]rr)\b\.?(?=:?\s(?:[A-Z][a-z']+\s){0,3}\d{1,2}[:.]?\d{0,2})",
            _way,
            figures=True,
            then="er",
        ),
        Reading("Cc", r"\b[Cc]h\.\s?(?=\d{1,3}\b)", _watched, needs=".", figures=True, then="h"),
        Reading("p", r"\bpw(?=\s?[:=])", lambda match, _: ["password"], needs=":=", then="w"),
        Reading(
            "FR",
            r"\b(?:RE|FWD?)(?=:)",
            lambda match, _: ["re" if match[0] == "RE" else "forward"],
            needs=":",
            then="EW",
        ),
        Reading("Rr", r"\b[Rr]ef(?=:|\s#)", lambda match, _: ["reference"], needs=":#", then="e"),
        Reading("Mm", r"\b[Mm]ob(?=[:.]\s[(+]?\d{3})", lambda match, _: ["mobile"], figures=True, then="o"),
        Reading(
            "A",
            r"\bAve\.(?=\s(?:temp|scores?|prices?|ratings?|speed|age|cost|time|salary|daily|monthly|weekly|height|weight|depth|no|number)\b)",
            lambda match, _: ["average"],
            needs=".",
            then="v",
        ),
        Reading("Y", r"\bYrs(?=\s(?:truly|faithfully|sincerely|ever)\b)", lambda match, _: ["yours"], then="r"),
        Reading("e", r"\bexp\b\.?", _experience, then="x"),
        Reading("AS", r"\b(?:Sts|Aves)\.", _several, needs=".", then="tv"),
        Reading("Pp", r"\b[Pp]h(?=:\s?[+(]?\d{3})", lambda match, _: ["phone"], needs=":", figures=True, then="h"),
        Reading("Ee", r"\b[Ee]ds?\.(?=\sby\b)", lambda match, _: ["edited"], needs="."),
        Reading(
            "A-Za-z", rf"(?<![\w/])(?P<name>(?i:{any_of(*SLASHED)}))(?![\w/])", _slashed, needs="/", then="A-Za-z/"
        ),
        Reading(
            "bdm",
            r"(?<![\w.])[bdm]\.\s?(?=1\d{3}\b|20\d\d\b|\d{1,2}\s[A-Z][a-z]{2}|[A-Z][a-z]{2,8}\.?\s\d{1,2},?\s[12]\d{3})",
            _life,
            needs=".",
            then=".",
        ),
        Reading("vV", r"\b[vV]\.(?=\s(?:[vV]\.\s)?[a-z])", _very, needs=".", then="."),
        Reading("v", r"(?<!\w)v(?=\s[a-z])", _very_bare, then=r"\s"),
        Reading("v", r"(?<=[\w.]\s)v\.(?=\s[A-Z])", _against, needs=".", then="."),
        Reading(
            "vV",
            r"(?:(?<=[a-z]\s)|(?<=\b[A-Z]\s))[vV](?=\s[A-Z](?:[a-z]|\b(?!\.)))",
            _against_bare,
            needs="A",
            then=r"\s",
        ),
        Reading(
            "BDELM",
            r"\b(?P<one>[BDM]|LL|Ed)\.\s?(?P<two>Sc|Phil|Ed|Eng|Com|Arch|Mus|Tech|Litt|B|M|D)\.(?!\w)",
            _degree,
            needs=".",
            then="A-Za-z.",
        ),
        Reading("P", r"\bPh\.?\s?D(?:\.'?s|\.)?(?!\w)", _doctor, then="h"),
        Reading("c", r"\b(?:ca?\.\s?(?=\d{2}|\d%|AD\s\d)|ca\s(?=1\d{3}\b))", _circa, then="a."),
        Reading("Nn", r"\b[Nn]os?\.(?!\s?\d)", _number_of, needs="."),
        Reading("f", r"(?<=\d\s)ff?\.(?!\w)|(?<=\d)ff\.", _following, needs=".", then="f.", figures=True),
        Reading("Bb", r"\b(?P<sort>[Bb]us)\.(?=\s(?:days?|hours?|hrs?)\b)", _sort_of_days, needs="."),
        Reading(
            "a-zA-Z",
            r"\b(?P<name>[A-Za-z]{1,7})\.\s?(?=:\s\d|\(?#?\d|[IVXLivxl]+\b|[A-Z]{1,4}-?\d)",
            _counted,
            needs=".",
            then="A-Za-z.",
        ),
        Reading("a-zA-Z", r"\b(?P<name>[A-Za-z]{1,7}(?:\.[a-z])?)\.(?!\w)", _abbreviation, needs=".", then="A-Za-z."),
        Reading("a-zA-Z", r"\b(?P<name>[A-Za-z]{1,7}(?:'[a-z]{1,3})?)\b(?!['.-])", _bare),
        Reading("p", r"(?<=\d\s)p\.c\.", lambda match, _: ["percent"], needs=".", figures=True, then="."),
        Reading("/", rf"(?:(?<=[a-z]s)|(?<=people))/(?P<time>{any_of(*_SHORT_TIMES)})\b\.?", _each),
        Reading("/", r"(?<=[A-Za-z])/(?=[A-Za-z])", _either),
    ),
    examples="""
        Dr. Lee → doctor lee
        ed. by K. Park → edited by K park
        Mr. and Mrs. Smith → mister and missus smith
        St. Paul on Main St. → saint paul on main street
        e.g. cats, i.e. pets → for example cats, that is pets
        cats vs. dogs → cats versus dogs
        Adm. Nelson → admiral nelson
        Mme. Curie → madame curie
        ca. 1900 → circa nineteen hundred
        c.1800 → circa eighteen hundred
        c. 1850 → circa eighteen fifty
        Eq. 5 → equation five
        vol. 2, pp. 3-9 → volume two, pages three to nine
        Nos. 5 and 6 → numbers five and six
        a Ph.D. → a phd
        a B.Sc. and an M.Phil. → a B S C and an M phil
        w/o salt → without salt
        n/a → not applicable
        the no. of pgs. → the number of pages
        and/or → and or
        he/she → he or she
        input/output → input slash output
        Acme Inc. → acme incorporated
        Jones Jr. → jones junior
        Smith et al. → smith et al
        Gen. Ross (ret.) → general ross, retired
        the orig. price → the original price
        HR called → H R called
        Lt. Col. Ray → lieutenant colonel ray
        Ft. Worth → fort worth
        approx. 5 → approximately five
        Prof Brown → professor brown
        etc. → et cetera
        b. 1950, d. 3 May 1999 → born nineteen fifty, died the third of may nineteen ninety nine
        Eq. (5) → equation, five
        model no. AB-1234 → model number A B twelve thirty four
        Roe v. Wade → roe versus wade
        Arsenal v Chelsea → arsenal versus chelsea
        man v. machine → man versus machine
        v. good → very good
        a v. long day → a very long day
        the Sr. Director → the senior director
        rev. 2 → revision two
        miles/hour → miles per hour
        inc. tax → including tax
        op. cit. → op cit
        The St. Regis → the saint regis
        dept. of health → department of health
        Gov. Lee → governor lee
        gov't and int'l → government and international
        Apple Inc → apple incorporated
        Feb and Sept → february and september
        Fig 2, pp 10-15 → figure two, pages ten to fifteen
        min. 5 → minimum five
        the min. age → the minimum age
        Hwy 61 → highway sixty one
        aka → A K A
        Order no.: 4471 → order number, four four seven one
        3 bus. days → three business days
        Tel: 555-0123 → telephone, five five five, zero one two three
        Figs. 2 and 3 → figures two and three
    """,
)
