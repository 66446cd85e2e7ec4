"""Drawn clips beside a frozen mouth, and means over talkers, each of whom counts once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from avsynth.evaluation.controls import frozen
from avsynth.evaluation.pictures import Clip, Mask, score_clip
from avsynth.evaluation.statistics import Summary, summarise
from avsynth.evaluation.tables import Column
from avsynth.video.box import Box

FROZEN_SHARPNESS = Column("frozen_sharpness", "a frozen mouth's sharpness")
Scores = dict[str, float]
"""A clip's figures by their columns' keys."""
Row = dict[str, Summary]


def score_beside_frozen(made: Clip, real: Clip, roi: Box, speech: Mask) -> Scores:
    """A drawn clip's figures, and what it gains over a frozen mouth: the recording's first frame, which is left out.

    Arguments as for :func:`~avsynth.evaluation.pictures.score_clip`.
    """
    ours, still = (score_clip(each, real, roi, speech, skip_first=True) for each in (made, frozen(real)))
    gains = {"psnr_gain": ours.psnr - still.psnr, "ssim_gain": ours.ssim - still.ssim}
    return vars(ours) | gains | {FROZEN_SHARPNESS.key: still.sharpness}


def over_talkers(
    talkers: Mapping[str, Sequence[Scores]], columns: Sequence[Column], count: int
) -> tuple[dict[str, Row], Row]:
    """A row per talker, whose name tells how many clips he has, and the mean over talkers.

    Args:
        count: Clips of the whole table; cells then do not say that they are of fewer.
    """

    def summaries(clips: Sequence[Scores]) -> Row:
        return {column.key: summarise([clip[column.key] for clip in clips]) for column in columns}

    rows = {f"{talker}, {len(clips)}": summaries(clips) for talker, clips in talkers.items()}
    mean = summaries([{key: cell.mean for key, cell in row.items()} for row in rows.values()])
    for row in (*rows.values(), mean):
        row |= {key: replace(cell, count=count) for key, cell in row.items() if cell.count}
    return rows, mean
