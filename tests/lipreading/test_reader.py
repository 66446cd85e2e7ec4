"""A reader of drawn mouths: what it reads, where it finds the boundaries, what it is on disk."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from avsynth.errors import UserError
from avsynth.lipreading.paths import label_lengths, silences_optional
from avsynth.lipreading.pictures import MARGIN, centred, disturbed, small_pictures
from avsynth.lipreading.reader import DESCRIPTION, WEIGHTS, LipReader, ReaderSpec
from avsynth.lipreading.search import SentenceNetwork, greedy
from avsynth.text import Symbols
from avsynth.video.box import Box


class Drawn(Protocol):
    """As the conftest draws it."""

    @property
    def crops(self) -> NDArray[np.uint8]: ...
    @property
    def phones(self) -> tuple[str, ...]: ...
    @property
    def frames(self) -> tuple[int, ...]: ...


def test_unseen_mouths_are_read_almost_without_error(reader: LipReader, heard: list[Drawn]) -> None:
    table = Symbols(reader.spec.symbols)
    right = [tuple(table.decode(greedy(reader.read(item.crops).ctc_SV))) == item.phones for item in heard]
    assert sum(right) >= 19


def test_boundaries_are_found_within_a_frame(reader: LipReader, heard: list[Drawn]) -> None:
    off = []
    for item in heard:
        scores = reader.read(item.crops).timing_SV[:, reader.spec.encode(list(item.phones))]
        lengths = label_lengths(scores, silences_optional(item.phones))
        assert lengths.sum() == len(item.crops) * reader.spec.config.positions
        found = np.cumsum(lengths) * reader.spec.position_s * float(reader.spec.fps)
        off += np.abs(found - list(accumulate(item.frames)))[:-1].tolist()
    assert np.mean(off) < 0.25 and np.max(off) <= 1


def test_a_grammar_reads_the_right_words(reader: LipReader, heard: list[Drawn]) -> None:
    table = Symbols(reader.spec.symbols)
    spoken = sorted({item.phones[1:-1] for item in heard})
    words = {" ".join(phones): [table.encode(phones)] for phones in spoken}
    network = SentenceNetwork([{"": [table.encode(["sil"])]}, words, {"": [table.encode(["sil"])]}])
    read = [network.best(reader.read(item.crops).ctc_SV)[0] for item in heard]
    assert sum(own == [" ".join(item.phones[1:-1])] for own, item in zip(read, heard, strict=True)) >= 19


def test_a_frozen_mouth_says_next_to_nothing(reader: LipReader, heard: list[Drawn]) -> None:
    for item in heard:
        still = np.broadcast_to(item.crops[0], item.crops.shape)
        assert len(greedy(reader.read(np.asarray(still)).ctc_SV)) <= 2


def test_grey_and_colour_are_read_alike(reader: LipReader, heard: list[Drawn]) -> None:
    crops = heard[0].crops
    assert np.allclose(reader.read(crops).ctc_SV, reader.read(crops[..., 0]).ctc_SV, atol=1e-4)


def test_padding_changes_nothing(reader: LipReader) -> None:
    frames = 255 * torch.rand(2, 12, 16, 24, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        alone = [reader(frames[:1, :7], torch.tensor([7])), reader(frames[1:], torch.tensor([12]))]
        together = reader(frames, torch.tensor([7, 12]))
    positions = reader.spec.config.positions
    for head in (0, 1):
        assert torch.allclose(together[head][0, : 7 * positions], alone[0][head][0], atol=1e-4)
        assert torch.allclose(together[head][1], alone[1][head][0], atol=1e-4)


def test_gain_changes_next_to_nothing(reader: LipReader) -> None:
    frames = 100 + 50 * torch.rand(1, 9, 16, 24, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        plain, dim = (reader(item, torch.tensor([9]))[0] for item in (frames, frames * 0.8 + 10))
    assert torch.allclose(plain, dim, atol=0.2)


def test_saved_and_loaded_it_reads_the_same(reader: LipReader, folder: Path, heard: list[Drawn]) -> None:
    loaded = LipReader.load(folder)
    assert loaded.spec == reader.spec and loaded.learned == reader.learned and len(loaded.learned) == 48
    assert np.array_equal(loaded.read(heard[0].crops).ctc_SV, reader.read(heard[0].crops).ctc_SV)
    assert json.loads((folder / DESCRIPTION).read_text())["measures"] == {"symbols": 41.0}


def test_what_is_no_reader_is_one_clear_line(reader: LipReader, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot read"):
        LipReader.load(tmp_path / "nowhere")
    reader.save(tmp_path)
    described = json.loads((tmp_path / DESCRIPTION).read_text())
    for damage in ({"format": 9}, {"box": {}}, {"config": {"width": "wide"}}, {"symbols": ["sil"]}):
        (tmp_path / DESCRIPTION).write_text(json.dumps(described | damage))
        with pytest.raises(UserError, match=r"reader of format 9|does not describe a lip reader|no weights"):
            LipReader.load(tmp_path)
    (tmp_path / DESCRIPTION).write_text(json.dumps(described))
    (tmp_path / WEIGHTS).write_bytes(b"none")
    with pytest.raises(UserError, match="no weights of this lip reader"):
        LipReader.load(tmp_path)


def test_crops_of_another_kind_are_refused(reader: LipReader) -> None:
    for crops in (np.zeros((3, 24, 32, 3), np.float32), np.zeros((24, 32), np.uint8), np.zeros((0, 24, 32), np.uint8)):
        with pytest.raises(UserError, match="reads uint8 crops"):
            reader.read(crops)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="these are 10 x 12"):
        reader.read(np.zeros((3, 10, 12, 3), np.uint8))


def test_the_small_picture_is_the_box_averaged() -> None:
    crops = np.zeros((2, 24, 32, 3), np.uint8)
    crops[:, 4:20, 4:28] = 200
    small = small_pictures(crops, Box(4, 20, 4, 28), 4, 8)
    assert small.shape == (2, 4 + 2 * MARGIN, 8 + 2 * MARGIN) and (small == 200).all()
    assert centred(small).shape == (2, 4, 8)


def test_training_sees_a_clip_moved_mirrored_and_dimmed_in_place_and_time_kept(heard: list[Drawn]) -> None:
    pictures = small_pictures(heard[0].crops, Box(2, 22, 2, 30), 16, 24)
    plain = centred(pictures).astype(np.float32)
    seen = [disturbed(pictures, np.random.default_rng(seed)) for seed in range(20)]
    assert all(item.shape == plain.shape and item.dtype == np.float32 for item in seen)
    assert np.array_equal(seen[0], disturbed(pictures, np.random.default_rng(0)))
    area = (plain < plain.mean()).sum((1, 2))
    agreement = [np.corrcoef(area, (item < item.mean()).sum((1, 2)))[0, 1] for item in seen]
    assert min(agreement) > 0.6 and len({round(float(item.mean())) for item in seen}) > 5


def test_positions_are_timed_by_the_frame_rate(spec: ReaderSpec) -> None:
    assert spec.position_s == pytest.approx(0.02)
    assert replace(spec, config=replace(spec.config, positions=1)).position_s == pytest.approx(0.04)


def test_features_are_of_each_picture_by_itself(reader: LipReader) -> None:
    crops = np.random.default_rng(0).integers(0, 256, (12, 40, 60, 3), dtype=np.uint8)
    seen = reader.features(crops)
    assert seen.shape == (12, reader.spec.config.hidden) and seen.dtype == np.float32
    turned = reader.features(crops[::-1])
    np.testing.assert_allclose(turned[::-1], seen, atol=1e-4)
