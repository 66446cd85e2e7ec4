"""``avsynth bench``: what speaking costs, as ratios within one run of one process.

With ``--latency``: what lips cost over the length of the clip, ParaLip beside both baselines, small and at paper size.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avsynth.cli.common import find_config, positive
from avsynth.config.schema import DEFAULT_VOICE
from avsynth.errors import UserError
from avsynth.files import write_json

if TYPE_CHECKING:
    from torch import Tensor

    from avsynth.config.schema import Config
    from avsynth.evaluation.latency import Latencies
    from avsynth.models.joint import JointModel
    from avsynth.synthesis.voice import Voice
    from vocoder import MelConfig

FRAMES = 75
WARM_UP = 3
PHONES = 24
"""As in a GRID sentence with its silences."""
LENGTHS_S = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0)
LONGEST_S = 600.0
VOCODER, REST, SPEECH, CODING = "HiFi-GAN V1", "all but the vocoder", "- text, durations, mel, lips", "- video coding"
OWN_LIPS, PAPER_LIPS = f"lips of {FRAMES} frames, this voice", f"lips of {FRAMES} frames, paper size"


@dataclass(frozen=True)
class Costs:
    """Median seconds by row, and the peak memory of speaking."""

    seconds: Mapping[str, float]
    sound_s: float
    """Length of the sentence."""
    peak_mb: float

    def markdown(self, heading: str) -> str:
        """A table of ratios to the slowest row, and the two ratios that matter."""
        slowest = max(self.seconds.values())
        lines = [heading, "", "| part | time, of the slowest row |", "| --- | ---: |"]
        lines += [f"| {row} | {value / slowest:.3f} |" for row, value in self.seconds.items()]
        lips = self.seconds[PAPER_LIPS] / self.seconds[OWN_LIPS]
        rest = self.seconds[REST] / self.seconds[VOCODER]
        return "\n".join(
            [
                *lines,
                "",
                f"- lips: {lips:.1f} × faster than the paper-size decoder",
                f"- everything but the vocoder takes {rest:.2f} × the time of HiFi-GAN V1 on the same sentence",
                f"- peak memory of speaking: {self.peak_mb:.0f} MB",
            ]
        )


class Replay:
    """A vocoder that costs nothing: it returns what another one made of the same sentence."""

    def __init__(self, waveform_BN: Tensor, mel_config: MelConfig) -> None:
        self._waveform_BN = waveform_BN
        self.mel_config = mel_config

    def __call__(self, mel_BFM: Tensor) -> Tensor:
        """The stored waveform ``(B, F * hop_length)``; another length is a ``ValueError``."""
        wanted = mel_BFM.shape[1] * self.mel_config.hop_length
        if self._waveform_BN.shape[1] != wanted:
            raise ValueError(f"{wanted} samples are asked for, {self._waveform_BN.shape[1]} were made before")
        return self._waveform_BN


class Recorder:
    """A vocoder that keeps the last mel and what was made of it."""

    def __init__(self, inner: Callable[[Tensor], Tensor], mel_config: MelConfig) -> None:
        self._inner = inner
        self.mel_config = mel_config
        self.mel_BFM: Tensor | None = None
        self.waveform_BN: Tensor | None = None

    def __call__(self, mel_BFM: Tensor) -> Tensor:
        """The inner vocoder's waveform."""
        self.mel_BFM, self.waveform_BN = mel_BFM, self._inner(mel_BFM)
        return self.waveform_BN


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("bench", help="cost ratios: lips, everything but the vocoder, memory")
    parser.add_argument("--voice", default=DEFAULT_VOICE, metavar="NAME|DIR")
    parser.add_argument("--threads", type=positive, default=2, metavar="N")
    parser.add_argument("--runs", type=positive, default=10, metavar="N", help="runs of which the median counts")
    parser.add_argument("--text", default="place blue at f two now")
    parser.add_argument("--latency", action="store_true", help="lips against the baselines, over the clip's length")
    parser.add_argument("--lengths", type=seconds_list, default=LENGTHS_S, metavar="S,S,…", help="seconds of --latency")
    parser.add_argument("--sizes", choices=("both", "small", "paper"), default="both", help="of --latency")
    parser.add_argument("--published", action="store_true", help="--latency without graph optimisations")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="of --latency")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where --latency writes its figures too")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    import torch

    from avsynth.synthesis.voice import Voice

    torch.set_num_threads(args.threads)
    voice = Voice.load(args.voice)
    if not voice.speaks:
        raise UserError(f"--voice {args.voice} is a baseline's, which has no sound: bench needs a voice that speaks")
    if args.latency:
        found = measure_lips(voice, args)
        print(found.markdown())
        if args.json is not None:
            write_json(args.json, found.to_json())
        return 0
    costs = measure(voice, args.text, args.runs)
    heading = (
        f"Batch 1 on the processor, {args.threads} threads, warm ({WARM_UP} runs dropped), median of {args.runs}, "
        f"one process; voice {args.voice}, {args.text!r} ({costs.sound_s:.2f} s)"
    )
    print(costs.markdown(heading))
    return 0


def seconds_list(text: str) -> tuple[float, ...]:
    """Comma-separated lengths above 0, for argparse."""
    try:
        lengths = tuple(float(item) for item in text.split(","))
    except ValueError:
        lengths = ()
    if not lengths or not all(0 < item <= LONGEST_S for item in lengths):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of seconds, each at most {LONGEST_S:g}")
    return lengths


def measure_lips(voice: Voice, args: argparse.Namespace) -> Latencies:
    """The voice's own lips beside the small baselines, and all three at paper size."""
    import torch

    from avsynth.config.reading import load_config
    from avsynth.device import choose_device
    from avsynth.evaluation.latency import OURS, measure_latency
    from avsynth.synthesis.synthesizer import DRAW_CHUNK

    def of(name: str) -> Config:
        return load_config(find_config(name))

    baselines = {"TransformerT2L": "transformer_t2l", "DualLip-style": "duallip"}
    configs = {(OURS, "small"): voice.config}
    configs |= {(name, "small"): of(file) for name, file in baselines.items()}
    configs |= {(OURS, "paper"): of("paper")}
    configs |= {(name, "paper"): of(f"paper_{file}") for name, file in baselines.items()}
    chosen = {key: config for key, config in configs.items() if args.sizes in ("both", key[1])}
    device = torch.device(choose_device(args.device))
    piece = DRAW_CHUNK if device.type == "cpu" else 0
    return measure_latency(chosen, voice.stats, args.lengths, args.runs, device, piece, args.published)


def measure(voice: Voice, text: str, runs: int) -> Costs:
    """Every row, speaking first: its peak memory is read before the paper-size model, of random weights, is made."""
    import tempfile

    import torch

    from avsynth.config.reading import load_config
    from avsynth.models.joint import JointModel
    from avsynth.synthesis.synthesizer import DRAW_CHUNK, AVSynthesizer
    from vocoder import load_vocoder

    mel = voice.config.mel
    hifigan = load_vocoder("hifigan", mel_config=mel)
    recorder = Recorder(hifigan, mel)
    made = AVSynthesizer(voice, device="cpu", vocoder=recorder)(text)
    mel_BFM, waveform_BN = recorder.mel_BFM, recorder.waveform_BN
    assert mel_BFM is not None and waveform_BN is not None
    silent = AVSynthesizer(voice, device="cpu", vocoder=Replay(waveform_BN, mel))
    seconds = {}
    with torch.inference_mode(), tempfile.TemporaryDirectory(prefix="avsynth-") as folder:
        target = Path(folder) / "bench.mp4"
        seconds[VOCODER] = median_seconds(lambda: hifigan(mel_BFM), runs)
        seconds[REST] = median_seconds(lambda: silent(text).save(target), runs)
        seconds[SPEECH] = median_seconds(lambda: silent(text), runs)
        seconds[CODING] = median_seconds(lambda: made.save(target), runs)
        peak = peak_megabytes()
        assert isinstance(voice.model, JointModel)
        seconds[OWN_LIPS] = median_seconds(lips_of(voice.model, voice.config, DRAW_CHUNK), runs)
        paper = load_config(find_config("paper"))
        published = JointModel(paper, voice.stats).eval()
        seconds[PAPER_LIPS] = median_seconds(lips_of(published, paper, FRAMES), runs)
    return Costs(seconds, len(made.waveform) / made.sample_rate, peak)


def lips_of(model: JointModel, config: Config, piece: int) -> Callable[[], object]:
    """A function that makes 75 frames from encoded phones and an identity picture, ``piece`` frames drawn at once.

    The published decoder draws a whole clip; synthesis draws in pieces that fit the caches.
    """
    import torch

    from avsynth.models.joint import image_floats

    decoder = model.lip_decoder
    generator = torch.Generator().manual_seed(0)
    encoded_BPD = torch.randn(1, PHONES, config.model.hidden, generator=generator)
    total = round(FRAMES * model.frame_hops)
    durations_BP = torch.full((1, PHONES), total // PHONES)
    durations_BP[0, 0] += total - int(durations_BP.sum())
    mask_BT = torch.ones(1, FRAMES, dtype=torch.bool)
    size = (1, 3, config.lips.height, config.lips.width)
    picture_BCHW = image_floats(torch.randint(0, 256, size, generator=generator, dtype=torch.uint8))

    def draw() -> object:
        identity = decoder.encode_identity(picture_BCHW)
        motion_BTD = decoder.move(encoded_BPD, durations_BP, model.frame_hops, mask_BT, identity)
        return [decoder.draw(part, identity) for part in torch.split(motion_BTD, piece, dim=1)]

    return draw


def median_seconds(work: Callable[[], object], runs: int) -> float:
    """Median wall time of ``work`` after the warm-up."""
    import time
    from statistics import median

    spent = []
    for number in range(WARM_UP + runs):
        started = time.perf_counter()
        work()
        if number >= WARM_UP:
            spent.append(time.perf_counter() - started)
    return median(spent)


def peak_megabytes() -> float:
    """The most memory that this process has held so far, by the operating system."""
    import resource
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e6 / 1024)
