"""Vocos: the package's own classes against ours on the same files, its mel, and files that do not fit."""

from __future__ import annotations

import importlib.util
import os
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from safetensors.torch import save_file
from torch import Tensor, nn

from vocoder import MelConfig, VocoderError, check_mel, load_vocoder, log_mel

N_MELS, DIM = 40, 24


def config(padding: str, rate: int = 22050) -> dict[str, Any]:
    """A config.yaml, laid out as the published ones."""
    return {
        "feature_extractor": {
            "class_path": "vocos.feature_extractors.MelSpectrogramFeatures",
            "init_args": {
                "sample_rate": rate, "n_fft": 1024, "hop_length": 256, "n_mels": N_MELS, "padding": padding,
            },
        },
        "backbone": {
            "class_path": "vocos.models.VocosBackbone",
            "init_args": {"input_channels": N_MELS, "dim": DIM, "intermediate_dim": 48, "num_layers": 2},
        },
        "head": {
            "class_path": "vocos.heads.ISTFTHead",
            "init_args": {"dim": DIM, "n_fft": 1024, "hop_length": 256, "padding": padding},
        },
    }  # fmt: skip


def random_weights() -> dict[str, Tensor]:
    """What a checkpoint holds, by its published names, seeded."""
    generator = torch.Generator().manual_seed(4)
    shapes: dict[str, tuple[int, ...]] = {
        "backbone.embed.weight": (DIM, N_MELS, 7), "backbone.embed.bias": (DIM,),
        "backbone.norm.weight": (DIM,), "backbone.norm.bias": (DIM,),
        "backbone.final_layer_norm.weight": (DIM,), "backbone.final_layer_norm.bias": (DIM,),
        "head.out.weight": (1026, DIM), "head.out.bias": (1026,),
    }  # fmt: skip
    for index in range(2):
        name = f"backbone.convnext.{index}"
        shapes |= {
            f"{name}.gamma": (DIM,), f"{name}.dwconv.weight": (DIM, 1, 7), f"{name}.dwconv.bias": (DIM,),
            f"{name}.norm.weight": (DIM,), f"{name}.norm.bias": (DIM,), f"{name}.pwconv1.weight": (48, DIM),
            f"{name}.pwconv1.bias": (48,), f"{name}.pwconv2.weight": (DIM, 48), f"{name}.pwconv2.bias": (DIM,),
        }  # fmt: skip
    weights = {name: 0.4 * torch.randn(shape, generator=generator) for name, shape in shapes.items()}
    buffers = {
        "feature_extractor.mel_spec.spectrogram.window": torch.hann_window(1024),
        "feature_extractor.mel_spec.mel_scale.fb": peak_bands().T.float().contiguous(),
        "head.istft.window": torch.hann_window(1024),
    }
    return weights | buffers


def peak_bands(rate: int = 22050) -> Tensor:
    """Triangles that peak at 1, equally wide on HTK's mel scale, ``(n_mels, n_fft // 2 + 1)``: torchaudio's default."""
    top = 2595 * np.log10(1 + rate / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, N_MELS + 2) / 2595) - 1)
    bins = np.linspace(0, rate / 2, 513)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return torch.from_numpy(np.maximum(0, np.minimum(rising, falling)))


def write(folder: Path, padding: str = "center") -> Path:
    (folder / "config.yaml").write_text(yaml.safe_dump(config(padding)))
    torch.save(random_weights(), folder / "pytorch_model.bin")
    return folder / "pytorch_model.bin"


def mels(frames: int) -> Tensor:
    return 2 * torch.randn(1, frames, N_MELS, generator=torch.Generator().manual_seed(5)) - 6


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The package's backbone and head, without what it imports of torchaudio for other heads and for measuring."""
    if importlib.util.find_spec("vocos") is None:
        pytest.skip("vocos is not installed")
    for name in (
        "torchaudio",
        "torchaudio.functional",
        "torchaudio.functional.functional",
        "encodec",
        "huggingface_hub",
    ):
        stub: Any = types.ModuleType(name)
        stub._hz_to_mel = stub._mel_to_hz = stub.EncodecModel = stub.hf_hub_download = None
        monkeypatch.setitem(sys.modules, name, stub)
    for name in [name for name in sys.modules if name.split(".")[0] == "vocos"]:
        monkeypatch.delitem(sys.modules, name)
    import vocos.heads
    import vocos.models

    yield vocos
    for name in [name for name in sys.modules if name.split(".")[0] == "vocos"]:
        del sys.modules[name]


@pytest.mark.parametrize("padding", ["center", "same"])
def test_speaks_as_its_own_package_does(tmp_path: Path, package: Any, padding: str) -> None:
    vocoder = load_vocoder("vocos", write(tmp_path, padding))
    tree = config(padding)
    parts = {
        "backbone": package.models.VocosBackbone(**tree["backbone"]["init_args"]),
        "head": package.heads.ISTFTHead(**tree["head"]["init_args"]),
    }
    official = nn.ModuleDict(parts)
    weights = {name: tensor for name, tensor in random_weights().items() if not name.startswith("feature_extractor")}
    official.load_state_dict(weights)
    mel = mels(21)
    peaked = peak_mel(mel).clamp(min=np.log(1e-7))
    if padding == "center":  # which gives a hop less than it has frames
        peaked = torch.cat([peaked, peaked[:, -1:]], dim=1)
    with torch.no_grad():
        expected = official["head"](official["backbone"](peaked.transpose(1, 2)))
    assert float(expected.std()) > 0.003 and float((expected.abs() < 1).float().mean()) > 0.5
    assert vocoder(mel).shape == (1, 21 * 256)
    torch.testing.assert_close(vocoder(mel), expected.clamp(-1, 1), atol=1e-5, rtol=0)


def peak_mel(mel: Tensor) -> Tensor:
    """A mel of bands of unit area as one of bands that peak at 1: by how much the bands themselves differ."""
    from vocoder.mel import mel_filterbank

    ours = torch.from_numpy(mel_filterbank(MelConfig(22050, n_mels=N_MELS, f_max=11025.0, mel_scale="htk"))).double()
    factors = (peak_bands() * ours).sum(dim=1) / (ours * ours).sum(dim=1)
    torch.testing.assert_close(factors[:, None] * ours, peak_bands(), atol=1e-5, rtol=1e-4)
    return mel + factors.log().float()


def test_its_mel_is_that_of_a_sound_measured_with_bands_that_peak_at_one(tmp_path: Path) -> None:
    vocoder: Any = load_vocoder("vocos", write(tmp_path))
    assert vocoder.mel_config.padding == "center" and vocoder.mel_config.mel_scale == "htk"
    sound = torch.randn(1, 8192, generator=torch.Generator().manual_seed(1)) * torch.linspace(0, 0.1, 8192) ** 4
    spectrum = torch.stft(sound, 1024, 256, window=torch.hann_window(1024), center=True, return_complex=True).abs()
    expected = torch.log(torch.clip(peak_bands().float() @ spectrum[0, :, :32], min=1e-7)).T
    got = vocoder.normalisation(log_mel(sound, vocoder.mel_config)[0]).clamp(min=np.log(1e-7))
    assert float((expected == np.float32(np.log(1e-7))).float().mean()) > 0.03
    torch.testing.assert_close(got, expected, atol=2e-3, rtol=0)


def test_tensors_may_come_as_safetensors(tmp_path: Path) -> None:
    vocoder = load_vocoder("vocos", write(tmp_path))
    save_file(random_weights(), tmp_path / "model.safetensors")
    torch.testing.assert_close(load_vocoder("vocos", tmp_path / "model.safetensors")(mels(20)), vocoder(mels(20)))


@pytest.mark.parametrize("padding", ["center", "same"])
def test_any_number_of_mels_of_any_length(tmp_path: Path, padding: str) -> None:
    vocoder = load_vocoder("vocos", write(tmp_path, padding))
    for batch, frames in ((2, 1), (1, 33), (0, 4), (3, 0)):
        sound = vocoder(torch.randn(batch, frames, N_MELS) - 6)
        assert sound.shape == (batch, frames * 256) and bool(torch.isfinite(sound).all())


def test_another_rate_and_number_of_bands_are_refused_field_by_field(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config("center", rate=24000)))
    with pytest.raises(VocoderError, match=r"sample_rate: 24000 against 22050; n_mels: 40 against 80; f_max: 12000"):
        check_mel(load_vocoder("vocos", path), MelConfig())


class _Malice:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, ("was_executed",)


def weights(**changed: Any) -> Any:
    """Spoil a checkpoint by these tensors; None takes one out."""
    named = {name.replace("__", "."): value for name, value in changed.items()}

    def spoil(path: Path) -> None:
        kept = {name: value for name, value in (random_weights() | named).items() if value is not None}
        torch.save(kept, path)

    return spoil


def part(name: str, kind: str = "", **values: Any) -> Any:
    def spoil(path: Path) -> None:
        tree = config("center")
        tree[name]["init_args"] |= values
        tree[name]["class_path"] = kind or tree[name]["class_path"]
        (path.parent / "config.yaml").write_text(yaml.safe_dump(tree))

    return spoil


FAULTS: dict[str, tuple[Any, str]] = {
    "runs code": (lambda path: torch.save({"head": _Malice()}, path), "damaged or no checkpoint"),
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:-999]), "damaged or no checkpoint"),
    "another's": (lambda path: torch.save({"generator": {}}, path), "holds more than tensors"),
    "NaN": (weights(head__out__bias=torch.full((1026,), torch.nan)), "head.out.bias holds values that are not finite"),
    "lacks": (weights(head__out__bias=None), "config.yaml: it lacks head.out.bias"),
    "surplus": (weights(head__more=torch.ones(1)), "config.yaml: it holds head.more"),
    "layers": (part("backbone", num_layers=3), "config.yaml: it lacks backbone.convnext.2"),
    "sizes": (part("backbone", dim=32), "do not fit one another"),
    "bins": (part("feature_extractor", n_mels=100), "do not fit one another"),
    "hop": (part("head", hop_length=128), "the head's n_fft, hop_length and padding are not"),
    "codes": (
        part("feature_extractor", "vocos.feature_extractors.EncodecFeatures"),
        "has the feature_extractor vocos.feature_extractors.EncodecFeatures; a Vocos that takes a mel has",
    ),
    "cosines": (part("head", "vocos.heads.IMDCTCosHead"), "has the head vocos.heads.IMDCTCosHead"),
    "runs code by name": (part("head", "os.system"), "has the head os.system"),
    "conditioned": (part("backbone", adanorm_num_embeddings=4), "adanorm_num_embeddings is for codes"),
    "no number": (part("feature_extractor", sample_rate="fast"), "no Vocos config that can be read here"),
    "no config": (lambda path: (path.parent / "config.yaml").unlink(), r"config\.yaml.*No such file"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path)
    spoil, message = FAULTS[fault]
    spoil(path)
    with pytest.raises(VocoderError, match=message) as refused:
        load_vocoder("vocos", path)
    assert "\n" not in str(refused.value) and str(tmp_path) in str(refused.value)
    assert not (tmp_path / "was_executed").exists()
