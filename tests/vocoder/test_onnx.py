"""ONNX nets: small ones made here, each way a mel may lie, and nets that are no vocoders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from vocoder import MelConfig, VocoderError, check_mel, fit_mel, load_vocoder

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
onnx = pytest.importorskip("onnx", reason="onnx is not installed")
HOP = 256
KERNEL = np.random.default_rng(0).standard_normal((80, 1, HOP)).astype(np.float32) / 40


def net(
    path: Path,
    *,
    shape: tuple[Any, ...] = (1, 80, "frames"),
    bins_first: bool = True,
    centred: bool = False,
    kernel: np.ndarray[Any, Any] = KERNEL,
    element: str = "FLOAT",
    inputs: tuple[str, ...] = ("mel",),
    outputs: tuple[str, ...] = ("wave",),
) -> Path:
    """A transposed convolution from a mel to a waveform, ``(1, 1, frames * HOP)``, or a hop less where centred."""
    helper, kinds = onnx.helper, onnx.TensorProto
    lay = "mel" if bins_first and len(shape) == 3 else "turned"
    nodes = [] if bins_first else [helper.make_node("Transpose", ["mel"], ["turned"], perm=[0, 2, 1])]
    if len(shape) == 2:
        nodes = [helper.make_node("Unsqueeze", ["mel", "axis"], ["turned"])]
    start = HOP // 2 if centred else 0
    nodes.append(
        helper.make_node("ConvTranspose", [lay, "kernel"], ["wave"], strides=[kernel.shape[2]], pads=[start, start])
    )
    nodes += [helper.make_node("Identity", ["wave"], [name]) for name in outputs if name != "wave"]
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info(name, getattr(kinds, element), shape) for name in inputs],
        [helper.make_tensor_value_info(name, getattr(kinds, element), None) for name in outputs],
        [onnx.numpy_helper.from_array(kernel, "kernel"), onnx.numpy_helper.from_array(np.array([1]), "axis")],
    )
    opset = [helper.make_opsetid("", 17)]
    path.write_bytes(helper.make_model(graph, opset_imports=opset, ir_version=9).SerializeToString())
    return path


def write(folder: Path, text: str = "", **options: Any) -> Path:
    (folder / "mel.yaml").write_text(text or "sample_rate: 22050\n")
    return net(folder / "net.onnx", **options)


def mels(frames: int) -> Tensor:
    return torch.randn(1, frames, 80, generator=torch.Generator().manual_seed(5))


def expected(mel: Tensor) -> Tensor:
    return torch.nn.functional.conv_transpose1d(mel.transpose(1, 2), torch.from_numpy(KERNEL), stride=HOP)[:, 0]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"shape": ("batch", "bins", "frames")},
        {"shape": (1, "frames", 80), "bins_first": False},
        {"shape": ("batch", "frames", "bins"), "bins_first": False},
        {"shape": (None, None, None), "bins_first": False},
    ],
    ids=["bins first", "bins first by trying", "bins last", "bins last by trying", "no names"],
)
def test_speaks_whichever_way_the_mel_lies(tmp_path: Path, options: dict[str, Any]) -> None:
    vocoder = load_vocoder("onnx", write(tmp_path, **options))
    for frames in (16, 33, 80):
        sound = vocoder(mels(frames))
        assert sound.shape == (1, frames * HOP) and 0.1 < float(sound.std()) < 1
        torch.testing.assert_close(sound, expected(mels(frames)).clamp(-1, 1), atol=1e-5, rtol=0)
    assert vocoder.mel_config == MelConfig()
    assert vocoder(torch.zeros(2, 3, 80)).shape == (2, 3 * HOP)


def test_a_centred_net_gets_its_last_frame_once_more(tmp_path: Path) -> None:
    mel = mels(20)
    sound = load_vocoder("onnx", write(tmp_path, centred=True))(mel)
    longer = expected(torch.cat([mel, mel[:, -1:]], dim=1))[:, HOP // 2 : -HOP // 2]
    torch.testing.assert_close(sound, longer.clamp(-1, 1), atol=1e-5, rtol=0)


def test_the_mel_file_says_which_mel_and_how_it_is_normalised(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "other.yaml").write_text("log_base: 10\nfloor: 1e-7\nf_max: 7600\nmean: -2\nscale: 0.5\n")
    vocoder = load_vocoder("onnx", path, mel_file=tmp_path / "other.yaml")
    assert vocoder.mel_config == MelConfig(log_base="10", floor=1e-7, f_max=7600.0)
    mel = mels(20) * 0.2 - 2
    torch.testing.assert_close(vocoder(mel), expected((mel + 2) / 0.5).clamp(-1, 1), atol=1e-5, rtol=0)
    with pytest.raises(VocoderError, match="log_base: 10 against e"):
        check_mel(vocoder, MelConfig())


def test_adapted_to_the_voice_s_logarithm_and_floor(tmp_path: Path) -> None:
    bins = [0.01 * index for index in range(80)]
    path = write(tmp_path, f"log_base: 10\nfloor: 1e-3\nmean: {bins}\nscale: 0.5\n")
    vocoder: Any = fit_mel(load_vocoder("onnx", path), MelConfig(), adapt=True)
    mel = 2 * mels(20) - 5
    common = torch.log10(mel.exp().clamp(min=1e-3))
    assert float((common == -3).float().mean()) > 0.1
    wanted = expected((common - torch.tensor(bins)) / 0.5)
    torch.testing.assert_close(vocoder(mel), wanted.clamp(-1, 1), atol=1e-4, rtol=0)
    assert vocoder.steps.startswith("mel adapted to Onnx: logarithm to base e times 0.4343 for base 10; raised")
    assert vocoder.steps.endswith(f"; mean and scale of {tmp_path / 'mel.yaml'}")
    normalised = load_vocoder("onnx", write(tmp_path, "mean: -5\n"))
    with pytest.raises(VocoderError, match=r"normalisation: mean and scale of .*mel\.yaml against none; --adapt-mel"):
        check_mel(normalised, MelConfig())


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "two inputs": ({"inputs": ("mel", "noise")}, r"one input, the mel, and one output.* it has 2 \(mel, noise\) and 1"),
    "two outputs": ({"outputs": ("wave", "phase")}, r"it has 1 \(mel\) and 2 \(wave, phase\)"),
    "flat input": (
        {"shape": (1, "frames"), "kernel": KERNEL[:1]},
        "mel of tensor.float. .1, 'frames'.; a mel has three dimensions of floats",
    ),
    "whole numbers": ({"element": "INT64"}, "damaged or no ONNX net"),
    "100 bands": (
        {"shape": (1, 100, "frames"), "kernel": np.ones((100, 1, HOP), np.float32)},
        r"turns no mel \(1, 80, frames\) or .* of any length into a waveform: its input mel has the shape \[1, 100,",
    ),
    "100 bands unsaid": (
        {"shape": (1, "bins", "frames"), "kernel": np.ones((100, 1, HOP), np.float32)},
        r"turns no mel .*its input mel has the shape \[1, 'bins', 'frames'\]",
    ),
    "another hop": ({"kernel": KERNEL[:, :, :200]}, "it gives 3200 samples of 16 frames, whose hops are 4096"),
    "two channels": ({"kernel": np.tile(KERNEL, (1, 2, 1))}, r"it gives \(1, 2, 4096\) of float32"),
    "one length": ({"shape": (1, 80, 100)}, "of any length into a waveform"),
    "NaN": ({"kernel": np.full_like(KERNEL, np.nan)}, "damaged: it gives values that are not finite"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_nets_that_are_no_vocoders_are_one_clear_line(tmp_path: Path, fault: str) -> None:
    options, message = FAULTS[fault]
    with pytest.raises(VocoderError, match=message) as refused:
        load_vocoder("onnx", write(tmp_path, **options))
    assert "\n" not in str(refused.value) and str(tmp_path) in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"404 not found", None])
def test_files_that_are_no_nets_are_one_clear_line(tmp_path: Path, content: bytes | None) -> None:
    path = write(tmp_path)
    path.write_bytes(path.read_bytes()[:-99] if content is None else content)
    with pytest.raises(VocoderError, match=r"net\.onnx is damaged or no ONNX net") as refused:
        load_vocoder("onnx", path)
    assert "\n" not in str(refused.value)


def test_missing_files_are_named(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "mel.yaml").unlink()
    with pytest.raises(VocoderError, match=r"cannot read .*mel\.yaml, the file of mel settings: No such file"):
        load_vocoder("onnx", path)
    with pytest.raises(VocoderError, match=r"checkpoint .*gone\.onnx: no such file"):
        load_vocoder("onnx", tmp_path / "gone.onnx")
    with pytest.raises(VocoderError, match="vocoder onnx needs a checkpoint"):
        load_vocoder("onnx")
