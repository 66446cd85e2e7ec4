"""The exception for bad input to this package."""


class VocoderError(ValueError):
    """A bad mel, setting, name or checkpoint: one line that names it and says what would do."""
