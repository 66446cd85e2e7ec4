"""What people write, each line read as a whole text is.

The files beside: by the categories of text normalisers (``as_people_write``), what can be read in two ways
(``either_way``), and mails, chats, news, recipes, sport and science as a stranger writes them (``strangers``,
``notices``)."""

from pathlib import Path

import pytest

from avsynth.text import EnglishFrontend
from avsynth.text.english.normalise import spoken_words
from avsynth.text.english.reading import shown

FRONTEND = EnglishFrontend()


def _cases() -> dict[str, list[tuple[str, str]]]:
    """By category, what is written and what is spoken; sentences are parted by " / "."""
    found: dict[str, list[tuple[str, str]]] = {}
    files = sorted(Path(__file__).with_name("readings").glob("*.txt"))
    for line in filter(None, "\n".join(file.read_text(encoding="utf-8") for file in files).splitlines()):
        if line.startswith("# "):
            category = found.setdefault(line.removeprefix("# "), [])
        else:
            written, _, spoken = line.rpartition(" → ")
            category.append((written, spoken))
    return found


CASES = _cases()


def read(text: str) -> str:
    g2p = FRONTEND.g2p
    return " / ".join(shown(spoken_words(part, g2p.lexicon, g2p.dates)) for part in FRONTEND.sentences(text))


@pytest.mark.parametrize("category", CASES)
def test_the_category_is_read_as_people_read_it(category: str) -> None:
    wrong = {written: (read(written), spoken) for written, spoken in CASES[category] if read(written) != spoken}
    assert not wrong
    assert len(CASES[category]) >= 10
