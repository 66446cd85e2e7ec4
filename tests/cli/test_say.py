from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import wave
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from avsynth.cli.main import main
from avsynth.config.schema import LipsConfig
from avsynth.faces.pictures import FileFace
from avsynth.faces.talking import TalkingFace
from avsynth.synthesis.synthesizer import KEPT_KERNELS, KERNELS
from avsynth.video.inspection import inspect
from avsynth.video.reading import read_frames, write_image
from tests.video.faces import portrait, portrait_file

LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
from avsynth.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def say(folder: Path, *arguments: str) -> int:
    return main(["say", *arguments, "--voice", str(folder)])


def test_say_writes_video_sound_and_timeline(voice_folder: Path, tmp_path: Path) -> None:
    out, wav, timeline = tmp_path / "o.mp4", tmp_path / "o.wav", tmp_path / "o.json"
    text = "Place blue at f two now. Again!"
    assert say(voice_folder, text, "-o", str(out), "--wav", str(wav), "--timeline", str(timeline), "--scale", "2") == 0
    report = inspect(out)
    assert report.length_difference_ms is not None and abs(report.length_difference_ms) <= 20
    assert [word["word"] for word in json.loads(timeline.read_text())["words"]][-1] == "again"
    edited = json.loads(timeline.read_text())
    edited["phones"][0]["hops"] += 50
    timeline.write_text(json.dumps(edited))
    longer = tmp_path / "longer.mp4"
    assert say(voice_folder, "--durations", str(timeline), "-o", str(longer)) == 0
    assert inspect(longer).video.duration_s > report.video.duration_s + 0.5
    assert wav.stat().st_size > 10_000


def test_warnings_are_one_line_on_stderr(
    voice_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert say(voice_folder, "he", "-o", str(tmp_path / "o.mp4")) == 0
    assert capsys.readouterr().err.count("HH as") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["🙂"], "nothing to say"),
        (["now", "-o", "{tmp}/out.avi"], ".mp4"),
        (["now", "-o", "{tmp}/missing/out.mp4"], "missing"),
        (["now", "--speed", "0"], "speed"),
        (["now", "--fps", "x"], "fps"),
        (["now", "--scale", "0"], "scale"),
        (["now", "--identity", "{tmp}/none.png"], "none.png"),
        (["now", "--identity", "{tmp}/text.png"], "text.png"),
        (["now", "--face", "{tmp}/none.png"], "none.png"),
        (["now", "--face", "{tmp}/text.png"], "text.png"),
        (["now", "--durations", "{tmp}/text.png"], "text.png"),
        (["now", "--timeline", "{tmp}/t.docx"], "t.docx"),
        (["now", "--vocoder", "hifigann"], "hifigan"),
        (["now", "--vocoder", "nowhere:Class"], "nowhere"),
        (["now", "--vocoder", "hifigan", "--vocoder-checkpoint", "{tmp}/text.png"], "config.json"),
        (["now", "--vocoder-checkpoint", "{tmp}/text.png"], "griffin_lim"),
        (["now", "--wav", "{tmp}/out.mp3"], ".wav"),
        (["now", "-o", "{tmp}"], ".mp4"),
        (["now", "--lexicon", "{tmp}/none.txt"], "none.txt"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    voice_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    (tmp_path / "text.png").write_text("this is no picture")
    filled = [item.replace("{tmp}", str(tmp_path)) for item in arguments]
    if "-o" not in filled:
        filled += ["-o", str(tmp_path / "out.mp4")]
    assert say(voice_folder, *filled) == 2
    error = capsys.readouterr().err
    assert says in error and error.count("\n") == 1 and "Traceback" not in error
    assert [path.name for path in tmp_path.iterdir()] == ["text.png"]


@pytest.fixture
def face(tmp_path: Path) -> Path:
    return portrait_file(tmp_path)


def test_the_mouth_is_put_into_a_face(voice_folder: Path, tmp_path: Path, face: Path) -> None:
    out = tmp_path / "o.mp4"
    assert say(voice_folder, "bin blue. soon.", "-o", str(out), "--face", str(face), "--still", "--fps", "29.97") == 0
    video, report = read_frames(out), inspect(out)
    assert video.frames.shape[1:] == (512, 512, 3) and video.fps == Fraction(30000, 1001)
    assert report.length_difference_ms is not None and abs(report.length_difference_ms) <= 20
    difference = np.abs(video.frames.astype(int) - portrait()).mean(axis=(0, 3))
    share = TalkingFace(FileFace(face, LipsConfig(), still=True)).share(0, video.fps)
    assert difference[share > 0.9].mean() > 2 * difference[share == 0].mean()
    assert difference[share == 0].mean() < 4


def test_the_identity_of_a_face_is_its_own_unless_another_is_given(
    voice_folder: Path, tmp_path: Path, face: Path
) -> None:
    write_image(tmp_path / "own.png", FileFace(face, LipsConfig(), still=True).identity)
    write_image(tmp_path / "other.png", np.full((80, 160, 3), (20, 90, 160), np.uint8))
    made = []
    for name in (None, "own.png", "other.png"):
        given = [] if name is None else ["--identity", str(tmp_path / name)]
        arguments = ["now", "-o", str(tmp_path / "o.mp4"), "--face", str(face), "--still", *given]
        assert say(voice_folder, *arguments) == 0
        made.append(read_frames(tmp_path / "o.mp4").frames)
    np.testing.assert_array_equal(made[0], made[1])
    assert (made[0] != made[2]).any()


def test_a_face_enlarged_too_far_or_not_there_is_one_line(
    voice_folder: Path, tmp_path: Path, face: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_image(tmp_path / "grey.png", np.full((90, 120, 3), 99, np.uint8))
    for arguments, says in (([str(face), "--scale", "9"], "4608×4608"), ([str(tmp_path / "grey.png")], "no face")):
        assert say(voice_folder, "now", "-o", str(tmp_path / "o.mp4"), "--face", *arguments) == 2
        error = capsys.readouterr().err
        assert says in error and error.count("\n") == 1 and not (tmp_path / "o.mp4").exists()


def test_unknown_voice(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["say", "now", "--voice", "nobody", "-o", str(tmp_path / "o.mp4")]) == 2
    assert "nobody" in capsys.readouterr().err


@pytest.mark.slow
def test_a_full_disk_is_one_line_and_leaves_nothing(voice_folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", LIMITED, "say", "place blue at f two now", "--voice", str(voice_folder)]
    ended = subprocess.run([*command, "-o", str(tmp_path / "o.mp4")], capture_output=True, text=True, check=False)
    assert ended.returncode == 2, ended.stderr
    assert "o.mp4" in ended.stderr and "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_full_device_leaves_no_other_file(voice_folder: Path, tmp_path: Path) -> None:
    """The sound and the timeline of a video that could not be written do not appear either."""
    wav, timeline = tmp_path / "o.wav", tmp_path / "o.srt"
    command = [sys.executable, "-c", LIMITED, "say", "now", "--voice", str(voice_folder), "-o", str(tmp_path / "o.mp4")]
    command += ["--wav", str(wav), "--timeline", str(timeline)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2 and ended.stderr.count("\n") == 1, ended.stderr
    assert not wav.exists() and not (tmp_path / "o.mp4").exists()
    assert not [path for path in tmp_path.iterdir() if "part" in path.name]


@pytest.mark.slow
def test_standard_input_is_read(voice_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "o.mp4"
    command = [sys.executable, "-m", "avsynth.cli.main", "say", "-", "--voice", str(voice_folder), "-o", str(out)]
    ended = subprocess.run(
        [*command, "--timeline", str(tmp_path / "o.vtt")],
        input=b"\xef\xbb\xbfBin, now",
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "o.vtt").read_text().splitlines()[-1] == "Bin, now"


def test_the_wav_is_the_sound_of_the_video(voice_folder: Path, tmp_path: Path) -> None:
    out, wav = tmp_path / "o.mp4", tmp_path / "o.wav"
    assert say(voice_folder, "bin blue. soon.", "-o", str(out), "--wav", str(wav), "--fps", "29.97") == 0
    video = inspect(out).video
    with wave.open(str(wav)) as sound:
        assert video is not None and video.fps is not None
        assert sound.getnframes() == round(video.frame_count / video.fps * sound.getframerate())


def test_voices_lists_the_sound_and_the_broken(
    voice_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "voice.yaml").write_text("format: 0")
    monkeypatch.setenv("AVSYNTH_VOICES", f"{voice_folder.parent}:{tmp_path}")
    assert main(["voices"]) == 0
    listed = {line.split("\t")[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "MB" in listed["tiny"] and "unusable" not in listed["tiny"]
    assert "unusable" in listed["old"] and "format 0" in listed["old"]


def test_speaking_loads_nothing_heavy_but_torch() -> None:
    """What a cold start must not pay for."""
    code = "import sys, avsynth.synthesis.say, vocoder.hifigan; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"scipy", "librosa", "numba", "sklearn", "dlib", "pocketsphinx", "matplotlib", "moviepy", "tensorboard"}
    assert not heavy & set(loaded) and "torch" in loaded


def test_importing_the_package_does_not_load_torch() -> None:
    code = "import sys, avsynth; print('torch' in sys.modules); avsynth.Timeline; print('torch' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert told == ["False", "False"]


PEAK = """
import resource, sys
from avsynth.cli.main import main
assert main(sys.argv[1:]) == 0
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_a_long_text_takes_no_more_memory_than_a_sentence(tmp_path: Path) -> None:
    """With a voice that ships and its vocoder, in sentences of ten lengths: what is kept of each must not add up."""
    words = ["place", "blue", "at", "f", "two", "now"]
    sentences = [" ".join((words * 3)[: 5 + number]) + "." for number in range(10)]

    def peak(text: str) -> int:
        command = [sys.executable, "-c", PEAK, "say", text, "--voice", "grid_s1", "-o", str(tmp_path / "o.mp4")]
        ended = subprocess.run(command, capture_output=True, text=True, check=True)
        return int(ended.stdout.split()[-1])

    assert peak(" ".join(sentences)) <= 1.3 * peak(sentences[-1])


@pytest.mark.slow
def test_kernels_of_few_shapes_are_kept_unless_one_says_otherwise(voice_folder: Path) -> None:
    name, kept = KERNELS, KEPT_KERNELS
    code = f"import os, sys, avsynth; avsynth.AVSynthesizer.from_pretrained(sys.argv[1]); print(os.environ[{name!r}])"
    for given, found in (({}, kept), ({name: "7"}, "7")):
        environment = {key: value for key, value in os.environ.items() if key != name} | given
        command = [sys.executable, "-c", code, str(voice_folder)]
        told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        assert told.stdout.split() == [found]


def test_a_text_file_is_read_in_its_format(voice_folder: Path, tmp_path: Path) -> None:
    text, timeline = tmp_path / "t.md", tmp_path / "o.json"
    text.write_text("# Bin **blue**\n\n- now", encoding="utf-16")
    arguments = ("-o", str(tmp_path / "o.mp4"), "--timeline", str(timeline), "--format", "markdown")
    assert say(voice_folder, "--text-file", str(text), *arguments) == 0
    assert "".join(word["written"] for word in json.loads(timeline.read_text())["words"]) == "Bin blue now "


def test_standard_input_and_files_that_are_no_text_are_refused(
    voice_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = ("-o", str(tmp_path / "o.mp4"))
    (tmp_path / "bad.txt").write_bytes(b"caf\xe9")
    assert say(voice_folder, "--text-file", str(tmp_path / "bad.txt"), *out) == 2
    assert "bad.txt is not utf-8: byte 4" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"caf\xe9")))
    assert say(voice_folder, "-", *out) == 2
    assert "standard input is not utf-8: byte 4" in capsys.readouterr().err
    assert say(voice_folder, str(tmp_path / "bad.txt"), *out) == 2
    assert f"say --text-file {tmp_path / 'bad.txt'}" in capsys.readouterr().err
    assert say(voice_folder, "hello", "--text-file", str(tmp_path / "bad.txt"), *out) == 2
    assert "give one of the two" in capsys.readouterr().err
    assert not (tmp_path / "o.mp4").exists()


def test_what_is_passed_over_is_named_once(
    voice_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert say(voice_folder, "bin \u2603 blue. \u2603 now.", "-o", str(tmp_path / "o.mp4")) == 0
    assert capsys.readouterr().err.count("passed over, as nothing is said for it: '\u2603' (snowman)") == 1


@pytest.mark.slow
def test_standard_output_gets_the_video_in_fragments_and_nothing_else(voice_folder: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "avsynth",
        "say",
        "Place blue now. Again!",
        "--voice",
        str(voice_folder),
        "-o",
        "-",
    ]
    ended = subprocess.run(command, capture_output=True, check=False)
    assert ended.returncode == 0 and b"frames at 25 a second" in ended.stderr
    assert ended.stdout.count(b"moof") >= 2
    (tmp_path / "o.mp4").write_bytes(ended.stdout)
    report = inspect(tmp_path / "o.mp4")
    assert report.start_difference_ms == 0 and not report.damaged and report.metadata["synthetic"] == "true"
