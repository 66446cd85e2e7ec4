"""The layout of LJSpeech: what the list says, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from avsynth.audio.io import write_wav
from avsynth.config.schema import DataConfig
from avsynth.data.corpora.ljspeech import find_clips, measure_clip, read_labels, write_labels
from avsynth.data.manifest import PhoneTime
from avsynth.errors import UserError

RATE = 22_050


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "reader"
    (folder / "wavs").mkdir(parents=True)
    return folder


def sound(corpus: Path, code: str, seconds: float) -> None:
    samples = np.random.default_rng(0).standard_normal(round(seconds * RATE)) * 0.1
    write_wav(corpus / "wavs" / f"{code}.wav", samples, RATE)


def listed(corpus: Path, text: str) -> None:
    (corpus / "metadata.csv").write_text(text, encoding="utf-8")


def test_the_last_field_is_what_is_said(corpus: Path) -> None:
    sound(corpus, "b-1", 1.5)
    listed(corpus, "b-1|On 3 May.|On the third of May.\n\na-2|Hello.\n")
    clips = find_clips(corpus)
    assert [(clip.speaker, clip.code, clip.text) for clip in clips] == [
        ("reader", "a-2", "Hello."),
        ("reader", "b-1", "On the third of May."),
    ]
    assert find_clips(corpus, "linda")[0].uid == "linda_a-2"
    measure = measure_clip(clips[1], DataConfig())
    assert (measure.reason, measure.audio_s, measure.lip_frames) == ("", 1.5, 0)
    assert clips[1].video is None


def test_flac_is_found_too(corpus: Path) -> None:
    sound(corpus, "a", 1)
    (corpus / "wavs" / "a.wav").rename(corpus / "wavs" / "a.flac")  # known by its content
    listed(corpus, "a|Hello.")
    assert measure_clip(find_clips(corpus)[0], DataConfig()).audio_s == 1


@pytest.mark.parametrize(
    ("line", "seconds", "reason"),
    [
        ("a|Hello.", None, "unreadable: "),
        ("a|Hello.|", 1.0, "no text: line 1 of metadata.csv"),
        ("a|Hello.|?!", 1.0, "no text: line 1 of metadata.csv"),
        ("a|Hello.", 0.2, "too short: 0.20 s"),
        ("a|Hello.", 31.0, "too long: over 30 s (data.longest_s)"),
    ],
)
def test_what_makes_a_clip_unusable(corpus: Path, line: str, seconds: float | None, reason: str) -> None:
    if seconds is not None:
        sound(corpus, "a", seconds)
    listed(corpus, line)
    assert measure_clip(find_clips(corpus)[0], DataConfig()).reason.startswith(reason)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a Hello.", "metadata.csv, line 1: not of the form"),
        ("a|Hello.\n|Hello.", "metadata.csv, line 2: not of the form"),
        ("a|Hello.\nb|You.\na|There.", "line 3: a stands in line 1 already"),
        ("\n", "lists no clip"),
    ],
)
def test_a_list_that_is_wrong_is_one_line(corpus: Path, text: str, says: str) -> None:
    listed(corpus, text)
    with pytest.raises(UserError, match=says) as caught:
        find_clips(corpus)
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_list(corpus: Path) -> None:
    with pytest.raises(UserError, match=r"cannot read .*metadata\.csv"):
        find_clips(corpus)


def test_labels_beside_the_sound_are_its_phones(corpus: Path) -> None:
    sound(corpus, "a", 1)
    sound(corpus, "b", 1)
    listed(corpus, "a|Be.\nb|Be.")
    times = (PhoneTime("sil", 0, 0.25), PhoneTime("B", 0.25, 0.3333), PhoneTime("IY", 0.3333, 0.7))
    (corpus / "labels").mkdir()
    write_labels(corpus / "labels" / "a.txt", (*times, PhoneTime("sil", 0.7, 1.0)))
    first, second = (measure_clip(clip, DataConfig()) for clip in find_clips(corpus))
    assert [(item.phone, item.start_s) for item in first.phones] == [
        ("sil", 0),
        ("B", 0.25),
        ("IY", 0.333),
        ("sil", 0.7),
    ]
    assert second.phones == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("0 1", "line 1: not of the form"),
        ("0 x sil", "line 1: not of the form"),
        ("0 .2 sil\n.2 .5 QQ", "line 2: 'QQ' is not one of sil AA"),
        ("0 .2 sil\n.3 .5 B", "line 2: it must go on from 0.2 s"),
        ("0 .2 sil\n.2 .1 B", "line 2: it must go on"),
        ("0 .2 B\n.2 .5 sil", "must begin and end with sil"),
        ("", "must begin and end with sil"),
    ],
)
def test_labels_that_are_wrong_are_a_reason(corpus: Path, text: str, says: str) -> None:
    sound(corpus, "a", 1)
    listed(corpus, "a|Be.")
    (corpus / "labels").mkdir()
    (corpus / "labels" / "a.txt").write_text(text)
    with pytest.raises(UserError, match=says):
        read_labels(corpus / "labels" / "a.txt")
    assert measure_clip(find_clips(corpus)[0], DataConfig()).reason.startswith("labels: ")
