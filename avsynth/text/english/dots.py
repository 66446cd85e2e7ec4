"""Short words whose dot ends no sentence, by what stands on both sides: "2nd ed. of", "sec. dep.", "n. 3"."""

from __future__ import annotations

import re

from avsynth.text.english.abbreviations import CALENDAR, DAYS, LETTERED, MONTHS, NUMBERED_THINGS, STARTERS, looks_short
from avsynth.text.english.places import SHORT_STATES
from avsynth.text.later import compiled

_NOTICES = frozenset(("util", "utils", "avail", "bdrm", "bdrms"))
_OF_CALENDAR = frozenset((*CALENDAR, *MONTHS, *DAYS.values(), *DAYS))
_OF_LAWS = frozenset(("Stat", "Rev", "Penal", "Civ", "Civil", "Veh", "Vehicle"))
_OFFICES = compiled(r"(?:\d(?:st|nd|rd|th)\sCong|\b(?:Board|Dept\.|Department)\sof\sEd)$")
_BEFORE = {
    "ed": compiled(r"\d(?:st|nd|rd|th)\sed$"),
    "edn": compiled(r"\d(?:st|nd|rd|th)\sedn$"),
    "enl": compiled("enl$"),
    "c": compiled(r"\d(?:st|nd|rd|th)\sc$"),
    "dep": compiled(r"[\d.]\sdep$"),
}
"""What must stand before the dot of a word, where a small letter comes next."""


def is_short(written: str, before: str, next_word: str) -> bool:
    """Whether a word before a dot is short for something there: ``before`` is the text up to the dot."""
    word, small = written.lower(), next_word[:1].islower()
    if next_word and not next_word[:1].isupper() and looks_short(word):
        return True
    if written[:1].isupper() and written.capitalize() in LETTERED and re.match("[A-H]$", next_word):
        return True
    if small and word in ("tab", "tabs", "cap", "caps"):
        return re.search(r"\d\s\w+$", before) is not None
    if word == "med" and next_word in ("rare", "heat", "well"):
        return True
    if word == "deg" and next_word in ("C", "F"):
        return True
    if word in ("n", "nn"):
        return written.islower() and re.match(r"\d{1,3}$", next_word) is not None
    if word == "no" and next_word.isupper() and len(next_word) in (2, 3):
        return NUMBERED_THINGS.search(before[:-2]) is not None
    if word in _NOTICES:
        return small or next_word[:1].isdigit() or next_word.lower() in _OF_CALENDAR
    if word == "reg":
        return next_word in ("is", "no", "number", "plate")
    if (written, next_word) in (("Pub", "L"), ("Fed", "Reg")):
        return True
    if word in ("cong", "ed") and _OFFICES.search(before):
        return next_word not in STARTERS
    if word == "stat":
        return re.search(r"(?:\d|[A-Z][a-z]{1,4}\.)\sStat$", before) is not None and next_word.isdigit()
    if written == "Amend":
        return re.match(r"(?:\d+|[IVX]+)$", next_word) is not None
    if written in SHORT_STATES:
        return next_word in _OF_LAWS
    if word in ("civ", "veh"):
        return next_word == "Code"
    if word == "am":
        return before.endswith("as am")
    if word == "sec":
        return next_word == "dep"
    if small and word in _BEFORE:
        return _BEFORE[word].search(before) is not None
    return False
