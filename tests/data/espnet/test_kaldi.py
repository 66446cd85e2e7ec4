"""Data folders: what is written is read, in Kaldi's order; what the format cannot hold, or must not do, is one line."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from avsynth.data.espnet.kaldi import Entry, Timed, read_folder, read_table, write_folder
from avsynth.errors import UserError

PLAIN = Entry(
    uid="s1_a",
    speaker="s1",
    audio="/corpus/a.wav",
    text="bin blue",
    tokens=("sil", "B", "sil"),
    durations=(3, 4, 5, 1),
)

names = some.text(some.characters(exclude_categories=("Z", "C")), min_size=1, max_size=8).filter(
    lambda name: name.split() == [name]
)
sentences = some.text(max_size=20).map(lambda text: " ".join(text.split())).filter(lambda text: "\r" not in text)
paths = some.lists(names.map(lambda name: name.replace("|", "-")), min_size=1, max_size=3).map("/".join)


@some.composite
def timed(draw: some.DrawFn) -> tuple[Timed, ...]:
    edges = sorted(draw(some.lists(some.floats(0, 3600), min_size=2, max_size=6)))
    return tuple(Timed(draw(names), start, end) for start, end in itertools.pairwise(edges))


@some.composite
def folders(draw: some.DrawFn) -> list[Entry]:
    """Utterances of a split, all aligned or none."""
    aligned = draw(some.booleans())
    entries = []
    for uid in draw(some.lists(names, min_size=1, max_size=5, unique=True)):
        tokens = draw(some.lists(names, min_size=1, max_size=6)) if aligned else []
        spoken = draw(sentences)
        entries.append(
            Entry(
                uid=uid,
                speaker=draw(names),
                audio=draw(paths.filter(lambda path: not path.endswith(".ark") and ".ark:" not in path)),
                video=draw(some.none() | paths.map(lambda path: f"/with blanks/{path}")),
                text=spoken if aligned else spoken or "x",
                tokens=tuple(tokens),
                durations=tuple(draw(some.integers(0, 999)) for _ in (*tokens, "<eos>")) if aligned else (),
                words=draw(timed()),
                corpus_words=draw(timed()),
                corpus_phones=draw(timed()),
            )
        )
    return entries


@settings(max_examples=60, deadline=None)
@given(folders())
def test_what_is_written_is_read_in_kaldis_order(entries: list[Entry]) -> None:
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "train"
        write_folder(folder, entries)
        assert read_folder(folder) == sorted(entries, key=lambda entry: entry.uid.encode())
        for name in ("wav.scp", "text", "utt2spk", "spk2utt"):
            keys = [line.split()[0] for line in (folder / name).read_bytes().splitlines()]
            assert keys == sorted(set(keys))


def test_the_tables_are_as_espnet_documents_them(tmp_path: Path) -> None:
    second = replace(PLAIN, uid="s1_b", audio="wav/b.wav", text="", words=(Timed("at", 0.5, 1.25),), video="/v/b c.mp4")
    write_folder(tmp_path, [second, PLAIN])
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "wav.scp": "s1_a /corpus/a.wav\ns1_b wav/b.wav\n",
        "text": "s1_a sil B sil\ns1_b sil B sil\n",
        "text.words": "s1_a bin blue\n",
        "utt2spk": "s1_a s1\ns1_b s1\n",
        "spk2utt": "s1 s1_a s1_b\n",
        "durations": "s1_a 3 4 5 1\ns1_b 3 4 5 1\n",
        "video.scp": "s1_b /v/b c.mp4\n",
        "ctm": "s1_b 1 0.5 0.75 at\n",
    }


def test_without_durations_the_text_is_the_sentence(tmp_path: Path) -> None:
    write_folder(tmp_path, [replace(PLAIN, tokens=(), durations=())])
    assert (tmp_path / "text").read_text() == "s1_a bin blue\n" and not (tmp_path / "text.words").exists()
    assert read_folder(tmp_path)[0].text == "bin blue"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"uid": "s1 a"}, "utterance 's1 a' is no name"),
        ({"uid": ""}, "utterance '' is no name"),
        ({"speaker": "s\u00a01"}, "speaker of s1_a"),
        ({"audio": "/my corpus/a.wav"}, "'/my corpus/a.wav' holds a blank"),
        ({"video": "/v/a.mp4\n"}, "video.scp cannot hold"),
        ({"words": (Timed("at once", 0, 1),)}, "word of s1_a 'at once'"),
    ],
)
def test_what_the_format_cannot_hold_is_named(tmp_path: Path, change: dict[str, object], message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        write_folder(tmp_path, [replace(PLAIN, **change)])  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


def plain(folder: Path) -> Path:
    write_folder(folder, [PLAIN])
    return folder


@pytest.mark.parametrize(
    ("table", "content", "message"),
    [
        ("wav.scp", "s1_a touch {ran} |\n", "is a command, and none is ever run: write the sound to wav"),
        ("wav.scp", "s1_a | touch {ran}\n", "is a command"),
        ("wav.scp", "s1_a dump/wav.ark:5\n", "Kaldi archive: write"),
        ("wav.scp", "s1_a\n", "no file for s1_a"),
        ("wav.scp", "s1_a a.wav\ns1_a b.wav\n", r"wav.scp:2 names s1_a a second time"),
        ("wav.scp", "s1_a a.wav\n\n", r"wav.scp:2 is empty"),
        ("wav.scp", "", "wav.scp is empty"),
        ("wav.scp", "s1_a a.wav\ns1_b b.wav\n", "s1_b is in wav.scp but not in utt2spk: Kaldi's utils/fix_data_dir.sh"),
        ("durations", "s1_b 1\n", "but not in"),
        ("durations", "s1_a 3 4.5 5 1\n", "whole numbers of frames, not '4.5'"),
        ("durations", "s1_a 3 -4 5 1\n", "whole numbers of frames, not '-4'"),
        ("durations", "s1_a\n", "not 'nothing'"),
        ("utt2spk", "s1_a s1 s2\n", "one name for s1_a, not 's1 s2'"),
        ("ctm", "s1_a 1 0.5 now\n", r"ctm:1 is not '<id> <channel> <start> <length> <word>'"),
        ("ctm", "s1_a 1 early 0.5 now\n", r"ctm:1 is not"),
        ("segments", "s1_a rec 0 1\n", "cuts utterances out of recordings: write"),
    ],
)
def test_a_folder_that_cannot_be_read_is_one_line(tmp_path: Path, table: str, content: str, message: str) -> None:
    folder, ran = plain(tmp_path / "train"), tmp_path / "ran"
    (folder / table).write_text(content.replace("{ran}", str(ran)))
    with pytest.raises(UserError, match=message) as caught:
        read_folder(folder)
    assert "\n" not in str(caught.value) and not ran.exists()


def test_a_missing_table_and_other_bytes_are_one_line(tmp_path: Path) -> None:
    folder = plain(tmp_path)
    (folder / "utt2spk").unlink()
    with pytest.raises(UserError, match=r"cannot read .*utt2spk: No such file"):
        read_folder(folder)
    (folder / "wav.scp").write_bytes(b"s1_a \xff\n")
    with pytest.raises(UserError, match=r"wav\.scp is not UTF-8"):
        read_folder(folder)


def test_blanks_in_paths_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "wav.scp").write_bytes(b"a\t/my corpus/a 1.wav \r\nb b.wav\r\n")
    assert read_table(tmp_path / "wav.scp") == {"a": "/my corpus/a 1.wav", "b": "b.wav"}


def test_a_separator_inside_a_text_is_no_new_line(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("a one\u2028two\u0085three\n")
    assert list(read_table(tmp_path / "text")) == ["a"]
