"""Words and stress as features of phones."""

import numpy as np

from avsynth.text.accents import accents
from avsynth.timeline import WordSpan

PHONES = ("sil", "AH", "P", "EY", "P", "ER", "sil")


def test_each_phone_knows_its_place_in_the_word_and_its_stress() -> None:
    features = accents(PHONES, (WordSpan("a", 1, 2, stress="0"), WordSpan("paper", 2, 6, stress="12")))
    begins, ends, primary, secondary = features.T.astype(int).tolist()
    assert begins == [0, 1, 1, 0, 0, 0, 0]
    assert ends == [0, 1, 0, 0, 0, 1, 0]
    assert primary == [0, 0, 0, 1, 0, 0, 0]
    assert secondary == [0, 0, 0, 0, 0, 1, 0]
    assert features.dtype == np.float32


def test_what_is_not_known_is_0_and_digits_that_do_not_fit_do_no_harm() -> None:
    assert not accents(PHONES, ()).any()
    assert not accents(PHONES, (WordSpan("paper", 2, 6),))[:, 2:].any()
    assert accents(PHONES, (WordSpan("paper", 2, 6, stress="1"),))[:, 2].sum() == 1
    assert accents(PHONES, (WordSpan("paper", 2, 6, stress="0111"),))[:, 2].sum() == 1
