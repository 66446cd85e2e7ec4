"""The mel against an independent computation, its clock, and the contract's comparison."""

from __future__ import annotations

import subprocess
import sys

import librosa
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vocoder import MelConfig, VocoderError, log_mel, mel_frames


def sound(n_samples: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, n_samples).astype(np.float32)


def librosa_mel(y: np.ndarray, config: MelConfig) -> np.ndarray:
    """``(F, M)`` by librosa's own transform, in double precision."""
    pad = (config.n_fft - config.hop_length) // 2
    padded = np.pad(y.astype(np.float64), pad, mode="reflect")
    spectrum = librosa.stft(
        padded, n_fft=config.n_fft, hop_length=config.hop_length, win_length=config.win_length, center=False
    )
    bands = librosa.filters.mel(
        sr=config.sample_rate, n_fft=config.n_fft, n_mels=config.n_mels, fmin=config.f_min, fmax=config.f_max
    )
    return np.asarray(np.log(np.maximum(bands @ np.sqrt(np.abs(spectrum) ** 2 + 1e-9), config.floor)).T)


@pytest.mark.parametrize("config", [MelConfig(), MelConfig(16000, 1024, 160, 640, 40, 50.0, 7600.0)])
def test_equals_librosa(config: MelConfig) -> None:
    y = sound(9000)
    y[4000:7000] = 0  # the floor is reached too
    mel = log_mel(torch.from_numpy(y)[None], config)[0].numpy()
    expected = librosa_mel(y, config)
    assert mel.shape == expected.shape
    np.testing.assert_allclose(mel, expected, atol=2e-3)
    assert np.abs(mel - expected).mean() < 1e-4


def test_a_tone_lights_its_own_band() -> None:
    config = MelConfig()
    t = np.arange(8192) / config.sample_rate
    mel = log_mel(torch.from_numpy(0.5 * np.sin(2 * np.pi * 1000 * t)).float()[None], config)[0]
    edges = librosa.mel_frequencies(config.n_mels + 2, fmin=config.f_min, fmax=config.f_max)
    band = int(mel.mean(dim=0).argmax())
    assert edges[band] < 1000 < edges[band + 2]


@settings(max_examples=40, deadline=None)
@given(n_samples=st.integers(385, 5000), hop_length=st.sampled_from([160, 256, 300]), center=st.booleans())
def test_frames_are_whole_hops(n_samples: int, hop_length: int, center: bool) -> None:
    config = MelConfig(hop_length=hop_length, padding="center" if center else "reflect")
    waveform = torch.zeros(1, max(n_samples, config.min_samples))
    frames = log_mel(waveform, config).shape[1]
    assert frames == waveform.shape[1] // hop_length == mel_frames(waveform.shape[1], config)


def test_center_frames_lie_half_a_hop_earlier() -> None:
    waveform = torch.from_numpy(sound(6000))[None]
    center = log_mel(waveform[:, 128:], MelConfig(padding="center"))
    reflect = log_mel(waveform, MelConfig())
    torch.testing.assert_close(reflect[:, 3:15], center[:, 3:15], atol=1e-4, rtol=0)


def test_base_ten_is_a_rescaled_base_e() -> None:
    waveform = torch.from_numpy(sound(4096))[None]
    natural, common = (log_mel(waveform, MelConfig(log_base=base)) for base in ("e", "10"))
    torch.testing.assert_close(natural, common * np.log(10), atol=1e-4, rtol=0)


def test_is_differentiable_after_use_without_gradients() -> None:
    with torch.inference_mode():
        log_mel(torch.zeros(1, 4096), MelConfig())
    waveform = torch.from_numpy(sound(4096))[None].requires_grad_()
    (gradient,) = torch.autograd.grad(log_mel(waveform, MelConfig()).sum(), waveform)
    assert bool(torch.isfinite(gradient).all()) and float(gradient.abs().max()) > 0


@pytest.mark.parametrize("shape", [(4096,), (1, 1, 4096), (1, 384)])
def test_refuses_other_shapes_and_too_short_sound(shape: tuple[int, ...]) -> None:
    with pytest.raises(VocoderError, match=r"shape|at least 385 samples"):
        log_mel(torch.zeros(shape), MelConfig())


OTHER = MelConfig(16000, 2048, 200, 800, 64, 20.0, 7600.0, "htk", "10", 1e-7, "center")


def test_differences_name_each_field_with_both_values() -> None:
    assert MelConfig().differences(MelConfig()) == []
    assert MelConfig().differences(OTHER) == [
        "sample_rate: 22050 against 16000",
        "n_fft: 1024 against 2048",
        "hop_length: 256 against 200",
        "win_length: 1024 against 800",
        "n_mels: 80 against 64",
        "f_min: 0.0 against 20.0",
        "f_max: 8000.0 against 7600.0",
        "mel_scale: slaney against htk",
        "log_base: e against 10",
        "floor: 1e-05 against 1e-07",
        "padding: reflect against center",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sample_rate", 0),
        ("n_mels", 0),
        ("win_length", 2048),
        ("hop_length", 1025),
        ("hop_length", 255),
        ("f_max", 11026.0),
        ("f_min", 8000.0),
        ("floor", 0.0),
        ("floor", float("nan")),
        ("mel_scale", "bark"),
        ("log_base", "2"),
        ("padding", "same"),
    ],
)
def test_values_out_of_range_are_named(field: str, value: object) -> None:
    with pytest.raises(VocoderError, match=field):
        MelConfig(**{field: value})  # type: ignore[arg-type]


def test_importing_the_contract_does_not_import_torch() -> None:
    code = "import sys, vocoder; sys.exit('torch' in sys.modules or 'librosa' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("floor", [1e-5, 1e-7, 1e-10])
def test_digital_silence_lies_on_the_floor(floor: float) -> None:
    config = MelConfig(24000, n_mels=100, f_max=12000.0, floor=floor)
    torch.testing.assert_close(log_mel(torch.zeros(1, 4096), config).exp(), torch.full((1, 16, 100), floor))


def test_epsilon_under_the_root_is_the_official_one_down_to_the_official_floor() -> None:
    waveform = 1e-4 * torch.randn(1, 4096, generator=torch.Generator().manual_seed(0))
    loud, official = (log_mel(waveform, MelConfig(floor=floor)) for floor in (1e-3, 1e-5))
    assert torch.equal(loud, official.clamp(min=torch.tensor(1e-3).log()))
