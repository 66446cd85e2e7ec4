"""Conversion of phones and durations between ESPnet's conventions and this project's.

ESPnet's features are centred: a sound of N samples has ``1 + N // hop`` frames, one more than whole hops. Its
FastSpeech 2 appends ``<eos>`` to the tokens, and ``durations`` has a number for it: the one extra frame.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

from avsynth.data.espnet.kaldi import Entry, Timed
from avsynth.data.manifest import Utterance
from avsynth.data.textgrid import SILENT
from avsynth.errors import UserError
from avsynth.text import PHONES, SIL
from avsynth.timeline import Timeline, WordSpan, durations_between
from vocoder.mel import MelConfig, mel_frames

SILENT_TOKENS = SILENT | {"<space>", "<sil>", "pau"}
MAX_FRAMES_APART = 2
"""Frames by which durations may miss the length of the sound: resampling and framing differ a little."""


def phone_of(token: str) -> str:
    """The phone or silence that a token stands for, its stress dropped; punctuation is silence.

    Raises :class:`UserError` for a token that is neither.
    """
    if token in SILENT_TOKENS or all(unicodedata.category(char)[0] in "PS" for char in token):
        return SIL
    phone = token.upper().rstrip("012")
    if phone not in PHONES:
        raise UserError(
            f"token {token!r} is no phone of ARPAbet: align with a dictionary of those (MFA: english_us_arpa), or leave"
            " durations out and let the align stage find them"
        )
    return phone


def to_durations(timeline: Timeline, samples: int) -> tuple[int, ...]:
    """Frames of each phone and of ``<eos>``, as many as ESPnet's features of ``samples`` at the timeline's rate.

    Raises :class:`UserError` where the timeline is not of that sound.
    """
    if samples // timeline.hop_length != timeline.total_hops:
        raise UserError(
            f"its alignment has {timeline.total_hops} hops, its sound {samples // timeline.hop_length}:"
            " run the align stage again"
        )
    return (*timeline.hops, 1)


def to_timeline(
    entry: Entry, sound_s: Fraction, sample_rate: int, hop_length: int, mel: MelConfig, fps: Fraction
) -> Timeline:
    """The timeline of an utterance of a data folder; no phone of it vanishes.

    Args:
        sound_s: Length of the sound, exact.
        sample_rate: Of ``durations``, in Hz.
        hop_length: Of ``durations``, in samples.
        mel: Gives the timeline's own rate and hop.
        fps: The timeline's.

    Raises:
        UserError: Tokens and durations do not match, or durations and sound.
    """
    phones = [phone_of(token) for token in entry.tokens]
    frames = list(entry.durations)
    if not phones or len(frames) not in (len(phones), len(phones) + 1):
        raise UserError(
            f"{len(frames)} durations for {len(phones)} tokens: text must hold the tokens that the durations belong to,"
            " and durations one number for each and one for <eos>"
        )
    expected = 1 + int(sound_s * sample_rate) // hop_length
    if abs(sum(frames) - expected) > MAX_FRAMES_APART:
        raise UserError(
            f"durations of {sum(frames)} frames for a sound of {expected}: say with --durations-rate and"
            f" --durations-hop what a frame is, if not {hop_length} samples at {sample_rate} Hz"
        )
    ending = frames.pop() if len(frames) > len(phones) else 0
    if ending > 1 and phones[-1] != SIL:
        phones.append(SIL)
        frames.append(ending)
    hop_s = Fraction(hop_length, sample_rate)
    starts_s = [float(count * hop_s) for count in accumulate(frames[:-1], initial=0)]
    total = mel_frames(int(sound_s * mel.sample_rate), mel)
    hops = durations_between(starts_s, total, mel.sample_rate / mel.hop_length)
    bare = Timeline(tuple(phones), tuple(hops), (), mel.sample_rate, mel.hop_length, fps)
    return Timeline(bare.phones, bare.hops, word_spans(bare, entry.words), mel.sample_rate, mel.hop_length, fps)


def word_spans(timeline: Timeline, words: Sequence[Timed]) -> tuple[WordSpan, ...]:
    """Each word over the phones between the boundaries nearest to its times; none at all where one finds no phone."""
    edges = [float(edge) for edge in timeline.boundaries_s]
    places = range(len(edges))
    spans: list[WordSpan] = []
    for label, start_s, end_s in words:
        first = min(places, key=lambda place: abs(edges[place] - start_s))
        last = min(places, key=lambda place: abs(edges[place] - end_s))
        if not (spans[-1].last if spans else 0) <= first < last:
            return ()
        spans.append(WordSpan(label, first, last))
    return tuple(spans)


def word_times(timeline: Timeline) -> tuple[Timed, ...]:
    """The words of a timeline for ``ctm``: to the microsecond, which tells any two boundaries apart."""
    return tuple(Timed(text, round(start_s, 6), round(end_s, 6)) for text, start_s, end_s in timeline.word_times())


def kaldi_ids(utterances: Sequence[Utterance]) -> dict[str, str]:
    """Names of utterances to names whose sorted order is also that of their speakers, which Kaldi demands.

    They stay the same where that is so already. Otherwise a hyphen replaces the underscore between speaker and
    sentence, since an underscore sorts ``s10_…`` before ``s1_…``; :func:`own_id` reverses this.

    Raises :class:`UserError` where neither gives the right order.
    """
    for separator in "_-":
        ids = {item.uid: _with(separator, item) for item in utterances}
        speakers = [speaker for _, speaker in sorted((ids[item.uid], item.speaker) for item in utterances)]
        if speakers == sorted(speakers) and len(set(ids.values())) == len(ids):
            return ids
    at = next(place for place in range(1, len(speakers)) if speakers[place] < speakers[place - 1])
    raise UserError(
        f"speakers {speakers[at - 1]} and {speakers[at]} cannot be put in Kaldi's order, which is by utterance and by"
        " speaker at once: let each utterance's name begin with its speaker's, and no speaker's with another's"
    )


def own_id(uid: str, speaker: str) -> str:
    """The name in our manifest: ``<speaker>_…`` for ``<speaker>-…``, else the same.

    Raises :class:`UserError` for a name that cannot be that of a file.
    """
    for name in (uid, speaker):
        if "/" in name or name in (".", ".."):
            raise UserError(f"{name!r} cannot name files: rename it without slashes")
    rest = uid.removeprefix(f"{speaker}-")
    return f"{speaker}_{rest}" if rest and rest != uid else uid


def _with(separator: str, item: Utterance) -> str:
    rest = item.uid.removeprefix(f"{item.speaker}_")
    return f"{item.speaker}{separator}{rest}" if rest != item.uid else item.uid
