"""A corpus of arrays: six utterances whose sound and lips follow from their phones, and a model of their size."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from avsynth.config.reading import from_dict
from avsynth.config.schema import Config
from avsynth.data.alignment import Alignment, write_alignments
from avsynth.data.crops import Crops
from avsynth.data.dataset import ClipDataset, ClipKey, collate
from avsynth.data.features import Features, FeatureStore
from avsynth.data.manifest import Utterance, write_manifest
from avsynth.data.offsets import save_offsets
from avsynth.data.shards import hash64
from avsynth.data.stats import Stats
from avsynth.timeline import Timeline, WordSpan
from avsynth.training.loop import TrainingData
from avsynth.types import Batch
from avsynth.video.box import Box
from tests.conftest import small_model

HEIGHT, WIDTH, BANDS = 16, 32, 80
PHONES = ("AA", "B", "IY", "M", "S")
OPENING = {"sil": 0, "AA": 6, "B": 0, "IY": 2, "M": 0, "S": 1}
"""Rows of the drawn mouth that are open."""


@pytest.fixture(autouse=True)
def _few_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread here and in the processes that a test starts, whose address is forgotten afterwards."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("MASTER_ADDR", "127.0.0.1")
    monkeypatch.setenv("MASTER_PORT", "0")
    monkeypatch.delenv("RANK", raising=False)


@pytest.fixture
def config() -> Config:
    """Every part of the model in a few thousand weights; every step logged, dropout on."""
    model = small_model(24, dropout=0.1, identity=(4, 4, 8, 8, 8))
    return from_dict(
        {
            "mel": {"n_mels": BANDS},
            "lips": {"height": HEIGHT, "width": WIDTH},
            "model": model | {"discriminator": {"channels": 4}},
            "train": {
                "steps": 8,
                "batch": 4,
                "frame_pairs": 3,
                "learning_rate": 3e-3,
                "warmup": 5,
                "ema": 0.9,
                "log_every": 1,
                "checkpoint_minutes": 1000,
                "validate_minutes": 1000,
                "precision": "fp32",
            },
        }
    )


def draw(phones: list[str]) -> NDArray[np.uint8]:
    """A dark mouth on bright skin, as far open as each frame's phone says."""
    skin = np.random.default_rng(9).integers(170, 230, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    frames = np.repeat(skin[None], len(phones), axis=0)
    for frame, phone in zip(frames, phones, strict=True):
        frame[8 - OPENING[phone] // 2 : 9 + OPENING[phone] // 2, 10:22] = (60, 20, 30)
    return frames


def make_utterance(uid: str, folder: Path, split: str) -> tuple[Utterance, Alignment]:
    """Arrays of one utterance: eight phones between silences, 30 lip frames or so."""
    rng = np.random.default_rng(sum(uid.encode()))
    phones = ("sil", *rng.choice(PHONES, 8), "sil")
    hops = tuple(int(value) for value in rng.integers(6, 14, len(phones)))
    timeline = Timeline(phones, hops, (WordSpan("word", 1, 9),), 22050, 256, Fraction(25))
    place = np.array([sorted(OPENING).index(phone) for phone in phones])
    pattern = np.random.default_rng(1).standard_normal((len(OPENING), BANDS))
    mel = pattern[place].repeat(hops, axis=0) - 5
    features = Features(
        mel.astype(np.float32), (5 + 0.1 * place).astype(np.float32), place.astype(np.float32), np.array(hops)
    )
    FeatureStore(folder / "features").write(uid, features, timeline)
    edges = np.cumsum(hops) * 256 / 22050
    middles = (np.arange(timeline.lip_frames) + 0.5) / 25
    shown = [phones[index] for index in np.searchsorted(edges, middles).clip(max=len(phones) - 1)]
    Crops(folder / "crops").write(uid, draw(shown))
    utterance = Utterance(
        uid,
        "s1",
        "word",
        f"{uid}.wav",
        f"{uid}.mp4",
        (),
        1.2,
        timeline.lip_frames,
        "25",
        split,  # type: ignore[arg-type]
    )
    return utterance, Alignment(uid, "acoustic", timeline)


@pytest.fixture
def corpus(tmp_path: Path) -> TrainingData:
    """Six training clips and one for validation, as the earlier stages would have left them."""
    folder = tmp_path / "arrays"
    folder.mkdir()
    made = [make_utterance(f"s1_{name}", folder, "train") for name in "abcdef"]
    made.append(make_utterance("s1_v", folder, "validation"))
    write_manifest(tmp_path / "manifest.jsonl", [utterance for utterance, _ in made])
    write_alignments(tmp_path / "alignments.jsonl", [alignment for _, alignment in made])
    symbols = ("<pad>", "sil", *PHONES)
    bands = (-5.0,) * BANDS, (1.0,) * BANDS
    Stats(symbols, symbols[1:], ("s1",), *bands, (5.2,), (0.2,), (2.0,), (2.0,), Box(3, 14, 8, 24)).save(
        tmp_path / "stats.json"
    )
    save_offsets(tmp_path / "offsets.npy", [hash64("s1_a")], [0.02])
    return TrainingData(
        manifest=tmp_path / "manifest.jsonl",
        alignments=tmp_path / "alignments.jsonl",
        features=folder / "features",
        crops=folder / "crops",
        offsets=tmp_path / "offsets.npy",
        stats=tmp_path / "stats.json",
        output=tmp_path / "train",
    )


@pytest.fixture
def stats(corpus: TrainingData) -> Stats:
    return Stats.load(corpus.stats)


@pytest.fixture
def batch(corpus: TrainingData, stats: Stats) -> Batch:
    """Four clips, three pairs of frames each."""
    parts = (corpus.manifest, corpus.alignments, corpus.features, corpus.crops, corpus.offsets, stats)
    dataset = ClipDataset(*parts, "train", (HEIGHT, WIDTH), 3)
    return collate([dataset[ClipKey(index, index)] for index in range(4)], stats)


@pytest.fixture
def without_dropout(config: Config) -> Config:
    """The same config, nothing forgotten."""
    model = config.model
    parts = {name: replace(getattr(model, name), dropout=0.0) for name in ("encoder", "mel_decoder", "motion")}
    parts |= {name: replace(getattr(model, name), dropout=0.0) for name in ("duration", "pitch", "energy")}
    return replace(config, model=replace(model, **parts))


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)
