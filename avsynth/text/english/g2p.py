"""Words to phones, and a sentence to the phone sequence that the model speaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain, repeat
from operator import attrgetter
from typing import Literal

from avsynth.text.english.compounds import parts_of
from avsynth.text.english.homographs import by_context
from avsynth.text.english.letter_to_sound import LetterToSound
from avsynth.text.english.lexicon import Lexicon, with_s
from avsynth.text.english.normalise import spoken_words
from avsynth.text.english.reading import Dates
from avsynth.text.english.readings.letters import unknown_words
from avsynth.text.english.shown import shown_words
from avsynth.text.english.stress import apart, lowered
from avsynth.text.frontend import Pace, PhoneSequence
from avsynth.text.later import compiled
from avsynth.text.marked import MarkedText
from avsynth.text.symbols import SIL, VOWELS, unstressed
from avsynth.text.tokens import Named, Pause, Pronunciation, Prosody, Speaker, Spoken, Token, Word, join_pauses
from avsynth.timeline import Bookmark, WordSpan

Z = Literal["zed", "zee"]

_LETTERS: dict[str, str] = {
    **{"a": "EY1", "b": "B IY1", "c": "S IY1", "d": "D IY1", "e": "IY1", "f": "EH1 F", "g": "JH IY1"},
    **{"h": "EY1 CH", "i": "AY1", "j": "JH EY1", "k": "K EY1", "l": "EH1 L", "m": "EH1 M", "n": "EH1 N"},
    **{"o": "OW1", "p": "P IY1", "q": "K Y UW1", "r": "AA1 R", "s": "EH1 S", "t": "T IY1", "u": "Y UW1"},
    **{"v": "V IY1", "w": "D AH1 B AH0 L Y UW0", "x": "EH1 K S", "y": "W AY1", "z": "Z EH1 D"},
}
_VOICELESS = frozenset(("P", "K", "F", "S", "SH", "CH", "TH"))
_ENDINGS: dict[str, Pronunciation] = {
    **{"'ll": ("AH0", "L"), "'ve": ("AH0", "V"), "'re": ("ER0",), "'m": ("AH0", "M"), "n't": ("AH0", "N", "T")},
}
_PREFIXES: dict[str, Pronunciation] = {
    **{"re": ("R", "IY2"), "co": ("K", "OW2"), "pre": ("P", "R", "IY2"), "de": ("D", "IY2"), "e": ("IY1",)},
    **{"bi": ("B", "AY2"), "tri": ("T", "R", "AY2"), "non": ("N", "AA2", "N"), "read": ("R", "IY1", "D")},
    **{"live": ("L", "AY1", "V")},
}
"""Pronunciation of prefixes before a hyphen that are other words by themselves ("re-")."""
_BRITISH = (
    *((r"is(e|es|ed|er|ers|ing|ation|ations)$", r"iz\1"), (r"ys(e|es|ed|er|ers|ing)$", r"yz\1")),
    *((r"our", "or"), (r"ll(ed|er|ers|ing)$", r"l\1"), (r"tre(s?)$", r"ter\1"), (r"ogue(s?)$", r"og\1")),
    *((r"ae", "e"), (r"oe", "e"), (r"ence$", "ense")),
)
_ANY_BRITISH = compiled("|".join(british for british, _ in _BRITISH))
_CHANGING = frozenset(("a", "the", "to"))
"""Words that are said differently before a vowel, a consonant, or nothing."""
_LONGEST_UNIT = 24
_TEXT = attrgetter("text")
_VOWEL_LETTERS = frozenset("aeiouy")
_UNSAYABLE = compiled(r"[^aeiouy]{7}")
"""No word of the dictionary has seven consonants in a row; six stand in "Waldschmidt"."""
_USUAL, _USUAL_PACE, _COMMA = Prosody(), Pace(), Pause()


def letter_phones(letter: str, z: Z = "zed") -> Pronunciation:
    """The name of one of the letters a to z; ValueError for anything else.

    >>> letter_phones("f"), letter_phones("z", "zee")
    (('EH1', 'F'), ('Z', 'IY1'))
    """
    if letter.lower() not in _LETTERS:
        raise ValueError(f"{letter!r} is not a letter of a to z")
    return ("Z", "IY1") if letter.lower() == "z" and z == "zee" else tuple(_LETTERS[letter.lower()].split())


_letter = cache(letter_phones)


@cache
def _light_letter(letter: str, z: Z) -> Pronunciation:
    """The name of a letter before another."""
    return lowered(letter_phones(letter, z))


_FIRST_PARTS: dict[str, Pronunciation] = {
    "live": ("L", "AY1", "V"),
    "tear": ("T", "IH1", "R"),
    "wind": ("W", "IH1", "N", "D"),
}
"""Homographs at the beginning of a compound: "livestream"."""


class G2P:
    """Grapheme to phone: user's lexicon, then dictionary, then the parts of the word, then letter to sound."""

    def __init__(
        self, lexicon_override: Mapping[str, Pronunciation] | None = None, *, z: Z = "zed", dates: Dates = "uk"
    ) -> None:
        """
        Args:
            lexicon_override: As :func:`load_user_lexicon` gives it.
            z: The name of the letter z.
            dates: Which number of a date in digits is the day.
        """
        self.lexicon = Lexicon(lexicon_override)
        self._z: Z = z
        self.dates: Dates = dates
        self._letter_to_sound = LetterToSound()
        self._foreseen: dict[str, Pronunciation] = {}
        self._pronounce = lru_cache(maxsize=4096)(self._find)
        self._said = lru_cache(maxsize=4096)(self._say)

    def foresee(self, texts: Iterable[str]) -> None:
        """Sound the words of some texts that are in no dictionary all at once, which takes a tenth of the time."""
        words = unknown_words(texts, self.lexicon)
        sounded = [word for word in words if _is_sounded(word) and parts_of(word, self.lexicon) is None]
        units = [unit for word in sounded for unit in _units(word)]
        self._foreseen = dict(zip(units, self._letter_to_sound(units), strict=True))

    def words(self, words: Sequence[Spoken]) -> list[Word]:
        """Phones of lower-case words that are spoken without a pause between them.

        Only "a", "the" and "to" depend on what follows. "a" is the article before anything, and the letter's name
        before nothing; spelled letters carry a dot ("a.", "u.s.a.").
        """
        said = [self._said(text, phones) for text, _, phones, _ in words]
        if _CHANGING.isdisjoint(map(_TEXT, words)):
            return said
        for place, word in enumerate(words):
            if word.text in _CHANGING and word.phones is None:
                said[place] = self._in_context(said[place], said[place + 1 : place + 2])
        return said

    def _say(self, text: str, phones: Pronunciation | None = None) -> Word:
        shown = text.rstrip(".") if len(text) == 2 else text
        return Word(shown, *apart(text, self._pronounce(text) if phones is None else phones))

    def _in_context(self, alone: Word, following: Sequence[Word]) -> Word:
        """An article, or "to", before at most one word."""
        if alone.text in self.lexicon.override:
            return alone
        if alone.text == "a":
            return self._said("a", ("AH0",) if following else ("EY1",))
        if not following:
            return alone
        before_vowel = following[0].phones[0] in VOWELS
        if alone.text == "to":
            return self._said("to", ("T", "UH0" if before_vowel else "AH0"))
        return self._said("the", ("DH", "IY0")) if before_vowel else alone

    def _find(self, word: str) -> Pronunciation:
        if word in self.lexicon.override:
            return self.lexicon.override[word]
        if len(word.rstrip(".")) == 1 or (word.endswith(".") and "." in word[:-1]):
            return self._spell(word)
        found = self.lexicon.get(word)
        if found is not None:
            return found
        said = self._inflected(word) or self._compound(word) or self._spelt_otherwise(word)
        return said or self._joined(word) or self._sounded(word)

    def _spell(self, word: str) -> Pronunciation:
        """The names of the letters, the last with the stress."""
        letters = [letter for letter in word if letter in _LETTERS]
        names = [_light_letter(letter, self._z) for letter in letters[:-1]]
        return tuple(chain(*names, *[_letter(letter, self._z) for letter in letters[-1:]]))

    def _inflected(self, word: str) -> Pronunciation | None:
        """A word with 's, 'd, 'll and the like, said as its stem with the ending; None if it has none of these."""
        if "'" not in word:
            return None
        for ending, phones in _ENDINGS.items():
            if word.endswith(ending) and len(word) > len(ending):
                stem_phones = self._pronounce(word[: -len(ending)])
                shortened = phones[0] == "AH0" and unstressed(stem_phones[-1]) in VOWELS
                return stem_phones + (phones[1:] if shortened else phones)
        stem, last = word[:-2], word[-2:]
        if not stem or last not in ("'s", "'d"):
            return None
        phones = self._pronounce(stem)
        if last == "'d":
            past = self.lexicon.get(stem + "ed")  # "look'd"
            return past or (*phones, *_past_ending(phones[-1]))
        return with_s(phones)

    def _compound(self, word: str) -> Pronunciation | None:
        """A word with hyphens or dots, said part by part; None if it has one part only."""
        if "-" not in word and "." not in word:
            return None
        parts = [part for part in word.replace(".", "-").split("-") if part]
        if len(parts) < 2:
            return None
        first = _PREFIXES.get(parts[0]) or self._pronounce(parts[0])
        return (*first, *(phone for part in parts[1:] for phone in self._pronounce(part)))

    def _spelt_otherwise(self, word: str) -> Pronunciation | None:
        """A British spelling, by the American one that the dictionary has; None if it has none."""
        if not _ANY_BRITISH.search(word):
            return None
        for british, american in _BRITISH:
            found = self.lexicon.get(re.sub(british, american, word)) if re.search(british, word) else None
            if found is not None:
                return found
        return None

    def _joined(self, word: str) -> Pronunciation | None:
        """A word made of two of the dictionary, the stress on the first."""
        parts = parts_of(word, self.lexicon)
        if parts is None:
            return None
        first, second = parts
        lighter = tuple(phone.replace("1", "2") for phone in self._pronounce(second))
        return (*_FIRST_PARTS.get(first, self._pronounce(first)), *lighter)

    def _sounded(self, word: str) -> Pronunciation:
        """Letter to sound; spelled letter by letter where it cannot be said."""
        letters = "".join([letter for letter in word if letter in _LETTERS])
        if not letters:
            raise ValueError(f"{word!r} holds no letter a to z; normalise the text first")
        if not _is_sounded(letters):
            return self._spell(letters)
        return tuple(chain(*[self._sound(unit) or self._spell(unit) for unit in _units(letters)]))

    def _sound(self, unit: str) -> Pronunciation:
        known = self._foreseen.get(unit)
        return self._letter_to_sound([unit])[0] if known is None else known


def _is_sounded(letters: str) -> bool:
    """Whether unknown letters can be said as a word."""
    return not _VOWEL_LETTERS.isdisjoint(letters) and not _UNSAYABLE.search(letters)


def _units(letters: str) -> list[str]:
    """Stretches that the network can take."""
    return [letters[start : start + _LONGEST_UNIT] for start in range(0, len(letters), _LONGEST_UNIT)]


def _past_ending(last: str) -> Pronunciation:
    """ "'d" after a sound."""
    if unstressed(last) in VOWELS:
        return ("D",)
    return ("T",) if last in _VOICELESS else ("AH0", "D")


def phonemise(sentence: str | MarkedText, g2p: G2P) -> PhoneSequence:
    """Phones of one sentence with the spans of its words; of a pause alone ``sil``; UserError where nothing is said."""
    phones: list[str] = []
    words: list[WordSpan] = []
    paces: dict[int, Pace] = {}
    names: list[tuple[str, int]] = []
    run: list[Spoken] = []
    manners: list[Prosody] = []
    unread: list[str] = []
    prosody, speaker = _USUAL, None

    said = by_context(spoken_words(sentence, g2p.lexicon, g2p.dates, unread), g2p.lexicon.override)
    written = _written(sentence, said)
    tokens: list[Token] = [_COMMA, *said, _COMMA]
    if not (isinstance(tokens[1], Spoken) and isinstance(tokens[-2], Spoken)):
        tokens = list(join_pauses(tokens))
    for place, token in enumerate(tokens):
        if isinstance(token, Spoken):
            run.append(token)
            manners.append(prosody)
        elif isinstance(token, Pause):
            if token.seconds == 0 and run and place < len(tokens) - 1:
                continue
            if run:
                for (text, its_phones, stress), spoken, manner in zip(g2p.words(run), run, manners, strict=True):
                    first = len(phones)
                    phones += its_phones
                    words.append(WordSpan(text, first, len(phones), spoken.span, next(written), stress))
                    if manner is not _USUAL:
                        paces |= _paces(range(first, len(phones)), manner)
                run, manners = [], []
            phones.append(SIL)
            if prosody is not _USUAL or token.seconds is not None or token.breaths != 1:
                paces |= _paces(range(len(phones) - 1, len(phones)), Prosody(prosody.rate), token)
        elif isinstance(token, Prosody):
            prosody = token
        elif isinstance(token, Speaker):
            speaker = token.name
        elif isinstance(token, Named):
            names.append((token.name, len(words) + len(run)))
    firsts = [*(word.first for word in words), words[-1].last if words else 0] if names else []
    bookmarks = tuple([Bookmark(name, firsts[number]) for name, number in names])
    passed = tuple(dict.fromkeys(unread))
    return PhoneSequence(tuple(phones), tuple(words), paces, bookmarks, speaker, passed)


def _paces(places: range, manner: Prosody, pause: Pause = _COMMA) -> dict[int, Pace]:
    """The pace of phones at some places, unless it is the usual one."""
    pace = Pace(manner.rate, pause.seconds, pause.breaths, manner.semitones, manner.decibels)
    return {} if pace == _USUAL_PACE else dict.fromkeys(places, pace)


def _written(sentence: str | MarkedText, tokens: Sequence[Token]) -> Iterator[str]:
    """What is written for each word, where the text of the sentence is known."""
    if isinstance(sentence, str) or not sentence.given:
        return repeat("")
    return iter(shown_words(sentence, [token.span for token in tokens if isinstance(token, Spoken)]))
