"""Text to phones: sentences, spoken words, pronunciations, symbols and visemes."""

from avsynth.text.g2p import G2P, PhoneSequence, Word, letter_phones, phonemise
from avsynth.text.lexicon import Lexicon, load_user_lexicon
from avsynth.text.normalise import Pause, split_sentences, spoken_words
from avsynth.text.symbols import PAD, PHONES, SIL, Replacement, Symbols, nearest_kin, replace_unseen
from avsynth.text.visemes import viseme

__all__ = [
    "G2P",
    "PAD",
    "PHONES",
    "SIL",
    "Lexicon",
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
