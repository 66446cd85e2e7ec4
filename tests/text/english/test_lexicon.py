from pathlib import Path

import pytest

from avsynth.errors import UserError
from avsynth.text.english.lexicon import CORRECTIONS, DICTIONARY, INITIALS, Lexicon, load_user_lexicon, package_file
from avsynth.text.symbols import VOWELS, unstressed


def test_dictionary_gives_pronunciations_with_stress() -> None:
    lexicon = Lexicon()
    assert lexicon.get("with") == ("W", "IH1", "DH")
    assert lexicon.get("photograph") == ("F", "OW1", "T", "AH0", "G", "R", "AE2", "F")
    assert "mother" in lexicon and "snorkelblaxic" not in lexicon
    assert lexicon.get("snorkelblaxic") is None


def test_user_entries_win(tmp_path: Path) -> None:
    path = tmp_path / "words.dict"
    path.write_text("\ufeff# mine\nGIF  JH IH1 F\n\ntomato t ah m aa t ow # British\n", encoding="utf-8")
    override = load_user_lexicon(path)
    assert override == {"gif": ("JH", "IH1", "F"), "tomato": ("T", "AH", "M", "AA", "T", "OW")}
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


def plain(said: str) -> str:
    return " ".join(unstressed(phone) for phone in said.split())


def test_the_dictionary_is_the_aligners_with_stress_on_every_vowel() -> None:
    """The aligner reads pocketsphinx's own dictionary, so that words must be the same in both."""
    text = package_file("pocketsphinx", "model/en-us/cmudict-en-us.dict").read_text(encoding="utf-8")
    theirs = {line for line in text.splitlines() if "(" not in line.split(" ")[0]}
    ours = DICTIONARY.read_text(encoding="utf-8").partition("\n\n")[2].splitlines()
    assert {plain(line) for line in ours} == theirs
    for line in ours:
        vowels = [phone for phone in line.split()[1:] if unstressed(phone) in VOWELS]
        assert all(phone[-1] in "012" for phone in vowels), line


def test_every_word_of_the_dictionary_is_found_whichever_is_asked_for_first() -> None:
    """Words are read by initials; a correction wins over the dictionary."""
    corrected = {line.split(" ")[0] for line in CORRECTIONS.read_text(encoding="utf-8").splitlines()}
    lines = DICTIONARY.read_text(encoding="utf-8").partition("\n\n")[2].splitlines()
    listed = dict(line.split(" ", 1) for line in reversed(lines))
    lexicon = Lexicon()
    assert all(lexicon.get(word) == tuple(phones.split()) for word, phones in listed.items() if word not in corrected)
    assert {word[0] for word in listed} == INITIALS
    assert not any(word in lexicon for word in ("", "\n", "é", "\n'bout", "9", "zzzz", "'zzzz"))


def test_corrections_have_phones_a_source_and_something_to_correct() -> None:
    lines = [line for line in CORRECTIONS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    known = [plain(line) for line in DICTIONARY.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        said, _, source = line.partition(" # ")
        assert source in ("letters", "stem", "gold", "spelling", "acronym", "sound", "running", "loan", "name"), line
        assert plain(said) not in known, f"{said}: the dictionary has this already"
    words = [line.split()[0] for line in lines]
    assert len(set(words)) == len(words)
    assert set(load_user_lexicon(CORRECTIONS)) == set(words)


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        *[("gdp", "JH IY D IY P IY"), ("gps", "JH IY P IY EH S"), ("jfk", "JH EY EH F K EY"), ("sos", "EH S OW EH S")],
        *[("mgm", "EH M JH IY EH M"), ("cgi", "S IY JH IY AY"), ("synapse", "S IH N AE P S"), ("tern", "T ER N")],
        *[("deliciously", "D IH L IH SH AH S L IY"), ("animating", "AE N AH M EY T IH NG")],
        *[
            ("interpolate", "IH N T ER P AH L EY T"),
            ("atheism", "EY TH IY IH Z AH M"),
            ("stronger", "S T R AO NG G ER"),
        ],
        *[("vegan", "V IY G AH N"), ("quinoa", "K IY N W AA"), ("segue", "S EH G W EY")],
        *[("merlot", "M ER L OW"), ("kathmandu", "K AE T M AE N D UW"), ("huawei", "W AA W EY")],
        *[("chandelier", "SH AE N D AH L IH R"), ("croissant", "K R W AA S AA N T"), ("thyme", "T AY M")],
    ],
)
def test_known_errors_of_the_dictionary_are_corrected(word: str, phones: str) -> None:
    assert plain(" ".join(Lexicon().get(word) or ())) == phones
