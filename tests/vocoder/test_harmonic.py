"""The harmonic vocoder: excitation and transforms on sound that is known, pieces against the whole, bad files."""

from __future__ import annotations

import itertools
import json
from dataclasses import asdict
from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import Tensor

from vocoder import VocoderError, log_mel
from vocoder.bands import envelope_weights
from vocoder.excitation import added, pitch_course, pulse_train, spectrum, waveform
from vocoder.harmonic import FIRST_PIECE, Harmonic, HarmonicConfig, HarmonicNet, load, save

SMALL = HarmonicConfig(
    channels=16, blocks=2, hidden=32, pitch_channels=8, pitch_blocks=1, low_channels=8, low_blocks=2, low_hidden=8
)
MEL = SMALL.mel


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small random networks, loud enough that every layer is heard."""
    torch.manual_seed(0)
    net = HarmonicNet(SMALL)
    with torch.no_grad():
        net.out.weight.mul_(3.0)
        net.pitch_out.weight.mul_(3.0)
        net.low_band.out.weight.normal_(std=0.3)
    path = tmp_path_factory.mktemp("harmonic") / "vocoder.safetensors"
    save(net, path)
    return path


def speech_like(frames: int) -> Tensor:
    """A mel that changes all the time: ``(1, F, 80)``."""
    generator = torch.Generator().manual_seed(1)
    return -6.0 + torch.nn.functional.avg_pool1d(
        4 * torch.randn(1, 80, frames + 8, generator=generator), 9, stride=1
    ).transpose(1, 2)


def test_the_inverse_transform_gives_back_any_sound() -> None:
    sound = torch.randn(2, 20 * 256, generator=torch.Generator().manual_seed(0))
    for window in (512, 1024):
        torch.testing.assert_close(waveform(spectrum(sound, window, 256), 256), sound, atol=1e-5, rtol=0)


def test_pulses_are_all_harmonics_of_the_pitch() -> None:
    pulses = pulse_train(pitch_course(torch.full((1, 40), 220.5).log()), MEL)
    spectrum_K = torch.fft.rfft(pulses[0, :10_000]).abs() / 5_000  # a hundred periods: one harmonic every 100 bins
    harmonics = int(0.95 * 11025 / 220.5)
    torch.testing.assert_close(spectrum_K[100 : 100 * harmonics + 1 : 100], torch.ones(harmonics), atol=1e-2, rtol=0)
    others = torch.ones(5001, dtype=torch.bool)
    others[::100] = False
    assert spectrum_K[others].max() < 1e-2


def test_a_glides_pulses_stand_where_its_pitch_adds_up_to_whole_periods() -> None:
    log_pitch = torch.linspace(100.0, 200.0, 50)[None].log()
    pulses = pulse_train(pitch_course(log_pitch), MEL)[0]
    mean_hz = 150.0
    periods = mean_hz * len(pulses) / MEL.sample_rate
    peaks = (pulses[1:-1] > pulses[:-2]) & (pulses[1:-1] >= pulses[2:]) & (pulses[1:-1] > 20)
    assert abs(int(peaks.sum()) - periods) <= 1


@pytest.mark.parametrize("window", [256, 700, 1024])
def test_windows_that_cannot_be_overlapped_are_refused(window: int) -> None:
    with pytest.raises(ValueError, match=str(window)):
        HarmonicConfig(window=window)


def test_a_sound_shorter_than_the_mels_window_stays_short() -> None:
    """A click between two silences: the filters' windows do not spread it over the mel's."""
    net, click = HarmonicNet(SMALL), torch.zeros(1, 40 * 256)
    click[0, 20 * 256 + 128] = 1.0
    made = added(net.excited(click), SMALL.window, 256)
    far = (torch.arange(click.shape[1]) - (20 * 256 + 128)).abs() > SMALL.window // 2
    assert made[0, far].abs().max() < 1e-6


@pytest.mark.parametrize("window", [512, 768])
def test_a_filters_answer_comes_after_its_sound_and_never_before(window: int) -> None:
    """Each window filtered by a delay is the whole sound later, with nothing wrapped around."""
    sound, delay = torch.randn(2, 20 * 256, generator=torch.Generator().manual_seed(0)), 120
    bins = torch.arange(513)
    turned = spectrum(sound, window, 256, 1024) * torch.exp(-2j * torch.pi * bins * delay / 1024)
    inside = slice(1024, -1024)
    torch.testing.assert_close(
        added(turned, window, 256)[:, inside], sound.roll(delay, dims=1)[:, inside], atol=1e-4, rtol=0
    )


def test_the_envelope_of_flat_bands_is_flat() -> None:
    noise = 0.1 * torch.randn(1, 256 * 200, generator=torch.Generator().manual_seed(0))
    mel = log_mel(noise, MEL).mean(dim=1)
    weights, offset = (torch.from_numpy(part) for part in envelope_weights(MEL))
    level = (mel @ weights + offset)[0]
    assert (level[5:370] - level[5:370].mean()).abs().max() < 0.3
    wanted = torch.log(spectrum(noise, MEL.n_fft, MEL.hop_length).abs()).mean()
    assert abs(float(level[5:370].mean() - wanted)) < 0.3


def test_minimum_phase_is_that_of_a_filter_whose_poles_are_known() -> None:
    pole = 0.9
    bins = torch.linspace(0, torch.pi, MEL.n_fft // 2 + 1, dtype=torch.float64)
    answer = 1 / (1 - pole * torch.exp(-1j * bins))
    found = HarmonicNet(SMALL).double().minimum_phase(answer.abs().log())
    torch.testing.assert_close(found, answer.angle(), atol=1e-6, rtol=0)


def test_a_long_mel_in_pieces_is_the_whole_without_clicks(checkpoint: Path) -> None:
    mel = speech_like(700)
    whole = Harmonic(checkpoint, chunk_frames=10_000)(mel)
    for frames in (64, 129):
        apart = (Harmonic(checkpoint, chunk_frames=frames)(mel) - whole).abs()
        assert whole.abs().max() > 0.05
        assert apart.max() < 1e-4 * whole.abs().max()


def test_stretches_of_a_long_mel_are_the_whole_to_the_bit_in_any_order(checkpoint: Path) -> None:
    vocoder = Harmonic(checkpoint, chunk_frames=200)
    mel = speech_like(1500)
    whole, hop = vocoder(mel), MEL.hop_length
    voicing = vocoder.voicing(mel)
    edges = [0, 1, 30, 32, 97, 420, 800, 1500]
    stretches = [voicing(start, end) for start, end in itertools.pairwise(edges)]
    assert torch.equal(torch.cat(stretches, dim=1), whole)
    for start, end in ((1100, 1101), (5, 1400), (40, 41), (700, 700)):
        assert torch.equal(voicing(start, end), whole[:, start * hop : end * hop])
    # The noise goes on: the same mel is not said with the same noise again.
    still = vocoder(torch.full((1, 600, 80), -4.0))[0]
    assert not torch.allclose(still[200 * hop : 210 * hop], still[400 * hop : 410 * hop], atol=1e-3)


def _around_bands(net: HarmonicNet, mel_BFM: Tensor) -> Tensor:
    """Log levels around each band, which are what is corrected."""
    return (mel_BFM.exp() @ net.around_MM).log()


def test_what_the_low_band_does_to_levels_is_corrected(checkpoint: Path) -> None:
    net, mel_BFM = load(checkpoint), speech_like(80)
    noise_BN = torch.randn(1, 80 * 256, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        filtered_BN = net.filtered(mel_BFM, pitch_course(net.log_pitch(mel_BFM)), noise_BN)
        made = [net.low_band(filtered_BN, mel_BFM), net.finished(filtered_BN, mel_BFM)]
    wanted = _around_bands(net, mel_BFM)
    drawn, finished = ((_around_bands(net, log_mel(sound_BN, MEL)) - wanted).abs().mean() for sound_BN in made)
    assert finished < 0.7 * drawn


def test_a_first_stretch_costs_little(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vocoder, shaped = Harmonic(checkpoint), []
    filters = HarmonicNet.filters

    def counted(net: HarmonicNet, mel_BFM: Tensor, log_pitch_BF: Tensor) -> object:
        shaped.append(mel_BFM.shape[1])
        return filters(net, mel_BFM, log_pitch_BF)

    monkeypatch.setattr(HarmonicNet, "filters", counted)
    vocoder.voicing(speech_like(1500))(0, 30)
    assert sum(shaped) <= FIRST_PIECE + SMALL.context_frames


def test_the_reach_is_no_longer_than_said(checkpoint: Path) -> None:
    net = load(checkpoint)
    mel = speech_like(120)
    other = mel.clone()
    other[:, 60] += 1.0
    reach = SMALL.context_frames
    with torch.inference_mode():
        moved = [(net.filters(item, torch.full((1, 120), 5.0)).noise, net.log_pitch(item)) for item in (mel, other)]
    for before, after in zip(*moved, strict=True):
        changed = (before - after).abs().flatten(2).amax(2)[0] > 0 if before.dim() == 3 else (before != after)[0]
        places = torch.nonzero(changed).flatten()
        assert 60 - reach <= int(places.min()) < 60 < int(places.max()) <= 60 + reach


def test_shapes_batches_and_determinism(checkpoint: Path) -> None:
    vocoder = Harmonic(checkpoint)
    mel = speech_like(30)
    assert vocoder.mel_config == MEL
    assert vocoder(mel).shape == (1, 30 * 256)
    assert torch.equal(vocoder(mel), vocoder(mel))
    torch.testing.assert_close(vocoder(torch.cat([mel, mel]))[1:], vocoder(mel), atol=2e-3, rtol=0)
    assert vocoder(mel[:, :0]).shape == (1, 0)
    assert vocoder(mel[:, :1]).shape == (1, 256)
    assert vocoder(torch.full((1, 20, 80), 20.0)).abs().max() <= 1
    with pytest.raises(VocoderError, match="shape"):
        vocoder(torch.zeros(1, 5, 79))


def test_weights_are_stored_in_16_bits(checkpoint: Path) -> None:
    stored = safetensors.torch.load_file(checkpoint)
    assert {value.dtype for value in stored.values()} == {torch.float16}


def _resaved(path: Path, weights: dict[str, Tensor], sizes: object) -> Path:
    safetensors.torch.save_file(weights, path, metadata={} if sizes is None else {"harmonic": json.dumps(sizes)})
    return path


def test_bad_files_are_one_line_that_names_them(checkpoint: Path, tmp_path: Path) -> None:
    weights, sizes = safetensors.torch.load_file(checkpoint), asdict(SMALL)
    bad = tmp_path / "bad.safetensors"
    holes = {**weights, "out.bias": torch.full_like(weights["out.bias"], float("nan"))}
    fewer = {name: value for name, value in weights.items() if name != "out.bias"}
    cut = tmp_path / "cut.safetensors"
    cut.write_bytes(checkpoint.read_bytes()[:-100])
    for path, words in (
        (tmp_path / "none.safetensors", "cannot read"),
        (cut, "damaged"),
        (_resaved(bad, weights, None), "no harmonic vocoder"),
    ):
        with pytest.raises(VocoderError, match=words):
            load(path)
    for content, described, words in (
        (holes, sizes, "not finite"),
        (fewer, sizes, "lacks out.bias"),
        (weights, {**sizes, "channels": 17}, "shape"),
        (weights, {**sizes, "mel": {**sizes["mel"], "padding": "center"}}, "reflect"),
        (weights, {**sizes, "surprise": 1}, "surprise"),
    ):
        with pytest.raises(VocoderError, match=words) as caught:
            load(_resaved(bad, content, described))
        assert str(bad) in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(VocoderError, match="checkpoint"):
        Harmonic(None)
