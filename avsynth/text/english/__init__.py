"""English: from written text to spoken words, and from words to phones."""

from avsynth.text.english.frontend import EnglishFrontend

__all__ = ["EnglishFrontend"]
