"""ParallelWaveGAN's checkpoints: written and spoken by that package, read and spoken by ESPnet's classes."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from torch import Tensor

from vocoder import MelConfig, VocoderError, check_mel, load_vocoder
from vocoder.hifigan import Generator, HiFiGANConfig

pytest.importorskip("espnet2", reason="ESPnet's classes are not installed")
pytest.importorskip("h5py", reason="h5py is not installed")
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")  # both packages build on a deprecated weight_norm

MEL: dict[str, Any] = {
    "sampling_rate": 22050, "fft_size": 1024, "hop_size": 256, "win_length": None, "window": "hann", "num_mels": 80,
    "fmin": 80, "fmax": 7600, "format": "hdf5", "version": "0.6.1", "distributed": False,
}  # fmt: skip
TAKES = MelConfig(f_min=80.0, f_max=7600.0, log_base="10", floor=1e-10, padding="center")
HIFIGAN: dict[str, Any] = {
    "in_channels": 80, "out_channels": 1, "channels": 32, "kernel_size": 7, "upsample_scales": [8, 8, 2, 2],
    "upsample_kernel_sizes": [16, 16, 4, 4], "resblock_kernel_sizes": [3, 7],
    "resblock_dilations": [[1, 3], [1, 5]], "use_additional_convs": True, "bias": True,
    "nonlinear_activation": "LeakyReLU", "nonlinear_activation_params": {"negative_slope": 0.1},
    "use_weight_norm": True,
}  # fmt: skip
FAMILIES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "hifigan": ("HiFiGANGenerator", HIFIGAN, {}),
    "melgan": (
        "MelGANGenerator",
        {"in_channels": 80, "out_channels": 1, "channels": 256, "upsample_scales": [8, 8, 2, 2], "stacks": 1,
         "use_causal_conv": False},
        {},
    ),
    "multi-band melgan": (
        "MelGANGenerator",
        {"out_channels": 4, "channels": 64, "upsample_scales": [8, 4, 2], "stacks": 2},
        {},
    ),
    "multi-band melgan of old": (
        "MelGANGenerator",
        {"out_channels": 4, "channels": 64, "upsample_scales": [8, 4, 2], "stacks": 1},
        {"version": "0.4.2"},
    ),
    "parallel wavegan": (
        "ParallelWaveGANGenerator",
        {
            "out_channels": 1, "layers": 4, "stacks": 2, "residual_channels": 8, "gate_channels": 16,
            "skip_channels": 12,
            "aux_channels": 80, "aux_context_window": 2, "dropout": 0.0, "use_causal_conv": False,
            "upsample_net": "ConvInUpsampleNetwork", "upsample_params": {"upsample_scales": [4, 4, 4, 4]},
        },
        {},
    ),
    "style melgan": (
        "StyleMelGANGenerator",
        {"in_channels": 16, "out_channels": 1, "aux_channels": 80, "channels": 8, "upsample_scales": [2] * 8 + [1]},
        {},
    ),
}  # fmt: skip


def own_package() -> Any:
    """ParallelWaveGAN's modules, or a skipped test. It asks scipy for a window by a name that scipy 1.13 gave up."""
    signal = pytest.importorskip("scipy.signal")
    signal.kaiser = signal.windows.kaiser
    pytest.importorskip("parallel_wavegan", reason="ParallelWaveGAN is not installed")
    models = pytest.importorskip("parallel_wavegan.models", exc_type=ImportError)
    utils = pytest.importorskip("parallel_wavegan.utils", exc_type=ImportError)
    return models, utils


@pytest.fixture(scope="module")
def package() -> Any:
    return own_package()


def mels(frames: int) -> Tensor:
    return torch.randn(1, frames, 80, generator=torch.Generator().manual_seed(5)) - 3


def write(folder: Path, family: str, package: Any) -> Path:
    """A checkpoint as that project's trainer leaves it: random weights, loud enough that every layer is heard."""
    models, utils = package
    kind, parameters, more = FAMILIES[family]
    config = MEL | more | {"generator_type": kind, "generator_params": parameters}
    (folder / "config.yml").write_text(yaml.dump(config, Dumper=yaml.Dumper))
    torch.manual_seed(3)
    generator = getattr(models, kind)(**yaml.safe_load(yaml.safe_dump(parameters)))
    for name, parameter in generator.named_parameters():
        if name.endswith(("weight_v", "weight_g")):
            torch.nn.init.normal_(parameter, 0.6 if name.endswith("g") else 0.0, 0.3)
    optimizer = torch.optim.Adam(generator.parameters())
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[2, 4])
    sum(parameter.sum() for parameter in generator.parameters()).backward()
    weights = {name: tensor.clone() for name, tensor in generator.state_dict().items()}
    optimizer.step()
    states = {"optimizer": {"generator": optimizer.state_dict()}, "scheduler": {"generator": scheduler.state_dict()}}
    model = {"generator": weights, "discriminator": {"weight": torch.ones(1)}}
    torch.save({**states, "steps": 2, "epochs": 1, "model": model}, folder / "checkpoint-2steps.pkl")
    utils.write_hdf5(str(folder / "stats.h5"), "mean", np.linspace(-4, -2, 80, dtype=np.float32))
    utils.write_hdf5(str(folder / "stats.h5"), "scale", np.linspace(0.4, 0.9, 80, dtype=np.float32))
    return folder / "checkpoint-2steps.pkl"


@pytest.mark.parametrize("family", FAMILIES)
def test_speaks_as_its_own_package_does(tmp_path: Path, package: Any, family: str) -> None:
    path = write(tmp_path, family, package)
    mel = mels(20)
    vocoder = load_vocoder("espnet", path)
    official = package[1].load_model(str(path))
    official.remove_weight_norm()
    torch.manual_seed(0)
    with torch.no_grad():
        expected = official.eval().inference(mel[0], normalize_before=True)[:, 0]
    sound = vocoder(mel)
    assert sound.shape == (1, 20 * 256) and vocoder.mel_config == TAKES
    assert float(expected.std()) > 0.003 and float((expected.abs() < 1).float().mean()) > 0.5
    torch.testing.assert_close(sound[0], expected.clamp(-1, 1), atol=1e-5, rtol=0)
    torch.testing.assert_close(vocoder(mel), sound, atol=0, rtol=0)


@pytest.mark.parametrize("family", ["hifigan", "parallel wavegan", "style melgan"])
def test_any_number_of_mels_of_any_length(tmp_path: Path, package: Any, family: str) -> None:
    vocoder = load_vocoder("espnet", write(tmp_path, family, package))
    for batch, frames in ((2, 1), (1, 33), (0, 4), (3, 0)):
        sound = vocoder(torch.randn(batch, frames, 80) - 3)
        assert sound.shape == (batch, frames * 256) and bool(torch.isfinite(sound).all())
    with pytest.raises(VocoderError, match="shape"):
        vocoder(torch.zeros(1, 80, 5))


def test_espnet_s_generator_equals_ours_on_the_same_weights() -> None:
    from espnet2.gan_tts.hifigan import HiFiGANGenerator

    config = HiFiGANConfig(
        mel=MelConfig(), upsample_rates=(8, 8, 2, 2), upsample_kernel_sizes=(16, 16, 4, 4),
        upsample_initial_channel=64, resblock="1", resblock_kernel_sizes=(3, 7, 11),
        resblock_dilation_sizes=((1, 3, 5),) * 3,
    )  # fmt: skip
    torch.manual_seed(1)
    theirs = HiFiGANGenerator(80, channels=64)
    theirs.remove_weight_norm()
    for parameter in theirs.parameters():
        torch.nn.init.normal_(parameter, 0.0, 1.5 / parameter[0].numel() ** 0.5 if parameter.dim() > 1 else 0.1)
    names = {
        "input_conv": "conv_pre", r"upsamples\.(\d+)\.1": r"ups.\1", r"output_conv\.1": "conv_post",
        r"blocks\.(\d+)\.(convs\d)\.(\d+)\.1": r"resblocks.\1.\2.\3",
    }  # fmt: skip
    weights = {}
    for name, tensor in theirs.state_dict().items():
        for pattern, ours in names.items():
            name = re.sub(f"^{pattern}", ours, name)
        weights[name] = tensor
    generator = Generator(config)
    generator.load_state_dict(weights)
    mel = mels(20).transpose(1, 2)
    with torch.no_grad():
        expected, got = theirs(mel)[:, 0], generator(mel)
    assert 0.05 < float(expected.std()) < 0.9
    torch.testing.assert_close(got, expected, atol=1e-5, rtol=0)


class _Malice:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, ("was_executed",)


def change_weights(change: Any) -> Any:
    def spoil(path: Path) -> None:
        content = torch.load(path, weights_only=True)
        change(content["model"]["generator"])
        torch.save(content, path)

    return spoil


def change_config(**values: Any) -> Any:
    def spoil(path: Path) -> None:
        config = yaml.safe_load((path.parent / "config.yml").read_text())
        (path.parent / "config.yml").write_text(yaml.safe_dump(config | values))

    return spoil


def stats(mean: Any, scale: Any) -> Any:
    def spoil(path: Path) -> None:
        (path.parent / "stats.h5").unlink()
        np.save(path.parent / "stats.npy", np.stack([mean, scale]))

    return spoil


FAULTS: dict[str, tuple[Any, str]] = {
    "runs code": (lambda path: torch.save({"model": {"generator": _Malice()}}, path), "damaged or no checkpoint"),
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:-999]), "damaged or no checkpoint"),
    "official hifigan": (
        lambda path: torch.save({"generator": {}}, path),
        "no tensors under the key 'model.generator'",
    ),
    "NaN": (
        change_weights(lambda weights: weights["input_conv.bias"].fill_(float("nan"))),
        "input_conv.bias holds values that are not finite",
    ),
    "lacks": (change_weights(lambda weights: weights.pop("input_conv.bias")), "config.yml: it lacks input_conv.bias"),
    "other sizes": (
        change_config(generator_params=HIFIGAN | {"channels": 64}),
        r"config.yml: input_conv.bias has the shape \(32,\), not \(64,\)",
    ),
    "other architecture": (
        change_config(generator_type="MelGANGenerator", generator_params={"channels": 256}),
        "config.yml: it lacks melgan",
    ),
    "unknown architecture": (change_config(generator_type="VQVAE"), "the generator_type VQVAE; what is read here"),
    "causal": (change_config(generator_params=HIFIGAN | {"use_causal_conv": True}), "has no use_causal_conv"),
    "bins": (change_config(num_mels=100), "in_channels 80 for num_mels 100"),
    "bands": (change_config(generator_params=HIFIGAN | {"out_channels": 4}), "HiFiGANGenerator of 4 bands"),
    "odd sizes": (change_config(generator_params=HIFIGAN | {"kernel_size": 4}), "that can be built: AssertionError"),
    "hop": (change_config(hop_size=300), "upsampling gives 256 samples a frame, not hop_size 300"),
    "log2": (change_config(log_base=2.0), "its log_base is 2.0"),
    "window": (change_config(window="hamming"), "its window is hamming"),
    "rates": (change_config(sampling_rate_for_feats=16000), "another rate"),
    "no rate": (change_config(sampling_rate=None), "no valid ParallelWaveGAN config"),
    "no stats": (lambda path: (path.parent / "stats.h5").unlink(), "neither stats.h5 nor stats.npy"),
    "stats are text": (lambda path: (path.parent / "stats.h5").write_text("404"), "stats.h5 is damaged"),
    "stats of 100": (stats(np.zeros(100), np.ones(100)), "stats.npy has 100 values of mean for 80 mel bins"),
    "stats of 0": (stats(np.zeros(80), np.zeros(80)), "value of scale that is not finite and above 0"),
    "no config": (lambda path: (path.parent / "config.yml").unlink(), r"config\.yml.*No such file"),
    "config runs code": (
        lambda path: (path.parent / "config.yml").write_text("a: !!python/object/apply:os.mkdir [was_executed]"),
        "no YAML of plain values",
    ),
    "gone": (lambda path: path.unlink(), "no such file"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: Any, fault: str) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path, "hifigan", package)
    spoil, message = FAULTS[fault]
    spoil(path)
    with pytest.raises(VocoderError, match=message) as refused:
        load_vocoder("espnet", path)
    assert "\n" not in str(refused.value) and str(tmp_path) in str(refused.value)
    assert not (tmp_path / "was_executed").exists()


def test_statistics_as_npy_too_and_without_effect_where_they_say_nothing(tmp_path: Path, package: Any) -> None:
    path = write(tmp_path, "hifigan", package)
    normalised = load_vocoder("espnet", path)(mels(20))
    stats(np.linspace(-4, -2, 80), np.linspace(0.4, 0.9, 80))(path)
    torch.testing.assert_close(load_vocoder("espnet", path)(mels(20)), normalised, atol=1e-5, rtol=0)
    np.save(tmp_path / "stats.npy", [[0.0] * 80, [1.0] * 80])
    mean, scale = torch.linspace(-4, -2, 80), torch.linspace(0.4, 0.9, 80)
    by_hand = load_vocoder("espnet", path)((mels(20) - mean) / scale)
    torch.testing.assert_close(by_hand, normalised, atol=1e-4, rtol=0)


def test_its_mel_is_not_our_default(tmp_path: Path, package: Any) -> None:
    vocoder = load_vocoder("espnet", write(tmp_path, "hifigan", package))
    with pytest.raises(VocoderError, match=r"log_base: 10 against e; .*padding: center against reflect"):
        check_mel(vocoder, MelConfig())
