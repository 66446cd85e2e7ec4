"""Sound coded while it comes: every format decodes to what went in, and the first bytes come early."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from avsynth.audio.coding import FORMATS, SoundEncoder
from avsynth.audio.io import read_audio
from avsynth.errors import UserError

RATE = 22050


def tone(seconds: float = 2.0) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return (0.4 * np.sin(2 * np.pi * 330 * time)).astype(np.float32)


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gives_back_the_sound(tmp_path: Path, name: str) -> None:
    sound, written = tone(), bytearray()
    encoder = SoundEncoder(written.extend, name, RATE)
    for start in range(0, len(sound), 7000):
        encoder.encode(sound[start : start + 7000])
    encoder.close()
    path = tmp_path / f"a.{name}"
    if name == "pcm":
        assert encoder.sample_rate == 24_000
        heard = np.frombuffer(bytes(written), "<i2") / 32768
        wanted = (0.4 * np.sin(2 * np.pi * 330 * np.arange(len(heard)) / 24_000)).astype(np.float32)
        assert abs(len(heard) - 48_000) <= 2
    else:
        path.write_bytes(written)
        heard, wanted = read_audio(path, RATE), sound
        assert abs(len(heard) - len(sound)) < 4000, "no more than the codec's own padding"
    size = min(len(heard), len(wanted)) - 4000
    best = max(
        np.corrcoef(heard[shift : shift + size - 4000], wanted[: size - 4000])[0, 1] for shift in range(0, 2400, 3)
    )
    assert best > 0.99
    if name == "flac":
        np.testing.assert_allclose(heard, sound, atol=1 / 32768)


@pytest.mark.parametrize("name", FORMATS)
def test_bytes_come_while_the_sound_does(name: str) -> None:
    written = bytearray()
    encoder = SoundEncoder(written.extend, name, RATE)
    encoder.encode(tone(1.0))
    early = len(written)
    encoder.encode(tone(3.0))
    encoder.close()
    assert early > len(written) / 8


def test_a_wav_that_is_still_being_made_reads_as_far_as_it_goes(tmp_path: Path) -> None:
    written = bytearray()
    encoder = SoundEncoder(written.extend, "wav", RATE)
    encoder.encode(tone())
    (tmp_path / "a.wav").write_bytes(written)
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        assert len(file.readframes(10**6)) == 2 * len(tone())


def test_an_unknown_format_names_the_known() -> None:
    with pytest.raises(UserError, match=r"midi.*mp3"):
        SoundEncoder(bytearray().extend, "midi", RATE)
