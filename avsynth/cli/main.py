"""``avsynth <command>``: parse, run the command, and turn bad input into one line and exit code 2."""

from __future__ import annotations

import argparse
import difflib
import errno
import importlib
import os
import re
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from avsynth.errors import UserError
from vocoder.errors import VocoderError

MODULES = (
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
    "stage",
    "espnet",
    "read_lips",
    "tables",
    "teach",
    "train_vocoder",
    "results",
    "wer",
    "bench",
    "doctor",
)
"""The modules of this package that hold commands; ``stage`` holds one for each stage of the recipe but ``lips``."""
MEANT = {
    "say": ("speak", "speech", "talk", "tell", "read", "tts", "synthesise", "generate", "run"),
    "lips": ("dub", "lipsync", "lip-sync", "sync", "animate", "wav2lip"),
    "inspect": ("info", "show", "check", "probe"),
    "serve": ("server", "api", "web", "http"),
    "doctor": ("version", "diagnose", "status", "env"),
    "bench": ("benchmark", "speed", "time"),
    "recipe": ("training", "fit"),
}
"""Other names under which people look for a command."""
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
ENDING = ("SIGTERM", "SIGHUP")
"""Signals that end a command as Ctrl-C does, so that half-written files are removed."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, with the nearest name where a command is unknown."""

    def error(self, message: str) -> NoReturn:
        """Print the line and leave with code 2."""
        unknown = re.match(r"argument COMMAND: invalid choice: '(.*)' \(choose from (.*)\)", message)
        if unknown:
            message = f"unknown command {unknown[1]!r}; {nearest(unknown[1], re.findall(r'[-_A-Za-z]+', unknown[2]))}"
        self.exit(2, f"avsynth: error: {message} (see {self.prog} --help)\n")


def nearest(given: str, names: Sequence[str]) -> str:
    """The command that was meant, by meaning or by letters; else all of them."""
    meant = next((name for name, words in MEANT.items() if given.lower() in words), "")
    near = [meant] if meant in names else difflib.get_close_matches(given.lower(), names, n=1)
    return f"the nearest is {near[0]!r}" if near else f"commands are {', '.join(names)}"


def build_parser() -> Parser:
    """The parser with every command; each command's module is light until it runs."""
    parser = Parser(prog="avsynth", description="Type a sentence and get a video of a mouth that says it, in sync.")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True, dest="command")
    for name in MODULES:
        importlib.import_module(f"avsynth.cli.{name}").add_parser(subparsers)
    return parser


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of a command line; ``key=value`` overrides may stand anywhere after the command."""
    parser = build_parser()
    args, rest = parser.parse_known_args(arguments)
    overrides = [item for item in rest if "=" in item and not item.startswith("-")]
    strange = [item for item in rest if item not in overrides]
    if strange or (overrides and not hasattr(args, "overrides")):
        parser.error(f"unrecognised arguments: {' '.join(strange or overrides)}")
    if overrides:
        args.overrides = [*args.overrides, *overrides]
    return args


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code: 0, 2 for bad input, 128 plus the number of a signal that ended
    it."""
    args = parse(arguments)
    _end_by_exception()
    try:
        code: int = args.run(args)
        sys.stdout.flush()
    except (UserError, VocoderError) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        print("avsynth: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        return _fail(f"cannot write{f' {error.filename}' if error.filename else ''}: {error.strerror}; free some space")
    return code


def _end_by_exception() -> None:
    """Turn signals that end a process into an exception, so that every ``finally`` runs. A signal that is ignored, as
    SIGHUP is under nohup, stays ignored."""

    def leave(number: int, frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        return
    for name in ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, leave)


def _fail(message: str) -> int:
    print(f"avsynth: error: {' '.join(message.split())}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
