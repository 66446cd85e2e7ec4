"""Homographs: the pronunciation of words such as "read" or "wind", chosen by the words around them.

Light rules in place of a parser: a word after an article is a noun, one after "to" or a pronoun a verb, and so on.
Without a clue, the more frequent pronunciation is taken.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from functools import cache

from avsynth.text.english.homographs.context import Category, Context, category
from avsynth.text.english.homographs.rules import RULES
from avsynth.text.english.homographs.tables import NOUN_VERB, OTHERS
from avsynth.text.english.lexicon import with_s
from avsynth.text.tokens import Pause, Pronunciation, Spoken, Token

__all__ = ["by_context"]

_HEARD = (Spoken, Pause)


@cache
def _table() -> dict[str, tuple[Pronunciation, Pronunciation, Category]]:
    """Every noun-verb pair of one spelling, also with -s: both pronunciations, and the more frequent class."""
    table: dict[str, tuple[Pronunciation, Pronunciation, Category]] = {}
    for line in NOUN_VERB.split("\n"):
        word, _, said = line.partition(": ")
        if said:
            noun, verb = (tuple(phones.split()) for phones in said.split(" / "))
            mostly: Category = "verb" if word.startswith("*") else "noun"
            table[word.lstrip("*")] = noun, verb, mostly
            table[word.lstrip("*") + "s"] = with_s(noun), with_s(verb), mostly
    return table


@cache
def _several() -> frozenset[str]:
    """The words of several pronunciations."""
    return frozenset((*OTHERS, *_table()))


def by_context(tokens: Sequence[Token], known: Container[str]) -> Sequence[Token]:
    """The tokens of a sentence, each homograph with the phones that fit its context; words in ``known`` are let be."""
    if _several().isdisjoint([token.text for token in tokens if isinstance(token, Spoken)]):
        return tokens
    return list(_pronounced(tokens, known))


def _pronounced(tokens: Sequence[Token], known: Container[str]) -> Iterator[Token]:
    words = [token.text if isinstance(token, Spoken) else "" for token in tokens if isinstance(token, _HEARD)]
    place = -1
    for token in tokens:
        place += isinstance(token, _HEARD)
        if not isinstance(token, Spoken) or token.phones is not None or token.text in known:
            yield token
        elif token.text in _several():
            yield token._replace(phones=_pronounce(Context(words, place, capital=token.capital)))
        else:
            yield token


def _pronounce(context: Context) -> Pronunciation:
    word = context.word
    if word in OTHERS:
        return tuple(OTHERS[word][RULES[word](context)].split())
    noun, verb, mostly = _table()[word]
    ends_in_s = word.endswith("s") and word[:-1] in _table()
    return verb if (category(context, ends_in_s=ends_in_s) or mostly) == "verb" else noun
