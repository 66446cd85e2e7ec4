"""Words to phones by dictionary: CMUdict, what is corrected in it, and the user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.util import find_spec
from itertools import repeat
from pathlib import Path
from string import ascii_lowercase

from avsynth.errors import UserError
from avsynth.text.symbols import PHONES, unstressed
from avsynth.text.tokens import Pronunciation

_SIBILANTS = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
_VOICELESS = frozenset({"P", "T", "K", "F", "TH"})

DICTIONARY = Path(__file__).with_name("dictionary.txt")
"""CMUdict: a head that says where it comes from, an empty line, and a word with its stressed phones in each line."""
INITIALS = frozenset("'" + ascii_lowercase)
"""How the dictionary's words begin."""
CORRECTIONS = Path(__file__).with_name("corrections.txt")
"""Words that the dictionary lacks or has wrong, each with its source, in the format of a user's lexicon."""


def package_file(package: str, name: str) -> Path:
    """Path of a file inside an installed package, found without importing the package; UserError if it is missing."""
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        path = Path(folder) / name
        if path.is_file():
            return path
    remedy = f"pip install {package.replace('_', '-')}"
    raise UserError(f"{name} of the package {package} is not installed; remedy: {remedy}")


class Lexicon:
    """Word -> phones. The user's entries win over the dictionary, of which the words with an initial are read when the
    first of them is asked for; all would take a tenth of a second."""

    def __init__(self, override: Mapping[str, Pronunciation] | None = None) -> None:
        """``override``: lower-case word -> phones, as :func:`load_user_lexicon` gives it."""
        self.override = dict(override or {})
        self._words: dict[str, dict[str, str]] = {"": {}}
        """By initial, as far as they have been read."""

    @cached_property
    def _text(self) -> str:
        """The dictionary's lines after its heading, each after a line end."""
        return "\n" + DICTIONARY.read_text(encoding="utf-8").partition("\n\n")[2]

    @cached_property
    def _corrections(self) -> dict[str, str]:
        lines = (line.split(" #", 1)[0].split(" ", 1) for line in CORRECTIONS.read_text(encoding="utf-8").splitlines())
        return {fields[0]: fields[1] for fields in lines if len(fields) == 2}

    def _read(self, initial: str) -> dict[str, str]:
        """The words with an initial, which stand together in the dictionary, with their phones."""
        lines: list[str] = []
        if initial in INITIALS:
            last = self._text.rfind("\n" + initial) + 1
            lines = self._text[self._text.find("\n" + initial) + 1 : self._text.find("\n", last)].split("\n")
        corrected = {word: phones for word, phones in self._corrections.items() if word[0] == initial}
        return dict(map(str.split, lines, repeat(" "), repeat(1))) | corrected

    def _known(self, word: str) -> str | None:
        words = self._words.get(word[:1])
        if words is None:
            words = self._words[word[:1]] = self._read(word[:1])
        return words.get(word)

    def __contains__(self, word: object) -> bool:
        return word in self.override or (isinstance(word, str) and self._known(word) is not None)

    def get(self, word: str) -> Pronunciation | None:
        """The pronunciation of a lower-case word, vowels with the digit of their stress where it is known; None if the
        word is in neither list."""
        if word in self.override:
            return self.override[word]
        phones = self._known(word)
        return None if phones is None else tuple(phones.split())


def load_user_lexicon(path: Path | str) -> dict[str, Pronunciation]:
    """Read lines of ``word P H O N E S``; stress digits are allowed, ``#`` begins a comment, a later line wins.

    UserError names the file, the line and what is wrong with it: an unknown phone, or a word without phones.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"cannot read the lexicon {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"the lexicon {path} is not UTF-8 text") from error
    lexicon: dict[str, Pronunciation] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        fields = line.split("#", 1)[0].split()
        if not fields:
            continue
        word, *written = fields
        if not written:
            raise UserError(f"{path}, line {number}: {word!r} has no phones; write the word, then its phones")
        lexicon[word.lower()] = read_phones(written, f"{path}, line {number}")
    return lexicon


def read_phones(written: Sequence[str], where: str) -> Pronunciation:
    """Phones as users write them, vowels with or without a digit of stress; UserError, which begins with ``where``, at
    an unknown one."""
    phones = tuple(phone.upper() for phone in written)
    for phone, raw in zip(phones, written, strict=True):
        if unstressed(phone) not in PHONES:
            raise UserError(f"{where}: {raw!r} is not a phone; phones are {' '.join(PHONES)}")
    return phones


def with_s(phones: Pronunciation) -> Pronunciation:
    """A word with the ending of its plural, third person or genitive: ``S``, ``Z`` or ``AH0 Z``, as English has it."""
    if phones[-1] in _SIBILANTS:
        return (*phones, "AH0", "Z")
    return (*phones, "S" if phones[-1] in _VOICELESS else "Z")
