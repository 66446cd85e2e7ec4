import subprocess
import sys
from collections.abc import Sequence
from random import Random

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from avsynth.text.english.letter_to_sound import LetterToSound
from avsynth.text.symbols import PHONES, unstressed
from avsynth.text.tokens import Pronunciation


@pytest.mark.parametrize(
    ("word", "phones"),
    [  # what the published package gives
        ("snorkelblaxic", "S N AO2 R K AH0 L B EH1 K S IH0 G"),
        ("zyphonated", "Z IH1 F AH0 N EY2 T IH0 D"),
        ("grobbles", "G R AA1 B AH0 L Z"),
        ("avsynth", "AE1 V S IH0 N TH"),
        ("paralip", "P EH1 R AH0 L IH0 P"),
    ],
)
def test_golden_words(word: str, phones: str) -> None:
    assert " ".join(LetterToSound()([word])[0]) == phones


def test_products_of_matrices_are_not_shared_among_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    sound, threads = LetterToSound(), list[int]()
    decode = sound._decoded

    def counted(words: Sequence[str]) -> list[Pronunciation]:
        threads.extend(library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas")
        return decode(words)

    monkeypatch.setattr(sound, "_decoded", counted)
    with threadpool_limits(2, user_api="blas"):
        expected = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
        sound(["grobbles", "paralip"])
        after = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
    assert 2 in expected and set(threads) == {1}
    assert after == expected


def test_any_letters_give_phones_and_never_run_on() -> None:
    words = ("a", "zzzzzzzzzzzz", "qxjk", "e" * 24, "it's")
    for word, phones in zip(words, LetterToSound()(words), strict=True):
        assert {unstressed(phone) for phone in phones} <= set(PHONES) and len(phones) <= 2 * len(word) + 8


def test_words_asked_together_are_said_as_each_by_itself() -> None:
    random, letter_to_sound = Random(1), LetterToSound()
    words = ["".join(random.choices("aeioubcdfglmnprstvxyz", k=random.randint(1, 24))) for _ in range(300)]
    assert letter_to_sound(words) == [letter_to_sound([word])[0] for word in words]
    assert letter_to_sound(words * 2) == letter_to_sound(words) * 2
    assert letter_to_sound([]) == []


def test_neither_package_is_imported_for_its_data() -> None:
    program = (
        "import sys; from avsynth.text import load_frontend; load_frontend().phonemise('zyphonated words');"
        "print([name for name in ('pocketsphinx', 'g2p_en', 'nltk', 'torch') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
