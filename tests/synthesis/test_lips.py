"""One's own sound: it is in the video as it came, the lips follow it, and what cannot be done is one line."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from collections.abc import Callable
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from avsynth.audio.io import read_audio
from avsynth.audio.original import SoundReader
from avsynth.errors import UserError
from avsynth.synthesis.lips import DUBBED_COMMENT, lips_to_files
from avsynth.synthesis.options import FileOptions, SpeechOptions, VoiceOptions
from avsynth.video.inspection import inspect
from avsynth.video.reading import read_frames
from tests.conftest import baseline_voice
from tests.faces.made import made_face
from tests.video.faces import portrait, portrait_file

hibari = pytest.importorskip("hibari")
soxr = pytest.importorskip("soxr")

TEXT = "Place blue at f two now."
Speech = Callable[[int, int], Path]


@pytest.fixture(scope="module")
def spoken() -> tuple[NDArray[np.float32], int]:
    """The sentence by a synthetic voice, with half a second of silence before it."""
    voice = hibari.Hibari()
    sound = np.asarray(voice(TEXT, seed=0), dtype=np.float32)
    return np.concatenate([np.zeros(voice.sample_rate // 2, np.float32), sound]), voice.sample_rate


@pytest.fixture
def speech(tmp_path: Path, spoken: tuple[NDArray[np.float32], int]) -> Speech:
    """Writes the sentence as 16-bit WAV of a rate and a number of channels, each a little different."""

    def write(rate: int, channels: int) -> Path:
        sound, own = spoken
        sound = soxr.resample(sound, own, rate) if rate != own else sound
        scaled = np.stack([sound * (1 - 0.2 * channel) for channel in range(channels)], axis=1)
        (tmp_path / "in").mkdir(exist_ok=True)
        path = tmp_path / "in" / "speech.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes((scaled * 20_000).astype("<i2").tobytes())
        return path

    return write


def draw(speech: Path, voice_folder: Path, tmp_path: Path, **options: Any) -> str:
    """Lips for a recording of :data:`TEXT`, with these options of any kind; a ``text`` or ``recogniser`` besides."""
    text, more = options.pop("text", TEXT), {name: options.pop(name) for name in ("recogniser",) if name in options}
    given = {"output": tmp_path / "o.mp4", "voice": str(voice_folder), "scale": 1, "device": "cpu"} | options
    made = []
    for kind in (VoiceOptions, SpeechOptions, FileOptions):
        made.append(kind(**{item.name: given.pop(item.name) for item in fields(kind) if item.name in given}))
    assert not given
    return lips_to_files(speech, text, *made, **more)


@pytest.mark.parametrize(
    ("rate", "channels", "fps"), [(44_100, 2, "25"), (24_000, 1, "29.97"), (8000, 1, "25"), (96_000, 2, "30")]
)
def test_the_sound_is_in_the_video_as_it_came(
    speech: Speech, voice_folder: Path, tmp_path: Path, rate: int, channels: int, fps: str
) -> None:
    source = speech(rate, channels)
    draw(source, voice_folder, tmp_path, fps=fps, wav=tmp_path / "o.wav")
    before, after = (SoundReader(path) for path in (source, tmp_path / "o.wav"))
    assert (before.sample_rate, before.channels, before.dtype) == (after.sample_rate, after.channels, after.dtype)
    np.testing.assert_array_equal(before.read(10**7), after.read(10**7))
    report = inspect(tmp_path / "o.mp4")
    assert report.audio is not None and report.video is not None and report.video.fps is not None
    assert (report.audio.sample_rate, report.audio.channels) == (rate, channels)
    original, presented = read_audio(source, rate), read_audio(tmp_path / "o.mp4", rate)
    half_frame_s = 0.5 / float(report.video.fps)
    assert abs(report.audio.duration_s - len(original) / rate) <= half_frame_s
    assert abs(report.video.duration_s - len(original) / rate) <= half_frame_s
    assert report.start_difference_ms == 0

    def agreement(lag: int) -> float:
        length = len(original) - 200
        return float(np.corrcoef(original[100 : 100 + length], presented[100 + lag : 100 + lag + length])[0, 1])

    assert agreement(0) > 0.99 and max(range(-100, 101), key=agreement) == 0
    assert report.metadata["comment"] == DUBBED_COMMENT and report.metadata["synthetic"] == "true"


def test_a_rate_that_aac_lacks_is_raised_and_the_wav_keeps_it(
    speech: Speech, voice_folder: Path, tmp_path: Path
) -> None:
    source = speech(30_000, 2)
    draw(source, voice_folder, tmp_path, wav=tmp_path / "o.wav")
    report = inspect(tmp_path / "o.mp4")
    assert report.audio is not None and (report.audio.sample_rate, report.audio.channels) == (32_000, 2)
    original, presented = read_audio(source, 32_000), read_audio(tmp_path / "o.mp4", 32_000)
    assert abs(len(original) - len(presented)) <= 0.02 * 32_000
    length = min(len(original), len(presented))
    assert np.corrcoef(original[:length], presented[:length])[0, 1] > 0.99
    with wave.open(str(tmp_path / "o.wav")) as file:
        assert file.getframerate() == 30_000


def test_words_lie_where_they_are_spoken(speech: Speech, voice_folder: Path, tmp_path: Path) -> None:
    source = speech(24_000, 1)
    told = draw(source, voice_folder, tmp_path, timeline=tmp_path / "o.json", fps="25")
    timeline = json.loads((tmp_path / "o.json").read_text())
    assert [item["word"] for item in timeline["words"]] == ["place", "blue", "at", "f", "two", "now"]
    sound = read_audio(source, 24_000)
    loud = np.flatnonzero(np.abs(sound) > 0.02) / 24_000
    assert timeline["words"][0]["start_s"] == pytest.approx(loud[0], abs=0.15)
    assert timeline["words"][-1]["end_s"] == pytest.approx(loud[-1], abs=0.15)
    assert loud[0] > 0.5 and str(tmp_path / "o.mp4") in told
    frames = read_frames(tmp_path / "o.mp4").frames
    assert len(frames) == round(len(sound) / 24_000 * 25)


def test_words_come_from_a_file_or_a_recogniser(
    speech: Speech, voice_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = speech(24_000, 1)
    (tmp_path / "words.txt").write_text(TEXT, encoding="utf-8-sig")
    draw(source, voice_folder, tmp_path, text=str(tmp_path / "words.txt"), timeline=tmp_path / "file.json")
    capsys.readouterr()
    hear = {"text": None, "recogniser": lambda: lambda sound: "Place blue at F2 now."}
    draw(source, voice_folder, tmp_path, timeline=tmp_path / "heard.json", **hear)
    assert "heard Place blue at F2 now." in capsys.readouterr().err.splitlines()[0]
    given, heard = (json.loads((tmp_path / name).read_text()) for name in ("file.json", "heard.json"))
    assert "".join(word.pop("written") for word in given["words"]).strip() == TEXT
    assert all(word.pop("span") for word in given["words"])
    assert given == heard


def test_a_video_s_sound_is_taken_at_its_own_times(
    speech: Speech, voice_folder: Path, tmp_path: Path, spoken: tuple[NDArray[np.float32], int]
) -> None:
    draw(speech(24_000, 1), voice_folder, tmp_path, output=tmp_path / "first.mp4", fps="25")
    draw(tmp_path / "first.mp4", voice_folder, tmp_path, fps="25")
    first, again = (read_audio(tmp_path / name, 24_000) for name in ("first.mp4", "o.mp4"))
    assert len(first) == len(again) and np.corrcoef(first, again)[0, 1] > 0.99


def test_the_mouth_is_put_into_a_face(speech: Speech, voice_folder: Path, tmp_path: Path) -> None:
    face = portrait_file(tmp_path)
    draw(speech(44_100, 2), voice_folder, tmp_path, face=face, still=True, fps="10", scale=None)
    report, sound = inspect(tmp_path / "o.mp4"), read_audio(tmp_path / "in" / "speech.wav", 44_100)
    assert report.audio is not None and report.video is not None
    assert (report.video.width, report.video.height, report.audio.channels) == (512, 512, 2)
    assert report.video.frame_count == round(len(sound) / 4410)
    frames = read_frames(tmp_path / "o.mp4").frames.astype(int)
    assert np.abs(frames[:, :60] - portrait()[:60]).mean() < 3


def test_a_face_that_other_weights_measured_is_told(
    speech: Speech,
    voice_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = made_face(tmp_path / "ann", moves=False)
    meta = yaml.safe_load((folder / "face.yaml").read_text())
    (folder / "face.yaml").write_text(yaml.safe_dump(meta | {"speaks_for": [], "openings": {"tiny aaaaaaaaaaaa": 2.5}}))
    monkeypatch.setitem(sys.modules, "dlib", None)
    draw(speech(24_000, 1), voice_folder, tmp_path, face=folder, fps="10", scale=None)
    told = capsys.readouterr().err.splitlines()
    assert len([line for line in told if "other weights of the voice tiny" in line]) == 1
    assert all(line.startswith("avsynth:") for line in told)


def test_pieces_of_a_long_sound_follow_one_another(
    speech: Speech, voice_folder: Path, tmp_path: Path, spoken: tuple[NDArray[np.float32], int]
) -> None:
    """Eighteen times the sentence with pauses between: the n-th lies n periods after the first."""
    sound, rate = spoken
    period = np.concatenate([sound, np.zeros(rate // 4, np.float32)])
    period += 1e-4 * np.random.default_rng(0).standard_normal(len(period)).astype(np.float32)
    count = 18
    path = tmp_path / "long.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.tile(period, count) * 20_000).astype("<i2").tobytes())
    options = {"text": TEXT * count, "timeline": tmp_path / "o.json", "wav": tmp_path / "o.wav", "fps": "10"}
    draw(path, voice_folder, tmp_path, **options)
    seconds = Fraction(len(period) * count, rate)
    assert seconds > 40, "more than one piece"
    timeline = json.loads((tmp_path / "o.json").read_text())
    starts = [item["start_s"] for item in timeline["words"] if item["word"] == "place"]
    assert len(starts) == count and len(timeline["words"]) == 6 * count
    drift = np.diff(starts) - len(period) / rate
    assert np.abs(drift).max() < 0.05
    assert abs(starts[-1] - starts[0] - (count - 1) * len(period) / rate) < 0.05
    report = inspect(tmp_path / "o.mp4")
    assert report.video is not None and report.video.frame_count == round(seconds * 10)
    assert (tmp_path / "o.wav").read_bytes()[-2000:] == path.read_bytes()[-2000:]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"text": "Seven old ships sailed home."}, "does not match the sound"),
        ({"text": "…"}, "nothing to say"),
        ({"text": "none.txt"}, "no such file"),
        ({"output": Path("o.avi")}, ".mp4"),
        ({"wav": Path("o.flac")}, ".wav"),
        ({"timeline": Path("o.docx")}, "o.docx"),
        ({"fps": "x"}, "fps"),
        ({"scale": 0}, "scale"),
        ({"lexicon": Path("none.dict")}, "none.dict"),
        ({"identity": Path("none.png")}, "none.png"),
        ({"voice": "nobody"}, "nobody"),
    ],
)
def test_bad_input_is_refused_and_leaves_nothing(
    speech: Speech, voice_folder: Path, tmp_path: Path, options: dict[str, object], says: str
) -> None:
    source = speech(16_000, 1)
    with pytest.raises(UserError, match=says) as caught:
        draw(source, voice_folder, tmp_path, **options)
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_text_that_is_not_utf_8_is_refused(speech: Speech, voice_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_bytes("café".encode("latin-1"))
    with pytest.raises(UserError, match="is not utf-8: byte 4"):
        draw(speech(16_000, 1), voice_folder, tmp_path, text=str(tmp_path / "words.txt"))


def test_sound_that_cannot_be_had_is_refused(speech: Speech, voice_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No such file"):
        draw(tmp_path / "none.wav", voice_folder, tmp_path)
    with pytest.raises(UserError, match="7 channels; an mp4 takes at most 6"):
        draw(speech(8000, 7), voice_folder, tmp_path)


def test_without_words_the_mouth_rests(
    speech: Speech, voice_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = speech(16_000, 1)
    for given in ({"text": None, "recogniser": lambda: lambda sound: ""}, {"text": ""}):
        draw(source, voice_folder, tmp_path, timeline=tmp_path / "o.json", **given)
        report = inspect(tmp_path / "o.mp4")
        assert report.video is not None and report.video.frame_count > 10
        assert '"words": []' in (tmp_path / "o.json").read_text()
    assert "heard no words: the mouth rests" in capsys.readouterr().err


def test_without_a_recogniser_the_remedy_is_the_text(
    speech: Speech, voice_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "moonshine_voice", None)
    with pytest.raises(UserError, match=r"avsynth\[recognise\].*--text"):
        draw(speech(16_000, 1), voice_folder, tmp_path, text=None)


def test_a_baseline_is_refused(speech: Speech, tmp_path: Path) -> None:
    baseline_voice("duallip").save(tmp_path / "baseline")
    with pytest.raises(UserError, match="takes no durations"):
        draw(speech(16_000, 1), tmp_path / "baseline", tmp_path)


def test_a_text_that_ends_early_is_told(
    voice_folder: Path,
    tmp_path: Path,
    spoken: tuple[NDArray[np.float32], int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    sound, rate = spoken
    quiet = 1e-4 * np.random.default_rng(0).standard_normal(41 * rate)
    quiet[: len(sound)] += sound
    path = tmp_path / "long.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((quiet * 20_000).astype("<i2").tobytes())
    draw(path, voice_folder, tmp_path, fps="5")
    assert "of 41.0 s; then the mouth rests" in capsys.readouterr().err


PEAK = """
import resource, sys
from avsynth.cli.main import main
assert main(sys.argv[1:]) == 0
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_minutes_take_no_more_memory_than_one(
    voice_folder: Path, tmp_path: Path, spoken: tuple[NDArray[np.float32], int]
) -> None:
    sound, rate = spoken

    def peak(count: int) -> int:
        path = tmp_path / "long.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes((np.tile(sound, count) * 20_000).astype("<i2").tobytes())
        command = [sys.executable, "-c", PEAK, "lips", str(path), "--text", TEXT * count, "--voice", str(voice_folder)]
        ended = subprocess.run(
            [*command, "-o", str(tmp_path / "o.mp4"), "--scale", "1"], capture_output=True, text=True, check=True
        )
        return int(ended.stdout.split()[-1])

    assert peak(120) <= 1.1 * peak(24)
