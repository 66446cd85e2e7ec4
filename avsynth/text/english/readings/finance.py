"""Finance: points of rates, what one money costs in another, the head of a table that tells in what its sums are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import AMOUNT, adjectival, magnitude
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, around, before
from avsynth.text.english.units import unit_words
from avsynth.text.later import compiled

_CURRENCIES = {
    **{"$": "dollars", "£": "pounds", "€": "euros", "¥": "yen", "₹": "rupees", "US$": "U.S. dollars"},
    **{"A$": "australian dollars", "C$": "canadian dollars", "HK$": "hong kong dollars"},
}
_WIRED = compiled(r"\b(?:modems?|baud|serial|uart|link|line|speed|port|data|connection)\b", re.IGNORECASE)
_HUNDREDTHS = 1000
"""More basis points than this are bits per second."""


def _points(match: Match, _: Context) -> Sequence[Said] | None:
    """Hundredths of a percent: "25 bps"."""
    amount = match["amount"]
    one = amount == "1" or adjectival(match)
    if match["unit"] == "bps" and (float(amount.replace(",", "")) > _HUNDREDTHS or _WIRED.search(around(match))):
        return [*numbers.number(amount), "bit" if amount == "1" else "bits", "per", "second"]
    return [*numbers.number(amount), "basis", "point" if one else "points"]


def _in_sums(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Figures in £'000", "Revenue ($m)"."""
    scale = match["scale"].strip().lower()
    name = "thousands" if "000" in scale else magnitude(scale) + "s"
    if not re.search(r"[(\s]$|^$", before(match, 1)):
        return None
    return [name, "of", *(f"{word.lower()}" for word in _CURRENCIES[match["sign"]].split())]


_ONE = {"$": "dollar", "£": "pound", "€": "euro", "¥": "yen", "₹": "rupee"}


def _per(match: Match, _: Context) -> Sequence[Said] | None:
    """What another money costs: "$1.08/€1"."""
    return ["per", _ONE[match["sign"]]]


def _lost(match: Match, _: Context) -> Sequence[Said] | None:
    """A loss, in brackets as accounts have it: "$(2.3) million"."""
    scale = [magnitude(match["scale"])] if match["scale"] else []
    return ["minus", *numbers.number(match["amount"]), *scale, _CURRENCIES[match["sign"]]]


def _shares(match: Match, _: Context) -> Sequence[Said] | None:
    """How many are bought: "200 sh."."""
    return [*numbers.number(match["amount"]), "share" if match["amount"] == "1" else "shares"]


def _in_groups(match: Match, _: Context) -> Sequence[Said] | None:
    """Thousands parted by blanks: "$10 000"."""
    one = adjectival(match)
    sum_of = numbers.number(re.sub(r"\s", "", match["groups"]))
    return [*sum_of, _ONE[match["sign"]] if one else _CURRENCIES[match["sign"]]]


def _terms(match: Match, _: Context) -> Sequence[Said] | None:
    """So many percent off when paid in so many days, or all of it later: "2/10 net 30"."""
    return [
        *(word for name in ("off", "days") for word in numbers.number(match[name])),
        *["net", *numbers.number(match["all"])],
    ]


KIND = Kind(
    name="Points of rates, changes of money, and sums in thousands",
    readings=(
        Reading(
            "p",
            r"(?<=\d)p/(?P<per>L|l|litre|liter|kWh|kg|mile|min|unit)(?!\w)",
            lambda match, _: ["p.", "per", *(unit_words(match["per"], one=True) or [match["per"]])],
            needs="/",
            figures=True,
            then="/",
        ),
        Reading(
            "$£€",
            rf"(?<!\w)(?P<sign>[$£€])\((?P<amount>{AMOUNT})\)(?:\s?(?P<scale>million|billion|m|bn|[MBK])(?!\w))?",
            _lost,
            needs="(",
            figures=True,
            then="(",
        ),
        Reading(
            r"\d",
            rf"(?<![\w.,$£€-])(?P<amount>{AMOUNT})\s(?:sh\.(?=\s[a-z@(]|[,;)]|\s*$)|shs\b\.?)",
            _shares,
            needs="s",
            then=r"\d,.\s",
        ),
        Reading(
            "$£€¥₹",
            r"(?<!\w)(?P<sign>[$£€¥₹])(?P<groups>[1-9]\d{0,2}(?:\s\d{3}){1,4})(?![\w/]|[.,-]\d|\s\d|\s(?:million|billion|bn|people|of\sthem)\b)",
            _in_groups,
            needs=" ",
            figures=True,
            then=r"\d",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/])(?P<off>\d)/(?P<days>\d\d)(?P<net>,?\s(?:[Nn]et\s|n/)(?P<all>\d\d)(?!\w))",
            _terms,
            needs="/",
            then="/",
        ),
        Reading(
            "d", r"\bdiv\.(?=\s(?:yields?|pay\w*|per|of|date|income|growth)\b)", lambda match, _: ["dividend"], then="i"
        ),
        Reading(
            r"\d",
            rf"(?<![\w.,$£€-])(?P<amount>{AMOUNT})[\s-]?(?P<unit>bps|bp)(?!\w)",
            _points,
            needs="b",
            then=r"\d,.\sb-",
        ),
        Reading(
            "$£€¥₹UACH",
            r"(?<!\w)(?P<sign>US\$|HK\$|A\$|C\$|[$£€¥₹])(?P<scale>'?000s?|\s?(?:mn?|bn|k|tn)|\s?(?:thousands?|millions?|billions?))(?![\w.,-])",
            _in_sums,
            needs="$£€¥₹",
        ),
        Reading("/", r"(?<=\d)/(?P<sign>[$£€¥₹])1?(?!\d|[.,]\d|\w)", _per, figures=True, then="$£€¥₹"),
    ),
    examples="""
        +120 bps → plus one hundred and twenty basis points
        a 50 bps cut → a fifty basis point cut
        1 bp → one basis point
        a 9600 bps modem → a nine thousand six hundred bits per second modem
        rose 10bps → rose ten basis points
        Figures in £'000 → figures in thousands of pounds
        Revenue ($m) → revenue, millions of dollars
        in €bn → in billions of euros
        Cost (£k) → cost, thousands of pounds
        $'000s → thousands of dollars
        $5m → five million dollars
        lost $(2.3) million → lost minus two point three million dollars
        200 sh. @ $14 → two hundred shares at fourteen dollars
        $10 000 → ten thousand dollars
        €1 250 000 → one million two hundred and fifty thousand euros
        2/10 net 30 → two ten net thirty
        $1.08/€1 → one dollar and eight cents per euro
    """,
)
