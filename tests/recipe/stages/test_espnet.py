"""``avsynth espnet``: an experiment as data folders and back, and the folders of an ESPnet user."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from avsynth.audio.io import read_audio, write_wav
from avsynth.cli.main import main
from avsynth.data.alignment import Alignment, read_alignments, write_alignments
from avsynth.data.manifest import PhoneTime, Split, Utterance, WordTime, read_manifest, write_manifest
from avsynth.timeline import Timeline, WordSpan, durations_between
from avsynth.video.writing import write_clip
from vocoder.mel import MelConfig, mel_frames

MEL = MelConfig()
SPLITS: Mapping[str, Split] = {"s1_a": "train", "s10_a": "train", "s1_b": "train", "s1_c": "validation", "s1_d": "test"}


def noise(seconds: float, rate: int) -> np.ndarray:
    return 0.1 * np.random.default_rng(0).standard_normal(round(seconds * rate))


def pictures(count: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (count, 32, 48, 3), dtype=np.uint8)


@dataclass(frozen=True)
class Project:
    """A corpus and an experiment that has been aligned; a config for it."""

    corpus: Path
    exp: Path
    config: Path
    utterances: list[Utterance]
    alignments: dict[str, Alignment]

    def export(self, out: Path, *options: str) -> int:
        folders = ["--data", str(self.corpus), "--exp", str(self.exp), "--out", str(out)]
        return main(["espnet", "export", *folders, "--jobs", "1", *options])


def utterance(corpus: Path, uid: str, file: str, video: bool = False) -> Utterance:
    return Utterance(
        uid=uid,
        speaker=uid.split("_")[0],
        text="be at 7, naïve" if uid != "s1_b" else "",
        audio=file,
        video=file if video else None,
        words=(WordTime("be", 0.1, 0.31), WordTime("at", 0.31, 0.7)) if uid == "s1_a" else (),
        audio_s=round(len(read_audio(corpus / file, 16_000)) / 16_000, 4),
        lip_frames=25 if video else 0,
        fps="30000/1001" if video else "25",
        split=SPLITS[uid],
        phones=(PhoneTime("sil", 0.0, 0.2), PhoneTime("B", 0.2, 0.7)) if uid == "s1_c" else (),
    )


def aligned(corpus: Path, item: Utterance) -> Alignment:
    phones = ("sil", "B", "IY", "AE", "T", "sil")
    total = mel_frames(len(read_audio(corpus / item.audio, MEL.sample_rate)), MEL)
    hops = durations_between([0, 0.1, 0.2, 0.31, 0.4, 0.62], total, MEL.sample_rate / MEL.hop_length)
    words = (WordSpan("be", 1, 3), WordSpan("at", 3, 5))
    timeline = Timeline(phones, tuple(hops), words, MEL.sample_rate, MEL.hop_length, Fraction(25))
    return Alignment(item.uid, "espnet", timeline)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A video, three wavs of which one needs no copy, and a sound without a timeline."""
    corpus, exp = tmp_path / "corpus", tmp_path / "exp"
    for folder in (corpus, exp / "data", exp / "align"):
        folder.mkdir(parents=True)
    write_clip(corpus / "a.mp4", pictures(25), noise(0.83, 16_000), Fraction(30000, 1001), 16_000, scale=1)
    write_wav(corpus / "b.wav", noise(0.7, 22_050), 22_050)
    write_wav(corpus / "c.wav", noise(0.9, 16_000), 16_000)
    files = {"s1_a": "a.mp4", "s10_a": "b.wav", "s1_b": "b.wav", "s1_c": "c.wav", "s1_d": "b.wav"}
    utterances = [utterance(corpus, uid, file, file == "a.mp4") for uid, file in files.items()]
    alignments = {item.uid: aligned(corpus, item) for item in utterances if item.uid != "s1_d"}
    write_manifest(exp / "data" / "manifest.jsonl", utterances)
    write_alignments(exp / "align" / "alignments.jsonl", list(alignments.values()))
    config = tmp_path / "own.yaml"
    config.write_text("fps: 25\n")
    return Project(corpus, exp, config, utterances, alignments)


def bring_in(data: Path, project: Project, exp: Path, *options: str) -> int:
    command = ["espnet", "import", "--data", str(data), "--config", str(project.config), "--exp", str(exp)]
    return main([*command, "--jobs", "1", *options])


def plan(data: Path, project: Project, exp: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What the whole recipe would do next, by stage."""
    capsys.readouterr()
    common = ["--data", str(data), "--config", str(project.config), "--exp", str(exp)]
    assert main(["recipe", *common, "--stop-stage", "align", "--dry-run"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    return {line[1]: line[0] for line in lines}


def test_there_and_back(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, exp = tmp_path / "kaldi", tmp_path / "back"
    assert project.export(out) == 0
    told = capsys.readouterr().out
    assert "train 3, validation 1" in told and "1 left out (s1_d: not aligned)" in told
    assert sorted(path.name for path in out.iterdir()) == ["train", "validation", "wav"]
    assert bring_in(out, project, exp) == 0
    assert f"--exp {exp} --stage lips" in capsys.readouterr().out
    read = {item.uid: item for item in read_manifest(exp / "data" / "manifest.jsonl")}
    kept = [item for item in project.utterances if item.uid != "s1_d"]
    for item in kept:
        again = read[item.uid]
        own, other = (read_audio(path, 22_050) for path in (project.corpus / item.audio, out / again.audio))
        np.testing.assert_allclose(own, other, atol=1e-4)
        assert (item.video is None) == (again.video is None)
        assert again.video is None or (out / again.video).samefile(project.corpus / str(item.video))
        assert again == replace(item, audio=again.audio, video=again.video, audio_s=again.audio_s)
        assert abs(again.audio_s - item.audio_s) <= 2e-4
    assert len(read) == len(kept)
    assert read_alignments(exp / "align" / "alignments.jsonl") == project.alignments
    assert plan(out, project, exp, capsys) == {"data": "skip", "lips": "run", "align": "skip"}


def test_only_what_espnet_cannot_read_is_copied(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "kaldi"
    assert project.export(out) == 0
    wav = dict(line.split() for line in (out / "train" / "wav.scp").read_text().splitlines())
    assert wav == {
        "s1-a": str(out / "wav" / "s1-a.wav"),
        "s1-b": str(project.corpus / "b.wav"),
        "s10-a": str(project.corpus / "b.wav"),
    }
    assert sorted(path.name for path in (out / "wav").iterdir()) == ["s1-a.wav", "s1-c.wav"]
    assert (out / "train" / "video.scp").read_text() == f"s1-a {project.corpus / 'a.mp4'}\n"
    assert (out / "train" / "utt2spk").read_text() == "s1-a s1\ns1-b s1\ns10-a s10\n"
    durations = (out / "train" / "durations").read_text().splitlines()[1].split()[1:]
    assert sum(map(int, durations)) == 1 + round(0.7 * 22_050) // 256 and durations[-1] == "1"


def test_relative_paths_count_from_root(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "recipe" / "data"
    assert project.export(out, "--root", str(tmp_path / "recipe")) == 0
    lines = (out / "train" / "wav.scp").read_text().splitlines()
    assert lines[:2] == ["s1-a data/wav/s1-a.wav", f"s1-b {project.corpus / 'b.wav'}"]
    exp = tmp_path / "back"
    assert bring_in(out, project, exp) == 2
    assert "there is no file" in capsys.readouterr().err and not (exp / "data" / "manifest.jsonl").exists()
    assert bring_in(out, project, exp, "--root", str(tmp_path / "recipe")) == 0
    assert read_manifest(exp / "data" / "manifest.jsonl")[0].audio == "wav/s1-a.wav"


def test_a_blank_in_the_corpus_means_copies_and_one_in_out_is_refused(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = replace(project, corpus=tmp_path / "my corpus")
    shutil.move(project.corpus, moved.corpus)
    assert moved.export(tmp_path / "my kaldi") == 2
    assert "holds a blank" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exp", "my corpus", "own.yaml"]
    assert moved.export(tmp_path / "kaldi") == 0
    assert len(list((tmp_path / "kaldi" / "wav").iterdir())) == 4
    assert bring_in(tmp_path / "kaldi", moved, tmp_path / "back") == 0
    assert read_manifest(tmp_path / "back" / "data" / "manifest.jsonl")[0].lip_frames == 25


def test_an_export_refuses_a_full_folder_and_what_was_not_aligned(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert project.export(project.corpus) == 2
    assert "is there already" in capsys.readouterr().err
    (project.exp / "align" / "alignments.jsonl").write_text("")
    assert project.export(tmp_path / "kaldi") == 2
    assert "has no clip of" in capsys.readouterr().err
    (project.exp / "align" / "alignments.jsonl").unlink()
    assert project.export(tmp_path / "kaldi") == 2
    assert "cannot read alignments" in capsys.readouterr().err and not (tmp_path / "kaldi").exists()


def test_an_alignment_of_another_sound_is_left_out(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_wav(project.corpus / "c.wav", noise(2.0, 16_000), 16_000)
    assert project.export(tmp_path / "kaldi") == 0
    assert "2 left out (s1_d" in capsys.readouterr().out and not (tmp_path / "kaldi" / "validation").exists()


def users_folder(tmp_path: Path, durations: bool) -> Path:
    """Sound alone, named as ESPnet's recipes name things, at 24 kHz with a hop of 300."""
    data = tmp_path / "data"
    write_wav(tmp_path / "long.wav", noise(1.5, 24_000), 24_000)
    for name, uids in {"tr_no_dev": ("LJ001", "LJ002"), "dev": ("LJ003",), "eval1": ("LJ004",)}.items():
        (data / name).mkdir(parents=True)
        tables = {"wav.scp": f"{tmp_path}/long.wav", "utt2spk": "LJ", "text": "be at it"}
        if durations:
            tables |= {"text": "B IY1 <space> AE0 T .", "durations": "20 25 5 30 20 20 1"}
        for table, value in tables.items():
            (data / name / table).write_text("".join(f"{uid} {value}\n" for uid in uids))
    return data


SETS = ("--train-set", "tr_no_dev", "--valid-set", "dev", "--test-sets", "eval1")


def test_a_users_folder_walks_in(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, exp = users_folder(tmp_path, durations=True), tmp_path / "lj"
    assert bring_in(data, project, exp, *SETS, "--durations-rate", "24000", "--durations-hop", "300") == 0
    read = read_manifest(exp / "data" / "manifest.jsonl")
    assert [(item.uid, item.split, item.video, item.text) for item in read] == [
        ("LJ001", "train", None, ""),
        ("LJ002", "train", None, ""),
        ("LJ003", "validation", None, ""),
        ("LJ004", "test", None, ""),
    ]
    assert read[0].speaker == "LJ" and read[0].audio_s == 1.5 and read[0].audio == str(tmp_path / "long.wav")
    timeline = read_alignments(exp / "align" / "alignments.jsonl")["LJ001"].timeline
    assert timeline.phones == ("B", "IY", "sil", "AE", "T", "sil") and timeline.total_hops == 33075 // 256
    assert float(timeline.boundaries_s[1]) == pytest.approx(0.25, abs=0.006)
    assert plan(data, project, exp, capsys) == {"data": "skip", "lips": "run", "align": "skip"}


def test_without_durations_the_align_stage_is_left_to_do(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, exp = users_folder(tmp_path, durations=False), tmp_path / "lj"
    assert bring_in(data, project, exp, *SETS) == 0
    assert {item.text for item in read_manifest(exp / "data" / "manifest.jsonl")} == {"be at it"}
    assert plan(data, project, exp, capsys) == {"data": "skip", "lips": "run", "align": "run"}
    assert bring_in(data, project, exp, *SETS) == 2
    assert "manifest.jsonl is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "change", "message"),
    [
        ((), {}, "has no data folder 'train': name yours with --train-set"),
        ((), {}, "(there: dev eval1 tr_no_dev)"),
        (("--train-set", "tr_no_dev", "--valid-set", "deaf"), {}, "has no data folder 'deaf'"),
        ((*SETS[:4], "--test-sets", "dev eval1"), {}, "LJ003 is in two sets"),
        (SETS, {"dev/durations": ""}, "some sets have durations and some have none"),
        (SETS, {"dev/wav.scp": "LJ003 sox {tmp}/long.wav -t wav - | touch {tmp}/ran |\n"}, "none is ever run"),
        (SETS, {"dev/wav.scp": "LJ003 gone.wav\n"}, "LJ003: there is no file"),
        (SETS, {"dev/utt2spk": "LJ003 L/J\n"}, "'L/J' cannot name files"),
        (SETS, {}, "LJ001: not aligned: durations of 121 frames for a sound of 130: say with --durations-rate"),
    ],
)
def test_what_cannot_be_brought_in_is_one_line(
    project: Project,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    change: dict[str, str],
    message: str,
) -> None:
    data = users_folder(tmp_path, durations=True)
    for name, content in change.items():
        (data / name).write_text(content.replace("{tmp}", str(tmp_path)))
        if not content:
            (data / name).unlink()
    assert bring_in(data, project, tmp_path / "lj", *options) == 2
    line = capsys.readouterr().err.splitlines()[-1]
    assert message in line and line.startswith("avsynth: error: ") and not (tmp_path / "ran").exists()
    assert not (tmp_path / "lj" / "align" / "alignments.jsonl").exists()


NOT_INSTALLED = "the extra `espnet` is not installed (DEPENDENCIES.md says how): ESPnet cannot be asked"


def test_espnet_reads_what_is_written(project: Project, tmp_path: Path) -> None:
    """By its own dataset; its features have as many frames as its token averages demand; its FastSpeech 2 learns."""
    dataset = pytest.importorskip("espnet2.train.dataset", reason=NOT_INSTALLED)
    import torch
    from espnet2.tts.fastspeech2 import FastSpeech2
    from espnet2.tts.feats_extract.energy import Energy
    from espnet2.tts.feats_extract.log_mel_fbank import LogMelFbank

    assert project.export(tmp_path / "kaldi") == 0
    folder = tmp_path / "kaldi" / "train"
    tables = [("text", "text", "text"), ("durations", "durations", "text_int"), ("wav.scp", "speech", "sound")]
    symbols = ["<blank>", "sil", "B", "IY", "AE", "T", "<eos>"]

    def preprocess(uid: str, data: dict[str, object]) -> dict[str, np.ndarray]:
        tokens = np.array([symbols.index(token) for token in str(data.pop("text")).split()])
        return {"text": tokens, **data}  # type: ignore[dict-item]

    read = dataset.ESPnetDataset([(str(folder / name), key, kind) for name, key, kind in tables], preprocess=preprocess)
    frames = {"fs": MEL.sample_rate, "n_fft": MEL.n_fft, "hop_length": MEL.hop_length}
    features = LogMelFbank(**frames, n_mels=MEL.n_mels)
    energies = Energy(**frames, use_token_averaged_energy=True, reduction_factor=1)
    blocks = {"adim": 8, "aheads": 2, "elayers": 1, "eunits": 8, "dlayers": 1, "dunits": 8, "postnet_layers": 1}
    model = FastSpeech2(idim=len(symbols), odim=MEL.n_mels, **blocks)
    for uid, own in {"s1-a": "s1_a", "s1-b": "s1_b", "s10-a": "s10_a"}.items():
        _, data = read[uid]
        timeline = project.alignments[own].timeline
        assert data["durations"].tolist() == [*timeline.hops, 1]
        assert [symbols[index] for index in data["text"]] == list(timeline.phones)
        speech_1N, durations_1P, text_1P = (
            torch.from_numpy(np.asarray(data[key]))[None] for key in ("speech", "durations", "text")
        )
        lengths, tokens = torch.tensor([speech_1N.shape[1]]), torch.tensor([durations_1P.shape[1]])
        mel_1FM, mel_lengths = features(speech_1N.float(), lengths)
        energy_1P1, _ = energies(speech_1N.float(), lengths, mel_lengths, durations_1P, tokens)
        assert mel_1FM.shape[1] == durations_1P.sum() and energy_1P1.shape[1] == len(timeline.phones) + 1
        loss, _, _ = model(
            text_1P, tokens - 1, mel_1FM, mel_lengths, durations_1P, tokens, energy_1P1, tokens, energy_1P1, tokens
        )
        assert torch.isfinite(loss)


def test_what_espnet_writes_is_read(project: Project, tmp_path: Path) -> None:
    """By its writers of tables and of sound."""
    writer = pytest.importorskip("espnet2.fileio.datadir_writer", reason=NOT_INSTALLED)
    from espnet2.fileio.sound_scp import SoundScpWriter

    data = tmp_path / "dump" / "raw"
    phones = "B IY1 <space> AE0 T ."
    with writer.DatadirWriter(data / "train") as folder:
        for uid in ("LJ002", "LJ001"):
            folder["utt2spk"][uid] = "LJ"
            folder["text"][uid] = phones
            folder["durations"][uid] = "10 20 5 10 10 6 0"
    with SoundScpWriter(data / "train" / "wav", data / "train" / "wav.scp", format="flac") as sounds:
        for uid in ("LJ002", "LJ001"):
            sounds[uid] = 22_050, noise(0.7, 22_050)
    assert bring_in(data, project, tmp_path / "lj") == 0
    read = read_manifest(tmp_path / "lj" / "data" / "manifest.jsonl")
    assert [(item.uid, item.audio_s) for item in read] == [("LJ001", 0.7), ("LJ002", 0.7)]
    timeline = read_alignments(tmp_path / "lj" / "align" / "alignments.jsonl")["LJ002"].timeline
    assert timeline.hops == (10, 20, 5, 10, 10, 5) and timeline.phones == ("B", "IY", "sil", "AE", "T", "sil")
