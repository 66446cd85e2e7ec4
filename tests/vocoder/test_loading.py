"""Vocoders by name, classes from outside among them."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from vocoder import FAMILIES, VOCODERS, MelConfig, VocoderError, check_mel, load_vocoder
from vocoder.griffin_lim import GriffinLim
from vocoder.hifigan import HiFiGAN

MODULE = """
import torch
from vocoder import MelConfig

class Hum:
    mel_config = MelConfig(sample_rate=16000, hop_length=200, win_length=800)

    def __init__(self, checkpoint, device):
        self.checkpoint, self.device = checkpoint, device

    def __call__(self, mel_BFM):
        return torch.full((mel_BFM.shape[0], mel_BFM.shape[1] * 200), 0.5)

class Broken(Hum):
    def __init__(self, checkpoint, device):
        raise RuntimeError("weights are\\nmissing")

class Positional(Hum):
    def __init__(self, path):
        pass

class Plain(Hum):
    mel_config = {"sample_rate": 16000}

class Mute:
    mel_config = MelConfig()

    def __init__(self, checkpoint, device):
        pass
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working directory with a package of vocoders, which is not on the module search path."""
    (tmp_path / "hummers").mkdir()
    (tmp_path / "hummers" / "__init__.py").write_text("")
    (tmp_path / "hummers" / "plain.py").write_text(MODULE)
    (tmp_path / "hummers" / "faulty.py").write_text("import a_package_that_nobody_has")
    (tmp_path / "hummers" / "garbled.py").write_text("def (")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    yield tmp_path
    for name in [name for name in sys.modules if name.split(".")[0] == "hummers"]:
        del sys.modules[name]


def test_griffin_lim_takes_the_mel_it_is_given() -> None:
    config = MelConfig(sample_rate=16000, hop_length=200, win_length=800)
    vocoder = load_vocoder("griffin_lim", mel_config=config)
    assert isinstance(vocoder, GriffinLim) and vocoder.mel_config == config
    assert load_vocoder("griffin_lim").mel_config == MelConfig()


def test_griffin_lim_refuses_a_checkpoint() -> None:
    with pytest.raises(VocoderError, match=r"no weights; leave out the checkpoint g\.pt"):
        load_vocoder("griffin_lim", Path("g.pt"))


def test_hifigan_by_name_and_its_mel_is_its_own() -> None:
    vocoder = load_vocoder("hifigan", mel_config=MelConfig(n_mels=40))
    assert isinstance(vocoder, HiFiGAN)
    check_mel(vocoder, MelConfig())


def test_hifigan_with_a_checkpoint_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "g").write_text("no weights")
    with pytest.raises(VocoderError, match=r"config\.json"):
        load_vocoder("hifigan", tmp_path / "g")


def test_families_say_what_they_are() -> None:
    assert tuple(FAMILIES) == VOCODERS
    for name, family in FAMILIES.items():
        assert family.name == name and family.about and family.mel and family.checkpoint
        if not family.default:
            with pytest.raises(VocoderError, match=f"vocoder {name} needs a checkpoint: "):
                load_vocoder(name)


def test_a_family_names_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = ("espnet2", "onnxruntime")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in lacking else object())
    assert FAMILIES["onnx"].missing == ("pip install onnxruntime",)
    assert len(FAMILIES["espnet"].missing) == 1 and "espnet" in FAMILIES["espnet"].missing[0]
    assert FAMILIES["bigvgan"].missing == () == FAMILIES["griffin_lim"].missing


def test_a_missing_package_is_one_line_that_installs_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    (tmp_path / "mel.yaml").write_text("n_mels: 80")
    (tmp_path / "net.onnx").write_text("")
    with pytest.raises(VocoderError, match=r"cannot import onnxruntime .*; pip install onnxruntime") as refused:
        load_vocoder("onnx", tmp_path / "net.onnx")
    assert "\n" not in str(refused.value)


def test_a_file_of_mel_settings_is_for_onnx_alone(tmp_path: Path) -> None:
    with pytest.raises(VocoderError, match=r"vocoder hifigan tells its mel by itself; leave out .*mel\.yaml"):
        load_vocoder("hifigan", mel_file=Path("mel.yaml"))


def test_class_from_the_working_directory(folder: Path) -> None:
    vocoder = load_vocoder("hummers.plain:Hum", Path("weights.pt"), "cpu")
    assert vocoder.checkpoint == Path("weights.pt") and vocoder.device == "cpu"  # type: ignore[attr-defined]
    assert vocoder(torch.zeros(2, 3, 80)).shape == (2, 600)
    with pytest.raises(VocoderError, match="sample_rate: 16000 against 22050"):
        check_mel(vocoder, MelConfig())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("hifi-gan", "unknown vocoder 'hifi-gan'; the nearest is hifigan; choose griffin_lim, harmonic, hifigan, "),
        ("Griffin-Lim", "the nearest is griffin_lim"),
        ("zzz", "unknown vocoder 'zzz'; choose griffin_lim"),
        ("hummers.plain:Humm", "hummers.plain has no Humm; the nearest is Hum"),
        ("hummers.plane:Hum", "no module hummers.plane for the vocoder, here or installed; the nearest is plain"),
        ("humers.plain:Hum", "no module humers for the vocoder, here or installed; the nearest is hummers"),
        ("hummers.plain.deep:Hum", "no module hummers.plain.deep"),
        ("hummers.faulty:Hum", "needs the package a_package_that_nobody_has, not installed"),
        ("hummers.garbled:Hum", "cannot be imported: SyntaxError"),
        ("hummers.plain:Broken", "could not be built: RuntimeError: weights are missing"),
        ("hummers.plain:Positional", "could not be built: TypeError.*checkpoint"),
        ("hummers.plain:Plain", "no mel_config of the type"),
        ("hummers.plain:Mute", "cannot be called"),
        (":Hum", "not of the form package.module:Class"),
        ("hummers.plain:", "not of the form package.module:Class"),
        ("../hummers:Hum", "not of the form package.module:Class"),
    ],
)
def test_failures_are_one_clear_line(folder: Path, name: str, message: str) -> None:
    with pytest.raises(VocoderError, match=message) as refused:
        load_vocoder(name)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("device", ["abacus", "cuda:99", "meta:x"])
def test_unusable_device_is_named(device: str) -> None:
    with pytest.raises(VocoderError, match=f"device '{device}' cannot be used here"):
        load_vocoder("griffin_lim", device=device)
