"""The law: regulations by year and number, clauses in brackets, cases by volume and page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.places import SHORT_STATES
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, any_of, before, initials
from avsynth.text.later import compiled
from avsynth.text.tokens import Pause

_ACT = compiled(
    r"\b(?:Reg(?:ulations?|\.)|Dir(?:ectives?|\.)|Decision|Act|Law|Bill|Resolution|Case|Statute)\s(?:\((?:EU|EC|EEC)\)\s)?(?:No\.?\s)?$"
)
_PLACED = compiled(
    r"\b(?:[Aa]rt(?:icles?|\.)|[Ss]ec(?:tions?|\.)|[Rr]ules?|[Cc]lauses?|[Pp]ara(?:graphs?|\.)|s\.)\s?$|§{1,2}\s?$"
)


def _number(match: Match, _: Context) -> Sequence[Said] | None:
    """A year and a number: "2016/679"."""
    if not _ACT.search(before(match)):
        return None
    first, second = match["first"], match["second"]
    year = numbers.year(int(first)) if len(first) == 4 else numbers.cardinal(int(first))
    return [*year, "slash", *(numbers.digits(second) if len(second) > 2 else numbers.number(second))]


def _clauses(match: Match, _: Context) -> Sequence[Said] | None:
    """Its parts side by side: "Article 5(1)(a)"."""
    if not _PLACED.search(before(match)):
        return None
    figures = match["article"].rstrip("abcdefghijklmnopqrstuvwxyz")
    words = [*numbers.number(figures), *([initials(match["article"][-1])] if figures != match["article"] else [])]
    for part in re.findall(r"[A-Za-z]+|\d+", match["parts"]):
        words += numbers.number(part) if part.isdigit() else [initials(part)]
    return words


def _clause(match: Match, _: Context) -> Sequence[Said] | None:
    """A section of a law: "401(k)"."""
    return [*numbers.pairs(int(match["figures"])), initials(match["letter"])]


_REPORTS = (
    "Stat\\.|Fed\\.\\sReg\\.|U\\.\\s?S\\.|US|S\\.\\s?Ct\\.|F\\.\\s?(?:2d|3d|4th)|F\\.\\s?Supp\\.(?:\\s[23]d)?|L\\.\\s?Ed\\.(?:\\s2d)?|AC|QB|KB|Ch|WLR|All\\sER"
    "|UKSC|UKHL|UKPC|EWCA\\s(?:Civ|Crim)|EWHC|CSOH|SCR|HCA|CLR|IR|ECR"
)
_SUPPLEMENTS = {
    "stat": "stat",
    "fed": "federal",
    "reg": "register",
    "supp": "supplement",
    "ed": "ed",
    "ct": "court",
    "all": "all",
    "civ": "civ",
    "crim": "crim",
    "ch": "chancery",
}


def _cited(match: Match, _: Context) -> Sequence[Said] | None:
    """A report of cases between its volume and its page: "410 U.S. 113", "[1994] 1 AC 212"."""
    volume, words = match["volume"], list[Said]()
    if volume:
        words += numbers.pairs(int(volume)) if len(volume) > 1 else numbers.number(volume)
    for part in re.findall(r"\d+|[A-Za-z]{1,5}", match["report"].replace("U. S", "U.S").replace("U.S.", "US")):
        said = _SUPPLEMENTS.get(part.lower())
        words += [said] if said else numbers.number(part) if part.isdigit() else [initials(part)]
    page = numbers.pairs(int(match["page"])) if "." in match["report"] else numbers.number(match["page"])
    return [*words, *page]


def _state_law(match: Match, _: Context) -> Sequence[Said] | None:
    """The laws of a state: "Fla. Stat. § 768.28", "Cal. Penal Code § 187"."""
    name = match["code"].lower().replace("rev.", "revised").replace("stat.", "statutes").replace("civ.", "civil")
    return [*SHORT_STATES[match["state"]].split(), *name.replace("veh.", "vehicle").split()]


def _public_law(match: Match, _: Context) -> Sequence[Said] | None:
    """A law by its congress and its number: "Pub. L. 111-148"."""
    number = ["number"] if match["no"] else []
    return ["public", "law", *number, *numbers.pairs(int(match["congress"])), Pause(), *_in_pairs(match["number"])]


def _of_code(match: Match, _: Context) -> Sequence[Said] | None:
    """A section of federal regulations: "29 C.F.R. § 1910.134"."""
    title = numbers.number(match["title"])
    section = ["section"] if match["section"] else []
    return [*title, "c.f.r.", *section, *_in_pairs(match["part"]), "point", *numbers.digits(match["number"])]


def _in_pairs(figures: str) -> list[str]:
    return numbers.pairs(int(figures)) if len(figures) > 1 else numbers.number(figures)


KIND = Kind(
    name="Law",
    readings=(
        Reading(
            r"\d", r"(?<![\w.,/])(?P<first>\d{2}|\d{4})/(?P<second>\d{1,4})(?![\w/])", _number, needs="/", then=r"\d"
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/])(?P<article>\d{1,4}[a-z]?)(?P<parts>(?:\((?:\d{1,2}|[a-z]|[A-Z])\)){1,4})",
            _clauses,
            needs="(",
            then=r"\da-z(",
        ),
        Reading(
            r"\d",
            rf"(?<![\w.,$£€-])(?P<volume>\d{{1,3}})\s(?P<report>{_REPORTS})\s(?P<page>\d{{1,4}})(?!\w|[.,/]\d)",
            _cited,
            needs="A",
            then=r"\d\s",
        ),
        Reading(
            "A-Z",
            rf"(?<=\d\]\s)(?P<volume>)(?P<report>{_REPORTS})\s(?P<page>\d{{1,4}})(?!\w|[.,/]\d)",
            _cited,
            needs="]",
            figures=True,
            then=r"A-Za-z.\s",
        ),
        Reading(
            "A-Z",
            rf"\b(?P<state>{any_of(*SHORT_STATES)})\.\s(?P<code>(?:Rev\.\s)?Stat\.|(?:Penal|Civ\.|Veh\.|Civil|Vehicle)\sCode\b|Code(?=\s§))",
            _state_law,
            needs=".",
            then="a-z",
        ),
        Reading(
            "P",
            r"\b(?:Pub\.?\s?L\.?|P\.\s?L\.|PL|Public\sLaw)\s(?P<no>No\.\s)?(?P<congress>\d{2,3})-(?P<number>\d{1,3})(?![\w-])",
            _public_law,
            needs="-",
            figures=True,
            then="uL.",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,$£€-])(?P<title>\d{1,2})\s(?:C\.F\.R\.|CFR)\s(?P<section>§\s?)?(?P<part>\d{1,4})\.(?P<number>\d{1,4})(?![\w.]\d)",
            _of_code,
            needs="C",
            then=r"\d\s",
        ),
        Reading(
            "C",
            r"(?:(?<=\dth\s)|(?<=\dst\s)|(?<=\dnd\s)|(?<=\drd\s))Cong\b\.?",
            lambda match, _: ["congress"],
            then="o",
        ),
        Reading(
            "E",
            r"(?:(?<=\bBoard\sof\s)|(?<=\bDept\.\sof\s)|(?<=\bDepartment\sof\s))Ed\b\.?",
            lambda match, _: ["education"],
            then="d",
        ),
        Reading("a", r"(?<=\bas\s)am\.", lambda match, _: ["amended"], needs=".", then="m"),
        Reading(r"\d", r"(?<![\w.,])(?P<figures>\d{1,4})\((?P<letter>[a-z])\)", _clause, needs="(", then=r"\d("),
    ),
    examples="""
        401(k) → four oh one K
        Reg. 2016/679 → regulation twenty sixteen slash six seven nine
        Regulation (EU) 2016/679 → regulation, E U, twenty sixteen slash six seven nine
        Directive 95/46 → directive ninety five slash forty six
        Resolution 46/182 → resolution forty six slash one eight two
        Case 26/62 → case twenty six slash sixty two
        Article 5(1)(a) → article five one A
        Art. 6(1)(f) → article six one F
        section 230(c)(2) → section two hundred and thirty C two
        Rule 12(b)(6) → rule twelve B six
        s. 3(a) → S, three A
        [1994] 1 AC 212 → nineteen ninety four, one A C two hundred and twelve
        410 U.S. 113 → four ten U S one thirteen
        Fla. Stat. § 768.28 → florida statutes section seven hundred and sixty eight point two eight
        Pub. L. 111-148 → public law one eleven, one forty eight
        Public Law No. 94-142 → public law number ninety four, one forty two
        124 Stat. 119 → one twenty four stat one nineteen
        85 Fed. Reg. 4012 → eighty five federal register forty twelve
        29 C.F.R. § 1910.134 → twenty nine C F R section nineteen ten point one three four
        the 117th Cong. → the one hundred and seventeenth congress
        Brown v. Board of Ed. → brown versus board of education
        [2020] UKSC 5 → twenty twenty, U K S C five
        5/46 of it → five forty sixths of it
    """,
)
