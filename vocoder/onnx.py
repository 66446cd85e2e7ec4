"""Any net in an ONNX file that takes a mel and gives a waveform.

Dimensions: F mel frames, M mel bins, N audio samples.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vocoder.errors import VocoderError
from vocoder.mel_file import read_mel_file
from vocoder.outside import MIN_FRAMES, OutsideVocoder, repeat_last
from vocoder.packages import ONNXRUNTIME, import_package, one_line

MEL_FILE = "mel.yaml"
"""The file with the mel's settings, beside the net, unless another is named."""
FLOATS = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(double)": np.float64}


class Onnx(OutsideVocoder):
    """A net with one input, the mel as ``(1, M, F)`` or ``(1, F, M)``, and one output, the waveform as ``(1, N)`` or
    ``(1, 1, N)``: a hop for every frame, or one hop less in all, as a centred inverse transform gives.

    The order of the mel's axes is taken from the input's shape where that tells it, else found by trying.
    """

    def __init__(self, checkpoint: Path, device: str = "cpu", mel_file: Path | None = None) -> None:
        """Args: ``checkpoint``, the .onnx file; ``mel_file``, the YAML file of its mel (default: mel.yaml beside it).

        Raises :class:`VocoderError` where onnxruntime is missing, a file is unreadable, or the net is of another form.
        """
        checkpoint = Path(checkpoint)
        if not checkpoint.is_file():
            raise VocoderError(f"cannot read checkpoint {checkpoint}: no such file")
        config, normalisation = read_mel_file(Path(mel_file) if mel_file else checkpoint.parent / MEL_FILE)
        super().__init__(config, device, normalisation)
        self._session = _open(checkpoint, self._device.type)
        self._input, self._type = _only_input(self._session, checkpoint)
        self._bins_first, self._one_more = self._find_form(checkpoint)

    def _voice(self, mel_FM: Tensor) -> Tensor:
        mel_FM = repeat_last(mel_FM) if self._one_more else mel_FM
        mel = mel_FM.T if self._bins_first else mel_FM
        sound = self._run(mel.cpu().numpy()[None])
        return torch.from_numpy(sound.reshape(-1).astype(np.float32)).to(self._device)

    def _run(self, mel: Any) -> Any:
        return self._session.run(None, {self._input.name: np.ascontiguousarray(mel, self._type)})[0]

    def _find_form(self, checkpoint: Path) -> tuple[bool, bool]:
        """Whether the mel's bins come before its frames, and whether the net wants a frame more than there are hops."""
        bins, hop = self.mel_config.n_mels, self.mel_config.hop_length
        shape = self._input.shape
        ways = [way for way, place in ((True, 1), (False, 2)) if shape[place] == bins]
        if not ways and not any(isinstance(size, int) for size in shape[1:]):
            ways = [True, False]
        frames = MIN_FRAMES if bins != MIN_FRAMES else MIN_FRAMES + 1
        faults = [f"its input {self._input.name} has the shape {shape}"]
        for bins_first in ways:
            mel = np.zeros((1, bins, frames) if bins_first else (1, frames, bins))
            try:
                sound = self._run(mel)
            except Exception as error:  # onnxruntime's own kinds
                faults.append(one_line(error))
                continue
            if sound.dtype.kind != "f" or sound.shape not in [(1, *ones, sound.size) for ones in ((), (1,))]:
                faults.append(f"it gives {sound.shape} of {sound.dtype}")
            elif sound.size not in (frames * hop, (frames - 1) * hop):
                faults.append(f"it gives {sound.size} samples of {frames} frames, whose hops are {frames * hop}")
            elif not np.isfinite(sound).all():
                raise VocoderError(f"checkpoint {checkpoint} is damaged: it gives values that are not finite")
            else:
                return bins_first, sound.size < frames * hop
        raise VocoderError(
            f"checkpoint {checkpoint} turns no mel (1, {bins}, frames) or (1, frames, {bins}) of any length into a"
            f" waveform: {'; '.join(faults)}"
        )


def _open(path: Path, device: str) -> Any:
    runtime = import_package("onnxruntime", ONNXRUNTIME, "onnx")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.log_severity_level = 4
    wanted = "CUDAExecutionProvider" if device == "cuda" else "CPUExecutionProvider"
    if wanted not in runtime.get_available_providers():
        raise VocoderError(f"vocoder onnx cannot use the device {device}: the installed onnxruntime has no {wanted}")
    try:
        return runtime.InferenceSession(str(path), options, providers=[wanted])
    except Exception as error:  # onnxruntime's own kinds
        raise VocoderError(f"checkpoint {path} is damaged or no ONNX net: {one_line(error)}") from error


def _only_input(session: Any, path: Path) -> tuple[Any, Any]:
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or len(outputs) != 1:
        names = ", ".join(item.name for item in inputs), ", ".join(item.name for item in outputs)
        raise VocoderError(
            f"checkpoint {path} must have one input, the mel, and one output, the waveform; it has"
            f" {len(inputs)} ({names[0]}) and {len(outputs)} ({names[1]})"
        )
    if inputs[0].type not in FLOATS or len(inputs[0].shape) != 3:
        raise VocoderError(
            f"checkpoint {path} has the input {inputs[0].name} of {inputs[0].type} {inputs[0].shape}; a mel has three"
            " dimensions of floats"
        )
    return inputs[0], FLOATS[inputs[0].type]
