"""Roman numerals after names and headings: "Henry VIII" the eighth, "Chapter IV" four."""

from __future__ import annotations

import re

from avsynth.text.english import numbers
from avsynth.text.english.patterns import Lexicon, Match, Said, Saying

_RULERS = (
    "Albert|Alexander|Benedict|Catherine|Charles|Christian|Clement|Constantine|Edward|Elizabeth|Ferdinand|Francis|"
    "Frederick|George|Gregory|Gustav|Haakon|Harald|Henry|Innocent|Ivan|James|Juan|Carlos|Leo|Leopold|Louis|Margaret|"
    "Mary|Napoleon|Nicholas|Olaf|Paul|Peter|Philip|Pius|Ramesses|Ramses|Richard|Rudolf|Urban|Victor|Wilhelm|William"
)
_HEADINGS = (
    "Act|Appendix|Article|Book|Bowl|Chapter|Class|Episode|Figure|Grade|Level|Mark|Part|Phase|Scene|Section|Stage|"
    "Step|Table|Title|Type|Unit|Vol\\.|Volume|War"
)
_SIGNS = {"I": 1, "V": 5, "X": 10, "L": 50}
_NUMERAL = r"(?P<numeral>(?=[IVXL])(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3}))(?P<own>'s\b)?(?![\w'-]|\.\w)"
_TITLE = r"(?P<title>(?:King|Queen|Pope|Emperor|Empress|Tsar|Saint|Prince)\s)"


def roman_value(numeral: str) -> int:
    """``"XIV"`` -> 14."""
    values = [_SIGNS[sign] for sign in numeral]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def _ruler(match: Match, _: Lexicon) -> list[Said]:
    title = (match.groupdict().get("title") or "").lower().split()
    name = re.sub(r"[^a-z]", "", match["name"].lower())
    *words, last = numbers.ordinal(roman_value(match["numeral"]))
    return [*title, name, "the", *words, last + (match["own"] or "")]


def _heading(match: Match, _: Lexicon) -> list[Said]:
    name = match["name"].lower().rstrip(".")
    *words, last = numbers.cardinal(roman_value(match["numeral"]))
    return [{"vol": "volume"}.get(name, name), *words, last + (match["own"] or "")]


SAYINGS: tuple[Saying, ...] = (
    (rf"\b{_TITLE}(?P<name>[A-Z][a-z]+)\s{_NUMERAL}", _ruler),
    (rf"\b(?P<name>{_RULERS})\s(?!I\b){_NUMERAL}", _ruler),
    (rf"\b(?P<name>{_HEADINGS})\s{_NUMERAL}", _heading),
    (rf"\b(?P<name>[A-Z][a-z]+)(?<!\bThe)(?<!\bAn)(?<!\bMy)\s(?=[IVX]{{2}}){_NUMERAL}", _heading),
)
