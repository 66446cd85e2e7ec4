"""How each kind of written token is read out: a list of patterns, each with the function that says what it matched.

The patterns are tried in order at each place of a folded sentence (see :mod:`avsynth.text.english.normalise`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from avsynth.text.english import dates, numbers, quantities, roman
from avsynth.text.english.abbreviations import (
    ABBREVIATIONS,
    BARE,
    CAPITALISED,
    CLIPPED,
    CLOSERS,
    COUNTED,
    SAID_IN_CAPITALS,
    SLASHED,
    SPELLED_IN_CAPITALS,
)
from avsynth.text.english.patterns import Lexicon, Match, Said, Saying, any_of
from avsynth.text.marked import MARKS
from avsynth.text.tokens import Pause

_SYMBOLS = {
    **{"&": "and", "@": "at", "%": "percent", "+": "plus", "=": "equals", "#": "hash"},
    **{"£": "pounds", "$": "dollars", "€": "euros", "¥": "yen", "¢": "cents", "°": "degrees"},
}
_IN_ADDRESSES = {
    **{".": "dot", "@": "at", "-": "dash", "_": "underscore", "/": "slash", "+": "plus", "=": "equals", "&": "and"},
    **{"?": "question mark", "#": "hash", "~": "tilde", ":": "colon", "%": "percent"},
}
QUOTED_SENTENCE = 4
"""So many words between quotes are set off by breaths."""
_AS_WRITTEN = {"iOS": "i.o.s.", "PhD": "phd", "PhDs": "phds"}


def _address(match: Match, _: Lexicon) -> list[Said]:
    words: list[Said] = []
    for part in re.findall(r"www(?=\.)|[A-Za-z]+|\d+|[.@_/+=&?#~:%-]", match["address"].rstrip(".,;:!?'\")/")):
        if part.isdigit():
            words += numbers.number(part)
        elif part in _IN_ADDRESSES:
            words += _IN_ADDRESSES[part].split()
        else:
            words.append({"www": "w.w.w.", "a": "a."}.get(part.lower(), part.lower()))
    return words


def _hashtag(match: Match, lexicon: Lexicon) -> list[Said]:
    return ["hashtag", *(word for part in _cases(match["tag"]) for word in _one_word(part, lexicon))]


def _abbreviation(match: Match, _: Lexicon) -> list[Said]:
    name = match["name"].lower()
    before_name = re.match(r"\s*[A-Z]", match.string[match.end() : match.end() + 20])
    if name == "st" and not before_name:
        return ["street"]
    if name == "dr" and not before_name and re.search(r"[A-Z][a-z]+\s$", match.string[: match.start()]):
        return ["drive"]
    words: list[Said] = [*ABBREVIATIONS[name].split()]
    closes = name in CLOSERS and re.match(r"\s+[A-Z]", match.string[match.end() : match.end() + 20])
    return [*words, Pause()] if closes else words


def _spelled(match: Match, _: Lexicon) -> list[Said]:
    return [match["letters"].lower().rstrip(".") + "."]


def _capitals(match: Match, _: Lexicon) -> list[Said]:
    return [_initials(match[0])]


def _initials(letters: str) -> str:
    return ".".join(letters.lower()) + "."


def _cases(word: str) -> list[str]:
    """``"MacBookPro"`` -> Mac, Book, Pro; ``"ChatGPT"`` -> Chat, GPT; figures alone."""
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", word)


def _one_word(written: str, lexicon: Lexicon) -> list[str]:
    """A word that stands by itself, whatever the case of the sentence around it."""
    word = written.lower()
    if written.isdigit():
        return numbers.number(written)
    if 2 <= len(word) <= 5 and written.isupper():
        spelled = word in SPELLED_IN_CAPITALS or (word not in lexicon and word not in SAID_IN_CAPITALS)
        return [_initials(word)] if spelled else [word]
    return [word]


def _word(match: Match, lexicon: Lexicon) -> list[Said]:
    written = match[0] if match[0].lower() in CLIPPED else match[0].lstrip("'")
    sentence = match.string
    if written in _AS_WRITTEN:
        return [_AS_WRITTEN[written]]
    if sentence.isupper() or sentence.istitle():
        return [written.lower()]
    if written == "A" and any(map(str.isalnum, sentence[: match.start()])):
        return ["a."]  # a capital inside a sentence is the letter; the article is written small
    stem, ending = (written[:-2], "'s") if written.endswith("'s") else (written, "")
    if stem.isalpha() and (stem.isupper() or _is_plural(stem, lexicon)):
        plural = not stem.isupper()
        (word,) = _one_word(stem[:-1] if plural else stem, lexicon)
        return [word + ("'s" if plural else ending)]
    if stem.isalpha() and stem.lower() not in lexicon and re.search(r"[a-z][A-Z]", stem):
        *head, last = (word for part in _cases(stem) for word in _one_word(part, lexicon))
        return [*head, last + ending]
    return [written.lower()]


def _is_plural(stem: str, lexicon: Lexicon) -> bool:
    """Initials with a small s: ``"ATMs"``."""
    return bool(re.fullmatch(r"[A-Z]{2,5}s", stem)) and stem.lower() not in lexicon


def _quote(match: Match, _: Lexicon) -> list[Said]:
    """A breath before and after what is quoted, unless it is a phrase of a few words."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    opens = before.count('"') % 2 == 0
    quoted = after.partition('"')[0] if opens else before.rpartition('"')[2]
    return [Pause()] if len(quoted.split()) >= QUOTED_SENTENCE else []


@dataclass(frozen=True)
class Reading:
    """A pattern and what is said for its match, given the words that are words even when written in capitals."""

    pattern: re.Pattern[str]
    say: Callable[[Match, Lexicon], list[Said]]


_SOLID = rf"[^\s{MARKS}]+"
_DOMAIN = (
    r"(?:[\w-]{1,63}\.){1,8}(?:com|org|net|edu|gov|uk|io|eu|info|de|fr|nl|es|ca|au|jp|ch|se|pl|ai|app|dev|tv)\b"
    rf"(?:/[^\s{MARKS}]*)?"
)
_CAPITALISED_NAMES = any_of(*(name.capitalize() for name in CAPITALISED))
_OTHER_NAMES = any_of(*(name for name in ABBREVIATIONS if name not in CAPITALISED))
_ADDRESSES: tuple[Saying, ...] = (
    (rf"https?://(?P<address>{_SOLID})", _address),
    (rf"(?P<address>www\.{_SOLID}|[\w.+-]{{1,64}}@(?:[\w-]{{1,63}}\.){{1,8}}[\w-]+|{_DOMAIN})", _address),
)
_WORDS: tuple[Saying, ...] = (
    (r"#(?P<tag>[A-Za-z]\w*)", _hashtag),
    (r"\b(?P<note>[A-G])#(?!\w)", lambda m, _: [m["note"].lower() + ".", "sharp"]),
    (r"\b(?P<grade>[A-F])-(?=[\s,.;:!?)]|$)", lambda m, _: [m["grade"].lower() + ".", "minus"]),
    (r"\bIT(?=\s(?:department|support|team|manager|staff|industry|company|systems?|services?|skills)\b)", _capitals),
    (rf"(?<!\w)(?P<name>(?i:{any_of(*SLASHED)}))(?![\w/])", lambda m, _: [*SLASHED[m["name"].lower()].split()]),
    (r"\bPh\.?D\.", lambda m, _: ["phd"]),
    (r"\bc\.\s?(?=\d{3})", lambda m, _: ["circa"]),
    (rf"\b(?P<name>(?i:{any_of(*COUNTED)}))\.\s?(?=\d)", lambda m, _: [COUNTED[m["name"].lower()]]),
    (rf"\b(?P<name>{_CAPITALISED_NAMES}|(?i:{_OTHER_NAMES}))\.", _abbreviation),
    (rf"\b(?P<name>(?i:{any_of(*BARE)}))\b(?!['-])", lambda m, _: [*BARE[m["name"].lower()].split()]),
    (r"\b(?P<letters>(?:[A-Za-z]\.){2,}(?:[A-Za-z]\b)?|[A-HJ-Z]\.(?=\s+[A-Z]))", _spelled),
    (r"\b[A-Z]{2,3}(?=\d|&[A-Z])", _capitals),
    (r"(?<=&)(?P<letter>[A-Z])(?P<plural>s?)\b", lambda m, _: [m["letter"].lower() + (".'s" if m["plural"] else ".")]),
    (r"'?[A-Za-z]+(?:['-][A-Za-z]+)*", _word),
    (rf"[{''.join(_SYMBOLS)}]", lambda m, _: [_SYMBOLS[m[0]]]),
    (r'"', _quote),
    (r"[,;:()\[\]{}\n]|[.!?]+|-{2,}|(?<=\s)-(?=\s)", lambda m, _: [Pause()]),
)


@cache
def readings() -> tuple[Reading, ...]:
    """All readings in the order in which they are tried; compiled at the first call."""
    sayings = (*_ADDRESSES, *dates.SAYINGS, *roman.SAYINGS, *quantities.SAYINGS, *_WORDS)
    return tuple(Reading(re.compile(pattern, re.ASCII), say) for pattern, say in sayings)
