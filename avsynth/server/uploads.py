"""Routes for uploads: a sound that is given lips, a picture or video that becomes a face."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from avsynth.errors import UserError
from avsynth.faces.library import available_faces
from avsynth.server import in_isolation
from avsynth.server.answers import answered
from avsynth.server.errors import Refused
from avsynth.server.isolated import Isolated
from avsynth.server.jobs import Job
from avsynth.server.kept import Kept
from avsynth.server.routes import MP4, InStudio, check_text, kept_timeline
from avsynth.server.studio import hand_on
from avsynth.synthesis.options import SCALES, SpeechOptions
from avsynth.synthesis.timeline_files import read_timeline
from avsynth.text import Format

router = APIRouter()
CONSENT = (
    "A face is somebody's likeness. Is it yours, or do you have the right to use it and to let it say words that the"
    " person never said?"
)
Uploaded = Annotated[UploadFile, File(description="The file itself.")]


@router.post("/v1/lips", response_class=Response, responses=MP4, tags=["speech"])
async def lips(
    request: Request,
    studio: InStudio,
    file: Uploaded,
    text: Annotated[str, Form(description="What is said in it; without it the words are recognised.")] = "",
    text_format: Annotated[Format, Form(description="What the text is written in; auto: what it looks like.")] = "auto",
    voice: Annotated[str | None, Form(max_length=100, description="Whose mouth; see `GET /v1/voices`.")] = None,
    face: Annotated[str | None, Form(max_length=100, description="As `GET /v1/faces` lists them, or your own.")] = None,
    show: Annotated[Literal["face", "mouth"], Form(description="The whole face, or the mouth alone.")] = "face",
    fps: Annotated[str | None, Form(max_length=40, description="Frames a second; the voice's own.")] = None,
    scale: Annotated[int | None, Form(ge=SCALES[0], le=SCALES[-1], description="Times to enlarge.")] = None,
) -> Response:
    """A mouth or face for an uploaded sound; the mp4 holds that sound unchanged."""
    if text:
        check_text(studio, text, None)
    SpeechOptions(fps=fps)
    keep, headers = kept_timeline(request)
    isolated, limits = isolated_of(request), studio.settings.limits
    with scratch_folder(request.app.state.scratch) as folder:
        name = await received(file, folder)
        if text:
            (folder / "text.txt").write_text(text, "utf-8")

        def work(job: Job) -> None:
            who = studio.speaker(voice)
            shown = studio.face_folder(who, face, show)
            options = {"speaker": who.speaker, "fps": fps, "format": text_format}
            made = {"voice": str(studio.voices[who.voice].path), "scale": scale, "speech": options}
            isolated.run(
                job,
                folder,
                in_isolation.lips,
                *(name, "text.txt" if text else None, limits.sound_s, None if shown is None else str(shown), made),
            )
            keep(read_timeline(folder / "out.json"))
            hand_on(job, folder / "out.mp4")

        return await answered(request, work, "video/mp4", headers, whole=True)


@router.get("/v1/faces", tags=["faces"])
def faces() -> dict[str, Any]:
    """The faces that can be shown: installed ones, and uploaded ones that were kept under a name."""
    usable = (info for info in available_faces() if not info.about.startswith("unusable"))
    return {"data": [{"id": info.name, "name": info.name, "about": info.about.replace("\t", ", ")} for info in usable]}


@router.get("/v1/faces/consent", tags=["faces"])
async def consent_question() -> dict[str, str]:
    """The question of consent that callers must answer before a face is made."""
    return {"question": CONSENT}


@router.post("/v1/faces", response_class=Response, tags=["faces"])
async def add_face(
    request: Request,
    studio: InStudio,
    file: Uploaded,
    consent: Annotated[bool, Form(description="True: you have the right to use the person's likeness.")] = False,
    name: Annotated[str, Form(max_length=60, description="What to call it.")] = "",
    licence: Annotated[str, Form(max_length=200, description="Under which the pictures may be used.")] = "",
    person: Annotated[str | None, Form(max_length=20, description="Who, of several: N from the left, or X,Y.")] = None,
    keep: Annotated[bool, Form(description="By its name, for everybody here; or else for a while, by its id.")] = False,
) -> Response:
    """A picture or a video of somebody becomes a face."""
    if not consent:
        raise Refused(400, f"consent must be true: {CONSENT}", "consent")
    if keep and not re.fullmatch(r"[A-Za-z0-9][\w-]*", name):
        raise Refused(400, "a face that is kept needs a name of letters and digits", "name")
    isolated, kept = isolated_of(request), kept_faces_of(request)
    scratch: Path = request.app.state.scratch
    key = secrets.token_urlsafe(12)
    with scratch_folder(scratch) as folder:
        upload = await received(file, folder)

        def work(job: Job) -> None:
            # Out of the way of other faces until it is whole, and known by its id alone unless it is to be kept.
            place = None if keep else str(scratch / "faces")
            called = name if keep else key
            made = isolated.run(job, folder, in_isolation.face, upload, called, licence, person, place)
            if not keep:
                kept.keep(key, scratch / "faces" / key)
            told = {"id": called, "name": name or Path(file.filename or "").stem[:60] or "your photo", **made}
            job.write(json.dumps(told).encode())

        return await answered(request, work, "application/json", whole=True)


@contextmanager
def scratch_folder(scratch: Path) -> Iterator[Path]:
    """A folder for one request."""
    folder = scratch / f"upload-{secrets.token_hex(8)}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def received(file: UploadFile, folder: Path) -> str:
    """Write what was uploaded under a name of our own, with its ending; :class:`UserError` where there is nothing."""
    ending = re.search(r"\.[A-Za-z0-9]{1,5}$", file.filename or "")
    name = "upload" + (ending[0].lower() if ending else "")

    def copy() -> None:
        with (folder / name).open("wb") as target:
            shutil.copyfileobj(file.file, target)

    await run_in_threadpool(copy)
    if not (folder / name).stat().st_size:
        raise UserError("the file is empty")
    return name


def isolated_of(request: Request) -> Isolated:
    """The server's processes for uploads."""
    isolated: Isolated = request.app.state.isolated
    return isolated


def kept_faces_of(request: Request) -> Kept[Path]:
    """The faces that callers have made."""
    kept: Kept[Path] = request.app.state.studio.own_faces
    return kept
