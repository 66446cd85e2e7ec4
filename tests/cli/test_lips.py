"""``avsynth lips`` is two commands: lips for a recording, and a stage of the recipe."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from avsynth.cli import main as cli
from avsynth.cli import stage
from avsynth.synthesis import lips
from avsynth.synthesis.options import FileOptions, SpeechOptions, VoiceOptions


def test_with_speech_the_options_reach_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[object, ...]] = []
    monkeypatch.setattr(lips, "lips_to_files", lambda *given: calls.append(given) or "done")
    assert cli.main(["lips", "a=b.wav"]) == 0
    options = ["--text", "now", "-o", "x.mp4", "--fps", "30", "--scale", "2", "--wav", "x.wav", "--device", "cpu"]
    more = ["--voice", "v", "--identity", "i.png", "--timeline", "t.srt", "--lexicon", "l.txt"]
    more += ["--face", "face.jpg", "--show", "face", "--still", "--person", "2"]
    assert cli.main(["lips", *options, "speech.mp3", *more]) == 0
    assert calls[0] == (Path("a=b.wav"), None, VoiceOptions(), SpeechOptions(), FileOptions())
    assert calls[1] == (
        Path("speech.mp3"),
        "now",
        VoiceOptions(voice="v", lexicon=Path("l.txt"), device="cpu"),
        SpeechOptions(identity=Path("i.png"), face="face.jpg", fps="30"),
        FileOptions(output=Path("x.mp4"), timeline=Path("t.srt"), wav=Path("x.wav"), still=True, person="2", scale=2),
    )


def test_with_data_and_config_it_is_the_stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran = []
    monkeypatch.setattr(stage, "run_stages", lambda chosen, context: ran.append((chosen, context)))
    command = ["lips", "fps=30", "--data", str(tmp_path), "--config", "tiny", "train.steps=7", "--jobs", "3"]
    assert cli.main(command) == 0
    (chosen, context) = ran[0]
    assert [item.name for item in chosen] == ["lips"]
    assert (context.corpus, context.jobs, context.config.fps, context.config.train.steps) == (tmp_path, 3, 30, 7)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "give one SPEECH file, or --data and --config"),
        (["a.wav", "b.wav"], "give one SPEECH file"),
        (["--data", "."], "needs --config as well"),
        (["--config", "tiny"], "needs --data as well"),
        (["--data", ".", "--config", "tiny", "--text", "now"], "--text goes with a SPEECH file"),
        (["--data", ".", "--config", "tiny", "-o", "x.mp4"], "--output goes with a SPEECH file"),
        (["a.wav", "--num-nodes", "2"], "--num-nodes goes with --data and --config"),
        (["a.wav", "--nonsense"], "--nonsense"),
        (["--data", ".", "--config", "tiny", "speech.wav"], "speech.wav"),
    ],
)
def test_what_does_not_go_together_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    try:
        code = cli.main(["lips", *arguments])
    except SystemExit as left:
        code = int(str(left.code))
    error = capsys.readouterr().err
    assert code == 2 and says in error and error.count("\n") == 1


def test_help_tells_of_both(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["lips", "--help"])
    told = capsys.readouterr().out
    assert "avsynth lips SPEECH" in told and "avsynth lips --data DIR" in told


def test_a_text_that_does_not_match_is_one_line_and_leaves_nothing(
    voice_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "noise.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.random.default_rng(0).integers(-3000, 3000, 32_000).astype("<i2").tobytes())
    command = ["lips", str(path), "--text", "place blue at f two now", "--voice", str(voice_folder)]
    assert cli.main([*command, "-o", str(tmp_path / "o.mp4")]) == 2
    error = capsys.readouterr().err
    assert "does not match the sound" in error and "0.0 to 2.0 s" in error and error.count("\n") == 1
    assert [item.name for item in tmp_path.iterdir()] == ["noise.wav"]
