"""Reading HTK master label files, and repairing typical faults of their phone labels.

An MLF holds many recordings' labels: the line ``#!MLF!#``, then for each recording its quoted path, often that of
another disk and with another ending, lines ``start end label`` in units of 100 ns, and a line ``.``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from avsynth.errors import UserError

UNITS_PER_SECOND = 10_000_000
SLIP = 1_000
"""A start may differ from the previous end by so many units as a rounding error: 0.1 ms."""
PAUSE = 600_000
"""A gap of so many units or more counts as a pause: 60 ms."""
OVERLAP = 1_000_000
"""Units by which two labels may overlap: 0.1 s."""
SILENCE = "sil"


@dataclass(frozen=True)
class Label:
    """A phone from ``start`` to ``end``, in units."""

    start: int
    end: int
    name: str


@dataclass(frozen=True)
class Entry:
    """One recording's labels as they stand in the file."""

    path: str
    """As quoted, with forward slashes."""
    line: int
    labels: tuple[Label, ...]
    fault: str = ""
    """Why the entry cannot be read; empty if it can."""


def read_mlf(path: Path) -> Iterator[Entry]:
    """Every recording of a label file, in order; one that breaks off or holds a strange line has a fault.

    Raises :class:`UserError` where the file cannot be read or does not begin as an MLF does.
    """
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror or error}") from error
    if not lines or lines[0].strip() != "#!MLF!#":
        raise UserError(f"{path} is no label file: its first line must be #!MLF!#")
    name: str | None = None
    first = 0
    labels: list[Label] = []
    fault = ""
    for number, line in enumerate(lines[1:], start=2):
        text = line.strip()
        if text.startswith('"'):
            if name is not None:
                yield Entry(name, first, tuple(labels), fault or f"line {number}: another begins before its '.'")
            name, first, labels, fault = text.strip('"').replace("\\", "/"), number, [], ""
        elif text == "." and name is not None:
            yield Entry(name, first, tuple(labels), fault or ("" if labels else f"line {number}: no labels"))
            name = None
        elif text and name is not None:
            label = _label(text)
            if label is None:
                fault = fault or f"line {number}: not 'start end phone': {text[:40]!r}"
            else:
                labels.append(label)
    if name is not None:
        yield Entry(name, first, tuple(labels), fault or "the file ends before its '.'")


def _label(text: str) -> Label | None:
    fields = text.split()
    if len(fields) < 3 or not fields[0].isdigit() or not fields[1].isdigit():
        return None
    return Label(int(fields[0]), int(fields[1]), fields[2])


def tidy(labels: tuple[Label, ...]) -> tuple[list[Label], Counter[str]]:
    """Labels without gaps from 0 on, silence at both ends, no phone twice in a row; and what was put right, counted.

    - ``reversed``: an end before its start; the two are exchanged.
    - ``slips``: a start off the end before it by at most :data:`SLIP`; the end holds.
    - ``pauses``: a stretch of at least :data:`PAUSE` without a label; silence is put there.
    - ``moved``: any other start that is not the end before it; the boundary lies halfway, but a stretch beside a
      silence belongs to that.
    - ``twice``: a phone directly after itself; the two are one.
    - ``speech_first``, ``speech_last``: no silence at that end; one without length is put there.

    Raises:
        UserError: A label begins before the one before it does, or ends before it, or the two overlap by more than
            :data:`OVERLAP`: no order can be made out.
    """
    repairs: Counter[str] = Counter()
    rows = []
    for label in labels:
        backwards = label.end < label.start
        repairs["reversed"] += backwards
        rows.append(Label(label.end, label.start, label.name) if backwards else label)
    for one, other in pairwise(rows):
        if other.start < max(one.start - SLIP, one.end - OVERLAP) or other.end < one.end - SLIP:
            seconds = other.start / UNITS_PER_SECOND
            raise UserError(f"the labels are out of order at {seconds:.2f} s, {one.name} before {other.name}")
    whole = [Label(0, 0, SILENCE)]
    for label in rows:
        boundary = _boundary(whole, label, repairs)
        whole[-1] = Label(whole[-1].start, boundary, whole[-1].name)
        whole.append(Label(boundary, max(label.end, boundary), label.name))
    repairs["speech_first"] += bool(rows) and rows[0].name != SILENCE
    repairs["speech_last"] += bool(rows) and rows[-1].name != SILENCE
    whole.append(Label(whole[-1].end, whole[-1].end, SILENCE))
    merged = [whole[0]]
    for label in whole[1:]:
        if label.name == merged[-1].name:
            repairs["twice"] += label.name != SILENCE
            merged[-1] = Label(merged[-1].start, label.end, label.name)
        else:
            merged.append(label)
    return merged, +repairs


def _boundary(whole: list[Label], label: Label, repairs: Counter[str]) -> int:
    """Where ``label`` begins after the last of ``whole``, to which a pause may be added first."""
    before = whole[-1]
    gap = label.start - before.end
    if abs(gap) <= SLIP:
        repairs["slips"] += gap != 0
        return before.end
    if gap > 0 and before.name == SILENCE:
        repairs["moved"] += len(whole) > 1
        return label.start
    if gap > 0 and label.name == SILENCE:
        repairs["moved"] += 1
        return before.end
    if gap >= PAUSE:
        repairs["pauses"] += 1
        whole.append(Label(before.end, label.start, SILENCE))
        return label.start
    repairs["moved"] += 1
    return max(before.start, (before.end + label.start) // 2)
