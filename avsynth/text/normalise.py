"""Written English to sentences, and a sentence to the words that a person would read out.

Text is folded to plain letters first (:func:`fold`). What no reading knows (emoji, other scripts) is passed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator

from avsynth.errors import UserError
from avsynth.text.readings import ABBREVIATIONS, INTRODUCERS, TITLES, Pause, Token, readings

__all__ = ["LONGEST_SENTENCE", "Pause", "Token", "fold", "split_sentences", "spoken_words"]

LONGEST_SENTENCE = 200
"""No sentence given out is longer, in characters; it bounds the memory that synthesis takes."""

_SHORTEST_CLAUSE = 60
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u2032\u02bc\u0060\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2212", "-"),
        **dict.fromkeys("\u2013\u2014\u2015", " -- "),
        **dict.fromkeys("\u3002", ". "),
        **dict.fromkeys("\u3001", ", "),
        **dict.fromkeys("\u2122\u00ae\u00a9\u00aa\u00ba", " "),
        **{"\u00d7": " times ", "\u00f7": " divided by "},
        **{"æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "Oe", "ß": "ss", "ẞ": "SS"},
        **{"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "th", "Ð": "Th", "þ": "th", "Þ": "Th", "\u0131": "i"},
    }
)
_KEPT = frozenset("£€°\u2044")


def fold(text: str) -> str:
    """Fold to ASCII plus ``£ € °``, the fraction slash and line breaks; no accents, straight quotes, digits 0 to 9.

    Characters without a plain form become spaces; invisible ones (soft hyphen, joiners, accents) vanish.
    """
    return "".join(_fold_character(character) for character in text.translate(_PLAIN))


def _fold_character(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() or character == "\n" else " "
    plain = "".join(_fold_part(part) for part in unicodedata.normalize("NFKD", character).translate(_PLAIN))
    return f" {plain} " if unicodedata.category(character) == "No" else plain


def _fold_part(part: str) -> str:
    if (part.isascii() and part.isprintable()) or part in _KEPT:
        return part
    digit, category = unicodedata.decimal(part, None), unicodedata.category(part)
    if digit is not None:
        return str(digit)
    if category in ("Zl", "Zp"):
        return "\n"
    return "" if category in ("Mn", "Cf") else " "


def spoken_words(sentence: str, lexicon: Container[str] = ()) -> list[Token]:
    """The lower-case words of one sentence as they are spoken, with a pause marker where the reader takes breath.

    Numbers, times, money, abbreviations and symbols become words. Spelled letters come with dots ("u.s.a."), and "a."
    is the letter where "a" may be the article. ``lexicon`` tells which words in capitals are words ("NASA") and not
    initials ("XQ"). Never starts or ends with a pause, nor holds two in a row. UserError if nothing can be said.
    """
    tokens: list[Token] = []
    for token in _read(fold(sentence), lexicon):
        if isinstance(token, str) or (tokens and tokens[-1] is not Pause.SHORT):
            tokens.append(token)
    if tokens and tokens[-1] is Pause.SHORT:
        tokens.pop()
    if not tokens:
        raise _nothing_to_say(sentence)
    return tokens


def _read(folded: str, lexicon: Container[str]) -> Iterator[Token]:
    place = 0
    while place < len(folded):
        for reading in readings():
            match = reading.pattern.match(folded, place)
            if match and match.end() > place:
                yield from reading.say(match, lexicon)
                place = match.end()
                break
        else:
            place += 1


def _nothing_to_say(text: str) -> UserError:
    shown = text if len(text) <= 40 else text[:37] + "..."
    return UserError(f"nothing to say in {shown!a}; give words in English letters or digits")


def split_sentences(text: str) -> list[str]:
    """Cut text at the ends of sentences, semicolons and line breaks, and long sentences at commas or between words.

    Each sentence is folded, at most 200 characters long and has something to say; UserError if there is none.
    """
    sentences = [
        piece
        for line in fold(text).split("\n")
        for sentence in _whole_sentences(line)
        for piece in _short_pieces(sentence)
        if any(isinstance(token, str) for token in _read(piece, ()))
    ]
    if not sentences:
        raise _nothing_to_say(text)
    return sentences


def _whole_sentences(line: str) -> Iterator[str]:
    start = 0
    for mark in re.finditer(r"(?:[.!?]+|;)[\"')\]]*(?=\s|$)", line):
        if _ends_sentence(line, mark):
            yield line[start : mark.end()].strip()
            start = mark.end()
    yield line[start:].strip()


def _ends_sentence(line: str, mark: re.Match[str]) -> bool:
    following = re.search(r"[A-Za-z0-9]", line[mark.end() :])
    next_character = following[0] if following else ""
    if mark[0].startswith(".."):
        return not next_character.islower()
    if not mark[0].startswith("."):
        return True
    last = re.search(r"[A-Za-z.]*$", line[: mark.start()])
    word = last[0].lower() if last else ""
    if word in TITLES or word in INTRODUCERS or (word == "no" and next_character.isdigit()):
        return False
    if word in ABBREVIATIONS or word in ("a.m", "p.m"):
        return next_character.isupper()
    is_initial = len(word) == 1 and word != "i" and next_character.isupper()
    return not is_initial and not re.fullmatch(r"[a-z](\.[a-z])+", word)


def _short_pieces(sentence: str) -> Iterator[str]:
    while len(sentence) > LONGEST_SENTENCE:
        window = sentence[: LONGEST_SENTENCE + 1]
        clauses = [mark.end() for mark in re.finditer(r"[,:)\]](?=\s)|\s--?(?=\s)", window)]
        spaces = [mark.start() for mark in re.finditer(r"\s", window)]
        cut = next((place for place in reversed(clauses) if place >= _SHORTEST_CLAUSE), 0)
        cut = cut or (spaces[-1] if spaces else 0) or LONGEST_SENTENCE
        yield sentence[:cut].strip()
        sentence = sentence[cut:].strip()
    yield sentence
