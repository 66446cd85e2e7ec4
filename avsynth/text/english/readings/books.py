"""Books: editions, notes, years with a letter as papers are cited."""

from __future__ import annotations

from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.abbreviations import COUNTED, LETTERED
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, any_of, before, initials
from avsynth.text.later import compiled

_REVISED = {"rev": "revised", "enl": "enlarged", "exp": "expanded", "corr": "corrected", "abr": "abridged"}
_EDITION = compiled(r"(?:,?\s(?:&|and)\s[a-z]{3,4}\.)*\s[Ee]d(?:ition|n)?\b|,?\s(?:&|and)\s(?:enl|exp|corr|upd)")
_WITH = compiled(r"\b(?:rev|corr)\.\s(?:&|and)\s$")


def _edition(match: Match, _: Context) -> Sequence[Said] | None:
    return ["edition"]


def _changed(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Rev. & enl. ed."."""
    if not (_EDITION.match(after(match)) or _WITH.search(before(match, 12))):
        return None
    return [_REVISED[match["how"].lower()]]


def _part(match: Match, _: Context) -> Sequence[Said] | None:
    """ "See App. B"."""
    return [COUNTED[match["part"].lower()], initials(match["letter"])]


def _notes(match: Match, _: Context) -> Sequence[Said] | None:
    return ["notes" if match[0].startswith("nn") else "note"]


def _lettered_year(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.year(int(match["year"])), initials(match["letter"])]


def _in_chapter(match: Match, _: Context) -> Sequence[Said] | None:
    """A table or a figure by its chapter and its number: "Table 2-1"."""
    name = match["name"].lower().replace("fig.", "figure")
    return [name, *numbers.number(match["chapter"]), *numbers.number(match["number"])]


KIND = Kind(
    name="Editions, notes and years with a letter",
    readings=(
        Reading(
            "e",
            r"(?:(?<=\dth\s)|(?<=\dst\s)|(?<=\dnd\s)|(?<=\drd\s)|(?<=rev\.\s)|(?<=enl\.\s)|(?<=exp\.\s)|(?<=corr\.\s))ed(?:n\b\.?|\.)",
            _edition,
            then="d",
        ),
        Reading("rRecCEa", r"\b(?P<how>(?i:rev|enl|exp|corr|abr))\.(?=\s|,)", _changed, needs=".", then="envxbo"),
        Reading(
            "ABEFRS",
            rf"\b(?P<part>{any_of(*LETTERED)})\.\s(?P<letter>[A-H])(?![\w'-]|\.\w)",
            _part,
            needs=".",
            then="a-z",
        ),
        Reading(
            "DEFTP",
            r"\b(?P<name>Table|Figure|Fig\.|Exhibit|Exercise|Example|Problem|Diagram|Plate)\s"
            r"(?P<chapter>\d{1,2})-(?P<number>\d{1,3})(?![\w/-]|[.,]\d)",
            _in_chapter,
            needs="-",
            then="axilr",
            figures=True,
        ),
        Reading("n", r"(?<![\w.])nn?\.\s?(?=\d{1,3}\b)", _notes, needs=".", figures=True, then="n."),
        Reading(
            "12",
            r"(?:(?<=\()|(?<=[a-z.],\s))(?P<year>1[5-9]\d\d|20\d\d)(?P<letter>[a-f])(?=[,;):]|\s*$)",
            _lettered_year,
            needs="a",
            then=r"\d",
        ),
    ),
    examples="""
        2nd ed., revised → second edition, revised
        the 10th edn. → the tenth edition
        rev. & enl. ed. → revised and enlarged edition
        a rev. ed. → a revised edition
        Rev. Brown → reverend brown
        p. 20, n. 3 → page twenty, note three
        nn. 4–6 → notes four to six
        Smith (2019a) → smith, twenty nineteen A
        (Lee, 2005b; Kim, 2011a) → lee, two thousand and five B, kim, twenty eleven A
        Table 2-1 and Fig. 3-4 → table two one and figure three four
        see App. B → see appendix B
        Fig. C shows it → figure C shows it
        in 1999 → in nineteen ninety nine
    """,
)
