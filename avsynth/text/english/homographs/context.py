"""The words around a homograph, and whether it is a noun or a verb there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from avsynth.text.english.homographs.words import (
    ADJECTIVE_ENDINGS,
    ADJECTIVES,
    ADVERBS,
    AGENTS,
    ALONG,
    ARTICLES,
    BE,
    CAUSES,
    DO,
    FINITE,
    HAVE,
    IRREGULAR_PAST,
    JOINERS,
    LATER_ADVERBS,
    MODALS,
    NAMED_BY,
    OBJECT_STARTERS,
    OBJECTS,
    ONES,
    PLAIN,
    PLURALS,
    PREPOSITIONS,
    SINGULAR_ARTICLES,
    SUBJECTS,
    SUBORDINATORS,
    THIRD,
    WONDERS,
)

Category = Literal["noun", "verb"]


class Context:
    """The words of a sentence around one of them; "" stands for a pause and beyond the ends."""

    def __init__(self, words: Sequence[str], place: int, *, capital: bool = False) -> None:
        """``capital``: whether it is written with one."""
        self._words, self._place = words, place
        self.all = frozenset(words)
        self.word = words[place]
        self.capital = capital

    def at(self, offset: int) -> str:
        """The word that far away."""
        place = self._place + offset
        return self._words[place] if 0 <= place < len(self._words) else ""

    @property
    def next(self) -> str:
        """The word after."""
        return self.at(1)

    @property
    def before(self) -> tuple[str, str]:
        """The two words before, the nearest first, adverbs passed over; nothing beyond a pause."""
        kept: list[str] = []
        for offset in range(1, 6):
            word = self.at(-offset)
            if word == "":
                break
            if word not in ADVERBS and not (word.endswith("ly") and len(word) > 4):
                kept.append(word)
        first, second = [*kept, "", ""][:2]
        return first, second

    @property
    def earlier(self) -> frozenset[str]:
        """All words before."""
        return frozenset(self._words[: self._place])

    @property
    def opens(self) -> bool:
        """Whether nothing but adverbs stands before, in the sentence or since a pause."""
        return self.before[0] == ""

    @property
    def clause_before(self) -> list[str]:
        """The words since the last pause."""
        start = self._place
        while start and self._words[start - 1]:
            start -= 1
        return list(self._words[start : self._place])

    @property
    def clause_after(self) -> list[str]:
        """The words up to the next pause or subordinate clause."""
        end = self._place + 1
        while self.at(end - self._place) and self._words[end] not in SUBORDINATORS:
            end += 1
        return list(self._words[self._place + 1 : end])


def leads_noun(word: str) -> bool:
    """Whether what follows such a word is a noun or an adjective."""
    described = len(word) > 5 and word.endswith(ADJECTIVE_ENDINGS)
    return word in ARTICLES | ADJECTIVES | PREPOSITIONS or described


def is_finite(word: str) -> bool:
    """Whether a word is surely a verb that has a subject."""
    return word in FINITE | IRREGULAR_PAST | DO or (len(word) > 4 and word.endswith("ed"))


def is_plural(word: str) -> bool:
    """Whether a word looks like the plural of a noun."""
    return word in PLURALS or (len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")))


def commands(context: Context) -> bool:
    """Whether the word begins an imperative: no other verb in its clause has a subject."""
    if not context.opens or context.next in ("", "of") or context.next in JOINERS:
        return False
    if context.next in OBJECT_STARTERS | {"to"}:
        return True
    after = context.clause_after
    named = [word for earlier, word in pairwise(["", *after]) if not (word == "may" and earlier in PREPOSITIONS)]
    return not any(map(is_finite, named)) and context.at(2) not in (PLAIN if is_plural(context.next) else THIRD)


def asked(context: Context) -> bool:
    """Whether the word ends a question whose auxiliary stands before its subject: "when does the bank close"."""
    before = context.clause_before
    turned = next((place for place, word in enumerate(before) if word in MODALS - {"to", "please"}), None)
    if turned is None or not 2 <= len(before) - turned - 1 <= 4 or any(word not in WONDERS for word in before[:turned]):
        return False
    return context.next in OBJECT_STARTERS or context.next == "" or context.next in ALONG | LATER_ADVERBS | {"if"}


_OF_THEM = frozenset(("many", "some", "most", "all", "both", "few", "several", "others"))
_PRESSED = frozenset(("press", "click", "tap", "push", "pressing", "clicking", "pressed", "clicked", "tapped"))
"""Before the name of a button."""


def category(context: Context, *, ends_in_s: bool = False) -> Category | None:
    """Whether a word is a noun (or adjective) or a verb here; None without a clue."""
    if ends_in_s:
        return "verb" if _third_person(context) else "noun"
    previous, earlier = context.before
    if previous == "":
        if context.next in FINITE or context.next in NAMED_BY.get(context.word, ()):
            return "noun"
        return "verb" if commands(context) else None
    if previous == context.word:
        return "noun"  # "to produce produce"
    if previous in _PRESSED and context.next in ("", "to", "and", "again", "when"):
        return "verb"  # "press record"
    if previous in MODALS or previous.endswith(("'ll", "'d")):
        return "verb"
    if previous in OBJECTS and earlier in CAUSES:
        return "verb"
    if previous in SUBJECTS and earlier not in BE:
        return "verb"
    if previous in _OF_THEM and earlier in JOINERS | {""} and context.next in OBJECT_STARTERS:
        return "verb"  # "many reject the deal"
    if previous in ONES and (context.next in PREPOSITIONS | {""} or is_finite(context.next)) and not asked(context):
        return "noun"
    if leads_noun(previous) or previous in BE | HAVE or previous.endswith(("'s", "s'")):
        return "noun"
    if context.next == "of":
        return "noun"
    if previous in JOINERS and context.next in OBJECT_STARTERS:
        return "verb"
    if asked(context):
        return "verb"
    return "verb" if is_plural(previous) and _plural_does(context, previous, earlier) else None


def _plural_does(context: Context, plural: str, earlier: str) -> bool:
    """Whether a plural is the subject of the word after it, and not part of its name: "muscles contract when"."""
    if context.word == "appropriate" and context.next in ("to", "for"):
        return False
    if earlier in SINGULAR_ARTICLES or (plural == "police" and is_plural(context.next)):
        return False
    if earlier in WONDERS | SUBORDINATORS and context.next not in ("", "of"):
        return True
    if earlier == "" and context.next == "" and context.at(-2) == "":
        return True
    if earlier == "" and plural.endswith(AGENTS) and is_plural(context.next):
        return True
    after = OBJECT_STARTERS | ALONG | SUBORDINATORS | LATER_ADVERBS
    adverb = context.next.endswith("ly") and len(context.next) > 4
    return plural in PLURALS or adverb or context.next in after or (context.next == "" and context.at(-1) != plural)


_GOES_WITH = {
    **{"objects": ("to",), "subjects": ("to",), "attributes": ("to",), "conflicts": ("with",), "contrasts": ("with",)},
    **{"rebels": ("against",), "protests": ("against",), "converts": ("to", "into"), "coordinates": ("with",)},
    **{"progresses": ("to", "through"), "combines": ("with",), "resumes": ("at", "on", "after", "in")},
}
"""What often follows verbs in -s whose subject stands before them, by the verb."""


_BUILDINGS = frozenset(
    ("museum", "building", "hall", "prison", "library", "complex", "wing", "gallery", "centre", "center")
)


def _third_person(context: Context) -> bool:
    previous, earlier = context.before
    if previous in SUBJECTS - {"i", "you", "we", "they"} | ONES or previous in ("that", "which", "this"):
        return True
    if leads_noun(previous) or previous in MODALS | HAVE | BE | {""} or previous in JOINERS:
        return False
    if context.word == "houses" and previous in _BUILDINGS and context.next not in FINITE | PREPOSITIONS | {""}:
        return True
    if earlier in ARTICLES and context.next in _GOES_WITH.get(context.word, ()):
        return True
    return context.next in OBJECT_STARTERS
