"""Splitting a text into the sentences that are synthesised one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from math import ceil
from string import ascii_letters

from avsynth.text.english.abbreviations import (
    ABBREVIATIONS,
    CALENDAR,
    DAYS,
    ENDLESS,
    EXCLAIMED,
    GREATLY,
    MEASURED,
    MONTHS,
    NAMED,
    NUMBERED,
    NUMBERED_THINGS,
    SORTS_OF_DAYS,
    STARTERS,
    WAYS,
    ZONES,
)
from avsynth.text.english.dots import is_short
from avsynth.text.english.normalise import nothing_to_say, read_marked, read_tokens
from avsynth.text.english.places import AFTER_COUNTY, FULL_STREETS, POINTS, SHORT_STATES, STREETS
from avsynth.text.english.readings.faces import FACES
from avsynth.text.later import compiled
from avsynth.text.marked import CHANGE, CUTTING_PAUSE, GIVEN, MARKS, PAUSE, Format, MarkedText, join_marked, marked
from avsynth.text.tokens import Language, Mark, Named, Pause, Prosody, Span, Speaker, Spoken

LONGEST_SENTENCE = 200
"""No sentence is longer, in characters; this bounds the memory that synthesis takes."""
LEAD_IN_S = 0.25
"""A pause of given length between two sentences is divided: the last so many seconds go to the second sentence, where
the mouth begins to open. A pause shorter than twice this is halved."""

REST_S, SHORTEST_REST_S = 1.0, 0.1
"""Seconds of silence for a text without words: ``REST_S`` where no length is given, and never less than
``SHORTEST_REST_S``."""
_SHORTEST_CLAUSE = 50
_CONJUNCTIONS = (
    "and but or nor so yet because which that who whom whose when whenever while if although though where until "
    "before after since unless whereas whether"
)
_PREPOSITIONS = (
    "in on at with by for from to into through over under towards across along behind between among against about "
    "near past down up without within during of"
)
_CLAUSES = (
    compiled(r"[,:)\]](?=\s)|\s--?(?=\s)"),
    compiled(rf"\s(?=(?:{_CONJUNCTIONS.replace(' ', '|')})\s)", re.IGNORECASE),
    compiled(rf"\s(?=(?:{_PREPOSITIONS.replace(' ', '|')})\s)", re.IGNORECASE),
)
LINKS = frozenset(f"{_CONJUNCTIONS} {_PREPOSITIONS}".split())
"""A long sentence may be cut before these words, and should not be cut after them."""
_CONTINUING = frozenset(
    ("and", "or", "nor", "is", "was", "has", "had", "will", "would", "also", "said", "says", "asked")
)
_DAYS = frozenset((*CALENDAR, *MONTHS, *DAYS.values(), *DAYS))
_ENDING = compiled(r"(?:(?<![.!?])[.!?]++|;)[\"')\]}]*+(?=\s|$)")
_LOOK_BACK = 40
_STREET_POINT = compiled(r"(?<!\w)\d{1,5}\s[NSEW]{1,2}$")
"""A house number and the compass direction of its street: "22 W. 31st St."."""
_LIST_NUMBER = compiled(r"\d{1,3}|[IVX]{1,5}")
_FACTORIAL = compiled(r"[\w)]!\s[=*/+<>×÷-]")
_WORD = compiled(r"[A-Za-z0-9]+")
_LETTERS_AND_DOT = f"{ascii_letters}."
_CODE = compiled(r"(?=[A-Z-]*\d)[A-Z]{1,5}-?\d|[A-Z]\.\d")
_VERSE = compiled(r"\d{1,3}:\d")
_DEGREES = compiled(r"-?\d{1,3}(?:\.\d+)?\s?°")
_DATE = compiled(r"\d{1,2}[/:-]\d")
_SPEAKER = compiled(r"\s*I(?:'|\s[a-z])")
_ANSWER = compiled(r"\s*is\s[\d+(]")
_AFTER_CO = AFTER_COUNTY | {"Ltd", "Inc", "LLC", "Pty", "KG", "Limited"}
_FORCES = frozenset(("Regt", "Div", "Bn", "Bde", "Cav", "Inf"))
_EDITORS = frozenset(("ed", "eds", "trans", "rev", "illus"))
_SAID = compiled(rf"[A-Za-z0-9{GIVEN}]")
"""Any of these characters makes a text speakable."""
_BLANK = f" \n{PAUSE}{CUTTING_PAUSE}{CHANGE}"
_SILENT = f"{_BLANK}.,;:!?()[]{{}}\"'-"
_LEADING_MARKS = compiled(rf"[\s{PAUSE}{CUTTING_PAUSE}{CHANGE}]*")


def split_sentences(text: str, form: Format = "auto") -> list[MarkedText]:
    """Cut text at the ends of sentences, semicolons and line breaks, and long sentences at commas or between words.

    Each sentence is folded, at most 200 characters long (plus its marks) and has something to say. A text of breaks
    alone, or an empty one, gives a single pause; UserError for a text with nothing speakable in it. Characters of the
    text that cannot be read are listed with the first sentence. A long pause also ends a sentence. A pause between two
    sentences is divided between them.
    """
    whole = read_marked(text, form)
    pieces = (
        piece
        for line in _parted(whole.text, re.finditer(rf"\n+|(?={CUTTING_PAUSE})", whole.text))
        for sentence in _whole_sentences(whole.text, line)
        for piece in _short_pieces(whole.text, sentence)
    )
    sentences = list(_with_marks(whole, pieces, text))
    if not sentences and (rest := _rest(whole)) is not None:
        return [replace(rest, given=text)]
    if not sentences:
        raise nothing_to_say(text)
    sentences[0] = replace(sentences[0], lost=whole.lost)
    return sentences


def _rest(whole: MarkedText) -> MarkedText | None:
    """A pause for a text that is empty or has only breaks: as long as these; None for other texts."""
    breaks = [mark for mark in whole.marks if isinstance(mark, Pause)]
    if whole.lost or whole.text.strip(_SILENT if breaks else _BLANK):
        return None
    seconds = sum(breaks, Pause()).seconds
    span = Span(whole.origins.starts[0], whole.origins.ends[-1]) if whole.text else Span(0, 0)
    return marked(Pause(REST_S if seconds is None else max(SHORTEST_REST_S, seconds)), span)


def _parted(text: str, cuts: Iterable[re.Match[str]]) -> Iterator[Span]:
    start = 0
    for cut in cuts:
        yield Span(start, cut.start())
        start = cut.end()
    yield Span(start, len(text))


def _stripped(text: str, start: int, end: int) -> Span:
    written = text[start:end]
    left = end - len(written.lstrip())
    return Span(left, max(left, start + len(written.rstrip())))


_USUAL = (Prosody(), Language(""), Speaker(None))


@dataclass(frozen=True)
class _Manner:
    """Prosody, speaker and language at the beginning of a sentence."""

    prosody: Prosody = _USUAL[0]
    language: Language = _USUAL[1]
    speaker: Speaker = _USUAL[2]

    def after(self, marks: Iterable[Mark]) -> _Manner:
        """The state after some marks."""
        manner = self
        for mark in marks:
            if isinstance(mark, Prosody):
                manner = replace(manner, prosody=mark)
            elif isinstance(mark, Language):
                manner = replace(manner, language=mark)
            elif isinstance(mark, Speaker):
                manner = replace(manner, speaker=mark)
        return manner

    def marks(self) -> tuple[Mark, ...]:
        """The marks that set this state."""
        now: tuple[Mark, ...] = (self.prosody, self.language, self.speaker)
        return tuple(mark for mark, usual in zip(now, _USUAL, strict=True) if mark != usual)


_PLAIN = _Manner()


def _with_marks(whole: MarkedText, pieces: Iterable[Span], given: str) -> Iterator[MarkedText]:
    """The speakable pieces, each with its marks, those that set the state at its beginning, and the text as given."""
    queue = iter(whole.marks)
    held: MarkedText | None = None
    waiting = Pause()
    bookmarks: list[Mark] = []
    manner = _PLAIN
    origins = whole.origins
    for start, end in pieces:
        text = whole.text[start:end]
        marks = tuple(islice(queue, sum(map(text.count, MARKS)))) if whole.marks else ()
        piece = MarkedText(text, marks, origins.cut(start, end), given=given)
        if not _says_something(piece):
            if marks:
                waiting += sum((mark for mark in marks if isinstance(mark, Pause)), Pause())
                bookmarks += (mark for mark in marks if isinstance(mark, Named))
                manner = manner.after(marks)
            continue
        if not marks and waiting.seconds is None and not bookmarks and manner == _PLAIN:
            if held is not None:
                yield held
            held = piece
            continue
        leading, rest = _without_leading_marks(piece)
        waiting += sum((mark for mark in leading if isinstance(mark, Pause)), Pause())
        bookmarks += (mark for mark in leading if isinstance(mark, Named))
        begins = manner.after(leading)
        place = rest.origins.span(0, 1).start
        begin = join_marked(marked(mark, Span(place, place)) for mark in (*begins.marks(), *bookmarks))
        if waiting.seconds is not None:
            lead_in = waiting.seconds if held is None else min(LEAD_IN_S, waiting.seconds / 2)
            begin = marked(Pause(lead_in), Span(place, place)) + begin
            held = held and _ending(held, Pause(waiting.seconds - lead_in))
        if held is not None:
            yield held
        held, waiting, bookmarks = begin + rest, Pause(), []
        manner = manner.after(marks)
    if held is not None:
        end_marks = join_marked(marked(mark, Span(held.origins.ends[-1], held.origins.ends[-1])) for mark in bookmarks)
        held = held if waiting.seconds is None else _ending(held, waiting)
        yield held + end_marks


def _says_something(piece: MarkedText) -> bool:
    text = FACES.sub(" ", piece.text)
    if _SAID.search(text):
        return True
    silent = not text.strip(_SILENT)
    return not silent and any(isinstance(token, Spoken) for token in read_tokens(piece, ()))


def _ending(sentence: MarkedText, pause: Pause) -> MarkedText:
    end = sentence.origins.ends[-1]
    return sentence + marked(pause, Span(end, end))


def _without_leading_marks(piece: MarkedText) -> tuple[tuple[Mark, ...], MarkedText]:
    match = _LEADING_MARKS.match(piece.text)
    end = match.end() if match else 0
    count = sum(map(piece.text[:end].count, MARKS))
    rest = MarkedText(piece.text[end:], piece.marks[count:], piece.origins.cut(end, len(piece.text)), given=piece.given)
    return piece.marks[:count], rest


def _whole_sentences(text: str, line: Span) -> Iterator[Span]:
    written, start = text[slice(*line)], 0
    following: re.Match[str] | None = None
    searched = False
    for mark in _ENDING.finditer(written):
        if not searched or (following is not None and following.start() < mark.end()):
            following, searched = _WORD.search(written, mark.end()), True
        if _ends_sentence(written, mark, following):
            yield _stripped(text, line.start + start, line.start + mark.end())
            start = mark.end()
    yield _stripped(text, line.start + start, line.end)


def _ends_sentence(line: str, mark: re.Match[str], following: re.Match[str] | None) -> bool:
    """Whether a mark ends a sentence; ``following`` is the next word or number in the line."""
    next_word = following[0] if following else ""
    if line[mark.end() : mark.end() + 2] == " &":
        return False
    if mark[0].startswith(".."):
        return not next_word[:1].islower()
    before = line[max(0, mark.start() - _LOOK_BACK) : mark.start()]
    written = _last_word(before)
    if mark[0][0] != ".":
        return not _goes_on(mark[0], written, next_word) and not _FACTORIAL.search(
            line, mark.start() - 1, mark.end() + 2
        )
    word, capital, starter = written.lower(), next_word[:1].isupper(), next_word in STARTERS
    if _shortened(line, mark, following, before, written):
        return False
    if written == "EST" and re.search(r"\b(?:[ap]\.?m\.?|\d)\sEST$", before, re.IGNORECASE):
        return capital
    if next_word == "I" and word in _DAYS and _SPEAKER.match(line, mark.end()):
        return True
    if word == "no" and (next_word == "I" or (next_word.islower() and NUMBERED_THINGS.search(before[:-2]))):
        return next_word == "I"
    if next_word in POINTS and written in STREETS:
        return False
    if (
        written in SHORT_STATES
        and (
            next_word in STREETS
            or next_word in FULL_STREETS
            or next_word[:1].islower()
            or re.match(r"(?:\d{1,3}|\d{5})$", next_word)
        )
    ) or (written == "v" and following is not None and (before.strip() != "v" or next_word in GREATLY | {"v"})):
        return False
    measured = word in MEASURED and re.search(rf"(?:\d[\s-]{{0,2}}(?:(?:fl|sq|cu)\.[\s-])?|\d/){word}$", before.lower())
    numbered = word in NUMBERED or written == "c" or (written in ("b", "d") and before.endswith("(" + written))
    coded = word in NUMBERED and following is not None and _CODE.match(line, following.start())
    born = written in ("b", "d", "m") and re.match(r"1\d{3}\b|20\d\d\b|\d{1,2}$", next_word)
    dated = word in DAYS and next_word.lower() in (*MONTHS, *CALENDAR)
    if (born or coded or dated) and not measured:
        return False
    if (word in ENDLESS and not measured) or (numbered and not measured and _is_number(next_word)):
        return word in WAYS and starter and bool(re.search(r"[A-Z][a-z]+\s[A-Za-z]+$", before))
    if word in NAMED or word == "al":
        return starter or following is None
    if measured or word in ABBREVIATIONS:
        if measured and next_word in POINTS:
            return False
        initials = measured and len(next_word) > 1 and next_word.isupper() and next_word.capitalize() not in STARTERS
        return capital and not initials
    if word in ("p.s", "n.b"):
        return False
    if word in ("a.m", "p.m"):
        named = next_word in ZONES or next_word.lower() in _DAYS or re.fullmatch(r"[A-Z]{2,4}", next_word)
        return capital and not named
    if re.fullmatch(r"[a-z](\.[a-z])+|ph\.?d|[bdm]\.(?:sc|phil|ed|eng|com|litt)|ll\.[bm]", word) or (
        len(word) == 1 and word != "i" and capital and before[-2:-1] != "'"
    ):
        initial = following is not None and line[following.end() : following.end() + 1] == "."
        return following is None or (starter and not initial)
    if written in ("t", "T", "C") and next_word.islower() and re.search(r"[\d\u2044]\s{0,2}[tTC]$", before):
        return False  # teaspoons
    genus = len(written) == 1 and written.isupper() and written != "I" and next_word.islower()  # "E. coli"
    return not genus


def _shortened(line: str, mark: re.Match[str], following: re.Match[str] | None, before: str, written: str) -> bool:
    """Whether a dot belongs to a word that only what stands around it makes an abbreviation: "3 sm. eggs", "No. of"."""
    next_word = following[0] if following else ""
    word, capital = written.lower(), next_word[:1].isupper()
    if following is not None and _VERSE.match(line, following.start()) and written[:1].isupper():
        return True
    if _LIST_NUMBER.fullmatch(before.strip()) or _STREET_POINT.search(before):
        return True
    if (word == "co" and next_word in _AFTER_CO) or (word in _EDITORS and next_word == "by"):
        return True
    if is_short(written, before, next_word):
        return True
    if (word in ("lat", "lon", "long") and following is not None and _DEGREES.match(line, following.start())) or (
        word in ("alt", "dep", "arr", "aves", "sts") and (_is_number(next_word) or capital)
    ):
        return True
    if word in ("pt", "bn", "cav", "inf", "regt", "div", "bde") and (next_word in _FORCES or next_word.islower()):
        return True
    if word in ("d", "def", "bt") and next_word == "No" and re.search(r"[A-Z][a-z]+\s\w+$", before):
        return True
    if written == "Sun" and following is not None and _DATE.match(line, following.start()):
        return True
    if len(written) == 1 and written in "KS" and _is_number(next_word) and before[-2:-1] in ("", " "):
        return True
    if word == "no" and _ANSWER.match(line, mark.end()):
        return True
    if word in ("lg", "med", "sm", "fig") and next_word.islower() and re.search(r"\d[\s-]\w+$", before):
        return True
    if word == "ave" and next_word.islower() and not re.search(r"[A-Z][a-z]+\s\w+$|\d\w\w\s\w+$", before):
        return True
    if re.search(r"\b[1-3]\s(?:Sam|Kgs|Chr|Cor|Thess|Tim|Pet|Jn|Macc)$", before) and _is_number(next_word):
        return True
    if word == "ct" and re.search(r"\d\s?ct$", before) and next_word.islower():
        return True
    if word == "exp" and (next_word.islower() or _is_number(next_word)):
        return True
    if (word == "apt" and next_word.islower()) or (word in ("ex", "inc") and next_word in ("VAT", "GST", "tax")):
        return True
    if word in SORTS_OF_DAYS and next_word in ("day", "days", "hours", "hrs"):
        return True
    return word in ("no", "nos") and next_word == "of"


def _last_word(before: str) -> str:
    """The letters and dots with which a text ends."""
    start = len(before.rstrip(_LETTERS_AND_DOT))
    while start and (before[start - 1] == "." or before[start - 1].isalpha()):
        start -= 1
    return before[start:]


def _goes_on(mark: str, last: str, next_word: str) -> bool:
    """Whether a sentence continues after ``!``, ``?`` or ``;``: "Yahoo! Mail", "No!" he said."""
    if next_word[:1].islower() and mark[0] != ";":
        named = last.lower() in EXCLAIMED or (last == "Panic" and next_word == "at")
        return named or mark[-1] in "\"')]" or next_word in _CONTINUING
    return mark == "!" and last.lower() in EXCLAIMED and bool(next_word) and next_word not in STARTERS


def _is_number(word: str) -> bool:
    return word[:1].isdigit() or bool(word and re.fullmatch(r"[IVXLC]+|[ivxlc]{1,6}", word))


def _short_pieces(text: str, sentence: Span) -> Iterator[Span]:
    """Cut a long sentence at clauses into pieces of about equal length."""
    start, end = sentence
    while end - start > LONGEST_SENTENCE:
        cut = _clause_end(
            text[start : start + LONGEST_SENTENCE + 1], (end - start) / ceil((end - start) / LONGEST_SENTENCE)
        )
        yield _stripped(text, start, start + cut)
        start, _ = _stripped(text, start + cut, end)
    yield Span(start, end)


def _clause_end(window: str, wanted: float) -> int:
    """Where to cut: at a mark, before a conjunction, before a preposition, or between words, near ``wanted``."""
    for clause in _CLAUSES:
        ends = [match.end() for match in clause.finditer(window)]
        good = [
            place
            for place in ends
            if _SHORTEST_CLAUSE <= place <= LONGEST_SENTENCE and window[:place].split()[-1].lower() not in LINKS
        ]
        if good:
            return min(good, key=lambda place: abs(place - wanted))
    last = window.rfind(" ")
    return last if last > 0 else LONGEST_SENTENCE
