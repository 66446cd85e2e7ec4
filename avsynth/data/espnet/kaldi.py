"""Kaldi-style data folders: tables of one utterance a line, ``<id> <value>``, in the order of ``LC_ALL=C``.

| table | value |
|---|---|
| ``wav.scp`` | path of the sound, alone in its file; never a command |
| ``text`` | the sentence, or, where ``durations`` stands beside it, tokens (phones and silences) |
| ``text.words`` | the sentence where ``text`` holds tokens |
| ``utt2spk``, ``spk2utt`` | the speaker; a speaker's utterances |
| ``durations`` | frames of each token, and mostly of ESPnet's ``<eos>`` after them |
| ``video.scp`` | path of the video, for utterances that have one |
| ``ctm`` | words with their times in the sound, as the tokens are aligned: ``<id> 1 <start> <length> <word>`` |
| ``ctm.corpus``, ``ctm.corpus_phones`` | words and phones with the times that the corpus gives |

The first two and the speakers' tables are Kaldi's, ``durations`` is ESPnet's; the others are passed over by both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from avsynth.errors import UserError
from avsynth.files import write_text

ARCHIVE = re.compile(r"\.ark(:\d+)?$")
BETTER_SOUND = "write the sound to wav or flac files first (ESPnet: scripts/audio/format_wav_scp.sh)"


class Timed(NamedTuple):
    """A word or phone with its start and end in seconds from the start of the sound."""

    label: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Entry:
    """One utterance of a data folder."""

    uid: str
    speaker: str
    audio: str
    video: str | None = None
    text: str = ""
    """The sentence; empty where only its tokens are known."""
    tokens: tuple[str, ...] = ()
    durations: tuple[int, ...] = ()
    """Frames per token, and mostly one number more, of ``<eos>``; both are empty where nothing is aligned."""
    words: tuple[Timed, ...] = ()
    """As aligned."""
    corpus_words: tuple[Timed, ...] = ()
    corpus_phones: tuple[Timed, ...] = ()


def write_folder(folder: Path, entries: Sequence[Entry]) -> None:
    """Write the tables of a new folder; :class:`UserError` names what the format cannot hold."""
    entries = sorted(entries, key=lambda entry: entry.uid)
    for entry in entries:
        _check_name(entry.uid, "utterance")
        _check_name(entry.speaker, f"speaker of {entry.uid}")
        if entry.audio.split() != [entry.audio]:
            raise UserError(f"{entry.uid}: {entry.audio!r} holds a blank, which wav.scp cannot: choose folders without")
    folder.mkdir(parents=True, exist_ok=True)
    speakers: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        speakers[entry.speaker].append(entry.uid)
    sentences = {entry.uid: _one_line(entry.text) for entry in entries if entry.text.split()}
    aligned = [entry for entry in entries if entry.durations]
    _write_table(folder / "wav.scp", {entry.uid: entry.audio for entry in entries})
    _write_table(folder / "utt2spk", {entry.uid: entry.speaker for entry in entries})
    _write_table(folder / "spk2utt", {speaker: " ".join(own) for speaker, own in sorted(speakers.items())})
    if aligned:
        _write_table(folder / "text", {entry.uid: " ".join(entry.tokens) for entry in entries})
        _write_table(folder / "durations", {entry.uid: " ".join(map(str, entry.durations)) for entry in aligned})
    _write_table(folder / ("text.words" if aligned else "text"), sentences)
    _write_table(folder / "video.scp", {entry.uid: entry.video for entry in entries if entry.video})
    _write_ctm(folder / "ctm", {entry.uid: entry.words for entry in entries})
    _write_ctm(folder / "ctm.corpus", {entry.uid: entry.corpus_words for entry in entries})
    _write_ctm(folder / "ctm.corpus_phones", {entry.uid: entry.corpus_phones for entry in entries})


def read_folder(folder: Path) -> list[Entry]:
    """The utterances of a data folder, in order; :class:`UserError` names what is missing or malformed."""
    if (folder / "segments").exists():
        raise UserError(f"{folder}/segments cuts utterances out of recordings: {BETTER_SOUND}")
    sounds, speakers, texts = (read_table(folder / name) for name in ("wav.scp", "utt2spk", "text"))
    aligned = (folder / "durations").exists()
    durations = read_table(folder / "durations") if aligned else {}
    for name, table in (("utt2spk", speakers), ("text", texts), *([("durations", durations)] if aligned else [])):
        for uid in [*(sounds.keys() - table.keys()), *(table.keys() - sounds.keys())]:
            there, lacking = (name, "wav.scp") if uid in table else ("wav.scp", name)
            raise UserError(
                f"{folder}: {uid} is in {there} but not in {lacking}: Kaldi's utils/fix_data_dir.sh drops it"
            )
    sentences = _optional(folder / "text.words") if aligned else texts
    videos = _optional(folder / "video.scp")
    ctm, words, phones = (_read_ctm(folder / name) for name in ("ctm", "ctm.corpus", "ctm.corpus_phones"))
    return [
        Entry(
            uid=uid,
            speaker=_word(folder / "utt2spk", uid, speakers[uid]),
            audio=_sound(folder / "wav.scp", uid, path),
            video=videos.get(uid),
            text=sentences.get(uid, ""),
            tokens=tuple(texts[uid].split()) if aligned else (),
            durations=_numbers(folder / "durations", uid, durations[uid]) if aligned else (),
            words=ctm.get(uid, ()),
            corpus_words=words.get(uid, ()),
            corpus_phones=phones.get(uid, ()),
        )
        for uid, path in sorted(sounds.items())
    ]


def read_table(path: Path) -> dict[str, str]:
    """Id to value, blanks around it left out; :class:`UserError` for a file that is no such table."""
    rows: dict[str, str] = {}
    for number, line in enumerate(_lines(path), start=1):
        uid, *value = line.split(maxsplit=1) or [""]
        if not uid:
            raise UserError(f"{path}:{number} is empty: each line is '<id> <value>'")
        if uid in rows:
            raise UserError(f"{path}:{number} names {uid} a second time")
        rows[uid] = value[0].strip() if value else ""
    if not rows:
        raise UserError(f"{path} is empty")
    return rows


def _lines(path: Path) -> list[str]:
    """Lines by their line feeds alone: other separators may be part of a text."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise UserError(f"{path} is not UTF-8; save it so") from None
    return text.removesuffix("\n").split("\n") if text else []


def _optional(path: Path) -> dict[str, str]:
    return read_table(path) if path.exists() else {}


def _sound(path: Path, uid: str, value: str) -> str:
    if value.startswith("|") or value.endswith("|"):
        raise UserError(f"{path}: the sound of {uid} is a command, and none is ever run: {BETTER_SOUND}")
    if ARCHIVE.search(value):
        raise UserError(f"{path}: the sound of {uid} lies in a Kaldi archive: {BETTER_SOUND}")
    if not value:
        raise UserError(f"{path} gives no file for {uid}")
    return value


def _word(path: Path, uid: str, value: str) -> str:
    if value.split() != [value]:
        raise UserError(f"{path} must give one name for {uid}, not {value!r}")
    return value


def _numbers(path: Path, uid: str, value: str) -> tuple[int, ...]:
    wrong = [item for item in value.split() if not item.isascii() or not item.isdigit()]
    if wrong or not value:
        raise UserError(f"{path}: {uid} needs whole numbers of frames, not {wrong[0] if wrong else 'nothing'!r}")
    return tuple(map(int, value.split()))


def _write_table(path: Path, rows: Mapping[str, str]) -> None:
    """Write a table in order; nothing where there are no rows."""
    for uid, value in rows.items():
        if value != value.strip() or "\n" in value or "\r" in value:
            raise UserError(f"{path.name} cannot hold {value!r} of {uid}: a value is one line without blanks around it")
    if rows:
        write_text(path, "".join(f"{uid} {value}\n" for uid, value in sorted(rows.items())))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _check_name(name: str, what: str) -> None:
    if name.split() != [name]:
        raise UserError(f"{what} {name!r} is no name for a Kaldi-style folder: it must be one word, without blanks")


def _write_ctm(path: Path, rows: Mapping[str, Sequence[Timed]]) -> None:
    lines = []
    for uid, items in rows.items():
        for label, start_s, end_s in items:
            _check_name(label, f"word of {uid}")
            length = Decimal(repr(end_s)) - Decimal(repr(start_s))
            lines.append(f"{uid} 1 {Decimal(repr(start_s)):f} {length:f} {label}\n")
    if lines:
        write_text(path, "".join(lines))


def _read_ctm(path: Path) -> dict[str, tuple[Timed, ...]]:
    rows: dict[str, list[Timed]] = defaultdict(list)
    for number, line in enumerate(_lines(path) if path.exists() else [], start=1):
        try:
            uid, _, start, length, label = line.split()[:5]
            rows[uid].append(Timed(label, float(Decimal(start)), float(Decimal(start) + Decimal(length))))
        except (ValueError, InvalidOperation):
            raise UserError(f"{path}:{number} is not '<id> <channel> <start> <length> <word>'") from None
    return {uid: tuple(items) for uid, items in rows.items()}
