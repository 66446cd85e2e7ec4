"""``vocoders`` and ``vocode`` from the command line, the page that tells of them, and ``say --adapt-mel``."""

from __future__ import annotations

import re
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from avsynth.audio.io import read_audio, write_wav
from avsynth.cli.main import main
from vocoder import VOCODERS, MelConfig, log_mel
from vocoder.mel_file import mel_text, read_mel_file

PAGE = Path(__file__).parents[2] / "docs" / "vocoders.md"
COMMON = """
from dataclasses import replace
import torch
from vocoder import MelConfig
from vocoder.griffin_lim import GriffinLim

class Common:
    mel_config = replace(MelConfig(), log_base="10", floor=1e-4)

    def __init__(self, checkpoint, device):
        self.inner = GriffinLim(self.mel_config, iterations=2, inversion_steps=5)

    def __call__(self, mel_BFM):
        return self.inner(mel_BFM)

class Wide(Common):
    mel_config = MelConfig(sample_rate=24000, n_mels=100, f_max=12000.0, log_base="10")

class Normal(Common):
    normalisation = "mean and scale of stats.h5"

class Loud(Common):
    def __call__(self, mel_BFM):
        return torch.full((1, mel_BFM.shape[1] * 256), torch.inf)
"""


def tone(path: Path, seconds: float = 1.0, rate: int = 16000) -> Path:
    """A buzz that glides from 110 to 160 Hz."""
    t = np.arange(int(seconds * rate)) / rate
    phase = 2 * np.pi * np.cumsum(110 + 50 * t / seconds) / rate
    write_wav(path, 0.1 * sum(np.sin(k * phase) / k for k in range(1, 20)), rate)
    return path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A working directory with a sound and a module of vocoders."""
    (tmp_path / "commons.py").write_text(COMMON)
    tone(tmp_path / "in.wav")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    yield tmp_path
    for name in ("commons", "hum"):
        sys.modules.pop(name, None)


def frames_of(path: Path) -> tuple[int, int]:
    with wave.open(str(path)) as file:
        return file.getnframes(), file.getframerate()


def test_vocoders_lists_every_family_and_what_it_needs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "onnxruntime" else object())
    assert main(["vocoders"]) == 0
    paragraphs = capsys.readouterr().out.split("\n\n")
    assert [item.split(":")[0] for item in paragraphs] == [*VOCODERS, "package.module"]
    assert all("\n  checkpoint  " in item and "\n  mel         " in item for item in paragraphs)
    (onnx,) = (item for item in paragraphs if item.startswith("onnx:"))
    assert "missing: pip install onnxruntime" in onnx
    assert sum("all there" in item for item in paragraphs) == len(VOCODERS) - 1


def test_vocoders_prints_the_mel_of_one_as_a_file_that_reads_back(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["vocoders", "--vocoder", "commons:Wide"]) == 0
    (here / "mel.yaml").write_text(capsys.readouterr().out)
    wide = MelConfig(sample_rate=24000, n_mels=100, f_max=12000.0, log_base="10")
    assert read_mel_file(here / "mel.yaml") == (wide, None)
    assert main(["vocoders", "--vocoder", "commons:Normal"]) == 0
    assert "\n# normalised before the net: mean and scale of stats.h5\n" in capsys.readouterr().out


def test_a_recording_spoken_again_is_as_long_and_close_to_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vocode", "in.wav", "-o", "out.wav", "--vocoder", "griffin_lim", "--measures"]) == 0
    done, measures = capsys.readouterr().out.splitlines()
    assert done.startswith("out.wav: 1.00 s at 22050 Hz by griffin_lim, ") and done.endswith("× real time")
    found = re.fullmatch(r"mel L1 ([\d.]+), MCD ([\d.]+) dB, log-F0 RMSE ([\d.]+), voicing error ([\d.]+)%", measures)
    assert found is not None
    l1, mcd, f0, voicing = (float(item) for item in found.groups())
    assert 0 < l1 < 0.6 and 0 < mcd < 4 and f0 < 0.05 and voicing < 25
    assert frames_of(here / "out.wav") == (22050, 22050)


def test_measures_tell_a_worse_copy(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = {}
    for name in ("griffin_lim", "commons:Common"):
        assert main(["vocode", "in.wav", "--vocoder", name, "--measures"]) == 0
        figures[name] = float(capsys.readouterr().out.splitlines()[1].split()[2].rstrip(","))
    assert figures["commons:Common"] > 1.3 * figures["griffin_lim"]


@pytest.mark.parametrize("lay", [lambda mel: mel, lambda mel: mel.T, lambda mel: mel[None].astype(np.float64)])
def test_a_mel_of_either_layout_is_spoken(here: Path, capsys: pytest.CaptureFixture[str], lay: Any) -> None:
    sound = torch.from_numpy(read_audio(here / "in.wav", 22050))[None]
    np.save("mel.npy", lay(log_mel(sound, MelConfig())[0].numpy()))
    assert main(["vocode", "mel.npy", "-o", "out.wav", "--vocoder", "griffin_lim", "--measures"]) == 0
    assert re.search(r"\nmel L1 0\.\d+, MCD [\d.]+ dB\n$", capsys.readouterr().out)
    assert frames_of(here / "out.wav") == (22050 // 256 * 256, 22050)


def test_a_mel_of_another_logarithm_is_refused_or_adapted(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "ours.yaml").write_text(mel_text(MelConfig()))
    arguments = ["vocode", "in.wav", "-o", "out.wav", "--vocoder", "commons:Common", "--input-mel", "ours.yaml"]
    assert main(arguments) == 2
    assert "log_base: 10 against e; floor: 0.0001 against 1e-05; --adapt-mel converts it" in capsys.readouterr().err
    assert not (here / "out.wav").exists()
    assert main([*arguments, "--adapt-mel"]) == 0
    assert capsys.readouterr().out.startswith("mel adapted to Common: logarithm to base e times 0.4343 for base 10;")
    adapted = read_audio(here / "out.wav", 22050)
    assert main(["vocode", "in.wav", "-o", "own.wav", "--vocoder", "commons:Common"]) == 0
    own = read_audio(here / "own.wav", 22050)
    assert float(np.abs(adapted - own).max()) < 0.01 < float(np.abs(own).max())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["gone.wav"], "gone.wav"),
        (["commons.py"], "commons.py"),
        (["gone.npy"], "cannot read gone.npy: No such file"),
        (["text.npy"], "text.npy is damaged, or no NumPy file of numbers"),
        (["pickle.npy"], "pickle.npy is damaged, or no NumPy file of numbers"),
        (["flat.npy"], "(frames, 80) or (80, frames)"),
        (["hundred.npy"], "has the shape (7, 100); a mel is (frames, 80)"),
        (["empty.npy"], "has the shape (0, 80)"),
        (["nan.npy"], "not finite"),
        (["plain.npy"], "was the logarithm taken?"),
        (["in.wav", "-o", "out.mp3"], "must end in .wav"),
        (["in.wav", "-o", "nowhere/out.wav"], "nowhere/out.wav"),
        (["in.wav", "--adapt-mel"], "--adapt-mel needs --input-mel"),
        (["in.wav", "--input-mel", "gone.yaml"], "cannot read gone.yaml"),
        (["in.wav", "--mel-config", "ours.yaml"], "tells its mel by itself"),
        (["in.wav", "--vocoder", "grifin"], "the nearest is griffin_lim"),
        (["in.wav", "--vocoder", "bigvgan"], "vocoder bigvgan needs a checkpoint"),
        (["in.wav", "--vocoder", "commons:Loud"], "values that are not finite"),
        (
            ["in.wav", "--vocoder", "commons:Wide", "--input-mel", "ours.yaml", "--adapt-mel"],
            "no linear conversion changes sample_rate: 24000 against 22050; n_mels: 100 against 80",
        ),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    (here / "ours.yaml").write_text(mel_text(MelConfig()))
    (here / "text.npy").write_text("404")
    np.save("pickle.npy", np.array([{}], dtype=object))
    arrays = {"flat": np.zeros(80), "hundred": np.zeros((7, 100)), "empty": np.zeros((0, 80))}
    arrays |= {"nan": np.full((7, 80), np.nan), "plain": np.full((7, 80), 300.0)}
    for name, array in arrays.items():
        np.save(f"{name}.npy", array)
    before = sorted(here.iterdir())
    filled = ["vocode", *arguments, *([] if "--vocoder" in arguments else ["--vocoder", "griffin_lim"])]
    assert main(filled) == 2
    captured = capsys.readouterr()
    assert says in captured.err and captured.err.count("\n") == 1 and captured.out == ""
    assert sorted(path for path in here.iterdir() if path.name != "__pycache__") == before


def test_say_adapts_the_voice_s_mel_and_says_so(
    here: Path, voice_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["say", "now", "-o", "o.mp4", "--voice", str(voice_folder), "--vocoder"]
    assert main([*arguments, "commons:Common"]) == 2
    assert capsys.readouterr().err.endswith("--adapt-mel converts it\n")
    assert main([*arguments, "commons:Common", "--adapt-mel", "--wav", "o.wav"]) == 0
    assert capsys.readouterr().err.startswith("avsynth: mel adapted to Common: logarithm to base e times 0.4343")
    assert np.abs(read_audio(here / "o.wav", 22050)).max() > 1e-3
    assert main([*arguments, "commons:Wide", "--adapt-mel"]) == 2
    assert "no linear conversion changes sample_rate: 24000 against 22050" in capsys.readouterr().err


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_page_s_own_vocoder_runs_in_20_lines(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (source,) = blocks("python")
    assert len([line for line in source.splitlines() if line]) <= 20
    (here / "hum.py").write_text(source)
    (commands,) = (block.splitlines() for block in blocks("sh") if "hum:Hum" in block)
    assert main(commands[0].split()[1:]) == 0
    measures = capsys.readouterr().out.splitlines()[-1]
    hum = read_audio(here / "hum.wav", 22050)
    assert len(hum) == 22050 and np.abs(hum).max() > 0.01
    mels = [log_mel(torch.from_numpy(item)[None], MelConfig()) for item in (hum, read_audio(here / "in.wav", 22050))]
    shapes = [mel[0].mean(dim=0) - mel.mean() for mel in mels]
    assert float(torch.corrcoef(torch.stack(shapes))[0, 1]) > 0.7 and measures.startswith("mel L1 ")


def test_the_page_names_every_family_and_its_commands_parse() -> None:
    from avsynth.cli.main import parse

    text = PAGE.read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in text for name in VOCODERS)
    commands = [line.split("#")[0] for block in blocks("sh") for line in block.splitlines() if line]
    assert len(commands) >= 8
    for command in commands:
        parse(re.sub(r'"[^"]*"', "words", command).split()[1:])


def test_the_vocoder_has_to_be_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vocode", "in.wav"]) == 2
    assert capsys.readouterr().err == "avsynth: error: name the vocoder: --vocoder NAME (avsynth vocoders lists them)\n"
    assert main(["vocoders", "--mel-config", "mel.yaml"]) == 2
    assert "--vocoder NAME" in capsys.readouterr().err
