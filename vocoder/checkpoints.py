"""Reading weights from untrusted files: only tensors are read, and errors are one line."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from vocoder.errors import VocoderError

PAIRS = ((".weight_v", ".weight_g"), (".parametrizations.weight.original1", ".parametrizations.weight.original0"))
"""Names of direction and length in torch's older and newer weight normalisation."""


def read_tensors(path: Path, key: str = "") -> dict[str, Tensor]:
    """The tensors of a checkpoint by name, on the CPU; nothing but tensors is ever unpickled.

    Args:
        path: a ``.safetensors`` file, or one that torch saved.
        key: where torch's file holds them, such as ``model.generator``; empty where they are all there is.

    Raises :class:`VocoderError` for a file that is missing, damaged, or holds anything but tensors there.
    """
    if not path.is_file():
        raise VocoderError(f"cannot read checkpoint {path}: no such file")
    if path.suffix == ".safetensors":
        return _read_safetensors(path)
    try:
        # Only files in the zip format can be mapped; older ones are read whole.
        with path.open("rb") as file:
            mapped = file.read(2) == b"PK"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what torch remarks on foreign files is said below in one line
            content: Any = torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)
    except OSError as error:
        raise VocoderError(f"cannot read checkpoint {path}: {error.strerror or error}") from error
    except Exception as error:  # damaged bytes make the reader raise almost anything
        raise VocoderError(f"checkpoint {path} is damaged or no checkpoint of tensors") from error
    for name in key.split(".") if key else ():
        content = content.get(name) if isinstance(content, dict) else None
    if not isinstance(content, dict) or not all(isinstance(value, Tensor) for value in content.values()):
        where = f"has no tensors under the key {key!r}" if key else "holds more than tensors"
        raise VocoderError(f"checkpoint {path} is of another kind of vocoder: it {where}")
    return dict(content)


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except OSError as error:
        raise VocoderError(f"cannot read checkpoint {path}: {error.strerror or error}") from error
    except SafetensorError as error:
        raise VocoderError(f"checkpoint {path} is damaged or no file of safetensors") from error


def check_weights(weights: dict[str, Tensor], module: nn.Module, path: Path, config: str) -> None:
    """Raise :class:`VocoderError` where the tensors read from ``path`` are not those of ``module``, which the file
    ``config`` describes, name by name and shape by shape, or where one holds a value that is not finite."""
    wanted = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
    missing = [name for name in wanted if name not in weights]
    surplus = [name for name in weights if name not in wanted]
    if missing or surplus:
        fault = f"lacks {missing[0]}" if missing else f"holds {surplus[0]}, which its {config} has not"
        raise VocoderError(f"checkpoint {path} does not fit its {config}: it {fault}")
    for name, shape in wanted.items():
        got = tuple(weights[name].shape)
        if got != shape:
            raise VocoderError(f"checkpoint {path} does not fit its {config}: {name} has the shape {got}, not {shape}")
        if not torch.isfinite(weights[name]).all():
            raise VocoderError(f"checkpoint {path} is damaged: {name} holds values that are not finite")


def load_weights(module: nn.Module, weights: dict[str, Tensor], path: Path, config: str) -> None:
    """Check the weights and put them, in float32, into ``module``, which may lie on torch's device ``meta``; it is
    then ready for inference. Raises as :func:`check_weights`."""
    check_weights(weights, module, path, config)
    module.load_state_dict(
        {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in weights.items()},
        assign=True,
    )
    module.requires_grad_(False).eval()


def fold_weight_norm(parameters: dict[str, Tensor]) -> dict[str, Tensor]:
    """Float32 weights with every normalised pair, length g and direction v, as ``g * v / |v|``.

    Empties ``parameters`` as it goes, so that the two never stand in memory together. Each |v| is taken over all
    dimensions but the first, for transposed convolutions too. What is not normalised passes unchanged.
    """
    folded: dict[str, Tensor] = {}
    for name in list(parameters):
        if name not in parameters:
            continue
        for direction_end, length_end in PAIRS:
            stem = name.removesuffix(direction_end).removesuffix(length_end)
            if stem != name and {stem + direction_end, stem + length_end} <= parameters.keys():
                direction, length = (parameters.pop(stem + end).float() for end in (direction_end, length_end))
                norm = torch.linalg.vector_norm(direction, dim=tuple(range(1, direction.dim())), keepdim=True)
                folded[stem + ".weight"] = direction * (length / norm)
                break
        else:
            folded[name] = parameters.pop(name).float()
    return folded
