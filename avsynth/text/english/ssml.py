"""Most of SSML 1.1 (W3C): pauses, ways of speaking, pronunciations, what things are, bookmarks and speakers.

Text outside the tags is read like any other text. Unknown tags and attributes are refused, with their line number.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import accumulate
from typing import TypeVar
from xml.parsers import expat

from avsynth.errors import UserError
from avsynth.text.english.ipa import from_ipa
from avsynth.text.english.markup import check_prosody, given_word, read_inline
from avsynth.text.english.say_as import say_as
from avsynth.text.english.ssml_values import EMPHASES, pause_of, prosody_of
from avsynth.text.later import compiled
from avsynth.text.marked import MarkedText, Origins, join_marked, marked
from avsynth.text.tokens import Language, Mark, Named, Prosody, Span, Speaker

Value = TypeVar("Value")

ALPHABETS = ("arpabet", "x-arpabet", "ipa")
ATTRIBUTES = {
    "speak": ("version", "xml:lang", "xmlns", "xmlns:xsi", "xsi:schemaLocation"),
    **{"p": ("xml:lang",), "s": ("xml:lang",), "break": ("time", "strength"), "lang": ("xml:lang",)},
    **{"prosody": ("rate", "pitch", "volume"), "phoneme": ("alphabet", "ph"), "emphasis": ("level",)},
    **{"sub": ("alias",), "say-as": ("interpret-as", "format", "detail"), "mark": ("name",)},
    **{"voice": ("name", "xml:lang"), "w": ("xml:lang",), "token": ("xml:lang",)},
}
"""The known tags, each with its known attributes."""
_NEEDED = {"sub": "alias", "say-as": "interpret-as", "mark": "name", "voice": "name", "phoneme": "ph"}
_EMPTY = ("break", "mark")
_CLOSED = (*_EMPTY, "phoneme", "sub", "say-as")
"""Tags that must not contain other tags."""

_OPEN = "<speak>"
_TAG = compiled(r"<(?:break|prosody|phoneme|emphasis|say-as|sub\s|voice|lang\s|mark\s|audio\s)[^<>]{0,500}>")
_SPEAK = compiled(r"\ufeff?\s*(?:<\?xml\b|<!DOCTYPE\b|(?:<!--(?:(?!-->)[\s\S]){0,2000}-->\s*)?<speak[\s/>])")


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
    """Handler of the XML parser's events."""

    def __init__(self) -> None:
        self._parts: list[MarkedText] = []
        self._open: list[tuple[str, Callable[[], None]]] = []
        self._prosody = [Prosody()]
        self._languages = [""]
        self._speakers: list[str | None] = [None]
        self._holding = False
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
        """The text since the last tag; the characters of an entity have the span of the whole entity."""
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
        if self._held and not self._holding:
            held = self._held_text()
            read = read_inline(held.text.replace("\n", " "))
            self._parts.append(replace(read, source=read.origins.through(held.origins)))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._read_held()
        self._check(tag, attributes)
        where = self._where()
        begin: dict[str, Callable[[], Callable[[], None]]] = {
            "p": self._line,
            "s": self._line,
            "prosody": lambda: self._speak_so(prosody_of(attributes, where), f"{where}: {_shown(attributes)}"),
            "emphasis": lambda: self._emphasise(attributes.get("level", "moderate"), where),
            "phoneme": lambda: self._phoneme(attributes, where),
            "sub": lambda: self._instead(attributes["alias"]),
            "say-as": lambda: self._say_as(attributes, where),
            "voice": lambda: self._change(self._speakers, attributes["name"], Speaker),
        }
        if tag == "break":
            self._mark(pause_of(attributes, where))
        elif tag == "mark":
            self._mark(Named(attributes["name"]))
        ends = [begin[tag]()] if tag in begin else []
        if "xml:lang" in attributes:
            ends.append(self._change(self._languages, attributes["xml:lang"], Language))

        def end() -> None:
            for each in reversed(ends):
                each()

        self._open.append((tag, end))

    def _end(self, tag: str) -> None:
        self._read_held()
        _, end = self._open.pop()
        end()

    def _check(self, tag: str, attributes: dict[str, str]) -> None:
        if tag not in ATTRIBUTES:
            known = ", ".join(f"<{name}>" for name in ATTRIBUTES)
            raise UserError(f"{self._where()}: <{tag}> is not known; known are {known}")
        if (tag == "speak") == bool(self._open):
            raise UserError(f"{self._where()}: <speak> stands once, around everything else")
        if self._open and self._open[-1][0] in _CLOSED:
            raise UserError(f"{self._where()}: <{self._open[-1][0]}> holds no tag, and not <{tag}>")
        for name in attributes:
            if name not in ATTRIBUTES[tag]:
                known = ", ".join(ATTRIBUTES[tag])
                raise UserError(f"{self._where()}: <{tag}> knows {known}, and not {name!r}")
        needed = _NEEDED.get(tag)
        if needed and needed not in attributes:
            raise UserError(f"{self._where()}: <{tag}> lacks {needed}")
        language = attributes.get("xml:lang", "en")
        if not re.fullmatch(r"(?i:en)(?:[-_].*)?", language):
            raise UserError(f"{self._where()}: xml:lang={language!r} is not English (en), which is all that is spoken")

    def _line(self) -> Callable[[], None]:
        """Put the tag's content on lines of its own."""
        self._new_line()
        return self._new_line

    def _change(self, stack: list[Value], now: Value, mark: Callable[[Value], Mark]) -> Callable[[], None]:
        """Set a new value from here on; the function that is returned restores the old one."""
        stack.append(now)
        self._mark(mark(now))

        def back() -> None:
            stack.pop()
            self._mark(mark(stack[-1]))

        return back

    def _speak_so(self, prosody: Prosody, where: str) -> Callable[[], None]:
        return self._change(self._prosody, check_prosody(self._prosody[-1] + prosody, where), lambda now: now)

    def _emphasise(self, level: str, where: str) -> Callable[[], None]:
        if level not in EMPHASES:
            raise UserError(f"{where}: level={level!r} is not known; known are {', '.join(EMPHASES)}")
        return self._speak_so(EMPHASES[level], where)

    def _hold(self, take: Callable[[MarkedText], None]) -> Callable[[], None]:
        """Collect the text up to the end of the tag and pass it to ``take`` instead of reading it."""
        self._holding = True

        def end() -> None:
            self._holding = False
            take(self._held_text())

        return end

    def _phoneme(self, attributes: dict[str, str], where: str) -> Callable[[], None]:
        alphabet, written = attributes.get("alphabet", "ipa"), attributes["ph"]
        if alphabet not in ALPHABETS:
            raise UserError(f"{where}: alphabet={alphabet!r} is not known; known are {', '.join(ALPHABETS)}")
        where = f"{where}: ph={written!r}"
        phones = from_ipa(written, where) if alphabet == "ipa" else written

        def take(word: MarkedText) -> None:
            if not word.text.strip():
                raise UserError(f"{where} holds no word to say")
            self._parts.append(marked(given_word(word.text, phones, where), word.origins.span(0, len(word.text))))

        return self._hold(take)

    def _instead(self, alias: str) -> Callable[[], None]:
        """Something else is said than is written."""
        return self._hold(lambda written: self._parts.append(_written_as(written, alias, self._here())))

    def _say_as(self, attributes: dict[str, str], where: str) -> Callable[[], None]:
        def take(written: MarkedText) -> None:
            said = say_as(attributes["interpret-as"], attributes.get("format", ""), written.text, where)
            if isinstance(said, str):
                self._parts.append(_written_as(written, said, self._here()))
            else:
                span = written.origins.span(0, len(written.text))
                self._parts += (marked(mark, span) for mark in said)

        return self._hold(take)

    def _text(self, text: str) -> None:
        if self._open and self._open[-1][0] in _EMPTY and text.strip():
            raise UserError(f"{self._where()}: <{self._open[-1][0]}> holds nothing")
        self._held.append((text, self._place()))


def _shown(attributes: Mapping[str, str]) -> str:
    return " ".join(f"{name}={value!r}" for name, value in attributes.items())


def _written_as(written: MarkedText, text: str, here: Span) -> MarkedText:
    """``text`` with the span of ``written``; with that of ``here`` where ``written`` is empty."""
    span = written.origins.span(0, len(written.text)) if written.text else here
    read = read_inline(text.replace("\n", " "))
    return replace(read, source=Origins.of([span] * len(read.text)))
