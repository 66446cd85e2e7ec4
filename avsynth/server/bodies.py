"""The bodies of requests and their checks; field descriptions appear on the OpenAPI page."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from avsynth.audio.coding import FORMATS
from avsynth.synthesis.options import SCALES
from avsynth.text import FASTEST, MOST_SEMITONES, SLOWEST, Format

Input = Annotated[
    str, Field(description="The text: plain, Markdown or SSML; `[word](/W ER D/)` gives a pronunciation.")
]
VoiceName = Annotated[
    str | None,
    Field(description="A voice, `voice/speaker`, or a speaker's name alone, as `GET /v1/voices` lists them."),
]
FaceName = Annotated[
    str | None,
    Field(max_length=100, description="As `GET /v1/faces` lists them, or `POST /v1/faces` made it; the speaker's own."),
]
Show = Annotated[Literal["face", "mouth"], Field(description="The whole face where there is one, or the mouth alone.")]
TextFormat = Annotated[Format, Field(description="What the text is written in; `auto`: what it looks like.")]
GivenTimeline = Annotated[
    dict[str, Any] | None,
    Field(description="Say this instead of a text: what `POST /v1/timeline` gave, edited or not."),
]
Speed = Annotated[float, Field(ge=SLOWEST, le=FASTEST, description="Above 1 is faster.")]
Pitch = Annotated[float, Field(ge=-MOST_SEMITONES, le=MOST_SEMITONES, description="Semitones.")]
Fps = Annotated[
    str | float | None, Field(description="Frames a second, such as 25, 29.97 or 30000/1001; the voice's own.")
]
Scale = Annotated[int | None, Field(ge=SCALES[0], le=SCALES[-1], description="Times that the picture is enlarged.")]
SoundFormatName = Literal["mp3", "opus", "aac", "flac", "wav", "pcm"]
TimelineFormat = Literal[
    "json", "srt", "vtt", "karaoke.vtt", "captions.json", "textgrid", "microsoft.json", "oculus.csv"
]
assert set(FORMATS) == set(SoundFormatName.__args__)  # type: ignore[attr-defined]


class Body(BaseModel):
    """Unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid")


class SpeechBody(BaseModel):
    """OpenAI's fields, with ``pitch`` and ``timeline`` added. Fields of OpenAI's that have no meaning here are
    ignored."""

    model_config = ConfigDict(extra="ignore")

    model: Annotated[str, Field(max_length=100)] = "avsynth"
    input: Input = ""
    text_format: TextFormat = "auto"
    timeline: GivenTimeline = None
    voice: VoiceName = None
    response_format: SoundFormatName = "mp3"
    speed: Speed = 1.0
    stream_format: Literal["audio", "sse"] = "audio"
    pitch: Pitch = 0.0


class Spoken(Body):
    """What is said, and how."""

    input: Input = ""
    text_format: TextFormat = "auto"
    timeline: GivenTimeline = None
    voice: VoiceName = None
    speed: Speed = 1.0
    pitch: Pitch = 0.0
    fps: Fps = None


class VideoBody(Spoken):
    """A request for a talking mouth or face."""

    face: FaceName = None
    show: Show = "face"
    scale: Scale = None
    stream: Annotated[
        bool, Field(description="In fragments while it is made; or a whole file, which players can seek in at once.")
    ] = True


class TimelineBody(Spoken):
    """Words, phones and visemes without sound."""

    format: TimelineFormat = "json"
