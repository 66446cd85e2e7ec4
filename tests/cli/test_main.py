import errno
import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from avsynth.cli import main as cli
from avsynth.cli.common import find_config, stage_context
from avsynth.errors import UserError
from avsynth.recipe.table import STAGES
from vocoder.errors import VocoderError

COMMANDS = [
    "say",
    "lips",
    "serve",
    "voices",
    "face",
    "faces",
    "vocoders",
    "vocode",
    "inspect",
    "recipe",
    *(stage.name for stage in STAGES if stage.name != "lips"),
    "espnet",
    "read-lips",
    "tables",
    "teach",
    "train-vocoder",
    "results",
    "wer",
    "bench",
    "doctor",
]


def fails(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line on stderr of a command line that ends with code 2."""
    try:
        code = cli.main(arguments)
    except SystemExit as error:
        code = int(str(error.code))
    captured = capsys.readouterr()
    lines = captured.err.splitlines()
    assert code == 2 and captured.out == "" and len(lines) == 1, (code, captured)
    assert lines[0].startswith("avsynth: error: ")
    return lines[0]


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def run(args: Namespace) -> int:
        raise error

    monkeypatch.setattr(cli, "parse", lambda _: Namespace(run=run))


def test_the_commands_are_these_and_help_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["--help"])
    assert left.value.code == 0
    listed = [
        line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("    ") and line[4] != " "
    ]
    assert [name for name in listed if name != "COMMAND"] == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main([command, "--help"])
    assert left.value.code == 0 and f"avsynth {command}" in capsys.readouterr().out


def test_parsing_imports_nothing_heavy() -> None:
    code = (
        "import sys; from avsynth.cli.main import parse; parse(['say', 'x']);"
        "print([name for name in ('torch', 'av', 'scipy', 'librosa', 'pocketsphinx') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("given", "meant"), [("speak", "say"), ("Talk", "say"), ("tts", "say"), ("dub", "lips"), ("info", "inspect")]
)
def test_a_command_by_another_name_is_known_by_its_meaning(
    capsys: pytest.CaptureFixture[str], given: str, meant: str
) -> None:
    assert f"the nearest is {meant!r}" in fails(capsys, given, "Hi.")


def test_a_command_like_none_is_answered_with_all(capsys: pytest.CaptureFixture[str]) -> None:
    line = fails(capsys, "xyzzy")
    assert "commands are say, " in line and "recipe" in line


def test_bad_command_lines_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "unknown command 'sya'; the nearest is 'say'" in fails(capsys, "sya")
    assert "COMMAND" in fails(capsys)
    assert "--data" in fails(capsys, "recipe", "--config", "grid")
    assert "whole number" in fails(capsys, "train", "--data", ".", "--config", "grid", "--devices", "none")
    assert "--nonsense" in fails(capsys, "recipe", "--data", ".", "--config", "grid", "--nonsense", "a=1")
    assert "key=1" in fails(capsys, "voices", "key=1")


def test_bad_names_and_settings_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "own.yaml"
    config.write_text("fps: 25\n")
    common = ["recipe", "--data", str(tmp_path), "--exp", str(tmp_path / "exp"), "--config", str(config)]
    assert "unknown stage 'lisp'; the nearest is 'lips'" in fails(capsys, *common, "--stage", "lisp")
    assert "nearest is train.steps" in fails(capsys, *common, "train.step=3")
    assert "needs stage data" in fails(capsys, *common, "--stage", "5")
    assert "cannot read" in fails(capsys, "inspect", str(tmp_path / "none.mp4"))
    assert not (tmp_path / "exp").exists()


def test_overrides_may_stand_anywhere() -> None:
    args = cli.parse(["train", "a=1", "--data", "d", "b=2", "--config", "grid", "c=3"])
    assert sorted(args.overrides) == ["a=1", "b=2", "c=3"]


def test_a_dry_run_prints_the_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["recipe", "--data", str(tmp_path), "--config", "tiny", "--exp", str(tmp_path / "exp"), "--dry-run"]
    assert cli.main([*arguments, "--stop-stage", "stats"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("config ") and [line.split()[:2] for line in lines[1:]] == [
        ["run", "data"],
        ["run", "lips"],
        ["run", "align"],
        ["run", "stats"],
    ]
    assert not (tmp_path / "exp").exists()


def test_options_reach_the_stage_as_text(tmp_path: Path) -> None:
    options = ["--durations", "predicted", "--limit", "3", "--no-video"]
    args = cli.parse(["synthesize", "--data", str(tmp_path), "--config", "tiny", *options, "train.steps=7"])
    context = stage_context(args)
    assert context.options == {"durations": "predicted", "limit": "3", "video": "no"}
    assert context.exp == Path("exp/tiny") and context.config.train.steps == 7
    assert (context.config_dir / "tiny.yaml").is_file()


def test_unknown_configs_name_the_nearest() -> None:
    assert find_config("tiny").name == "tiny.yaml"
    assert find_config("some/where.yaml") == Path("some/where.yaml")
    with pytest.raises(UserError, match="unknown config 'tinny'; the nearest is 'tiny'"):
        find_config("tinny")


@pytest.mark.parametrize(
    "error",
    [
        UserError("two\nlines"),
        VocoderError("two\nlines"),
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "two lines"),
    ],
)
def test_what_a_user_causes_is_one_line_and_code_2(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, error)
    assert "two lines" in fails(capsys)


def test_interrupts_leave_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    raising(monkeypatch, KeyboardInterrupt())
    assert cli.main() == 130
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("error", [ValueError("a bug"), OSError(errno.EIO, "a broken disk")])
def test_programming_errors_keep_their_traceback(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    raising(monkeypatch, error)
    with pytest.raises(type(error)):
        cli.main()


def test_a_closed_pipe_is_quiet() -> None:
    code = "import sys; from avsynth.cli.main import main; sys.exit(main(['doctor']))"
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, "-c", code], stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert done.returncode == 1 and done.stderr == ""


def test_doctor_tells_versions_and_places(capsys: pytest.CaptureFixture[str]) -> None:
    run: Callable[[list[str]], int] = cli.main
    run(["doctor"])
    text = capsys.readouterr().out
    assert text.startswith("python 3.") and "torch 2." in text and "devices: cpu" in text and "tiny" in text
