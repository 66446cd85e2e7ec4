"""The teacher's own phone times: which symbols become which phones, and where it is silent."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.data.hibari import LAG_S, PHONES, UNIT_S, Hibari, Symbol, phones_of, quiet_run, quiet_windows
from avsynth.data.manifest import PhoneTime
from avsynth.errors import UserError
from avsynth.text import SIL
from avsynth.text.symbols import PHONES as OURS

RATE = 8_000


def symbols(text: str, lead: int = 8) -> list[Symbol]:
    """One symbol a character, 100 ms each, after a lead-in and before a tail."""
    lengths = [lead, *(4,) * len(text), 4]
    edges = np.cumsum([0, *lengths]) * UNIT_S
    return [Symbol(*item) for item in zip(["", *text, ""], map(float, edges), map(float, edges[1:]), strict=False)]


def sound(total_s: float, *quiet: tuple[float, float]) -> NDArray[np.float32]:
    samples = 0.5 * np.sin(np.arange(round(total_s * RATE)))
    for start_s, end_s in quiet:
        samples[round(start_s * RATE) : round(end_s * RATE)] = 0
    return samples.astype(np.float32)


def names(times: tuple[PhoneTime, ...]) -> str:
    return " ".join(item.phone for item in times)


def test_every_symbol_of_its_is_one_of_our_phones() -> None:
    assert set(PHONES.values()) == set(OURS)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("slˈɪd", "sil S L IH D sil"),
        ("bˈɜɹʧ", "sil B ER CH sil"),
        ("ðə ɹˈɛd", "sil DH AH R EH D sil"),
        ("lˈɛTəɹz", "sil L EH T ER Z sil"),
        ("əɹˈWnd", "sil ER AW N D sil"),
        ("fˈɔɹ", "sil F AO R sil"),
        ("“nˈO,”", "sil N OW sil"),
    ],
)
def test_symbols_become_phones(text: str, says: str) -> None:
    made = symbols(text)
    total_s = made[-1].end_s
    assert names(phones_of(made, sound(total_s, (0, 0.1), (total_s - 0.1, total_s)), RATE)) == says


def test_times_have_no_gap_and_a_stress_belongs_to_its_vowel() -> None:
    times = phones_of(symbols("slˈɪd"), sound(0.9, (0, 0.15), (0.8, 0.9)), RATE)
    assert [item.start_s for item in times[1:]] == [item.end_s for item in times[:-1]]
    assert times[0] == PhoneTime(SIL, 0.0, pytest.approx(0.15)) and times[-1] == PhoneTime(
        SIL, pytest.approx(0.8), pytest.approx(0.9)
    )
    vowel = times[3]
    assert vowel.end_s - vowel.start_s == pytest.approx(0.2)  # its own time and its stress mark's
    assert vowel.start_s == pytest.approx(0.4 - LAG_S)


@pytest.mark.parametrize(
    ("between", "quiet", "says"),
    [
        (",", (0.43, 0.52), "sil N D sil N D sil"),
        (",", (0.43, 0.48), "sil N D N D sil"),
        (" ", (0.43, 0.52), "sil N D N D sil"),
        (" ", (0.30, 0.48), "sil N D sil N D sil"),
        (", ", (0.43, 0.52), "sil N D sil N D sil"),
        ("", (0.36, 0.46), "sil N D N D sil"),
    ],
)
def test_a_silence_must_be_longer_where_there_is_no_mark(between: str, quiet: tuple[float, float], says: str) -> None:
    made = symbols(f"nd{between}nd")
    total_s = made[-1].end_s
    assert names(phones_of(made, sound(total_s, (0, 0.1), quiet, (total_s - 0.1, total_s)), RATE)) == says


def test_a_stop_is_closed_before_it_sounds() -> None:
    made = symbols("n,p")
    times = phones_of(made, sound(0.7, (0, 0.1), (0.25, 0.39), (0.6, 0.7)), RATE)
    assert names(times) == "sil N sil P sil"
    assert (times[2].start_s, times[2].end_s) == (pytest.approx(0.25), pytest.approx(0.35))


def test_the_longest_quiet_run_between_two_times() -> None:
    quiet = quiet_windows(sound(1.0, (0.1, 0.2), (0.5, 0.8)), RATE)
    assert quiet_run(quiet, 0, 1) == (pytest.approx(0.5), pytest.approx(0.8))
    assert quiet_run(quiet, 0, 0.55) == (pytest.approx(0.1), pytest.approx(0.2))
    assert quiet_run(quiet, 0.25, 0.45) is None


def test_marks_alone_are_no_speech() -> None:
    with pytest.raises(UserError, match="no phone"):
        phones_of(symbols(",."), sound(0.5), RATE)


def test_the_teacher_itself() -> None:
    pytest.importorskip("hibari")
    teacher = Hibari()
    text = "Wait, the birch canoe slid on the smooth planks."
    spoken, rate = teacher(text)
    times = teacher.phone_times(text, spoken, rate)
    assert names(times) == "sil W EY T sil DH AH B ER CH K AH N UW S L IH D AO N DH AH S M UW DH P L AE NG K S sil"
    assert times[0].start_s == 0 and times[-1].end_s == pytest.approx(len(spoken) / rate)
    loud = [np.abs(spoken[round(item.start_s * rate) : round(item.end_s * rate)]).mean() for item in times]
    assert max(loud[0], loud[4], loud[-1]) < 0.01 < min(loud[2], loud[8], loud[-5])
