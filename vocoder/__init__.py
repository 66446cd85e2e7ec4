"""From mel to waveform: the mel contract, the vocoder protocol, and vocoders by name.

Importing this package is light; torch comes in when a mel is measured or a vocoder is loaded.
"""

from vocoder.errors import VocoderError
from vocoder.loading import VOCODERS, load_vocoder
from vocoder.mel import MelConfig, log_mel, mel_frames
from vocoder.protocol import Vocoder, check_mel

__all__ = ["VOCODERS", "MelConfig", "Vocoder", "VocoderError", "check_mel", "load_vocoder", "log_mel", "mel_frames"]
