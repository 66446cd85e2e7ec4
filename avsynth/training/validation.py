"""Validation during training: losses, picture measures with control rows, contact sheets."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from avsynth.config.schema import Config
from avsynth.data.dataset import ClipDataset, ClipKey, collate
from avsynth.data.stats import Stats
from avsynth.evaluation.controls import frozen, late, mean
from avsynth.evaluation.pictures import PictureScores, score_clip
from avsynth.evaluation.sheets import mel_picture
from avsynth.evaluation.statistics import summarise_fields
from avsynth.models.baselines.autoregressive import LENGTH_CAP, AutoregressiveModel
from avsynth.models.build import Model
from avsynth.models.joint import JointModel, image_floats
from avsynth.models.lips import to_uint8
from avsynth.text import SIL
from avsynth.timeline import Timeline
from avsynth.training.trainer import Trainer
from avsynth.types import Batch
from avsynth.video.box import Box

SHEET_CLIPS = 4
SHEET_FRAMES = 12


@dataclass(frozen=True)
class Report:
    """The results of one validation."""

    losses: dict[str, float]
    measures: dict[str, dict[str, float]]
    """Row (ours, frozen, mean, late 1) to measure to mean over clips."""
    sheet: NDArray[np.uint8]
    """Truth above, generated below, clip by clip."""
    mels: NDArray[np.uint8]
    made_mel_FM: NDArray[np.float32]
    """The first clip's natural-log mel, for listening."""


def speech_frames(timeline: Timeline, frames: int) -> NDArray[np.bool_]:
    """``(frames,)``: whether a lip frame's middle falls on anything but silence."""
    edges = np.array([float(edge) for edge in timeline.boundaries_s])
    middles = (np.arange(frames) + 0.5) / float(timeline.fps)
    place = np.clip(np.searchsorted(edges, middles, side="right") - 1, 0, len(timeline.phones) - 1)
    return np.array([timeline.phones[index] != SIL for index in place])


@torch.inference_mode()
def validate(trainer: Trainer, dataset: ClipDataset, limit: int = 0) -> Report:
    """Score the averaged weights on validation clips, true durations, identity = first frame (left out of means).

    A baseline's losses are computed with teacher forcing; its pictures are drawn without, and ``stop_error`` is by how
    many frames its stop flag rises early or late (counted at the limit if it never does).
    """
    config, stats = trainer.config, trainer.stats
    model = trainer.average.eval()
    losses: dict[str, list[float]] = {}
    scores: dict[str, list[PictureScores]] = {}
    strips: list[NDArray[np.uint8]] = []
    mels: list[NDArray[np.uint8]] = []
    made_mel = np.zeros((1, config.mel.n_mels), dtype=np.float32)
    stop_errors: list[int] = []
    count = min(limit or len(dataset), len(dataset))
    for index in range(count):
        batch = collate([dataset[ClipKey(index, -1)]], stats).to(trainer.process.device)
        with trainer.autocast():
            outputs = model(batch, config.train.decoders)
        for name, value in trainer.losses(outputs, batch).items():
            losses.setdefault(name, []).append(float(value))
        if isinstance(model, JointModel) and outputs.mel_BFM is not None and index < SHEET_CLIPS:
            made = model.denormalise_mel(outputs.mel_BFM)[0].cpu().numpy()
            true = model.denormalise_mel(batch.mel_BFM)[0].cpu().numpy()
            mels.append(np.concatenate([mel_picture(true), mel_picture(made)], axis=0))
            made_mel = made if index == 0 else made_mel
        if outputs.lips_BKCHW is not None and batch.lips_BKCHW.shape[1] > 1:
            with trainer.autocast():
                frames_TCHW, stop_error = free_frames(model, outputs.lips_BKCHW[0], batch)
            stop_errors += [] if stop_error is None else [stop_error]
            made_frames = to_uint8(frames_TCHW).cpu().numpy()
            real = np.asarray(dataset.crops(index))[: len(made_frames)]
            speech = speech_frames(dataset.timeline(index), len(real))
            _score(scores, made_frames, real, roi_of(stats, config), speech)
            if index < SHEET_CLIPS:
                columns = np.linspace(0, len(real) - 1, SHEET_FRAMES + 4).round().astype(int)[2:-2]
                strips += [np.concatenate(list(clip[columns]), axis=1) for clip in (real, made_frames)]
    blank = np.zeros((8, 8, 3), dtype=np.uint8)
    measures = {row: _means(items) for row, items in scores.items()}
    if stop_errors:
        measures["ours"]["stop_error"] = float(np.mean(stop_errors))
    return Report(
        {name: float(np.mean(values)) for name, values in losses.items()},
        measures,
        np.concatenate(strips, axis=0) if strips else blank,
        np.concatenate([item[:, : min(len(row[0]) for row in mels)] for item in mels], axis=0) if mels else blank,
        made_mel,
    )


def free_frames(model: Model, given_TCHW: Tensor, batch: Batch) -> tuple[Tensor, int | None]:
    """One clip's drawn frames. A baseline draws them without teacher forcing, and its stop flag's error is given as
    well."""
    if not isinstance(model, AutoregressiveModel):
        return given_TCHW, None
    due = len(given_TCHW)
    face = model.encode_identity(image_floats(batch.identity_BCHW))
    cap = ceil(LENGTH_CAP * due)
    run = model.generate(batch.phones_BP, batch.speaker_B, face, least=due, most=cap)
    return run.frames_TCHW[:due], abs((run.flag or cap) - due)


def roi_of(stats: Stats, config: Config) -> Box:
    """The corpus's mouth box, or the whole crop where there is none."""
    return stats.mouth_box.or_whole(config.lips.height, config.lips.width)


def _score(
    scores: dict[str, list[PictureScores]],
    made: NDArray[np.uint8],
    real: NDArray[np.uint8],
    roi: Box,
    speech: NDArray[np.bool_],
) -> None:
    rows = {"ours": made, "frozen": frozen(real), "mean": mean(real), "late 1": late(real, 1)}
    for row, clip in rows.items():
        scores.setdefault(row, []).append(score_clip(clip, real, roi, speech, skip_first=True))


def _means(scores: list[PictureScores]) -> dict[str, float]:
    return {name: summary.mean for name, summary in summarise_fields(scores).items()}
