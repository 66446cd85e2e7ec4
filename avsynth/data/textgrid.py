"""Reading a TextGrid's ``words`` and ``phones`` tiers, as the Montreal Forced Aligner writes them."""

from __future__ import annotations

from pathlib import Path

from avsynth.audio.aligner import Segment
from avsynth.errors import UserError
from avsynth.text.symbols import VOWELS, unstressed
from avsynth.text.tokens import Word

SILENT = {"", "sil", "sp", "spn", "<eps>"}


def read_textgrid(path: Path) -> tuple[list[Segment], list[Word]]:
    """Phones of every word, and the words in lower case with their stress, if the phones have digits of stress;
    silences are left out.

    Raises:
        UserError: The file is missing or malformed, lacks a tier, or a phone belongs to no word.
    """
    try:
        from praatio import textgrid
    except ImportError as error:
        raise UserError("reading TextGrids needs praatio: pip install 'avsynth[train]'") from error
    try:
        grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=False)
        word_tier, phone_tier = grid.getTier("words"), grid.getTier("phones")
    except Exception as error:  # praatio raises bare errors of many kinds for a malformed file
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UserError(f"cannot read TextGrid {path}: {reason}") from error
    words = [entry for entry in word_tier.entries if entry.label not in SILENT]
    segments, labels = [], []
    number = 0
    for start, end, label in phone_tier.entries:
        if label in SILENT:
            continue
        middle = (start + end) / 2
        while number < len(words) and words[number].end < middle:
            number += 1
        if number == len(words) or words[number].start > middle:
            raise UserError(f"{path}: phone {label} at {start:.2f} s belongs to no word")
        segments.append(Segment(unstressed(label), number, float(start), float(end)))
        labels.append(label)
    if {segment.word for segment in segments} != set(range(len(words))):
        raise UserError(f"{path}: a word has no phones")
    phones: list[list[str]] = [[] for _ in words]
    stress = ["" for _ in words]
    for segment, label in zip(segments, labels, strict=True):
        phones[segment.word].append(segment.phone)
        stress[segment.word] += label[-1] if segment.phone in VOWELS and label[-1].isdigit() else ""
    said = zip(words, phones, stress, strict=True)
    return segments, [Word(entry.label.lower(), tuple(own), digits) for entry, own, digits in said]
