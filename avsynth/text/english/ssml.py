"""A small part of SSML 1.1 (W3C): ``speak``, ``p``, ``s``, ``break``, ``prosody rate`` and ``phoneme``.

Text outside the tags is read as any text is. Whatever is not known is refused, each with the line on which it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate
from xml.parsers import expat

from avsynth.errors import UserError
from avsynth.text.english.ipa import from_ipa
from avsynth.text.english.markup import check_pause, check_rate, given_word, read_inline
from avsynth.text.marked import MarkedText, Origins, join_marked, marked
from avsynth.text.tokens import Mark, Rate, Span

STRENGTHS = {"none": 0.0, "x-weak": 0.1, "weak": 0.2, "medium": 0.4, "strong": 0.7, "x-strong": 1.0}
"""Seconds of ``<break strength=…/>``."""
RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.25, "x-fast": 1.5}
"""Pace of ``<prosody rate=…>``, against what is around it."""
ALPHABETS = ("arpabet", "x-arpabet", "ipa")
ATTRIBUTES = {
    "speak": ("version", "xml:lang", "xmlns", "xmlns:xsi", "xsi:schemaLocation"),
    **{"p": ("xml:lang",), "s": ("xml:lang",), "break": ("time", "strength")},
    **{"prosody": ("rate",), "phoneme": ("alphabet", "ph")},
}
"""The known tags, each with its known attributes."""

_OPEN = "<speak>"
_TAG = re.compile(r"<(?:break|prosody|phoneme|emphasis|say-as|sub\s|voice|lang\s|mark\s|audio\s)[^<>]{0,500}>")
_SPEAK = re.compile(r"\ufeff?\s*(?:<\?xml\b|<!DOCTYPE\b|<!--|<speak[\s/>])")


def is_ssml(text: str) -> bool:
    """Whether a text begins as SSML does."""
    return bool(_SPEAK.match(text))


def has_ssml_tags(text: str) -> bool:
    """Whether one of its tags stands in a text that does not begin as SSML does."""
    return "<" in text and _TAG.search(text) is not None


def read_ssml(text: str, *, wrapped: bool = True) -> MarkedText:
    """Read SSML, ``wrapped`` in its ``<speak>`` or not; anything that is no XML or is not known is a UserError of one
    line. Nothing outside it is fetched."""
    return _Reader().read(text, wrapped)


class _Reader:
    """Takes what the parser meets, in its order."""

    def __init__(self) -> None:
        self._parts: list[MarkedText] = []
        self._rates = [1.0]
        self._open: list[str] = []
        self._word: tuple[str, str] | None = None
        self._held: list[tuple[str, int]] = []
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype

    def read(self, text: str, wrapped: bool) -> MarkedText:
        self._source = text.lstrip("\ufeff \t\r\n") if wrapped else f"{_OPEN}{text}</speak>"
        self._skipped = len(text) - len(self._source) if wrapped else -len(_OPEN)
        self._byte_ends = list(accumulate(len(character.encode("utf-8", "replace")) for character in self._source))
        try:
            self._parser.Parse(self._source.encode("utf-8", "replace"), True)
        except expat.ExpatError as error:
            message = expat.ErrorString(error.code)
            raise UserError(f"SSML, line {error.lineno}, column {error.offset + 1}: {message}") from error
        return join_marked(self._parts)

    def _where(self) -> str:
        return f"SSML, line {self._parser.CurrentLineNumber}"

    def _refuse_doctype(self, *_: object) -> None:
        raise UserError(f"{self._where()}: a DOCTYPE is not read; leave it out")

    def _place(self) -> int:
        """Where the parser stands in its source, in characters."""
        return bisect_right(self._byte_ends, self._parser.CurrentByteIndex)

    def _here(self) -> Span:
        """The tag at which the parser stands."""
        start = self._place() + self._skipped
        return Span(start, start)

    def _mark(self, mark: Mark) -> None:
        self._parts.append(marked(mark, self._here()))

    def _new_line(self) -> None:
        self._parts.append(MarkedText("\n", source=Origins.of([self._here()])))

    def _held_text(self) -> MarkedText:
        """The text since the last tag as it stands; what an entity stands for comes from all of the entity."""
        text, origins = "".join(part for part, _ in self._held), []
        for part, place in self._held:
            start = place + self._skipped
            if self._source[place] == "&":
                end = self._source.index(";", place) + 1 + self._skipped
                origins.append(Origins.of([Span(start, end)] * len(part)))
            else:
                origins.append(Origins.same(len(part), start))
        self._held = []
        return MarkedText(text, source=Origins.joined(origins))

    def _read_held(self) -> None:
        if self._held and self._word is None:
            held = self._held_text()
            read = read_inline(held.text.replace("\n", " "))
            self._parts.append(replace(read, source=read.origins.through(held.origins)))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._read_held()
        if tag not in ATTRIBUTES:
            known = ", ".join(f"<{name}>" for name in ATTRIBUTES)
            raise UserError(f"{self._where()}: <{tag}> is not known; known are {known}")
        if (tag == "speak") == bool(self._open):
            raise UserError(f"{self._where()}: <speak> stands once, around everything else")
        if self._open and self._open[-1] in ("phoneme", "break"):
            raise UserError(f"{self._where()}: <{self._open[-1]}> holds no tag, and not <{tag}>")
        for name in attributes:
            if name not in ATTRIBUTES[tag]:
                known = ", ".join(ATTRIBUTES[tag])
                raise UserError(f"{self._where()}: <{tag}> knows {known}, and not {name!r}")
        language = attributes.get("xml:lang", "en")
        if not re.fullmatch(r"(?i:en)(?:[-_].*)?", language):
            raise UserError(f"{self._where()}: xml:lang={language!r} is not English (en), which is all that is spoken")
        self._open.append(tag)
        begin: dict[str, Callable[[dict[str, str]], None]] = {
            **{"break": self._break, "prosody": self._prosody, "phoneme": self._phoneme}
        }
        if tag in begin:
            begin[tag](attributes)
        elif tag in ("p", "s"):
            self._new_line()

    def _end(self, tag: str) -> None:
        self._read_held()
        self._open.pop()
        if tag in ("p", "s"):
            self._new_line()
        elif tag == "prosody":
            self._rates.pop()
            self._mark(Rate(self._rates[-1]))
        elif tag == "phoneme" and self._word is not None:
            phones, where = self._word
            self._word = None
            word = self._held_text()
            if not word.text.strip():
                raise UserError(f"{where} holds no word to say")
            self._parts.append(marked(given_word(word.text, phones, where), word.origins.span(0, len(word.text))))

    def _text(self, text: str) -> None:
        self._held.append((text, self._place()))

    def _break(self, attributes: dict[str, str]) -> None:
        time, strength = attributes.get("time"), attributes.get("strength", "medium")
        if strength not in STRENGTHS:
            raise UserError(f"{self._where()}: strength={strength!r} is not known; known are {', '.join(STRENGTHS)}")
        seconds = STRENGTHS[strength]
        if time is not None:
            length = re.fullmatch(r"\s*\+?(\d+(?:\.\d+)?|\.\d+)(ms|s)\s*", time, re.ASCII)
            if length is None:
                raise UserError(f"{self._where()}: time={time!r} is no length; write it as 300ms or 0.5s")
            seconds = float(length[1]) / (1000 if length[2] == "ms" else 1)
        self._mark(check_pause(seconds, f"{self._where()}: time={time!r}"))

    def _prosody(self, attributes: dict[str, str]) -> None:
        written = attributes.get("rate", "default").strip()
        percent = re.fullmatch(r"([+-]?)(\d+(?:\.\d+)?)%", written, re.ASCII)
        if written not in RATES and percent is None:
            known = ", ".join(RATES)
            raise UserError(f"{self._where()}: rate={written!r} is not known; known are 80%, +20%, -20%, {known}")
        factor = RATES.get(written, 1.0)
        if percent is not None:
            share = float(percent[2]) / 100
            factor = {"": share, "+": 1 + share, "-": 1 - share}[percent[1]]
        rate = check_rate(self._rates[-1] * factor, f"{self._where()}: rate={written!r}")
        self._rates.append(rate.factor)
        self._mark(rate)

    def _phoneme(self, attributes: dict[str, str]) -> None:
        alphabet, written = attributes.get("alphabet", "ipa"), attributes.get("ph")
        if alphabet not in ALPHABETS:
            raise UserError(f"{self._where()}: alphabet={alphabet!r} is not known; known are {', '.join(ALPHABETS)}")
        if written is None:
            raise UserError(f"{self._where()}: <phoneme> lacks ph, the phones to say")
        where = f"{self._where()}: ph={written!r}"
        self._word = (from_ipa(written, where) if alphabet == "ipa" else written, where)
