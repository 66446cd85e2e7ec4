"""Signs by their names, Greek letters, and the pauses that punctuation makes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english.abbreviations import EXCLAIMED
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, around, before
from avsynth.text.english.symbol_names import GREEK, SIGNS
from avsynth.text.later import compiled
from avsynth.text.tokens import Pause

QUOTED_SENTENCE = 4
"""A quotation of at least so many words is set off by pauses."""
LONG_BREATHS = 1.6
"""Length of the pause at a dash or an ellipsis, relative to one at a comma; one between sentences has about 2.8."""
_GREEK = "".join(GREEK)
_SIGNS = "".join(re.escape(sign) for sign in SIGNS)


_ONE = {"$": "dollar", "£": "pound", "€": "euro", "¥": "yen", "₹": "rupee", "₽": "ruble", "₺": "lira"}
_SINGLE = compiled(r"\b(?:the|an?|weak|weaker|strong|stronger|per|our)\s$", re.IGNORECASE)


def _sign(match: Match, _: Context) -> Sequence[Said] | None:
    """Without the words that stand beside it already: "the ∑ of"."""
    words = SIGNS[match[0]].split()
    if match[0] in _ONE and _SINGLE.search(before(match, 10)) and not re.match(r"\s?\d", after(match, 2)):
        return [_ONE[match[0]]]
    if words[-1] == "of" and re.match(r"\sof\b", after(match, 4)):
        words.pop()
    return words[1:] if words[0] == "the" and re.search(r"\b[Tt]he\s$", before(match, 5)) else words


_ALONE = {
    **{"*": "asterisk", "/": "slash", "^": "caret", "~": "tilde", "_": "underscore", "|": "vertical bar"},
    **{"<": "less than", ">": "greater than"},
}


def _alone(match: Match, _: Context) -> Sequence[Said] | None:
    """A sign that is all there is."""
    return _ALONE[match["sign"]].split()


def _stars(match: Match, _: Context) -> Sequence[Said] | None:
    return ["star"]


def _ratio(match: Match, _: Context) -> Sequence[Said] | None:
    """Between the two sides of a ratio: "the signal:noise ratio", "1 part vinegar : 3 parts oil"."""
    return ["to"] if match[0] != ":" or re.search(r"\bratios?\b", around(match)) else None


def _of_amounts(match: Match, _: Context) -> Sequence[Said] | None:
    """Between two amounts: "100 g:200 ml"."""
    return ["to"] if re.search(r"\d\s?(?:g|kg|mg|ml|l|oz|lb|cups?|tsp|tbsp|parts?)$", before(match, 8)) else None


def _slash(match: Match, _: Context) -> Sequence[Said] | None:
    return ["slash"]


def _greek(match: Match, _: Context) -> Sequence[Said] | None:
    return [GREEK[match[0]]]


_PAUSE, _LONG_PAUSE = (Pause(),), (Pause(breaths=LONG_BREATHS),)


def _pause(match: Match, _: Context) -> Sequence[Said] | None:
    return _PAUSE


def _long_pause(match: Match, _: Context) -> Sequence[Said] | None:
    return _LONG_PAUSE


def _cry(match: Match, _: Context) -> Sequence[Said] | None:
    """No pause after a name that is written with an exclamation mark, where the sentence goes on."""
    name = re.search(r"[A-Za-z]+$", before(match, 20))
    return [] if name and name[0].lower() in EXCLAIMED and re.match(r"\s+\w", after(match, 20)) else None


def _quote(match: Match, _: Context) -> Sequence[Said] | None:
    """A pause before and after a quotation, unless it has only a few words."""
    earlier, later = before(match, 240), after(match, 240)
    opens = earlier.count('"') % 2 == 0
    quoted = later.partition('"')[0] if opens else earlier.rpartition('"')[2]
    return [Pause()] if len(quoted.split()) >= QUOTED_SENTENCE else []


def _degrees(match: Match, _: Context) -> Sequence[Said] | None:
    return ["degrees", {"C": "celsius", "F": "fahrenheit", "K": "kelvin"}[match["scale"]]]


_MENU = compiled(
    r"\b(?:[Oo]pen|[Gg]o\sto|[Ss]elect|[Cc]hoose|[Cc]lick|[Tt]ap|[Pp]ress|[Uu]nder|[Vv]ia|[Ss]ettings|File|Edit|View|Tools|Menu|Home"
    r"|Help|Insert|Format|Options|Preferences|Account|System|Window|Apps?|General|Advanced|Privacy|Layer|Image|Data|Products)\b"
)


def _deeper(match: Match, _: Context) -> Sequence[Said] | None:
    """From a menu to one below it ("Settings > Privacy"), else a comparison."""
    if match.string.count(" > ") > 1 or _MENU.search(before(match)):
        return [Pause()]
    return ["is", "greater", "than"]


def _bar(match: Match, _: Context) -> Sequence[Said] | None:
    """Between the parts of a line: "Home | News"."""
    letters = re.search(r"(?:^|\W)\w\s$", before(match, 3)) and re.match(r"\s\w(?!\w)", after(match, 3))
    return None if letters else [Pause()]


KIND = Kind(
    name="Signs and pauses",
    readings=(
        Reading('"', r'(?<=[a-z] )"(?= [A-Z])', _pause, then=r"\s"),
        Reading('"', r'"', _quote),
        Reading(">", r"(?<=[\w)] )>(?= [A-Za-z]{2})", _deeper, then=r"\s"),
        Reading("|", r"(?<=\S )\|(?= \S)", _bar, then=r"\s"),
        Reading("!", r"!(?![!?])", _cry),
        Reading(r"\-.", r"\.{2,}|-{2,}|(?<=\s)-(?=\s)", _long_pause),
        Reading(":", r"(?<=[a-z]):(?=[a-z])", _ratio, then="a-z"),
        Reading(
            ":",
            r"(?<=[a-z]):(?=\d{1,4}\s?(?:g|kg|mg|ml|l|oz|lb|cups?|tsp|tbsp|parts?)\b)",
            _of_amounts,
            figures=True,
            then=r"\d",
        ),
        Reading(":", r"(?<=[a-z]\s):\s(?=\d{1,3}\s(?:parts?|cups?|[a-z]+s)\b)", _ratio, figures=True, then=r"\s"),
        Reading(r"\n!(),.:;?\[\]{}", r"[,;:()\[\]{}\n]|[.!?]+", _pause),
        Reading("§", r"§§", lambda match, _: ["sections"], then="§"),
        Reading("°", r"°\s?(?P<scale>[CFK])\b", _degrees),
        Reading(r"*/\^~_|<>", r"(?<![\s\S])\s{0,9}(?P<sign>[*/^~_|<>])\s{0,9}(?![\s\S])", _alone),
        Reading(
            "*",
            r"(?<=\d)\*(?=\s?(?:hotels?|rat(?:ed|ing)|reviews?|resort|restaurant|service|sellers?|food|quality|stay|product|experience)\b)",
            _stars,
        ),
        Reading("/", r"(?<=[^\s/])/(?=[^\s/])|(?<=\w\s)/(?=\s\w)", _slash),
        Reading(_GREEK, rf"(?<![{_GREEK}])[{_GREEK}](?![{_GREEK}])", _greek),
        Reading(_SIGNS, rf"[{_SIGNS}]", _sign),
    ),
    examples="""
        R&B → R and B
        50% → fifty percent
        Ω → omega
        the ∑ of all parts → the sum of all parts
        α and β → alpha and beta
        Δt → delta T
        5‰ → five per mille
        § 5 → section five
        © 2024 → copyright twenty twenty four
        well-known -- and (really) so → well-known, and, really, so
        C++ → C plus plus
        ∀x ∈ A → for all X in A
        yes/no → yes slash no
        fish & chips → fish and chips
        one… two → one, two
        A ⇒ B → A implies B
        a × b → A times B
        F♯ → F sharp
        Yahoo! and so on → yahoo and so on
        Wait... what → wait, what
        * → asterisk
        the signal:noise ratio → the signal to noise ratio
        a 5* hotel → a five star hotel
        cats / dogs → cats slash dogs
        Open Settings > Privacy > Location → open settings, privacy, location
        Home | News | Sport → home, news, sport
        HTTP/2 → H T T P slash two
        the 1st/2nd → the first slash second
    """,
)
