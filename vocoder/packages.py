"""Packages of other projects that some vocoders need, and the commands that install them."""

from __future__ import annotations

import importlib
from types import ModuleType

from vocoder.errors import VocoderError

ESPNET = "pip install --no-deps --ignore-requires-python espnet humanfriendly omniio torch-complex"
"""Without ESPnet's own requirements, which include those of a whole recogniser, 6.5 GB."""
H5PY = "pip install h5py"
BIGVGAN = "pip install --no-deps bigvgan && pip install huggingface_hub matplotlib"
"""Without BigVGAN's own requirements, which include those of its training, one of which has to be compiled."""
ONNXRUNTIME = "pip install onnxruntime"


def import_package(module: str, install: str, vocoder: str) -> ModuleType:
    """Import a module of another project; where it is missing or fails to import, :class:`VocoderError` says what to
    install."""
    try:
        return importlib.import_module(module)
    except Exception as error:  # a package that does not fit what is installed raises almost anything
        raise VocoderError(f"vocoder {vocoder} cannot import {module} ({one_line(error)}); {install}") from error


def one_line(error: Exception) -> str:
    """An exception's kind and text in one line of bounded length."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
