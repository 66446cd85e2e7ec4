"""English: written words to spoken ones, and these to phones."""

from avsynth.text.english.frontend import EnglishFrontend

__all__ = ["EnglishFrontend"]
