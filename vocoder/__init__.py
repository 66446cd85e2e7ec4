"""From mel to waveform: the mel contract, the vocoder protocol, and vocoders by name.

Importing this package is light; torch comes in when a mel is measured or a vocoder is loaded.
"""

from vocoder.adapting import fit_mel
from vocoder.errors import VocoderError
from vocoder.loading import FAMILIES, VOCODERS, load_vocoder
from vocoder.mel import MelConfig, log_mel, mel_frames
from vocoder.protocol import Vocoder, check_mel

__all__ = [
    "FAMILIES",
    "VOCODERS",
    "MelConfig",
    "Vocoder",
    "VocoderError",
    "check_mel",
    "fit_mel",
    "load_vocoder",
    "log_mel",
    "mel_frames",
]
