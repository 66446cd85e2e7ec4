"""The one exception that this package raises for what a caller got wrong."""


class VocoderError(ValueError):
    """A bad mel, setting, name or checkpoint: one line that names it and says what would do."""
