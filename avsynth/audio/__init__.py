"""Sound: reading, writing, pitch and energy. The mel itself belongs to :mod:`vocoder`."""
