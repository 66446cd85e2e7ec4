"""Text to phones: sentences, spoken words, pronunciations, symbols and visemes."""

from avsynth.text.g2p import G2P, Pace, PhoneSequence, Word, letter_phones, phonemise
from avsynth.text.lexicon import Lexicon, load_user_lexicon
from avsynth.text.markup import FASTEST, SLOWEST, MarkedText
from avsynth.text.normalise import spoken_words
from avsynth.text.sentences import split_sentences
from avsynth.text.symbols import PAD, PHONES, SIL, Replacement, Symbols, nearest_kin, replace_unseen
from avsynth.text.tokens import Pause
from avsynth.text.visemes import viseme

__all__ = [
    "FASTEST",
    "G2P",
    "PAD",
    "PHONES",
    "SIL",
    "SLOWEST",
    "Lexicon",
    "MarkedText",
    "Pace",
    "Pause",
    "PhoneSequence",
    "Replacement",
    "Symbols",
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
