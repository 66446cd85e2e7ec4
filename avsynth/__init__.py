"""Type a sentence and get a video of a mouth that says it, sound and lips cut from one list of durations."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from avsynth.synthesis.result import Synthesis
    from avsynth.synthesis.synthesizer import AVSynthesizer
    from avsynth.synthesis.voice import Voice
    from avsynth.timeline import Timeline

__version__ = "0.1.0"
__all__ = ["AVSynthesizer", "Synthesis", "Timeline", "Voice", "__version__"]

_HOMES = {
    "AVSynthesizer": "avsynth.synthesis.synthesizer",
    "Synthesis": "avsynth.synthesis.result",
    "Timeline": "avsynth.timeline",
    "Voice": "avsynth.synthesis.voice",
}


def __getattr__(name: str) -> Any:
    """The public names, imported when they are first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'avsynth' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
