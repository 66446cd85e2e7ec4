"""Ten thousand clips take the memory of a thousand: the driver of stages, and training."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import yaml

from avsynth.config.reading import to_dict
from avsynth.config.schema import Config
from avsynth.training.loop import TrainingData

pytestmark = pytest.mark.slow

SCRIPT = textwrap.dedent("""
    import json, resource, sys
    from dataclasses import replace
    from fractions import Fraction
    from functools import lru_cache
    from pathlib import Path

    import numpy as np
    import torch

    from avsynth.config.executor import ExecutorConfig
    from avsynth.config.reading import load_config
    from avsynth.data.alignment import Alignment, write_alignments
    from avsynth.data.crops import coded
    from avsynth.data.features import Features
    from avsynth.data.manifest import Utterance, WordTime, write_manifest
    from avsynth.data.stats import Stats
    from avsynth.recipe.context import StageContext
    from avsynth.recipe.executors.tasks import Clip, Stored
    from avsynth.recipe.stages.picture_offsets import measure_offsets
    from avsynth.recipe.stages.stats import statistics
    from avsynth.timeline import Timeline, WordSpan
    from avsynth.training.distributed import Process
    from avsynth.training.loop import TrainingData, train

    folder, count, stats = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    config = load_config(folder.parent / "tiny.yaml")
    context = StageContext(config, folder, folder / "exp", executor=ExecutorConfig("inline"))
    context.manifest.parent.mkdir(parents=True)
    context.aligned.mkdir(parents=True)
    context.stats.parent.mkdir(parents=True)
    context.stats.write_bytes(stats.read_bytes())
    height, width, bands = config.lips.height, config.lips.width, config.mel.n_mels

    def timeline(number):
        hops = tuple(6 + (number + place) % 5 for place in range(6))
        return Timeline(("sil", "AA", "M", "AA", "M", "sil"), hops, (WordSpan("word", 1, 5),), 22050, 256, Fraction(25))

    def utterances():
        for number in range(count):
            words = tuple(WordTime("word", place / 10, place / 10 + 0.1) for place in range(6))
            split = "validation" if number < 2 else "train"
            yield Utterance(f"s1_{number:06}", "s1", "six words of a sentence said", f"{number}.wav", f"{number}.mp4",
                            words, 1.2, 12, "25", split)

    @lru_cache
    def pictures(kind):
        frames = np.random.default_rng(kind).integers(0, 256, (12, height, width, 3), dtype=np.uint8)
        box = [width / 4, height / 4, width / 2, height / 2]
        return coded(frames, {"frames": 12, "transforms": np.zeros((12, 2, 3)).tolist(), "mouth_box": box}, 14)

    def crop(number):
        return Stored(12, pictures(number % 7))

    def align(number):
        return Alignment(f"s1_{number:06}", "acoustic", timeline(number))

    def measure(number):
        own = timeline(number)
        values = np.ones(6, np.float32)
        mel = np.full((own.total_hops, bands), -5, np.float32)
        return Stored(None, Features(mel, values, values, np.array(own.hops)).files(own))

    def clips():
        return (Clip(item.uid, "", int(item.uid[3:])) for item in context.each_utterance())

    write_manifest(context.manifest, utterances())
    for _ in context.map(context.shards(context.crops), crop, clips(), count, "lips"):
        pass
    aligned = context.map(context.shards(context.aligned), align, clips(), count, "align")
    write_alignments(context.alignments, (made for _, made in aligned))
    for _ in context.map(context.shards(context.features), measure, clips(), count, "stats"):
        pass
    talkers = (replace(item, speaker=f"of {int(item.uid[3:]) // 30}") for item in context.each_utterance())
    measure_offsets(context, talkers, statistics(context, context.each_utterance()).mouth_box)
    stages = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    data = TrainingData(context.manifest, context.alignments, context.features, context.crops, context.offsets,
                        context.stats, context.train)
    train(Process(0, 1, torch.device("cpu")), config, data)
    print(json.dumps([stages, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
""")


def test_memory_does_not_grow_with_the_corpus(tmp_path: Path, config: Config, corpus: TrainingData) -> None:
    import json

    (tmp_path / "tiny.yaml").write_text(yaml.safe_dump(to_dict(config)))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    peaks = {}
    for count in (1000, 10_000):
        folder = tmp_path / str(count)
        folder.mkdir()
        command = [sys.executable, "-c", SCRIPT, str(folder), str(count), str(corpus.stats)]
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        peaks[count] = json.loads(told.splitlines()[-1])
    for few, many in zip(peaks[1000], peaks[10_000], strict=True):
        assert many < 1.1 * few, peaks
