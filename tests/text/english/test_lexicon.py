from pathlib import Path

import pytest

from avsynth.errors import UserError
from avsynth.text.english.lexicon import Lexicon, load_user_lexicon, package_file


def test_dictionary_gives_the_first_pronunciation_without_stress() -> None:
    lexicon = Lexicon()
    assert lexicon.get("with") == ("W", "IH", "DH")
    assert "mother" in lexicon and "snorkelblaxic" not in lexicon
    assert lexicon.get("snorkelblaxic") is None


def test_user_entries_win(tmp_path: Path) -> None:
    path = tmp_path / "words.dict"
    path.write_text("\ufeff# mine\nGIF  JH IH1 F\n\ntomato t ah m aa t ow # British\n", encoding="utf-8")
    override = load_user_lexicon(path)
    assert override == {"gif": ("JH", "IH", "F"), "tomato": ("T", "AH", "M", "AA", "T", "OW")}
    assert Lexicon(override).get("tomato") == override["tomato"] != Lexicon().get("tomato")
    assert "gif" in Lexicon(override)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("good G UH D\nbad B AX D\n", r"words\.dict, line 2: 'AX' is not a phone; phones are AA AE"),
        ("\nalone\n", r"words\.dict, line 2: 'alone' has no phones"),
        ("one W AH1 N012X", r"line 1: 'N012X' is not a phone"),
    ],
)
def test_faults_in_a_user_lexicon_name_line_and_phone(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "words.dict"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=message):
        load_user_lexicon(path)


def test_an_unreadable_user_lexicon_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot read the lexicon .*missing\.dict"):
        load_user_lexicon(tmp_path / "missing.dict")
    (tmp_path / "binary.dict").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match=r"binary\.dict is not UTF-8"):
        load_user_lexicon(tmp_path / "binary.dict")


def test_a_missing_package_is_a_user_error_with_the_remedy() -> None:
    with pytest.raises(UserError, match="pip install no-such-package"):
        package_file("no_such_package", "data.bin")
    with pytest.raises(UserError, match=r"missing\.npz of the package g2p_en"):
        package_file("g2p_en", "missing.npz")
