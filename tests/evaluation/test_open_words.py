"""Word errors without a grammar: both sides are read out alike before they are held against one another."""

from __future__ import annotations

from pathlib import Path

import pytest

from avsynth.errors import UserError
from avsynth.evaluation.open_words import HeardText, open_rows, read_out, read_texts
from avsynth.text import TextFrontend, default_frontend


@pytest.fixture(scope="module")
def frontend() -> TextFrontend:
    return default_frontend()


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("The train leaves at half past six.", "the train leaves at half-past 6"),
        ("I have $5.", "I have five dollars."),
        ("Hello, how are you?", "HELLO HOW ARE YOU"),
        ("It is 3:15 p.m.", "it is three fifteen P.M."),
    ],
)
def test_who_wrote_it_down_does_not_matter(frontend: TextFrontend, said: str, heard: str) -> None:
    assert read_out(said, frontend) == read_out(heard, frontend) != ()


@pytest.mark.parametrize("text", ["", "...", "?!"])
def test_nothing_is_no_word(frontend: TextFrontend, text: str) -> None:
    assert read_out(text, frontend) == ()


def test_errors_are_counted_over_all_words() -> None:
    rows = {
        "ours": [HeardText("One two three four.", "one two tree four"), HeardText("Five six.", "five six")],
        "mute": [HeardText("One two three four.", ""), HeardText("Five six.", "")],
    }
    measures = open_rows(rows)
    assert measures["ours"]["wer"].mean == pytest.approx(1 / 6)
    assert measures["ours"]["without_error"].mean == 0.5
    assert measures["mute"]["wer"].mean == 1 and measures["mute"]["without_error"].mean == 0


def test_texts_are_lines(tmp_path: Path) -> None:
    path = tmp_path / "texts.txt"
    path.write_text("One.\n\n  Two, three. \n")
    assert read_texts(path) == ["One.", "Two, three."]
    path.write_text(" \n")
    with pytest.raises(UserError, match="holds no text"):
        read_texts(path)
    with pytest.raises(UserError, match="cannot read the texts"):
        read_texts(tmp_path / "gone.txt")
