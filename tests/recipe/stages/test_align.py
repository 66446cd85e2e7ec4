"""The align stage: held words, evenly spread phones, the TextGrid route, distances."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from avsynth.audio.aligner import Segment
from avsynth.audio.io import write_wav
from avsynth.config.executor import ExecutorConfig
from avsynth.config.schema import AlignConfig, Config
from avsynth.data.alignment import read_alignments
from avsynth.data.manifest import PhoneTime, Utterance, WordTime, write_manifest
from avsynth.errors import UserError
from avsynth.recipe.context import StageContext
from avsynth.recipe.stages import align
from avsynth.recipe.stages.align import AlignJob, align_clip, distance_summary, evenly, hold

FOUND = [
    Segment("B", 0, 0.50, 0.60),
    Segment("IH", 0, 0.60, 0.80),
    Segment("B", 1, 0.80, 0.90),
    Segment("UW", 1, 0.90, 1.20),
    Segment("N", 2, 1.30, 1.50),
]
NEAR = [WordTime("bin", 0.52, 0.79), WordTime("blue", 0.79, 1.18), WordTime("now", 1.29, 1.55)]


def test_words_near_the_corpus_s_times_stay_where_the_sound_has_them() -> None:
    held, strayed = hold(FOUND, NEAR, 0.1)
    assert not strayed
    for before, after in zip(FOUND, held, strict=True):
        assert (after.phone, after.word) == (before.phone, before.word)
        assert (after.start_s, after.end_s) == pytest.approx((before.start_s, before.end_s))


def test_an_edge_that_strays_is_set_to_the_corpus_s_and_its_phones_are_scaled() -> None:
    times = [NEAR[0], NEAR[1], WordTime("now", 1.30, 1.90)]
    held, strayed = hold(FOUND, times, 0.1)
    assert strayed
    assert (held[4].start_s, held[4].end_s) == pytest.approx((1.30, 1.90))
    assert held[:4] == pytest.approx(hold(FOUND, NEAR, 0.1)[0][:4])
    times = [WordTime("bin", 0.20, 0.80), *NEAR[1:]]
    first, second = hold(FOUND, times, 0.1)[0][:2]
    assert (first.start_s, first.end_s, second.end_s) == pytest.approx((0.20, 0.40, 0.80))


def test_held_words_never_overlap() -> None:
    times = [WordTime("bin", 0.52, 1.00), NEAR[1], NEAR[2]]  # its end is set to 1.00, behind the next word's 0.80
    held, strayed = hold(FOUND, times, 0.1)
    assert strayed
    assert held[1].end_s == pytest.approx(0.9) == pytest.approx(held[2].start_s)
    assert all(one.end_s <= other.start_s + 1e-9 for one, other in pairwise(held))
    assert all(item.end_s > item.start_s for item in held)


def test_without_a_path_phones_share_their_word_evenly() -> None:
    segments = evenly([["B", "IH", "N"], ["AA"]], [WordTime("bin", 0.2, 0.8), WordTime("a", 1.0, 1.1)])
    assert [(item.phone, item.word) for item in segments] == [("B", 0), ("IH", 0), ("N", 0), ("AA", 1)]
    assert [item.start_s for item in segments] == pytest.approx([0.2, 0.4, 0.6, 1.0])
    assert [item.end_s for item in segments] == pytest.approx([0.4, 0.6, 0.8, 1.1])


def test_distances_are_summed_up() -> None:
    summary = distance_summary([-10.0, 10.0, 30.0, -30.0, 100.0])
    assert summary == {"words": 5, "median": 30.0, "p90": 72.0, "mean_signed": 20.0}


TEXTGRID = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 1
tiers? <exists>
size = 2
item []:
    item [1]:
        class = "IntervalTier"
        name = "words"
        xmin = 0
        xmax = 1
        intervals: size = 1
        intervals [1]:
            xmin = 0.30
            xmax = 0.70
            text = "be"
    item [2]:
        class = "IntervalTier"
        name = "phones"
        xmin = 0
        xmax = 1
        intervals: size = 2
        intervals [1]:
            xmin = 0.30
            xmax = 0.40
            text = "B"
        intervals [2]:
            xmin = 0.40
            xmax = 0.70
            text = "IY1"
"""


def utterance(code: str, words: tuple[WordTime, ...]) -> Utterance:
    return Utterance(f"s7_{code}", "s7", "be", f"{code}.wav", None, words, 1.0, 0, "25", "train")


@pytest.fixture
def context(tmp_path: Path) -> StageContext:
    """Two recordings, a TextGrid for the first alone."""
    pytest.importorskip("praatio")
    config = replace(Config(), align=AlignConfig(source="textgrid", textgrid_dir="grids"))
    context = StageContext(config, tmp_path, tmp_path / "exp", executor=ExecutorConfig("inline"))
    rows = [utterance("one", (WordTime("be", 0.25, 0.7),)), utterance("two", ())]
    sound = np.random.default_rng(0).normal(0, 0.05, 22_050 + 100)
    for row in rows:
        write_wav(tmp_path / row.audio, sound, 22_050)
    (tmp_path / "grids").mkdir()
    (tmp_path / "grids" / "one.TextGrid").write_text(TEXTGRID)
    context.manifest.parent.mkdir(parents=True)
    write_manifest(context.manifest, rows)
    return context


def test_textgrids_become_alignments_and_the_rest_has_a_reason(context: StageContext) -> None:
    ledger = align.run(context)
    assert (ledger.clips_in, ledger.clips_out) == (2, 1)
    assert ledger.dropped["s7_two"].startswith("not aligned: cannot read TextGrid")
    assert ledger.notes["sources"] == {"textgrid": 1}
    timeline = read_alignments(context.alignments)["s7_one"].timeline
    assert timeline.phones == ("sil", "B", "IY", "sil")
    assert timeline.total_hops == (22_050 + 100) // 256
    starts = [float(edge) for edge in timeline.boundaries_s[1:4]]
    assert starts == pytest.approx([0.3, 0.4, 0.7], abs=0.0059)
    assert ledger.notes["word_start_distance_ms"]["mean_signed"] == pytest.approx(50, abs=6)


def test_phone_times_of_the_corpus_go_before_the_aligner_s(context: StageContext) -> None:
    given = (PhoneTime("sil", 0, 0.3), PhoneTime("B", 0.3, 0.4), PhoneTime("IY", 0.4, 0.7), PhoneTime("sil", 0.7, 1))
    rows = [replace(utterance("one", ()), phones=given), utterance("two", (WordTime("be", 0.25, 0.7),))]
    write_manifest(context.manifest, rows)
    config = replace(context.config, align=AlignConfig(source="given"))
    ledger = align.run(replace(context, config=config))
    assert ledger.notes["sources"] == {"labels": 1, "held": 1}
    timelines = {uid: item.timeline for uid, item in read_alignments(context.alignments).items()}
    edges = [float(edge) for edge in timelines["s7_one"].boundaries_s[1:4]]
    assert edges == pytest.approx([0.3, 0.4, 0.7], abs=256 / 22_050)
    assert [span.text for span in timelines["s7_one"].words] == ["be"]


def test_a_recording_shorter_than_its_phones_is_a_reason(context: StageContext, tmp_path: Path) -> None:
    write_wav(tmp_path / "one.wav", np.zeros(600), 22_050)
    row = context.utterances()[0]
    job = AlignJob(row, tmp_path / row.audio, context.config, tmp_path / "grids" / "one.TextGrid")
    assert align_clip(job).reason == "not aligned: 4 phones do not fit into 2 mel frames"


def test_nothing_aligned_is_one_clear_line(context: StageContext, tmp_path: Path) -> None:
    (tmp_path / "grids" / "one.TextGrid").unlink()
    with pytest.raises(UserError, match=r"no clip below .* could be aligned"):
        align.run(context)
    assert not context.alignments.exists()


def test_noise_with_word_times_is_held_and_without_them_has_a_reason(tmp_path: Path) -> None:
    pytest.importorskip("pocketsphinx")
    write_wav(tmp_path / "one.wav", np.random.default_rng(0).normal(0, 0.1, 22_050), 22_050)
    words = (WordTime("bin", 0.2, 0.5), WordTime("blue", 0.5, 0.9))
    row = replace(utterance("one", words), text="bin blue")
    result = align_clip(AlignJob(row, tmp_path / "one.wav", Config(), None))
    assert result.alignment is not None and result.alignment.source == "held"
    assert [word[0] for word in result.alignment.timeline.word_times()] == ["bin", "blue"]
    assert max(abs(value) for value in result.distances_ms) < 6
    lost = align_clip(AlignJob(replace(row, words=()), tmp_path / "one.wav", Config(), None))
    assert lost.alignment is None and lost.reason == "not aligned: the aligner found no path for 'bin blue'"
