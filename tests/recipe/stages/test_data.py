"""The data stage: what is kept, what is dropped and why, whose word times fit, who is tested."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray

from avsynth.config.executor import ExecutorConfig
from avsynth.config.schema import Config, DataConfig, PartConfig
from avsynth.data.clips import SourceClip, word_fit
from avsynth.data.corpora.grid import GridClip, measure_clip
from avsynth.data.manifest import WordTime, read_manifest
from avsynth.errors import UserError
from avsynth.recipe.context import StageContext
from avsynth.recipe.stages import data
from avsynth.recipe.stages.data import fit_of, outside

RATE = 16_000
MakeClip = Callable[..., None]


def reason(tmp_path: Path, code: str) -> str:
    video = tmp_path / "grid_s7" / "video" / f"{code}.mp4"
    align = tmp_path / "grid_s7" / "align" / f"{code}.align"
    return measure_clip(GridClip("s7", code, video, video, align if align.exists() else None), DataConfig()).reason


def test_a_good_clip_is_measured(tmp_path: Path, make_clip: MakeClip) -> None:
    make_clip("bbaf2n", "bin blue at f two now")
    video = tmp_path / "grid_s7" / "video" / "bbaf2n.mp4"
    measure = measure_clip(
        GridClip("s7", "bbaf2n", video, video, tmp_path / "grid_s7" / "align" / "bbaf2n.align"), DataConfig()
    )
    assert measure.reason == "" and not measure.damaged
    assert (measure.lip_frames, measure.fps) == (28, "25")
    assert measure.audio_s == pytest.approx(28 / 25, abs=1e-3)
    assert measure.words[0] == WordTime("bin", 0.2, 0.3)
    assert measure.contrast_db > 30 and abs(measure.onset_ms) < 30


def test_each_fault_has_its_reason(tmp_path: Path, make_clip: MakeClip) -> None:
    words = "bin blue at f two now"
    make_clip("bbaf2n", "")
    make_clip("bbaf3n", words)
    make_clip("bbaf2s", "bin blue at f two soon", frames=np.zeros((28, 32, 48, 3), np.uint8))
    grey = np.repeat(np.random.default_rng(0).integers(0, 256, (28, 32, 48, 1), dtype=np.uint8), 3, axis=3)
    make_clip("bbaf2p", "bin blue at f two please", frames=grey)
    make_clip("bbaf2a", "bin blue at f two again", shift_s=0.6)
    make_clip("lbaf2n", "lay blue at f two now", frames=grey[:20])
    assert reason(tmp_path, "bbaf2n").startswith("no alignment: ")
    assert reason(tmp_path, "bbaf3n").startswith("wrong words: the file name says 'bin blue at f three now'")
    assert reason(tmp_path, "bbaf2s").startswith("blank first picture: ")
    assert reason(tmp_path, "bbaf2p").startswith("grey picture: ")
    assert reason(tmp_path, "bbaf2a").startswith("sound ends early: ")
    assert reason(tmp_path, "lbaf2n").startswith("too short: ")
    assert reason(tmp_path, "holiday").startswith("unreadable: 'holiday' is not the code")


def test_a_clip_without_sound_is_dropped(tmp_path: Path, make_clip: MakeClip) -> None:
    make_clip("bbaf2n", "bin blue at f two now")
    path = tmp_path / "grid_s7" / "video" / "bbaf2n.mp4"
    write_mpeg(path.with_suffix(".mpg"), sound=False)
    measure = measure_clip(
        GridClip("s7", "bbaf2n", path.with_suffix(".mpg"), path.with_suffix(".mpg"), None), DataConfig()
    )
    assert measure.reason.startswith("unreadable: ") and "has no sound" in measure.reason


def write_mpeg(path: Path, sound: bool = True, frames: int = 75) -> None:
    """An MPEG-1 file, as the corpus has them: pictures of coloured noise, and noise for sound."""
    rng = np.random.default_rng(0)
    with av.open(str(path), "w", format="mpeg") as container:
        video = cast(VideoStream, container.add_stream("mpeg1video", rate=25, options={"b": "600k"}))
        video.width, video.height, video.pix_fmt = 48, 32, "yuv420p"
        audio = cast(AudioStream, container.add_stream("mp2", rate=44_100, layout="mono")) if sound else None
        for _ in range(frames):
            picture = rng.integers(0, 256, (32, 48, 3), dtype=np.uint8)
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(video.encode())
        if audio is not None:
            for start in range(0, 44_100 * frames // 25, 1152):
                samples = (3000 * rng.standard_normal((1, 1152))).astype(np.int16)
                block = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
                block.sample_rate, block.pts, block.time_base = 44_100, start, Fraction(1, 44_100)
                container.mux(audio.encode(block))
            container.mux(audio.encode())


def test_a_whole_mpeg_is_whole_and_a_truncated_one_is_flagged(tmp_path: Path) -> None:
    align = tmp_path / "bbaf2n.align"
    words = enumerate(("bin", "blue", "at", "f", "two", "now"))
    align.write_text("".join(f"{number * 4000} {number * 4000 + 4000} {word}\n" for number, word in words))
    path = tmp_path / "bbaf2n.mpg"
    write_mpeg(path)
    clip = GridClip("s7", "bbaf2n", path, path, align)
    whole = measure_clip(clip, DataConfig())
    assert (whole.reason, whole.damaged, whole.lip_frames) == ("", False, 75)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 7 // 10])
    cut = measure_clip(clip, DataConfig())
    assert cut.damaged and cut.reason == "" and 40 < cut.lip_frames < 75
    path.write_bytes(b"")
    assert measure_clip(clip, DataConfig()).reason.startswith("unreadable: ")


def run(tmp_path: Path) -> StageContext:
    context = StageContext(
        Config(), tmp_path / "grid_s7", tmp_path / "exp", config_dir=tmp_path, executor=ExecutorConfig("inline")
    )
    context.exp.mkdir(exist_ok=True)
    return context


def test_the_stage_writes_a_manifest_and_a_ledger(tmp_path: Path, make_clip: MakeClip) -> None:
    make_clip("bbaf2n", "bin blue at f two now")
    make_clip("lgaf3s", "lay green at f three soon")
    make_clip("swwz9p", "set white with z one please")
    context = run(tmp_path)
    ledger = data.run(context)
    assert (ledger.clips_in, ledger.clips_out) == (3, 2)
    assert ledger.to_dict()["reasons"] == {"wrong words": 1} and list(ledger.dropped) == ["s7_swwz9p"]
    rows = read_manifest(context.manifest)
    assert {row.uid for row in rows} == {"s7_bbaf2n", "s7_lgaf3s"}
    assert {row.split for row in rows} == {"train", "validation"}
    assert rows[0].video == rows[0].audio == "video/bbaf2n.mp4" and rows[0].text == "bin blue at f two now"
    assert ledger.notes["short"] == {"s7_bbaf2n": 28, "s7_lgaf3s": 28}
    fits = json.loads((context.manifest.parent / "speakers.json").read_text())
    assert fits["s7"]["verdict"] == "fits" and fits["s7"]["clips"] == 2


def test_nothing_usable_is_one_clear_line(tmp_path: Path, make_clip: MakeClip) -> None:
    make_clip("bbaf2n", "")
    context = run(tmp_path)
    with pytest.raises(UserError, match=r"none of the 1 clips below .* can be used; s7_bbaf2n: no alignment"):
        data.run(context)
    assert not context.manifest.exists()


def test_several_corpora_make_one_manifest(tmp_path: Path, make_clip: MakeClip) -> None:
    make_clip("bbaf2n", "bin blue at f two now")
    make_clip("bbaf3n", "")
    own = tmp_path / "mine" / "anna"
    own.mkdir(parents=True)
    write_mpeg(own / "hello.mpg", frames=40)
    (own / "hello.txt").write_text("hello there")
    both = (PartConfig("grid_s7", "grid"), PartConfig("mine", "own"))
    config = replace(Config(), data=DataConfig(parts=both))
    context = StageContext(config, tmp_path, tmp_path / "exp", executor=ExecutorConfig("inline"))
    ledger = data.run(context)
    assert [(item.uid, item.audio) for item in context.utterances()] == [
        ("s7_bbaf2n", "grid_s7/video/bbaf2n.mp4"),
        ("anna_hello", "mine/anna/hello.mpg"),
    ]
    assert (ledger.clips_in, ledger.clips_out, list(ledger.dropped)) == (3, 2, ["s7_bbaf3n"])
    assert set(ledger.notes["times"]) == {"s7", "anna"} and ledger.notes["short"] == {"s7_bbaf2n": 28}


def test_a_speaker_of_two_corpora_is_refused(tmp_path: Path, make_clip: MakeClip) -> None:
    make_clip("bbaf2n", "bin blue at f two now")
    config = replace(Config(), data=DataConfig(parts=(PartConfig("grid_s7"), PartConfig("grid_s7"))))
    with pytest.raises(UserError, match="grid_s7 and grid_s7 both have a speaker 's7'"):
        data.run(StageContext(config, tmp_path, tmp_path / "exp", executor=ExecutorConfig("inline")))
    assert not (tmp_path / "exp" / "data" / "manifest.jsonl").exists()


def spoken(starts_s: list[float]) -> NDArray[np.float32]:
    """Three seconds of faint noise with 0.4 s bursts."""
    time = np.arange(3 * RATE) / RATE
    loud = np.zeros(len(time), dtype=bool)
    for start in starts_s:
        loud |= (time >= start) & (time < start + 0.4)
    noise = np.random.default_rng(0).standard_normal(len(time))
    return (np.where(loud, 0.1, 0.001) * noise).astype(np.float32)


def times(starts_s: list[float]) -> list[WordTime]:
    return [WordTime("word", start, start + 0.4) for start in starts_s]


def test_word_times_that_fit_lie_on_the_sound() -> None:
    starts = [0.5, 1.2, 2.0]
    contrast, onset = word_fit(spoken(starts), RATE, times(starts))
    assert contrast == pytest.approx(40, abs=1.5) and abs(onset) <= 10
    contrast, onset = word_fit(spoken(starts), RATE, times([start + 0.3 for start in starts]))
    assert contrast < 10 and onset == pytest.approx(300, abs=10)


def test_digital_silence_fits_no_words() -> None:
    contrast, _ = word_fit(np.zeros(3 * RATE, np.float32), RATE, times([0.5]))
    assert contrast == 0


def test_a_speaker_whose_times_are_another_s_is_told() -> None:
    starts = [0.5, 1.2, 2.0]

    def measures(shift_s: float) -> list[tuple[float, float]]:
        contrast, onset = word_fit(spoken(starts), RATE, times([start + shift_s for start in starts]))
        return [(contrast, onset)] * 3

    assert fit_of(measures(0.0))["verdict"] == "fits"
    for shift in (-0.35, 0.35):
        assert str(fit_of(measures(shift))["verdict"]).startswith("DOES NOT FIT")
    assert fit_of([*measures(0.0), (-5.0, 900.0)])["verdict"] == "fits"  # one bad clip does not condemn a speaker


def test_what_the_experiment_itself_holds_is_no_clip(tmp_path: Path) -> None:
    inside = SourceClip("me", "a", tmp_path / "videos" / "exp" / "a.mp4", tmp_path / "a.mp4")
    outer = SourceClip("me", "b", tmp_path / "videos" / "b.mp4", tmp_path / "b.mp4")
    context = StageContext(Config(), tmp_path / "videos", tmp_path / "videos" / "exp")
    assert outside(context, [inside, outer]) == [outer]
    assert outside(replace(context, exp=tmp_path), [inside, outer]) == [inside, outer]
