import pytest

from avsynth.errors import UserError
from avsynth.text.english.ipa import _TABLE, from_ipa
from avsynth.text.symbols import PHONES


@pytest.mark.parametrize(
    ("written", "phones"),
    [
        ("təˈmeɪtoʊ", "T AH M EY T OW"),
        ("/ˈwɔːtər/", "W AO T ER"),
        ("ˈbɝd", "B ER D"),
        ("bɜːrd", "B ER D"),
        ("dʒʌdʒ", "JH AH JH"),
        ("t͡ʃɛk", "CH EH K"),
        ("ˈbʌtn̩", "B AH T AH N"),
        ("ˈθɪŋkɪŋ", "TH IH NG K IH NG"),
        ("vɪʒən", "V IH ZH AH N"),
        ("həʊm", "HH OW M"),
        ("bɔɪ kaʊ aɪ", "B OY K AW AY"),
    ],
)
def test_words(written: str, phones: str) -> None:
    assert from_ipa(written, "here") == phones


def test_the_table_reaches_every_phone_and_no_other() -> None:
    assert {phone for phones in _TABLE.values() for phone in phones.split()} == set(PHONES)


def test_a_foreign_sign_is_named() -> None:
    with pytest.raises(UserError, match="here: 'x' is no IPA sign of English"):
        from_ipa("lɒx", "here")
