"""Text to phones: sentences, spoken words, pronunciations, symbols and visemes."""

from avsynth.text.english import EnglishFrontend
from avsynth.text.english.g2p import G2P, Word, letter_phones, phonemise
from avsynth.text.english.lexicon import Lexicon, load_user_lexicon
from avsynth.text.english.markup import FASTEST, MOST_SEMITONES, SLOWEST
from avsynth.text.english.normalise import spoken_words
from avsynth.text.english.sentences import split_sentences
from avsynth.text.frontend import Pace, PhoneSequence, TextFrontend
from avsynth.text.marked import MarkedText
from avsynth.text.symbols import PAD, PHONES, SIL, Replacement, Symbols, nearest_kin, replace_unseen
from avsynth.text.tokens import Pause, Span, Spoken
from avsynth.text.visemes import viseme

__all__ = [
    "FASTEST",
    "G2P",
    "MOST_SEMITONES",
    "PAD",
    "PHONES",
    "SIL",
    "SLOWEST",
    "EnglishFrontend",
    "Lexicon",
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
    "letter_phones",
    "load_user_lexicon",
    "nearest_kin",
    "phonemise",
    "replace_unseen",
    "split_sentences",
    "spoken_words",
    "viseme",
]
