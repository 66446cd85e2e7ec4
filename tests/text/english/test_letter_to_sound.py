import subprocess
import sys

import pytest

from avsynth.text.english.letter_to_sound import LetterToSound
from avsynth.text.symbols import PHONES


@pytest.mark.parametrize(
    ("word", "phones"),
    [  # what the published package gives, stress taken off
        ("snorkelblaxic", "S N AO R K AH L B EH K S IH G"),
        ("zyphonated", "Z IH F AH N EY T IH D"),
        ("grobbles", "G R AA B AH L Z"),
        ("avsynth", "AE V S IH N TH"),
        ("paralip", "P EH R AH L IH P"),
    ],
)
def test_golden_words(word: str, phones: str) -> None:
    assert " ".join(LetterToSound()(word)) == phones


def test_any_letters_give_phones_and_never_run_on() -> None:
    letter_to_sound = LetterToSound()
    for word in ("a", "zzzzzzzzzzzz", "qxjk", "e" * 24, "it's"):
        phones = letter_to_sound(word)
        assert set(phones) <= set(PHONES) and len(phones) <= 2 * len(word) + 8


def test_neither_package_is_imported_for_its_data() -> None:
    program = (
        "import sys; from avsynth.text import load_frontend; load_frontend().phonemise('zyphonated words');"
        "print([name for name in ('pocketsphinx', 'g2p_en', 'nltk', 'torch') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
