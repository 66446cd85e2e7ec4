"""Speech, talking pictures and timelines; who can speak."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from avsynth.audio.coding import FORMATS
from avsynth.errors import UserError
from avsynth.server.answers import answered
from avsynth.server.bodies import (
    FaceName,
    Fps,
    Pitch,
    Scale,
    Show,
    SpeechBody,
    Speed,
    Spoken,
    TextFormat,
    TimelineBody,
    VideoBody,
    VoiceName,
)
from avsynth.server.errors import Refused
from avsynth.server.jobs import Job
from avsynth.server.studio import Studio, watched
from avsynth.synthesis.options import SpeechOptions
from avsynth.synthesis.timeline_files import DOCUMENTS
from avsynth.synthesis.timeline_files import FORMATS as TEXTS
from avsynth.timeline import Timeline

router = APIRouter()
MODELS = ("avsynth", "tts-1", "tts-1-hd", "gpt-4o-mini-tts")
"""The first is this project's name; the others are built into OpenAI's clients and mean the same here."""
TIMELINE_TYPES = {
    **{"srt": "application/x-subrip", "vtt": "text/vtt", "karaoke.vtt": "text/vtt"},
    **{"textgrid": "text/plain", "oculus.csv": "text/csv"},
}
MP4: dict[int | str, dict[str, Any]] = {
    200: {"content": {"video/mp4": {}}, "description": "The video, or its beginning while the rest is being made."}
}
SOUND: dict[int | str, dict[str, Any]] = {
    200: {"content": {item.media_type: {} for item in FORMATS.values()}, "description": "The sound."}
}


def studio_of(request: Request) -> Studio:
    """The server's studio."""
    studio: Studio = request.app.state.studio
    return studio


InStudio = Annotated[Studio, Depends(studio_of)]


@router.post("/v1/audio/speech", response_class=Response, responses=SOUND, tags=["speech"])
async def speech(request: Request, body: SpeechBody, studio: InStudio) -> Response:
    """Speech, as OpenAI's route of that name: its clients work unchanged."""
    check_model(body.model)
    text, options = spoken(studio, body)
    keep, headers = kept_timeline(request)

    def work(job: Job) -> None:
        studio.speak(job, studio.speaker(body.voice), text, options, body.response_format, keep)

    media_type = FORMATS[body.response_format].media_type
    return await answered(request, work, media_type, headers, events=body.stream_format == "sse")


@router.post("/v1/video/speech", response_class=Response, responses=MP4, tags=["speech"])
async def video(request: Request, body: VideoBody, studio: InStudio) -> Response:
    """Speech with the mouth or face that says it: an mp4."""
    text, options = spoken(studio, body)
    keep, headers = kept_timeline(request)
    to = None if body.stream else request.app.state.scratch / f"{secrets.token_hex(8)}.mp4"

    def work(job: Job) -> None:
        who = studio.speaker(body.voice)
        face = studio.face(who, body.face, body.show)
        studio.film(job, who, text, replace(options, face=face), body.scale, to, keep)

    return await answered(request, work, "video/mp4", headers, whole=not body.stream)


@router.get("/say.mp4", response_class=Response, responses=MP4, tags=["speech"])
async def say(
    request: Request,
    studio: InStudio,
    text: Annotated[str, Query(description="The text: plain, Markdown or SSML.")],
    text_format: TextFormat = "auto",
    voice: VoiceName = None,
    face: FaceName = None,
    show: Show = "face",
    fps: Fps = None,
    speed: Speed = 1.0,
    pitch: Pitch = 0.0,
    scale: Scale = None,
) -> Response:
    """The same for the address of a `<video>`."""
    options: dict[str, Any] = {"fps": fps, "speed": speed, "pitch": pitch, "scale": scale}
    body = VideoBody(input=text, text_format=text_format, voice=voice, face=face, show=show, **options)
    return await video(request, body, studio)


@router.post("/v1/timeline", response_class=Response, tags=["speech"])
async def timeline(request: Request, body: TimelineBody, studio: InStudio) -> Response:
    """Words, phones and visemes with their times, without sound."""
    text, options = spoken(studio, body)

    def work(job: Job) -> None:
        with studio.turns.turn(job), watched(job):
            made = studio.timeline(studio.speaker(body.voice), text, options)
        job.write(timeline_text(made, body.format).encode())

    return await answered(request, work, timeline_type(body.format), whole=True)


@router.get("/v1/timelines/{name}", response_class=Response, tags=["speech"])
async def timeline_of(request: Request, name: str) -> Response:
    """The timeline of an answer, once that is complete: where the header `Link` of the answer points to; `.json` may
    be any of the formats of `POST /v1/timeline`."""
    key, _, kind = name.partition(".")
    made: Timeline | None = request.app.state.timelines.get(key)
    if made is None:
        raise Refused(404, "no such timeline: it is there when the answer is complete, and for a while")
    if f".{kind}" not in {**DOCUMENTS, **TEXTS}:
        raise Refused(404, f"a timeline is given as {', '.join(ending[1:] for ending in {**DOCUMENTS, **TEXTS})}")
    return Response(timeline_text(made, kind), media_type=timeline_type(kind))


@router.get("/v1/models", tags=["about"])
async def models() -> dict[str, Any]:
    """What `model` may be."""
    return {"object": "list", "data": [model_card(name) for name in MODELS]}


@router.get("/v1/models/{name}", tags=["about"])
async def model(name: str) -> dict[str, Any]:
    """One of them."""
    check_model(name)
    return model_card(name)


@router.get("/v1/voices", tags=["about"])
def voices(studio: InStudio) -> dict[str, Any]:
    """Who can speak."""
    usual = studio.speaker(None)
    listed = []
    for who in studio.speakers():
        info = studio.voices[who.voice]
        more = {"corpus": info.corpus, "licence": info.licence, "usual": who == usual}
        listed.append({"id": str(who), "voice": who.voice, "speaker": who.speaker, **more})
    return {"data": listed}


def spoken(studio: Studio, body: Spoken | SpeechBody) -> tuple[str, SpeechOptions]:
    """Text and options of a body. Raises :class:`UserError` and :class:`Refused`."""
    durations = None
    if body.timeline is not None:
        try:
            durations = Timeline.from_dict(body.timeline)
        except (ArithmeticError, RecursionError) as error:
            raise UserError("timeline: a number in it is infinite or too large") from error
    text = check_text(studio, body.input, durations)
    fps = getattr(body, "fps", None)
    if fps is None and durations is not None:
        fps = durations.fps  # so that the limits of a rate hold for it as well
    return text, SpeechOptions(
        speed=body.speed, pitch=body.pitch, fps=fps, format=body.text_format, durations=durations
    )


def check_text(studio: Studio, text: str, durations: Timeline | None) -> str:
    """The text, if it is one that can be said."""
    most = studio.settings.limits.text_chars
    if len(text) > most:
        raise Refused(413, f"a text has at most {most} characters, not {len(text)}: send it in pieces", "input")
    return text


def check_model(name: str) -> None:
    """A model's name must be one that clients use."""
    if name not in MODELS:
        raise Refused(404, f"no model {name!r}; there is {MODELS[0]!r}", "model")


def model_card(name: str) -> dict[str, Any]:
    """As OpenAI's list has them."""
    return {"id": name, "object": "model", "created": 0, "owned_by": "avsynth"}


def kept_timeline(request: Request) -> tuple[Callable[[Timeline], None], dict[str, str]]:
    """A function that keeps an answer's timeline, and the header that tells the client where it will be found."""
    key = secrets.token_urlsafe(12)

    def keep(made: Timeline) -> None:
        request.app.state.timelines.keep(key, made)

    return keep, {"link": f'</v1/timelines/{key}.json>; rel="describedby"'}


def timeline_text(made: Timeline, kind: str) -> str:
    """A timeline in the format of a file ending."""
    ending = f".{kind}"
    if ending in DOCUMENTS:
        return json.dumps(DOCUMENTS[ending](made), ensure_ascii=False)
    return TEXTS[ending](made)


def timeline_type(kind: str) -> str:
    """The media type of such a format."""
    return TIMELINE_TYPES.get(kind, "application/json")
