"""CREMA-D, Lombard GRID and LRS3: generated files of their layouts are found, measured, and dropped with reasons."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from avsynth.audio.io import write_wav
from avsynth.config.schema import DataConfig
from avsynth.data.clips import ClipMeasure
from avsynth.data.corpora import load_corpus
from avsynth.errors import UserError
from avsynth.video.writing import write_clip

RATE, SECONDS = 16_000, 1.6
WORDS = ((0.2, 0.4), (0.4, 0.6), (0.6, 0.7), (0.7, 0.9), (0.9, 1.1), (1.1, 1.3))


def sound() -> np.ndarray:
    """Loud where the words are."""
    time = np.arange(int(SECONDS * RATE)) / RATE
    loud = np.where((time > WORDS[0][0]) & (time < WORDS[-1][1]), 0.1, 0.0005)
    return (loud * np.random.default_rng(0).standard_normal(len(time))).astype(np.float32)


def film(path: Path, fps: Fraction, seconds: float = SECONDS) -> None:
    """Moving pictures without sound, in the container that the name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    codec = {".flv": "flv", ".mov": "mpeg4"}[path.suffix]
    rng = np.random.default_rng(1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=fps)
        stream.width, stream.height, stream.pix_fmt = 48, 32, "yuv420p"
        for _ in range(round(seconds * fps)):
            frame = av.VideoFrame.from_ndarray(rng.integers(0, 256, (32, 48, 3), dtype=np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def measured(name: str, folder: Path) -> dict[str, ClipMeasure]:
    corpus = load_corpus(name)
    return {clip.uid: corpus.measure(clip, DataConfig(corpus=name)) for clip in corpus.find(folder, None)}


@pytest.mark.parametrize("name", ("crema_d", "lombard_grid", "lrs3"))
def test_a_folder_of_something_else_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"holds no .*: is it "):
        load_corpus(name).find(tmp_path, None)


def test_crema_d(tmp_path: Path) -> None:
    fps = Fraction(30000, 1001)
    (tmp_path / "AudioWAV").mkdir()
    for clip in ("1001_DFA_ANG_XX", "1001_IEO_HAP_LO", "1002_XXX_ANG_XX", "1002_TSI_SAD_XX"):
        film(tmp_path / "VideoFlash" / f"{clip}.flv", fps, 0.8 if "TSI" in clip else SECONDS)
        write_wav(tmp_path / "AudioWAV" / f"{clip}.wav", sound(), RATE)
    (tmp_path / "VideoFlash" / "1002_ITH_NEU_XX.flv").write_bytes(b"FLV, and no more")
    clips = measured("crema_d", tmp_path)
    good = clips["1001_DFA_ANG_XX"]
    assert (good.text, good.words, good.reason) == ("Don't forget a jacket.", (), "")
    assert good.lip_frames == 48 and good.audio_s == SECONDS and abs(float(Fraction(good.fps)) - 29.97) < 0.1
    assert clips["1001_IEO_HAP_LO"].text == "It's eleven o'clock."
    reasons = {uid: clip.reason.split(":")[0] for uid, clip in clips.items() if clip.reason}
    assert reasons == {
        "1002_XXX_ANG_XX": "strange name",
        "1002_TSI_SAD_XX": "picture ends early",
        "1002_ITH_NEU_XX": "unreadable",
    }
    assert [clip.speaker for clip in load_corpus("crema_d").find(tmp_path, "1002")] == ["1002"] * 3


def phones(count: int) -> list[dict[str, object]]:
    """An alignment: words of two phones but the second, which has one; silence around them."""
    items: list[dict[str, object]] = [{"phone": "SIL", "offset": 0.0, "duration": WORDS[0][0]}]
    for number, (start, end) in enumerate(WORDS[:count]):
        if number == 1:
            items.append({"phone": "AY_S", "offset": start, "duration": end - start})
            continue
        half = (end - start) / 2
        items += [
            {"phone": "B_B", "offset": start, "duration": half},
            {"phone": "N_E", "offset": start + half, "duration": half},
        ]
    return [*items, {"phone": "SIL", "offset": WORDS[count - 1][1], "duration": 0.3}]


def test_lombard_grid(tmp_path: Path) -> None:
    root = tmp_path / "lombardgrid"
    for folder in ("audio", "alignment"):
        (root / folder).mkdir(parents=True)
    counts = {"s2_l_bbim3a": 6, "s2_p_bran5p": 6, "s10_p_lgaf2n": 5, "s10_p_lgzz9n": 6, "s10_l_swwz9s": 0}
    for clip, count in counts.items():
        film(root / "front" / f"{clip}.mov", Fraction(24))
        write_wav(root / "audio" / f"{clip}.wav", sound(), RATE)
        if count:
            (root / "alignment" / f"{clip}.json").write_text(json.dumps({clip: phones(count)}))
    clips = measured("lombard_grid", tmp_path)
    assert list(clips) == ["s2_l_bbim3a", "s2_p_bran5p", "s10_l_swwz9s", "s10_p_lgaf2n", "s10_p_lgzz9n"]
    good = clips["s2_l_bbim3a"]
    assert good.text == "bin blue in m three again" and good.fps == "24"
    assert [word.text for word in good.words] == good.text.split()
    assert [(word.start_s, word.end_s) for word in good.words] == list(WORDS)
    assert good.contrast_db is not None and good.contrast_db > 20
    assert clips["s10_l_swwz9s"].words == () and not clips["s10_l_swwz9s"].reason
    assert clips["s10_p_lgaf2n"].reason == "labels: s10_p_lgaf2n.json marks 5 words, the sentence has 6"
    assert clips["s10_p_lgzz9n"].reason.startswith("labels: 'lgzz9n' is not the code")
    (root / "alignment" / "s2_l_bbim3a.json").write_text("{}")
    assert measured("lombard_grid", root)["s2_l_bbim3a"].reason.startswith("labels: s2_l_bbim3a.json is no alignment")


def test_lrs3(tmp_path: Path) -> None:
    said = "AND SO WE DON'T KNOW WHY"
    table = "\n".join(
        f"{word} {start:.2f} {end:.2f} 4.5" for word, (start, end) in zip(said.split(), WORDS, strict=True)
    )
    head = f"Text:  {said}\nConf:  4\nRef:   6uMPy4nBpPc\n\nFRAME \tX \tY \tW \tH\n000123 \t0.1 \t0.2 \t0.3 \t0.4\n"
    texts = {
        "trainval/abc/50001": f"{head}\nWORD START END ASDSCORE\n{table}\n",
        "trainval/abc/50002": head,
        "test/xyz/00001": "Conf: 4\n",
        "test/xyz/00002": f"{head}\nWORD START END ASDSCORE\nAND 0.2 zero 4\n",
        "pretrain/xyz/00003": f"{head}\nWORD START END ASDSCORE\nAND 0.5 0.6 1\nSO 0.1 0.2 1\n",
    }
    pictures = np.random.default_rng(2).integers(0, 256, (40, 32, 48, 3), dtype=np.uint8)
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        write_clip(tmp_path / f"{name}.mp4", pictures, sound(), Fraction(25), RATE, scale=1)
        (tmp_path / f"{name}.txt").write_text(text)
    clips = measured("lrs3", tmp_path)
    good = clips["abc_trainval-50001"]
    assert good.text == said.lower() and [word.text for word in good.words] == said.lower().split()
    assert [(word.start_s, word.end_s) for word in good.words] == list(WORDS) and good.lip_frames == 40
    assert clips["abc_trainval-50002"].words == () and not clips["abc_trainval-50002"].reason
    assert clips["xyz_test-00001"].reason.startswith("text: 00001.txt has no line 'Text: …'")
    assert "damaged" in clips["xyz_test-00002"].reason
    assert clips["xyz_pretrain-00003"].reason == "text: 00003.txt: times run backwards"
