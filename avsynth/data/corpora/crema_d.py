"""CREMA-D as its owners lay it out: ``VideoFlash/<clip>.flv`` and ``AudioWAV/<clip>.wav``.

A clip's name has four fields: the actor (1001 to 1091), which of twelve sentences, which emotion, how strong
(``1001_DFA_ANG_XX``). The corpus gives no times. (Cao et al., IEEE Transactions on Affective Computing 5(4), 2014.)
"""

from __future__ import annotations

import re
from pathlib import Path

from avsynth.config.schema import DataConfig
from avsynth.data.clips import ClipMeasure, Corpus, FilmedClip, measure_filmed
from avsynth.errors import UserError

SENTENCES = {
    "IEO": "It's eleven o'clock.",
    "TIE": "That is exactly what happened.",
    "IOM": "I'm on my way to the meeting.",
    "IWW": "I wonder what this is about.",
    "TAI": "The airplane is almost full.",
    "MTI": "Maybe tomorrow it will be cold.",
    "IWL": "I would like a new alarm clock.",
    "ITH": "I think I have a doctor's appointment.",
    "DFA": "Don't forget a jacket.",
    "ITS": "I think I've seen this before.",
    "TSI": "The surface is slick.",
    "WSI": "We'll stop in a couple of minutes.",
}
NAME = re.compile(r"(\d{4})_([A-Z]{3})_(ANG|DIS|FEA|HAP|NEU|SAD)_(LO|MD|HI|XX?)")


def find_clips(corpus: Path, speaker: str | None = None) -> list[FilmedClip]:
    """Every clip of ``VideoFlash``, by actor and name; its sound is the WAV of that name, else its own.

    Args:
        corpus: The folder that holds ``VideoFlash`` and ``AudioWAV``.
        speaker: This actor alone.

    Raises:
        UserError: There is no such video.
    """
    clips = []
    for path in sorted((corpus / "VideoFlash").glob("*.flv")):
        actor, _, code = path.stem.partition("_")
        if speaker in (None, actor):
            sound = corpus / "AudioWAV" / f"{path.stem}.wav"
            clips.append(FilmedClip(actor, code, path, sound if sound.is_file() else path))
    if not clips:
        whose = speaker or "<actor>"
        raise UserError(f"--data {corpus} holds no VideoFlash/{whose}_*.flv: is it CREMA-D?")
    return clips


def measure_clip(clip: FilmedClip, config: DataConfig) -> ClipMeasure:
    """Decode a clip wholly and measure it; what makes it unusable becomes its reason."""
    fields = NAME.fullmatch(clip.uid)
    if fields is None or fields[2] not in SENTENCES:
        return ClipMeasure(clip.speaker, clip.code, f"strange name: {clip.video.name} names no sentence of the corpus")
    return measure_filmed(clip, SENTENCES[fields[2]], (), config.longest_s)


CORPUS = Corpus(find_clips, measure_clip)
