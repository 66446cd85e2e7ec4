"""Training from the first step or the last checkpoint to the last step."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
import yaml
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor
from torch.utils.data import DataLoader

from avsynth.config.reading import to_dict
from avsynth.config.schema import Config
from avsynth.data.dataset import Clip, ClipDataset, StepSampler, collate
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.files import write_text
from avsynth.synthesis.stored_weights import restored
from avsynth.training.checkpoint import checkpoints, load_checkpoint, save_checkpoint
from avsynth.training.distributed import Process, average, barrier
from avsynth.training.journal import Journal, listed, rounded
from avsynth.training.trainer import Trainer, rate_at
from avsynth.training.validation import Report, validate


@dataclass(frozen=True)
class TrainingData:
    """Paths of what training reads from earlier stages, and of what it writes."""

    manifest: Path
    alignments: Path
    features: Path
    crops: Path
    offsets: Path
    stats: Path
    output: Path


def train(process: Process, config: Config, data: TrainingData) -> None:
    """Train until ``config.train.steps``; every process runs this.

    Writes into ``data.output``: ``checkpoints/``, ``tensorboard/``, ``metrics.jsonl`` (one line per log and per
    validation) and ``config.yaml``.
    """
    stats = Stats.load(data.stats)
    picture = (config.lips.height, config.lips.width)
    crops = data.crops if "lips" in config.train.decoders else None
    parts = (data.manifest, data.alignments, data.features, crops, data.offsets, stats)
    baseline = config.model.architecture != "joint"  # sees whole clips, and chooses which frames it draws
    pairs = 0 if baseline else config.train.frame_pairs
    shown = (config.train.augment, config.train.first_identity)
    dataset = ClipDataset(*parts, "train", picture, pairs, *shown)
    held_out = ClipDataset(*parts, "validation", picture)
    if not len(dataset):
        raise UserError(f"{data.manifest} has no training clip with an alignment")
    check_speakers(dataset, config.train.decoders)
    trainer = Trainer(config, stats, process)
    first_step = resume(trainer, data.output / "checkpoints", config)
    journal = BoardJournal(data.output, config) if process.leads else None
    sampler = StepSampler(
        len(dataset),
        config.train.batch,
        config.train.steps,
        config.train.seed,
        first_step,
        process.rank,
        process.world,
        clip_weights(dataset, config.train.speaker_weights),
        dataset.total_hops if config.train.like_lengths else None,
        config.train.accumulate,
    )
    loader: DataLoader[Clip] = DataLoader(
        dataset, batch_sampler=sampler, collate_fn=partial(collate, stats=stats), num_workers=config.train.workers
    )
    saved = validated = told = time.monotonic()
    sums: dict[str, Tensor] = {}
    counts: Counter[str] = Counter()
    seen = 0
    step = first_step
    for step, batches in enumerate(zip(*[iter(loader)] * config.train.accumulate, strict=True), start=first_step + 1):
        values = trainer.step([batch.to(process.device) for batch in batches], step - 1)
        sums |= {name: sums.get(name, 0) + value.detach() for name, value in values.items()}
        counts.update(values.keys())  # a step without video has no losses of lips
        seen += 1
        if step % config.train.log_every == 0 or step == config.train.steps:
            means = average({name: value / counts[name] for name, value in sums.items()}, process)
            if journal is not None:
                pace = seen / (time.monotonic() - told)
                rate = rate_at(config.train, config.train.learning_rate, step - 1)
                journal.losses(step, means, rate, pace)
            sums, seen, told = {}, 0, time.monotonic()
            counts.clear()
        if journal is None:
            continue
        now = time.monotonic()
        if now - validated > config.train.validate_minutes * 60 and step < config.train.steps and len(held_out):
            journal.report(step, validate(trainer, held_out))
            validated = told = time.monotonic()
        if now - saved > config.train.checkpoint_minutes * 60:
            _save(trainer, data.output, step, config)
            saved = time.monotonic()
    if journal is not None and step > first_step:
        _save(trainer, data.output, step, config)
        if len(held_out):
            journal.report(step, validate(trainer, held_out))
    barrier(process)


def check_speakers(dataset: ClipDataset, decoders: Collection[str]) -> None:
    """Raises :class:`UserError` where sound is to be trained on clips whose speaker is not in the table of speakers."""
    strange = sorted(set(dataset.speakers) - set(dataset.stats.speakers))
    if strange and "mel" in decoders:
        raise UserError(
            f"data.speakers_of: {strange[0]!r} is not among the voice's speakers ({', '.join(dataset.stats.speakers)}),"
            " and can lend it his face alone: train.decoders=[lips]"
        )


def clip_weights(dataset: ClipDataset, by_speaker: Mapping[str, float]) -> list[float]:
    """How often an epoch shows each clip; :class:`UserError` for a speaker that the corpus does not have."""
    known = sorted(dataset.speakers)
    strange = sorted(set(by_speaker) - set(known))
    if strange:
        raise UserError(f"train.speaker_weights names {strange[0]!r}; speakers are {', '.join(known)}")
    weights = [by_speaker.get(dataset.speakers[owner], 1.0) for owner in dataset.owners.tolist()]
    if not any(weights):
        raise UserError("train.speaker_weights leaves no clip to train on")
    return weights


def resume(trainer: Trainer, folder: Path, config: Config) -> int:
    """Continue from the newest checkpoint, or from ``config.train.init``; the number of steps already made."""
    known = checkpoints(folder)
    if known:
        state = load_checkpoint(known[-1], trainer.process.device)
        try:
            trainer.restore(state)
        except (RuntimeError, ValueError, KeyError) as error:
            raise UserError(
                f"{known[-1]} was written with other model settings: train into a fresh folder, or delete it"
            ) from error
        return int(state["step"])
    if config.train.init and not trainer.warm_start(first_weights(Path(config.train.init))):
        raise UserError(f"no weight of {config.train.init} fits this model")
    return 0


def first_weights(path: Path) -> dict[str, Tensor]:
    """The weights of a checkpoint (its running average) or of a voice's folder, to start from."""
    if not path.is_dir():
        average: dict[str, Tensor] = load_checkpoint(path)["average"]
        return average
    try:
        return restored(load_file(path / "model.safetensors"))
    except (OSError, SafetensorError) as error:
        raise UserError(f"train.init: {path} is not a voice's folder: {error}") from error


def _save(trainer: Trainer, output: Path, step: int, config: Config) -> None:
    state = {**trainer.state(), "config": to_dict(config)}
    save_checkpoint(output / "checkpoints", step, state, config.train.keep_checkpoints)


class BoardJournal(Journal):
    """A journal that also writes to TensorBoard; for the leading process."""

    def __init__(self, output: Path, config: Config) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise UserError("training logs to TensorBoard: pip install 'avsynth[train]'") from error
        output.mkdir(parents=True, exist_ok=True)
        write_text(output / "config.yaml", yaml.safe_dump(to_dict(config), sort_keys=False))
        self._writer: Any = SummaryWriter(str(output / "tensorboard"))
        self._config = config
        super().__init__(output)

    def losses(self, step: int, means: dict[str, float], rate: float, steps_per_s: float) -> None:
        """Training losses since the last line."""
        for name, value in means.items():
            self._writer.add_scalar(f"train/loss/{name}", value, step)
        self._writer.add_scalar("train/learning_rate", rate, step)
        self.write({"step": step, "rate": rate, "steps_per_s": round(steps_per_s, 3), "train": rounded(means)})
        self.tell(f"step {step}/{self._config.train.steps} {steps_per_s:.2f}/s {listed(means)}")

    def report(self, step: int, report: Report) -> None:
        """A validation: losses, measures by row, sheets, mels and sound."""
        for name, value in report.losses.items():
            self._writer.add_scalar(f"validation/loss/{name}", value, step)
        for row, measures in report.measures.items():
            for name, value in measures.items():
                self._writer.add_scalar(f"metric/{name}/{row}", value, step)
        self._writer.add_image("lips (truth above, generated below)", report.sheet, step, dataformats="HWC")
        self._writer.add_image("mel (truth above, generated below)", report.mels, step, dataformats="HWC")
        self._listen(step, report)
        self._writer.flush()
        rows = {row: rounded(measures) for row, measures in report.measures.items()}
        self.write({"step": step, "validation": rounded(report.losses), "measures": rows})
        ours, still = report.measures.get("ours"), report.measures.get("frozen")
        if ours and still:
            self.tell(
                f"validation at {step}: PSNR {ours['psnr'] - still['psnr']:+.2f} dB and SSIM"
                f" {ours['ssim'] - still['ssim']:+.3f} against frozen, shape {ours['shape_correlation']:.3f},"
                f" amplitude {ours['amplitude']:.2f}, motion {ours['motion_ratio']:.2f},"
                f" sharpness {ours['sharpness']:.2f}"
            )

    def _listen(self, step: int, report: Report) -> None:
        from vocoder.griffin_lim import GriffinLim

        sound = GriffinLim(self._config.mel)(torch.from_numpy(report.made_mel_FM)[None])[0]
        self._writer.add_audio("first validation clip", sound, step, self._config.mel.sample_rate)
