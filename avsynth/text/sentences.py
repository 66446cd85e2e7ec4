"""A text cut into the sentences in which it is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from avsynth.text.abbreviations import ABBREVIATIONS, ENDLESS, MEASURED, NUMBERED, STARTERS
from avsynth.text.markup import CUTTING_PAUSE, MARKS, PAUSE, MarkedText, marked
from avsynth.text.normalise import nothing_to_say, read_marked, read_tokens
from avsynth.text.tokens import Given, Mark, Pause, Rate

LONGEST_SENTENCE = 200
"""No sentence given out is longer, in characters; it bounds the memory that synthesis takes."""
LEAD_IN_S = 0.05
"""Of a pause whose length is given, between two sentences, how much belongs to the second."""

_SHORTEST_CLAUSE = 60
_WORD = re.compile(r"[A-Za-z0-9]+")
_LEADING_PAUSES = re.compile(rf"[\s{PAUSE}{CUTTING_PAUSE}]*")


def split_sentences(text: str) -> list[MarkedText]:
    """Cut text at the ends of sentences, semicolons and line breaks, and long sentences at commas or between words.

    Each sentence is folded, at most 200 characters long (plus its marks) and has something to say; UserError if there
    is none. A long pause cuts too. A pause between two sentences is shared out among them.
    """
    whole = read_marked(text)
    pieces = (
        piece
        for line in re.split(rf"\n|(?={CUTTING_PAUSE})", whole.text)
        for sentence in _whole_sentences(line)
        for piece in _short_pieces(sentence)
    )
    sentences = list(_with_marks(pieces, whole.marks))
    if not sentences:
        raise nothing_to_say(text)
    return sentences


def _with_marks(pieces: Iterable[str], marks: Iterable[Mark]) -> Iterator[MarkedText]:
    """The pieces that say something, each with its marks and the pace at which it begins."""
    queue = iter(marks)
    held: MarkedText | None = None
    waiting = Pause()
    rate = Rate(1.0)
    for text in pieces:
        piece = MarkedText(text, tuple(islice(queue, sum(character in MARKS for character in text))))
        if not any(isinstance(token, (str, Given)) for token in read_tokens(piece, ())):
            waiting += sum((mark for mark in piece.marks if isinstance(mark, Pause)), Pause())
        else:
            pauses, rest = _without_leading_pauses(piece)
            waiting += pauses
            begin = MarkedText("") if rate.factor == 1 else marked(rate)
            if waiting.seconds is not None:
                lead_in = waiting.seconds if held is None else min(LEAD_IN_S, waiting.seconds)
                begin += marked(Pause(lead_in))
                held = held and held + marked(Pause(waiting.seconds - lead_in))
            if held is not None:
                yield held
            held, waiting = begin + rest, Pause()
        rate = next((mark for mark in reversed(piece.marks) if isinstance(mark, Rate)), rate)
    if held is not None:
        yield held if waiting.seconds is None else held + marked(waiting)


def _without_leading_pauses(piece: MarkedText) -> tuple[Pause, MarkedText]:
    match = _LEADING_PAUSES.match(piece.text)
    end = match.end() if match else 0
    count = sum(character in MARKS for character in piece.text[:end])
    pauses = (mark for mark in piece.marks[:count] if isinstance(mark, Pause))
    return sum(pauses, Pause()), MarkedText(piece.text[end:], piece.marks[count:])


def _whole_sentences(line: str) -> Iterator[str]:
    start = 0
    for mark in re.finditer(r"(?:[.!?]+|;)[\"')\]}]*(?=\s|$)", line):
        if _ends_sentence(line, mark):
            yield line[start : mark.end()].strip()
            start = mark.end()
    yield line[start:].strip()


def _ends_sentence(line: str, mark: re.Match[str]) -> bool:
    following = _WORD.search(line, mark.end())
    next_word = following[0] if following else ""
    if mark[0].startswith(".."):
        return not next_word[:1].islower()
    if not mark[0].startswith("."):
        return True
    before = line[max(0, mark.start() - LONGEST_SENTENCE) : mark.start()]
    last = re.search(r"[A-Za-z.]*$", before)
    word = last[0].lower() if last else ""
    measured = word in MEASURED and re.search(rf"\d\s?{word}$", before.lower())
    numbered = word in NUMBERED or (last and last[0] == "c")
    if (word in ENDLESS and not measured) or (numbered and next_word[:1].isdigit()):
        return False
    capital = next_word[:1].isupper()
    if measured or word in ABBREVIATIONS:
        return capital
    if word in ("a.m", "p.m"):
        return capital and not re.fullmatch(r"[A-Z]{2,4}", next_word)  # a time zone goes on
    if re.fullmatch(r"[a-z](\.[a-z])+|ph\.?d", word) or (len(word) == 1 and word != "i" and capital):
        initial = following is not None and line[following.end() : following.end() + 1] == "."
        return following is None or (next_word in STARTERS and not initial)
    return True


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
