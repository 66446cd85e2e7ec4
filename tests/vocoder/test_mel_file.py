"""Mel settings as YAML files."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from vocoder import MelConfig, VocoderError
from vocoder.mel_file import mel_line, mel_text, read_mel_file

OTHER = MelConfig(16000, 2048, 200, 800, 64, 20.0, 7600.0, "htk", "10", 1e-7, "center")


@pytest.mark.parametrize("config", [MelConfig(), OTHER])
def test_what_is_written_is_read(tmp_path: Path, config: MelConfig) -> None:
    (tmp_path / "mel.yaml").write_text(mel_text(config))
    assert read_mel_file(tmp_path / "mel.yaml") == (config, None)
    assert mel_line(OTHER).startswith("sample_rate 16000, n_fft 2048, hop_length 200")


def test_what_is_left_out_is_the_usual_mel(tmp_path: Path) -> None:
    (tmp_path / "mel.yaml").write_text("floor: 1e-7\nf_max: 7600\nlog_base: 10\nmean: [1, 2]\nn_mels: 2\n")
    config, normalisation = read_mel_file(tmp_path / "mel.yaml")
    assert config == MelConfig(floor=1e-7, f_max=7600.0, log_base="10", n_mels=2) and normalisation is not None
    torch.testing.assert_close(normalisation(torch.tensor([[3.0, 3.0]])), torch.tensor([[2.0, 1.0]]))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("n_melz: 80", "unknown key 'n_melz'; the nearest is n_mels"),
        ("means: 1", "the nearest is mean"),
        ("n_mels: many", "mel n_mels must be a number, not 'many'"),
        ("n_mels: 80.5", "mel n_mels must be a number, not 80.5"),
        ("f_max: high", "could not convert"),
        ("f_max: 30000", "f_max 30000 must rise within 0 and 11025"),
        ("log_base: 2", "log_base must be one of e, 10, not '2'"),
        ("log_base: mu-law", "log_base must be one of e, 10"),
        ("mean: [1, 2]", "2 values of mean for 80 mel bins"),
        ("scale: 0", "scale that is not finite and above 0"),
        ("mean: .nan", "mean that is not finite"),
        ("mean: x", "mean must be a number or a list of numbers"),
        ("- 1", "must be a mapping"),
        ("a: [", "no YAML of plain values"),
        ("a: !!python/object/apply:os.getcwd []", "no YAML of plain values"),
    ],
)
def test_faults_are_one_clear_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "mel.yaml").write_text(text)
    with pytest.raises(VocoderError, match=message) as refused:
        read_mel_file(tmp_path / "mel.yaml")
    assert "\n" not in str(refused.value) and str(tmp_path / "mel.yaml") in str(refused.value)
