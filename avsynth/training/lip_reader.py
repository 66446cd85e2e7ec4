"""Training a lip reader; by default from sentences and pictures alone, without sound or word times.

CTC gives narrow peaks with blanks between them, which tell what is said but not when; and with few clips, training by
CTC alone stays on its first plateau for long. So at first both heads learn each position's phone by cross-entropy, with
the paths that :mod:`avsynth.lipreading.found_paths` finds as targets: the frame head from the picture of that moment,
the CTC head from the whole clip. Then the CTC head goes on with the CTC loss. This procedure is the project's own. A
reader that is used for judging and never for alignment may take its targets from the sound's alignment instead
(``reader.timing=sound``).
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence

from avsynth.config.reading import fingerprint
from avsynth.config.schema import ReaderConfig
from avsynth.errors import UserError
from avsynth.files import atomic_path
from avsynth.lipreading.clips import ReadingClip
from avsynth.lipreading.found_paths import find_paths
from avsynth.lipreading.pictures import batched, disturbed
from avsynth.lipreading.reader import BLANK, LipReader, ReaderSpec
from avsynth.training.average import follow
from avsynth.training.journal import Journal, listed, rounded
from avsynth.training.schedule import learning_rate, set_rates

STATE = "training.safetensors"
_MOST_GRADIENT = 5.0
_MOMENTS = ("exp_avg", "exp_avg_sq")

Measure = Callable[[LipReader], Mapping[str, float]]
"""Measures of a finished reader, by name."""


class ReaderTrainer:
    """A reader, its running average and its optimiser. Each step is a function of the state, the seed and the step."""

    def __init__(self, spec: ReaderSpec, clips: Sequence[ReadingClip], device: str) -> None:
        torch.manual_seed(spec.config.seed)
        self.spec, self.clips = spec, clips
        self.model = LipReader(spec).to(device)
        self._targets = phone_targets(spec, clips)
        counts_V = torch.bincount(torch.cat(self._targets), minlength=len(spec.symbols) - 1)
        self.model.prior_V.copy_(counts_V / counts_V.sum())
        self.average = copy.deepcopy(self.model).requires_grad_(False)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), weight_decay=spec.config.weight_decay, betas=(0.9, 0.98)
        )
        self._labels = [spec.encode(list(clip.phones)) for clip in clips]

    def step(self, step: int) -> dict[str, float]:
        """Train on the batch of that step, from 0.

        Returns ``read`` (per phone of the sentence by CTC, per position before) and ``frame`` (per position).
        """
        config = self.spec.config
        torch.manual_seed(config.seed * 1_000_003 + step)
        chosen = self._chosen(step)
        rng = np.random.default_rng([config.seed, step])
        frames_BTHW, lens_B = batched([disturbed(self.clips[index].pictures, rng) for index in chosen])
        place = self.model.prior_V.device
        self.model.train()
        ctc_BSV, frame_BSV = self.model(frames_BTHW.to(place), lens_B.to(place))
        targets = [self._targets[index] for index in chosen]
        target_BS = pad_sequence(targets, batch_first=True, padding_value=-1).to(place)
        inside_BS = target_BS >= 0
        target_N = target_BS[inside_BS]
        frame = F.nll_loss(frame_BSV[inside_BS], target_N)
        if step < config.ctc_from:
            read = F.nll_loss(ctc_BSV[inside_BS], target_N + 1)
        else:
            read = self._ctc(ctc_BSV, lens_B * config.positions, chosen)
        set_rates(self.optimizer, rate_at(config, step))
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(frame + read)
        nn.utils.clip_grad_norm_(self.model.parameters(), _MOST_GRADIENT)
        self.optimizer.step()
        follow(self.average, self.model, config.ema, step)
        return {"read": read.item(), "frame": frame.item()}

    def _ctc(self, ctc_BSV: Tensor, position_lens_B: Tensor, chosen: list[int]) -> Tensor:
        labels = [torch.tensor(self._labels[index]) for index in chosen]
        label_lens_B = torch.tensor([len(own) for own in labels])
        target = torch.cat(labels).to(ctc_BSV.device)
        return F.ctc_loss(ctc_BSV.transpose(0, 1), target, position_lens_B, label_lens_B, BLANK)

    def _chosen(self, step: int) -> list[int]:
        """Clips shuffled anew each epoch, whose last batch is filled from the next."""
        count, chosen = len(self.clips), []
        for place in range(step * self.spec.config.batch, (step + 1) * self.spec.config.batch):
            epoch, position = divmod(place, count)
            order = np.random.default_rng([self.spec.config.seed, epoch]).permutation(count)
            chosen.append(int(order[position]))
        return chosen

    def save(self, folder: Path, step: int) -> None:
        """Everything an exact resume needs, in one file: ``step`` steps are made."""
        tensors = {f"model.{name}": value for name, value in self.model.state_dict().items()}
        tensors |= {f"average.{name}": value for name, value in self.average.state_dict().items()}
        for name, parameter in self.model.named_parameters():
            state = self.optimizer.state.get(parameter, {})
            tensors |= {f"{moment}.{name}": state[moment] for moment in _MOMENTS if moment in state}
        kept = {name: value.detach().cpu().contiguous().clone() for name, value in tensors.items()}
        with atomic_path(folder / STATE) as temporary:
            save_file(kept, temporary, metadata={"step": str(step), "task": self._task()})

    def resume(self, folder: Path) -> int:
        """Continue from what :meth:`save` wrote; the number of steps made, 0 where there is nothing.

        Raises :class:`UserError` for a damaged file, or one of another reader or other clips.
        """
        path = folder / STATE
        if not path.exists():
            return 0
        try:
            with safe_open(path, "pt") as file:
                facts = file.metadata()
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            step = int(facts["step"])
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            raise UserError(f"{path} is damaged: delete it to train the reader anew ({error})") from error
        if facts.get("task") != self._task():
            raise UserError(f"{path} is of other settings or clips: delete it, or train into a fresh folder")
        self.model.load_state_dict(_below("model.", tensors))
        self.average.load_state_dict(_below("average.", tensors))
        moments = {moment: _below(f"{moment}.", tensors) for moment in _MOMENTS}
        for name, parameter in self.model.named_parameters():
            kept = {moment: values[name].to(parameter.device) for moment, values in moments.items() if name in values}
            if kept:
                self.optimizer.state[parameter] = {"step": torch.tensor(float(step)), **kept}
        return step

    def _task(self) -> str:
        """What must be the same when training is resumed; the number of steps too, since the learning rate depends on
        it."""
        spec = self.spec
        told = asdict(spec.config) | {"log_every": 0, "checkpoint_minutes": 0, "path": ""}
        return fingerprint([told, list(spec.box), str(spec.fps), [clip.uid for clip in self.clips]])


def train_reader(
    spec: ReaderSpec, clips: Sequence[ReadingClip], folder: Path, device: str, measure: Measure | None = None
) -> LipReader:
    """Train to the config's last step, from where it was left, and write the reader into ``folder``.

    ``metrics.jsonl`` there has a line per ``log_every`` steps, and one at the end with what ``measure`` tells.
    """
    if not clips:
        raise UserError("there is no clip to train a lip reader on: no training clip has crops")
    folder.mkdir(parents=True, exist_ok=True)
    trainer = ReaderTrainer(spec, clips, device)
    config = spec.config
    first = trainer.resume(folder)
    journal = Journal(folder)
    saved = told = time.monotonic()
    sums: dict[str, float] = {}
    seen = 0
    for step in range(first, config.steps):
        losses = trainer.step(step)
        sums = {name: sums.get(name, 0.0) + value for name, value in losses.items()}
        seen += 1
        now = time.monotonic()
        if (step + 1) % config.log_every == 0 or step + 1 == config.steps:
            means = {name: value / seen for name, value in sums.items()}
            pace = round(seen / max(now - told, 1e-6), 3)
            journal.write({"step": step + 1, "rate": rate_at(config, step), "steps_per_s": pace, **rounded(means)})
            journal.tell(f"lip reader: step {step + 1}/{config.steps} {pace:.2f}/s {listed(means)}")
            sums, seen, told = {}, 0, now
        if now - saved > config.checkpoint_minutes * 60 or step + 1 == config.steps:
            trainer.save(folder, step + 1)
            saved = now
    reader = trainer.average.eval()
    measures = dict(measure(reader)) if measure is not None else {}
    if measures:
        journal.write({"step": config.steps, "measures": rounded(measures)})
        journal.tell(f"lip reader: {listed(measures)}")
    reader.learned = tuple(clip.uid for clip in clips)
    reader.save(folder, measures=measures)
    return reader


def rate_at(config: ReaderConfig, step: int) -> float:
    """Learning rate of a step: a linear rise, level, then a linear fall to 0 at the last step."""
    return learning_rate(step, config.learning_rate, config.steps, config.warmup, config.decay_from)


def phone_targets(spec: ReaderSpec, clips: Sequence[ReadingClip]) -> list[Tensor]:
    """For each clip ``(S,)``: the index, without the blank, of the phone at each position, from the sound's alignment
    or from :mod:`avsynth.lipreading.found_paths`."""
    if spec.config.timing == "sound":
        return [torch.tensor(spec.encode(list(clip.heard))) - 1 for clip in clips]
    paths = find_paths(clips, spec.config.positions)
    return [torch.tensor(spec.encode(list(clip.phones)))[path] - 1 for clip, path in zip(clips, paths, strict=True)]


def _below(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
