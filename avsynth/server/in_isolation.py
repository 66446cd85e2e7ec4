"""What is done with uploads in a process of its own (:mod:`avsynth.server.isolated`). It runs in the request's folder,
so that errors name files without paths."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from avsynth.errors import UserError

Write = Callable[[bytes], object]


def face(
    write: Write, upload: str, name: str, licence: str, person: str | None, place: str | None
) -> dict[str, str | int]:
    """Make a face in the folder ``place``, or where this user's are kept; what it was made of, and how many people were
    seen."""
    from avsynth.config.schema import LipsConfig
    from avsynth.faces.library import SEARCH_PATH
    from avsynth.faces.making import make_face

    before = os.environ.get(SEARCH_PATH)
    if place is not None:
        os.environ[SEARCH_PATH] = place
    try:
        made = make_face(Path(upload), name, LipsConfig(), consent=True, licence=licence, person=person)
    finally:
        os.environ.pop(SEARCH_PATH, None)
        if before is not None:
            os.environ[SEARCH_PATH] = before
    return {"made": made.told, "people": made.people}


def lips(
    write: Write, upload: str, text: str | None, longest_s: float, face: str | None, options: dict[str, Any]
) -> str:
    """Make ``out.mp4`` and ``out.json`` for a sound; returns a line that describes them."""
    from avsynth.synthesis.lips import lips_to_files
    from avsynth.synthesis.options import FileOptions, SpeechOptions, VoiceOptions

    check_length(upload, longest_s)
    files = FileOptions(
        output=Path("out.mp4"),
        timeline=Path("out.json"),
        show="mouth" if face is None else "face",
        scale=options["scale"],
    )
    speech = SpeechOptions(face=face, **options["speech"])
    with contextlib.redirect_stderr(io.StringIO()):  # what was heard is the caller's, not the log's
        return lips_to_files(Path(upload), text, VoiceOptions(voice=options["voice"]), speech, files)


def check_length(path: str, longest_s: float) -> None:
    """A sound must not be declared longer than so many seconds: :class:`UserError`."""
    from avsynth.audio.io import open_media

    with open_media(path) as container:
        declared_s = (container.duration or 0) / 1_000_000
    if declared_s > longest_s:
        raise UserError(f"the sound lasts {declared_s:.0f} s; at most {longest_s:g} s are taken: send it in pieces")
