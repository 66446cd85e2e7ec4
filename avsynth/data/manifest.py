"""The manifest: one JSON line per utterance, paths relative to the corpus's folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

from avsynth.errors import UserError
from avsynth.files import atomic_path, read_lines

Split = Literal["train", "validation", "test"]


SILENCES = frozenset({"", "sil", "sp", "<sil>"})


@dataclass(frozen=True)
class WordTime:
    """A word, or a silence, with its start and end in seconds from the start of the clip."""

    text: str
    start_s: float
    end_s: float

    @property
    def is_silence(self) -> bool:
        """Whether this is a pause and not a word."""
        return self.text in SILENCES


@dataclass(frozen=True)
class PhoneTime:
    """A phone of the symbol table, or ``sil``, with its start and end in seconds from the start of the clip."""

    phone: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Utterance:
    """One recording. ``video`` is None for a corpus of sound alone."""

    uid: str
    """Unique in the manifest: ``<speaker>_<id>``."""
    speaker: str
    text: str
    """Empty where the corpus gives phones alone."""
    audio: str
    video: str | None
    words: tuple[WordTime, ...]
    """Empty where the corpus gives no word times."""
    audio_s: float
    lip_frames: int
    """Frames that can be decoded; 0 without video."""
    fps: str
    """Frame rate of the video itself; lip frames have the config's rate."""
    split: Split
    phones: tuple[PhoneTime, ...] = ()
    """Without gaps from 0 on, silence at both ends; empty where the corpus gives no phone times."""


def write_manifest(path: Path, utterances: Iterable[Utterance]) -> None:
    """Write the manifest atomically."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        for utterance in utterances:
            record = asdict(utterance)
            if not utterance.phones:
                del record["phones"]
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def read_manifest(path: Path) -> list[Utterance]:
    """A whole manifest, in which no utterance may come twice."""
    utterances = list(iterate_manifest(path))
    if len({item.uid for item in utterances}) != len(utterances):
        raise UserError(f"{path} names an utterance twice")
    return utterances


def iterate_manifest(path: Path) -> Iterator[Utterance]:
    """Read and check a manifest line by line; a bad line is a :class:`UserError` naming it."""
    for number, line in enumerate(read_lines(path, "manifest"), start=1):
        try:
            value = json.loads(line)
            value["words"] = tuple(WordTime(**word) for word in value["words"])
            value["phones"] = tuple(PhoneTime(**phone) for phone in value.get("phones", ()))
            utterance = Utterance(**value)
        except (ValueError, TypeError, KeyError) as error:
            raise UserError(f"{path}:{number} is not an utterance: {error}") from error
        if utterance.split not in get_args(Split):
            raise UserError(f"{path}:{number}: split must be one of {', '.join(get_args(Split))}")
        yield utterance
