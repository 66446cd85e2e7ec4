"""Text to phones. All knowledge of a language is behind :class:`TextFrontend`."""

from avsynth.text.english import EnglishFrontend
from avsynth.text.english.markup import FASTEST, MOST_SEMITONES, SLOWEST
from avsynth.text.english.reading import Dates
from avsynth.text.english.sentences import LINKS
from avsynth.text.frontend import Pace, PhoneSequence, TextFrontend
from avsynth.text.languages import default_frontend, load_frontend
from avsynth.text.marked import Format, MarkedText
from avsynth.text.symbols import PAD, PHONES, SIL, Replacement, Symbols, nearest_kin, replace_unseen
from avsynth.text.tokens import Pause, Span, Spoken, Word
from avsynth.text.unread import unread_line
from avsynth.text.visemes import viseme

__all__ = [
    "FASTEST",
    "LINKS",
    "MOST_SEMITONES",
    "PAD",
    "PHONES",
    "SIL",
    "SLOWEST",
    "Dates",
    "EnglishFrontend",
    "Format",
    "MarkedText",
    "Pace",
    "Pause",
    "PhoneSequence",
    "Replacement",
    "Span",
    "Spoken",
    "Symbols",
    "TextFrontend",
    "Word",
    "default_frontend",
    "load_frontend",
    "nearest_kin",
    "replace_unseen",
    "unread_line",
    "viseme",
]
