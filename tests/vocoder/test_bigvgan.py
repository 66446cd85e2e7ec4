"""BigVGAN: files as the package saves them, spoken as the package does."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from vocoder import MelConfig, VocoderError, check_mel, load_vocoder

package: Any = pytest.importorskip("bigvgan.bigvgan", reason="bigvgan is not installed", exc_type=ImportError)
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")  # it builds on a deprecated weight_norm

H: dict[str, Any] = {
    "resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4],
    "upsample_initial_channel": 32, "resblock_kernel_sizes": [3, 7], "resblock_dilation_sizes": [[1, 3], [1, 5]],
    "activation": "snakebeta", "snake_logscale": True, "num_mels": 80, "n_fft": 1024, "hop_size": 256,
    "win_size": 1024, "sampling_rate": 22050, "fmin": 0, "fmax": 8000,
}  # fmt: skip
"""A first version's keys."""
SECOND = {"use_tanh_at_final": False, "use_bias_at_final": False, "fmax": None}


def write(folder: Path, h: dict[str, Any]) -> Path:
    """What the package's own saving leaves: bigvgan_generator.pt and config.json."""
    torch.manual_seed(2)
    generator = package.BigVGAN(package.AttrDict(h))
    for name, parameter in generator.named_parameters():
        if name.endswith(("weight_v", "weight_g")):
            torch.nn.init.normal_(parameter, 0.5 if name.endswith("g") else 0.0, 0.3)
    generator._save_pretrained(folder)
    return folder / "bigvgan_generator.pt"


def mels(frames: int) -> Tensor:
    return 2 * torch.randn(1, frames, 80, generator=torch.Generator().manual_seed(5)) - 5


@pytest.mark.parametrize("h", [H, H | SECOND, H | {"activation": "snake", "resblock": "2"}], ids=["1", "2", "snake"])
def test_speaks_as_its_own_package_does(tmp_path: Path, capsys: pytest.CaptureFixture[str], h: dict[str, Any]) -> None:
    path = write(tmp_path, h)
    official = package.BigVGAN(package.AttrDict(json.loads((tmp_path / "config.json").read_text())))
    official.load_state_dict(torch.load(path, weights_only=True)["generator"])
    with torch.no_grad():
        expected = official(mels(20).transpose(1, 2))[:, 0]
    capsys.readouterr()
    vocoder = load_vocoder("bigvgan", path)
    assert capsys.readouterr().out == ""
    assert float(expected.std()) > 0.003 and float((expected.abs() < 1).float().mean()) > 0.5
    assert vocoder.mel_config == MelConfig(f_max=h["fmax"] or 11025.0)
    torch.testing.assert_close(vocoder(mels(20)), expected, atol=1e-5, rtol=0)
    assert vocoder(mels(3)).shape == (1, 3 * 256)


def test_the_published_24_khz_mel_of_100_bands_is_refused_field_by_field(tmp_path: Path) -> None:
    path = write(tmp_path, H | {"num_mels": 100, "sampling_rate": 24000, "fmax": 12000})
    with pytest.raises(VocoderError, match=r"sample_rate: 24000 against 22050; n_mels: 100 against 80; f_max: 12000"):
        check_mel(load_vocoder("bigvgan", path), MelConfig())


class _Malice:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, ("was_executed",)


def change_weights(change: Any) -> Any:
    def spoil(path: Path) -> None:
        content = torch.load(path, weights_only=True)
        change(content["generator"])
        torch.save(content, path)

    return spoil


def change_config(**values: Any) -> Any:
    def spoil(path: Path) -> None:
        kept = {key: value for key, value in (H | values).items() if value != "gone"}
        (path.parent / "config.json").write_text(json.dumps(kept))

    return spoil


FAULTS: dict[str, tuple[Any, str]] = {
    "runs code": (lambda path: torch.save({"generator": _Malice()}, path), "damaged or no checkpoint"),
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:-999]), "damaged or no checkpoint"),
    "NaN": (
        change_weights(lambda weights: weights["conv_pre.bias"].fill_(float("nan"))),
        "conv_pre.bias holds values that are not finite",
    ),
    "other sizes": (change_config(upsample_initial_channel=64), r"config.json: conv_pre.bias has the shape \(32,\)"),
    "a HiFi-GAN": (change_config(snake_logscale="gone"), "no BigVGAN config: it lacks the key 'snake_logscale'"),
    "no hop": (change_config(hop_size="gone"), "lacks the key 'hop_size'"),
    "odd rate": (change_config(sampling_rate="fast"), "no valid BigVGAN config"),
    "activation": (change_config(activation="relu"), "no valid BigVGAN config: NotImplementedError"),
    "hop": (change_config(hop_size=300), "upsample_rates multiply to 256, not to hop_size 300"),
    "no config": (lambda path: (path.parent / "config.json").unlink(), r"config\.json.*No such file"),
    "text": (lambda path: (path.parent / "config.json").write_text("{"), "no valid BigVGAN config"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path, H)
    spoil, message = FAULTS[fault]
    spoil(path)
    with pytest.raises(VocoderError, match=message) as refused:
        load_vocoder("bigvgan", path)
    assert "\n" not in str(refused.value) and str(tmp_path) in str(refused.value)
    assert not (tmp_path / "was_executed").exists()
