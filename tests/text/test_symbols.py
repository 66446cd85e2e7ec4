import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsynth.text.symbols import (
    ARTICULATION,
    CONSONANTS,
    PAD,
    PHONES,
    SIL,
    VOWELS,
    Symbols,
    articulatory_distance,
    nearest_kin,
    replace_unseen,
)

GRID_PHONES = frozenset(PHONES) - {"ER", "HH", "NG", "OY", "SH", "UH", "ZH"}


def test_the_default_table_is_padding_silence_and_39_phones() -> None:
    symbols = Symbols()
    assert len(symbols) == 41 and len(PHONES) == 39
    assert symbols.encode([PAD, SIL, "AA", "ZH"]) == [0, 1, 2, 40]
    assert "AA" in symbols and "AA1" not in symbols


@given(st.lists(st.sampled_from((SIL, *PHONES))))
def test_decoding_undoes_encoding(phones: list[str]) -> None:
    assert Symbols().decode(Symbols().encode(phones)) == phones


def test_unknown_symbols_are_named() -> None:
    with pytest.raises(ValueError, match="'AX'"):
        Symbols().encode(["AA", "AX"])
    for index in (-1, 41):
        with pytest.raises(ValueError, match=str(index)):
            Symbols().decode([0, index])


@pytest.mark.parametrize(
    ("names", "message"),
    [((), "missing"), ((SIL, PAD), "first symbol"), ((PAD, "AA"), "lack 'sil'"), ((PAD, SIL, "AA", "AA"), "'AA'")],
)
def test_broken_tables_are_refused(names: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Symbols(names)


def test_every_phone_has_an_articulation_of_its_own() -> None:
    assert tuple(ARTICULATION) == VOWELS + CONSONANTS and set(ARTICULATION) == set(PHONES)
    assert len(set(ARTICULATION.values())) == len(PHONES)
    for one in PHONES:
        for other in PHONES:
            assert articulatory_distance(one, other) == articulatory_distance(other, one)
            assert (one in VOWELS) == (other in VOWELS) or articulatory_distance(one, other) >= 100


@pytest.mark.parametrize(
    ("phone", "kin"),
    [("ER", "AH"), ("HH", "K"), ("NG", "N"), ("OY", "AO"), ("SH", "CH"), ("UH", "UW"), ("ZH", "JH")],
)
def test_kin_of_the_phones_that_grid_lacks(phone: str, kin: str) -> None:
    assert nearest_kin(phone, GRID_PHONES) == kin


@pytest.mark.parametrize("phone", PHONES)
def test_kin_of_any_phone_is_itself_or_of_its_class(phone: str) -> None:
    assert nearest_kin(phone, PHONES) == phone
    kin = nearest_kin(phone, frozenset(PHONES) - {phone})
    assert (kin in VOWELS) == (phone in VOWELS)
    assert nearest_kin(phone, {"sil", "AA", "M"}) == ("AA" if phone in VOWELS else "M")


def test_kin_of_pairs_that_differ_in_voice_only() -> None:
    for one, other in ("PB", "TD", "KG", "FV", "SZ"):
        assert nearest_kin(one, frozenset(PHONES) - {one}) == other


def test_a_stranger_has_no_kin_and_no_phone_can_have_none() -> None:
    with pytest.raises(ValueError, match="'sil'"):
        nearest_kin(SIL, PHONES)
    with pytest.raises(ValueError, match="no phone"):
        nearest_kin("AA", {SIL})


def test_replacing_unseen_phones_keeps_the_rest_and_says_what_changed() -> None:
    result = replace_unseen(["sil", "HH", "AH", "L", "OY", "HH", "sil"], GRID_PHONES)
    assert result.phones == ("sil", "K", "AH", "L", "AO", "K", "sil")
    assert result.replaced == {"HH": "K", "OY": "AO"}
    assert replace_unseen(["sil", "B", "IY"], PHONES).replaced == {}
