"""Word errors on any text: a recogniser without a grammar; text and transcript are normalised alike before counting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from avsynth.errors import UserError
from avsynth.evaluation.clip_sound import PredictedMos
from avsynth.evaluation.speech import word_errors
from avsynth.evaluation.statistics import Summary, summarise, summarise_ratio
from avsynth.evaluation.tables import Column
from avsynth.text import TextFrontend, default_frontend

OPEN_COLUMNS = (
    Column("wer", "WER-open (moonshine-voice 0.0.73, tiny-en)", 3),
    Column("without_error", "sentences without error", 2),
)
MOS_COLUMNS = (Column("overall", "DNSMOS overall"), Column("p808", "DNSMOS P.808"))


@dataclass(frozen=True)
class HeardText:
    """A text and what a recogniser wrote down when it was said."""

    text: str
    heard: str
    mos: PredictedMos | None = None
    """If it was asked for."""


def read_texts(path: Path) -> list[str]:
    """A text a line, empty lines left out; :class:`UserError` where there is none."""
    try:
        texts = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except OSError as error:
        raise UserError(f"cannot read the texts {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"the texts {path} are not UTF-8") from error
    if not texts:
        raise UserError(f"{path} holds no text: write one a line")
    return texts


def read_out(text: str, frontend: TextFrontend) -> tuple[str, ...]:
    """The words of a text or transcript as they are read out: lower case, numbers in words, hyphenated words separated.

    Empty where there is nothing to say.
    """
    try:
        words = frontend.spoken(text)
    except UserError:
        return ()
    return tuple(part for word in words for part in word.replace("-", " ").replace(".", " ").split())


def open_rows(rows: Mapping[str, Sequence[HeardText]]) -> dict[str, dict[str, Summary]]:
    """Row to measure, over texts."""
    frontend = default_frontend()
    measures = {}
    for row, items in rows.items():
        counts = [word_errors(read_out(item.text, frontend), read_out(item.heard, frontend)) for item in items]
        tops, bottoms = np.array([(count.errors, count.words) for count in counts], np.float64).T
        right = summarise([float(count.errors == 0) for count in counts])
        measures[row] = {"wer": summarise_ratio(tops, bottoms), "without_error": right}
        scores = [item.mos for item in items if item.mos is not None]
        if scores:
            overall, p808 = zip(*scores, strict=True)
            measures[row] |= {"overall": summarise(overall), "p808": summarise(p808)}
    return measures
