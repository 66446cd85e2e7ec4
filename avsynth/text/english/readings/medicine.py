"""Medicine: pressures of blood, how often a dose is taken, short words of charts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, any_of, before
from avsynth.text.later import compiled

_PRESSURE = compiled(
    r"\b(?:bp|blood\spressure)(?:'s)?(?:\s(?:was|is|of|at|to|around|about|dropped|fell|rose|reading|measured|now|now:)){0,2}:?\s\(?$",
    re.IGNORECASE,
)
_OFTEN = {
    **{"bid": "twice a day", "tid": "three times a day", "qid": "four times a day", "qd": "once a day"},
    **{"qhs": "at bedtime", "prn": "as needed", "po": "by mouth", "qod": "every other day", "od": "once a day"},
}
_DOSE = compiled(
    rf"(?:\b(?:mg|mcg|g|ml|iu|units?|tabs?|tablets?|caps?|capsules?|drops?|puffs?|q\d{{1,2}}h)|\b(?:{any_of(*_OFTEN)}))\s$",
    re.IGNORECASE,
)
_DOSED = compiled(
    rf"\b(?:{any_of(*_OFTEN)}|b\.i\.d|t\.i\.d|q\.i\.d|q\.d|q\.o\.d|daily|q\d{{1,2}}h|(?:once|twice|times)\s(?:a|per)\sday)\.?\s$"
)
_MINERALS = {
    **{"Zn": "zinc", "Fe": "iron", "Mg": "magnesium", "Ca": "calcium", "Na": "sodium", "K": "potassium"},
    **{"Cu": "copper", "Se": "selenium", "Cr": "chromium", "Mn": "manganese", "Mo": "molybdenum", "Li": "lithium"},
}
_CHART = {"Hx": "history", "Dx": "diagnosis", "Rx": "prescription", "Sx": "symptoms"}


def _blood(match: Match, _: Context) -> Sequence[Said] | None:
    if not _PRESSURE.search(before(match)):
        return None
    return [*numbers.pairs(int(match["high"])), "over", *numbers.pairs(int(match["low"]))]


def _dose(match: Match, _: Context) -> Sequence[Said] | None:
    return _OFTEN[match["often"]].split() if _DOSE.search(before(match)) else None


def _days(match: Match, _: Context) -> Sequence[Said] | None:
    """For how long: "500 mg b.i.d. x 7d"."""
    if not _DOSED.search(before(match, 60)):
        return None
    name = "day" if match["unit"][0] == "d" else "week"
    return ["for", *numbers.number(match["count"]), name if match["count"] == "1" else name + "s"]


def _mineral(match: Match, _: Context) -> Sequence[Said] | None:
    """Before its amount: "Zn 15 mg"."""
    return [_MINERALS[match["symbol"]]]


def _vitamin(match: Match, _: Context) -> Sequence[Said] | None:
    return ["vitamin"]


def _charted(match: Match, _: Context) -> Sequence[Said] | None:
    return [_CHART[match["word"]]]


_PRESCRIBED = {
    **{"p.o": "by mouth", "b.i.d": "twice a day", "t.i.d": "three times a day", "q.i.d": "four times a day"},
    **{"p.r.n": "as needed", "q.d": "once a day", "q.h.s": "at bedtime", "q.o.d": "every other day"},
}


def _prescribed(match: Match, _: Context) -> Sequence[Said] | None:
    return _PRESCRIBED[match["short"]].split()


def _serotype(match: Match, _: Context) -> Sequence[Said] | None:
    """Of bacteria: "O157:H7"."""
    return ["o.", *numbers.pairs(int(match["o"])), "h.", *numbers.cardinal(int(match["h"]))]


KIND = Kind(
    name="Medicine",
    readings=(
        Reading(
            "O",
            r"(?<![\w-])O(?P<o>\d{1,3}):H(?P<h>\d{1,2})(?!\w)",
            _serotype,
            needs=":",
            figures=True,
            then=r"\d",
        ),
        Reading(
            "Tt",
            r"(?<![\w'-])[Tt](?:1/2|\s?1\u2044\s?2)(?=\s|[,.)=]|$)(?!\s[A-Z\d])",
            lambda match, _: ["t.", "half"],
            needs="/\u2044",
            figures=True,
            then=r"1\s",
        ),
        Reading(
            "bpqt",
            rf"(?<![\w.])(?P<short>{any_of(*_PRESCRIBED)})\b\.?",
            _prescribed,
            needs=".",
            then=".",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/])(?P<high>\d{2,3})/(?P<low>\d{2,3})(?![\w/]|[.,]\d)",
            _blood,
            needs="/",
            then=r"\d",
        ),
        Reading("bopqt", rf"\b(?P<often>{any_of(*_OFTEN)})(?![\w'-]|\.\w)", _dose, then="a-z"),
        Reading(
            "x×",
            r"(?<=[\s.])[x×]\s?(?P<count>\d{1,3})\s?(?P<unit>d(?:ays?)?|w(?:ks?|eeks?)?)\b\.?",
            _days,
            figures=True,
            then=r"\s\d",
        ),
        Reading(
            "A-Z",
            rf"\b(?P<symbol>{any_of(*_MINERALS)})(?=:?\s\d[\d,.]*\s?(?:mg|mcg|g|μg)\b)",
            _mineral,
            figures=True,
            then=r"a-z:\s",
        ),
        Reading("Vv", r"\b[Vv]its?(?=\s[A-K]\d{0,2}\b)", _vitamin, then="i"),
        Reading("DHRS", r"(?<!\w)(?P<word>[DHRS]x)(?!\w)", _charted, then="x"),
    ),
    examples="""
        BP 120/80 → B P one twenty over eighty
        His BP was 140/90. → his B P was one forty over ninety
        blood pressure of 118/76 → blood pressure of one eighteen over seventy six
        Blood pressure: 135/85 → blood pressure, one thirty five over eighty five
        BP dropped to 80/50 → B P dropped to eighty over fifty
        1 tab bid → one tab twice a day
        20 mg qd → twenty milligrams once a day
        500 mg tid prn → five hundred milligrams three times a day as needed
        10 mg po daily → ten milligrams by mouth daily
        1 tab qd x 30d → one tab once a day for thirty days
        Zn 15 mg → zinc fifteen milligrams
        Vit C 500 mg → vitamin c five hundred milligrams
        Dx: flu → diagnosis, flu
        5 mg p.o. b.i.d. → five milligrams by mouth twice a day
        E. coli O157:H7 → E coli O one fifty seven H seven
        t½ is 6 h → T half is six hours
        a bid of $5 → a bid of five dollars
    """,
)
