"""TCD-TIMIT's folders, labels and sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from avsynth.data.corpora.tcd_timit import (
    CONSONANT_LABELS,
    PHONE_OF,
    VOWEL_LABELS,
    find_clips,
    phone_times,
    read_labels,
    read_text,
    speech_runs,
)
from avsynth.data.manifest import PhoneTime, WordTime
from avsynth.errors import UserError
from avsynth.text import SIL, Symbols
from avsynth.text.symbols import CONSONANTS, VOWELS

OTHER_DISK = "/home/some one/TCDTIMIT"
SA1 = "0 5000000 sil\n5000000 6000000 sh\n6000000 7000000 iy\n7000000 9000000 sil\n"


def touch(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def write_mlf(path: Path, **labels: str) -> None:
    """Entries ``<speaker>_<sentence>``."""
    text = "#!MLF!#\n"
    for key, lines in labels.items():
        speaker, code = key.lstrip("_").split("_")
        text += f'"{OTHER_DISK}/volunteers/{speaker}/Clips/straightcam/{code}.rec"\n{lines}.\n'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_37_phones_and_silence_are_symbols() -> None:
    assert len(VOWEL_LABELS + CONSONANT_LABELS) == len(PHONE_OF) - 1 == 37
    assert {PHONE_OF[label] for label in VOWEL_LABELS} == set(VOWELS) - {"AO"}
    assert {PHONE_OF[label] for label in CONSONANT_LABELS} == set(CONSONANTS) - {"ZH"}
    assert PHONE_OF["sil"] == SIL
    assert set(PHONE_OF.values()) <= set(Symbols().names)


def test_both_groups_are_found_with_what_lies_beside_their_clips(tmp_path: Path) -> None:
    touch(
        tmp_path,
        "volunteers/10M/Clips/straightcam/sa1.mp4",
        "volunteers/02F/Clips/straightcam/sx5.mp4",
        "volunteers/02F/Clips/straightcam/sx5.wav",
        "volunteers/02F/Clips/straightcam/SX5.txt",
        "volunteers/02F/Clips/30degcam/sx5.mp4",
        "lipspeakers/Lipspkr1/Clips/straightcam/si10.mp4",
    )
    write_mlf(tmp_path / "volunteer_labelfiles.mlf", _10M_sa1=SA1, _10M_sa2=SA1)
    first, second, third = find_clips(tmp_path)
    assert [clip.uid for clip in (first, second, third)] == ["02F_sx5", "10M_sa1", "Lipspkr1_si10"]
    assert first.audio == first.video.with_suffix(".wav") and first.text == first.video.with_name("SX5.txt")
    assert second.audio == second.video and second.text is None
    assert second.entry is not None and len(second.entry.labels) == 4
    assert first.entry is third.entry is None
    assert [clip.uid for clip in find_clips(tmp_path, "10M")] == ["10M_sa1"]


def test_what_is_not_tcd_timit_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"holds no volunteers/<speaker>/Clips/straightcam/\*\.mp4: is it TCD-TIMIT"):
        find_clips(tmp_path)
    touch(tmp_path, "volunteers/01M/Clips/straightcam/sa1.mp4")
    with pytest.raises(UserError, match="holds no volunteers/99M/"):
        find_clips(tmp_path, "99M")
    with pytest.raises(UserError, match=r"holds no label file \(\*\.mlf\): put volunteer_labelfiles\.mlf there"):
        find_clips(tmp_path)


def test_labels_of_visemes_and_of_the_other_camera_do_not_stand_in(tmp_path: Path) -> None:
    write_mlf(tmp_path / "a" / "Visemes.mlf", _01M_sa1="0 100 S\n", _01M_sa2="0 100 V3\n")
    write_mlf(tmp_path / "labels.MLF", _01M_sa1=SA1)
    other = f'"{OTHER_DISK}/volunteers/01M/Clips/30degcam/sx9.rec"\n{SA1}.\n"*/sx8.rec"\n{SA1}.\n'
    (tmp_path / "z.mlf").write_text(f"#!MLF!#\n{other}")
    entries = read_labels(tmp_path)
    assert entries.keys() == {("01M", "sa1"), ("01M", "sa2")}
    assert len(entries["01M", "sa1"].labels) == 4
    with pytest.raises(UserError, match="'V3' is none of the corpus's phones"):
        phone_times(entries["01M", "sa2"])


def test_labels_become_symbols_and_seconds(tmp_path: Path) -> None:
    write_mlf(tmp_path / "a.mlf", _01M_sa1=SA1.replace("6000000 7", "6000001 7"), _01M_sa2="0 9 sil\n9 5 x\n")
    entries = read_labels(tmp_path)
    phones, repairs = phone_times(entries["01M", "sa1"])
    assert phones == (
        *(PhoneTime("sil", 0.0, 0.5), PhoneTime("SH", 0.5, 0.6), PhoneTime("IY", 0.6, 0.7), PhoneTime("sil", 0.7, 0.9)),
    )
    assert repairs == {"slips": 1}
    assert speech_runs(phones) == [WordTime("speech", 0.5, 0.7)]
    with pytest.raises(UserError, match="no label file tells of this clip"):
        phone_times(None)


def test_speech_runs_lie_between_silences() -> None:
    names = ("sil", "T", "UW", "sil", "N", "sil")
    phones = tuple(PhoneTime(name, number / 10, (number + 1) / 10) for number, name in enumerate(names))
    assert speech_runs(phones) == [WordTime("speech", 0.1, pytest.approx(0.3)), WordTime("speech", 0.4, 0.5)]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("0 46797 She had your dark suit.\n", "She had your dark suit."),
        ("0 9100000 sil\n9100000 11300000 she\r\n11300000 12900000 had\n", "she had"),
        ("\ufeffShe had your dark suit.\n", "She had your dark suit."),
        ("The year 1999 ended.", "The year 1999 ended."),
        ("0 46797 \n", ""),
        ("...", ""),
    ],
)
def test_a_sentence_is_the_words_without_their_times(tmp_path: Path, written: str, text: str) -> None:
    (tmp_path / "sa1.txt").write_text(written, encoding="utf-8")
    assert read_text(tmp_path / "sa1.txt") == text
