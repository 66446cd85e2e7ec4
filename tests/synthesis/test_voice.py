from __future__ import annotations

import copy
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from safetensors.torch import load_file, save_file

from avsynth.errors import UserError
from avsynth.synthesis.synthesizer import AVSynthesizer
from avsynth.synthesis.voice import Voice, available_voices, find_voice
from tests.conftest import make_voice
from vocoder import VocoderError
from vocoder.harmonic import HarmonicConfig, HarmonicNet
from vocoder.harmonic import save as save_vocoder


def test_a_saved_voice_comes_back_within_half_precision(voice: Voice, voice_folder: Path) -> None:
    again = Voice.load(voice_folder)
    assert again.config == voice.config and again.stats == voice.stats
    np.testing.assert_array_equal(again.identity, voice.identity)
    for name, value in voice.model.state_dict().items():
        torch.testing.assert_close(again.model.state_dict()[name], value.half().float(), rtol=0, atol=0)


def test_weights_are_sixteen_bit_and_nothing_is_pickled(voice_folder: Path) -> None:
    assert {value.dtype for value in load_file(voice_folder / "model.safetensors").values()} == {torch.float16}
    assert {path.name for path in voice_folder.iterdir()} == {
        "voice.yaml",
        "model.safetensors",
        "stats.json",
        "identity.png",
    }


def test_a_speaker_may_have_a_face_of_his_own(tmp_path: Path) -> None:
    plain = make_voice(("heart", "s1"))
    config = replace(plain.config, voice=replace(plain.config.voice, faces={"heart": "s4"}))
    voice = replace(plain, config=config, faces={"heart": 255 - plain.identity})
    voice.save(tmp_path / "v")
    again = Voice.load(tmp_path / "v")
    np.testing.assert_array_equal(again.identity_of(0), 255 - plain.identity)
    np.testing.assert_array_equal(again.identity_of(1), plain.identity)
    (tmp_path / "v" / "identity_heart.png").unlink()
    with pytest.raises(UserError, match=r"identity_heart\.png"):
        Voice.load(tmp_path / "v")
    described = tmp_path / "v" / "voice.yaml"
    described.write_text(described.read_text().replace("heart: s4", "nobody: s4"))
    with pytest.raises(UserError, match=r"voice\.faces gives 'nobody' a face"):
        Voice.load(tmp_path / "v")


def test_saving_again_keeps_the_card(voice: Voice, tmp_path: Path) -> None:
    voice.save(tmp_path / "v")
    (tmp_path / "v" / "CARD.md").write_text("mine")
    voice.save(tmp_path / "v")
    assert (tmp_path / "v" / "CARD.md").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["v"]


def broken(folder: Path, target: Path, kind: str) -> Path:
    shutil.copytree(folder, target)
    weights = target / "model.safetensors"
    if kind == "truncated":
        weights.write_bytes(weights.read_bytes()[:1000])
    elif kind == "foreign":
        save_file({"a": torch.zeros(3)}, weights)
    elif kind == "shape":
        tensors = load_file(weights)
        tensors["encoder.embedding.weight"] = torch.zeros(7, 7)
        save_file(tensors, weights)
    elif kind == "format":
        meta = yaml.safe_load((target / "voice.yaml").read_text())
        (target / "voice.yaml").write_text(yaml.safe_dump({**meta, "format": 99}))
    elif kind == "yaml":
        (target / "voice.yaml").write_text("a: [")
    elif kind == "identity":
        (target / "identity.png").write_bytes(b"no picture")
    elif kind == "stats":
        (target / "stats.json").write_text("{}")
    else:
        (target / kind).unlink()
    return target


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("truncated", "model.safetensors"),
        ("foreign", "does not fit"),
        ("shape", "encoder.embedding.weight"),
        ("format", "format 99"),
        ("yaml", "not valid YAML"),
        ("identity", "identity.png"),
        ("stats", "stats"),
        ("model.safetensors", "model.safetensors"),
        ("stats.json", "stats.json"),
        ("voice.yaml", "voice.yaml"),
    ],
)
def test_a_damaged_voice_is_one_line(voice_folder: Path, tmp_path: Path, kind: str, says: str) -> None:
    with pytest.raises(UserError, match=says) as caught:
        Voice.load(broken(voice_folder, tmp_path / "broken", kind))
    assert "\n" not in str(caught.value)


def test_unknown_names_point_to_the_nearest(voice_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVSYNTH_VOICES", str(voice_folder.parent))
    assert find_voice("tiny") == voice_folder
    assert "tiny" in [info.name for info in available_voices()]
    with pytest.raises(UserError, match="the nearest is 'tiny'"):
        find_voice("tinny")


def test_weights_too_large_for_float16_become_bfloat16(voice: Voice, tmp_path: Path) -> None:
    big = replace(voice, model=copy.deepcopy(voice.model))
    big.model.duration.out.bias.fill_(1e6)
    big.save(tmp_path / "v")
    assert float(Voice.load(tmp_path / "v").model.duration.out.bias[0]) == pytest.approx(1e6, rel=0.01)


def test_saving_never_removes_what_is_no_voice(voice: Voice, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(UserError, match="no voice"):
        voice.save(tmp_path)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_a_voice_that_cannot_be_written_leaves_the_old_one(
    voice: Voice, voice_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    old = shutil.copytree(voice_folder, tmp_path / "v")
    monkeypatch.setattr("avsynth.synthesis.voice.write_image", full)
    with pytest.raises(UserError, match="No space left"):
        voice.save(old)
    assert [path.name for path in tmp_path.iterdir()] == ["v"]
    assert Voice.load(old).name == "tiny"


def test_everybody_may_read_a_saved_voice(voice_folder: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in voice_folder.iterdir()}
    assert len(set(modes.values())) == 1, modes


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("mel_mean", [0.0], "mel_mean"),
        ("mel_std", ["a"] * 80, "stats.json"),
        ("pitch_std", [0], "pitch_std"),
        ("pitch_mean", [5, 5], "pitch_mean"),
        ("energy_mean", None, "stats.json"),
        ("energy_std", 3, "stats.json"),
        ("speakers", [], "speakers"),
        ("seen", ["QQ"], "'QQ'"),
        ("seen", ["sil"], "no phone"),
        ("symbols", ["sil"], "<pad>"),
        ("symbols", 3, "stats.json"),
    ],
)
def test_statistics_that_do_not_fit(voice_folder: Path, tmp_path: Path, key: str, value: object, says: str) -> None:
    folder = shutil.copytree(voice_folder, tmp_path / "v")
    stats = json.loads((folder / "stats.json").read_text())
    (folder / "stats.json").write_text(json.dumps({**stats, key: value}))
    with pytest.raises(UserError, match=says) as caught:
        Voice.load(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"hiden": 32}, "hidden"),
        ({"hidden": 0}, "voice.yaml"),
        ({"encoder": {"heads": 3}}, "model.safetensors|voice.yaml"),
    ],
)
def test_a_config_that_does_not_fit(voice_folder: Path, tmp_path: Path, change: dict[str, object], says: str) -> None:
    folder = shutil.copytree(voice_folder, tmp_path / "v")
    meta = yaml.safe_load((folder / "voice.yaml").read_text())
    meta["config"]["model"].update(change)
    (folder / "voice.yaml").write_text(yaml.safe_dump(meta))
    with pytest.raises(UserError, match=says) as caught:
        Voice.load(folder)
    assert "\n" not in str(caught.value)


def test_weights_that_are_no_numbers(voice_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(voice_folder, tmp_path / "v")
    tensors = load_file(folder / "model.safetensors")
    tensors["duration.out.bias"] = torch.full_like(tensors["duration.out.bias"], torch.nan)
    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(UserError, match=r"duration\.out\.bias"):
        Voice.load(folder)


def test_a_broken_voice_does_not_hide_the_others(
    voice_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "voice.yaml").write_text("a: [")
    monkeypatch.setenv("AVSYNTH_VOICES", f"{tmp_path}:{voice_folder.parent}")
    assert find_voice("tiny") == voice_folder
    faults = {info.name: info.fault for info in available_voices()}
    assert faults["tiny"] == "" and "not valid YAML" in faults["broken"]


def test_a_voice_keeps_and_speaks_with_a_vocoder_of_its_own(voice: Voice, tmp_path: Path) -> None:
    small = HarmonicConfig(channels=8, blocks=1, hidden=8, pitch_channels=8, pitch_blocks=1)
    save_vocoder(HarmonicNet(small), tmp_path / "any.safetensors")
    replace(voice, vocoder=tmp_path / "any.safetensors").save(tmp_path / "v")
    kept = Voice.load(tmp_path / "v")
    assert kept.weights_for("harmonic") == tmp_path / "v" / "vocoder.safetensors"
    assert kept.weights_for("hifigan") is None
    made = AVSynthesizer(kept, vocoder="harmonic")("Bin blue.", lips=False)
    assert len(made.waveform) > 1000 and np.abs(made.waveform).max() > 0
    with pytest.raises(VocoderError, match="needs a checkpoint"):
        AVSynthesizer(voice, vocoder="harmonic")
