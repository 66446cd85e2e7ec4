"""Checkpoints of the project ParallelWaveGAN (ESPnet's vocoders), run with ESPnet's copies of its classes.

Dimensions: F mel frames, M mel bins, N audio samples.

A checkpoint is a ``.pkl`` or ``.pth`` file (tensors under ``model.generator``) with its ``config.yml``, and with
``stats.h5`` or ``stats.npy``: mean and scale of each mel bin over the training data, by which every mel was normalised.

Sources; parameters are named as by their authors: Kong et al. (HiFi-GAN), NeurIPS 2020; Yamamoto et al. (Parallel
WaveGAN), ICASSP 2020; Kumar et al. (MelGAN), NeurIPS 2019; Yang et al. (multi-band MelGAN), SLT 2021; Mustafa et al.
(StyleMelGAN), ICASSP 2021.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vocoder.checkpoints import check_weights, read_tensors
from vocoder.errors import VocoderError
from vocoder.mel import MelConfig
from vocoder.outside import Normalisation, OutsideVocoder, read_yaml
from vocoder.packages import ESPNET, H5PY, import_package, one_line

CONFIG = "config.yml"
GENERATORS = {
    "HiFiGANGenerator": ("espnet2.gan_tts.hifigan", "in_channels"),
    "MelGANGenerator": ("espnet2.gan_tts.melgan", "in_channels"),
    "ParallelWaveGANGenerator": ("espnet2.gan_tts.parallel_wavegan", "aux_channels"),
    "StyleMelGANGenerator": ("espnet2.gan_tts.style_melgan", "aux_channels"),
}
"""For each ``generator_type``, the module of its class, and the parameter for the number of mel bins."""
RENAMED = {"dropout": "dropout_rate", "upsample_kernal_sizes": "upsample_kernel_sizes"}
"""ESPnet's names of some parameters that have (or had) other names in ParallelWaveGAN."""
SWITCHED_OFF = ("use_causal_conv",)
"""Parameters that ESPnet's classes lack; false values of them have no effect."""
OLD_VERSION = (0, 4, 2)
OLD_PQMF = {"taps": 62, "cutoff_ratio": 0.15, "beta": 9.0}
"""The filter bank of multi-band generators up to that version, whose configs do not name it."""
CENTRED_FLOOR = 1e-10
"""The floor of ParallelWaveGAN's mels where the config names none."""


class ParallelWaveGAN(OutsideVocoder):
    """A generator that ParallelWaveGAN trained: HiFi-GAN, MelGAN, multi-band MelGAN, Parallel WaveGAN, StyleMelGAN.

    It takes the mel as that project measures it, before normalisation, and normalises by itself.
    """

    def __init__(self, checkpoint: Path, device: str = "cpu") -> None:
        """Args: ``checkpoint``, with its config.yml and its stats.h5 or stats.npy beside it.

        Raises :class:`VocoderError` where ESPnet is missing, a file is unreadable or does not fit, or the generator is
        of a kind that is not here.
        """
        checkpoint = Path(checkpoint)
        weights = read_tensors(checkpoint, "model.generator")
        path = checkpoint.parent / CONFIG
        config = read_yaml(path, "the config that belongs beside its checkpoint")
        try:
            mel_config = _mel_config(config)
        except KeyError as error:
            raise VocoderError(f"{path} lacks the key {error.args[0]!r} of a ParallelWaveGAN config") from error
        except (ValueError, TypeError) as error:
            raise VocoderError(f"{path} is no valid ParallelWaveGAN config: {error}") from error
        generator, self._filters = _build(config, mel_config, path)
        super().__init__(mel_config, device, read_stats(checkpoint.parent, mel_config.n_mels))
        weights = _join_skips(weights) if type(generator).__name__ == "ParallelWaveGANGenerator" else weights
        check_weights(weights, generator, checkpoint, CONFIG)
        generator.load_state_dict(weights)
        generator.remove_weight_norm()
        self._generator = generator.requires_grad_(False).eval().to(self._device)

    def _voice(self, mel_FM: Tensor) -> Tensor:
        sound_NC: Tensor = self._generator.inference(mel_FM)
        if self._filters is not None:
            sound_NC = self._filters.to(sound_NC.device).synthesis(sound_NC.T[None])[0].T
        return sound_NC[:, 0]


def read_stats(folder: Path, n_mels: int) -> Normalisation:
    """Mean and scale of each mel bin, from ``stats.h5`` (datasets ``mean`` and ``scale``) or ``stats.npy`` (two rows).

    Raises :class:`VocoderError` where neither is there, or it does not fit.
    """
    npy, h5 = folder / "stats.npy", folder / "stats.h5"
    path = h5 if h5.is_file() else npy
    if not path.is_file():
        raise VocoderError(
            f"neither stats.h5 nor stats.npy lies in {folder}, by which ParallelWaveGAN normalised the mels that this"
            f" vocoder learned from: get it from where the checkpoint came from (for one that learned from mels as they"
            f" are: numpy.save('stats.npy', [[0.0] * {n_mels}, [1.0] * {n_mels}]))"
        )
    try:
        mean, scale = _read_h5(path) if path is h5 else np.load(path, allow_pickle=False)
        means, scales = (np.asarray(values, np.float64).reshape(-1).tolist() for values in (mean, scale))
    except VocoderError:
        raise
    except Exception as error:  # damaged bytes make the readers raise almost anything
        raise VocoderError(f"{path} is damaged, or does not hold mean and scale of the mel bins") from error
    return Normalisation(means, scales, n_mels, str(path))


def _read_h5(path: Path) -> tuple[Any, Any]:
    h5py = import_package("h5py", H5PY, "espnet, whose statistics are in stats.h5,")
    with h5py.File(path, "r") as file:
        return file["mean"][()], file["scale"][()]


def _mel_config(config: Mapping[str, Any]) -> MelConfig:
    rate, n_fft = int(config["sampling_rate"]), int(config["fft_size"])
    if config.get("window", "hann") != "hann":
        raise ValueError(f"its window is {config['window']}; only hann is read here")
    if config.get("sampling_rate_for_feats") not in (None, rate):
        raise ValueError("it measures mels at another rate (sampling_rate_for_feats) than it speaks at")
    log_base = config.get("log_base", 10.0)
    if log_base not in (None, 10.0):
        raise ValueError(f"its log_base is {log_base}; 10 and null, the natural one, are read here")
    return MelConfig(
        sample_rate=rate,
        n_fft=n_fft,
        hop_length=int(config["hop_size"]),
        win_length=int(config["win_length"] or n_fft),
        n_mels=int(config["num_mels"]),
        f_min=float(config["fmin"] or 0),
        f_max=float(config["fmax"] or rate / 2),
        log_base="e" if log_base is None else "10",
        floor=float(config.get("eps", CENTRED_FLOOR)),
        padding="center",
    )


def _build(config: Mapping[str, Any], mel: MelConfig, path: Path) -> tuple[Any, Any]:
    """The generator with random weights, and the filter bank that joins its bands, if it has several."""
    kind = config.get("generator_type", "ParallelWaveGANGenerator")
    parameters = config.get("generator_params")
    if kind not in GENERATORS or not isinstance(parameters, dict):
        fault = f"the generator_type {kind}" if isinstance(parameters, dict) else "no generator_params"
        raise VocoderError(f"{path} has {fault}; what is read here: {', '.join(GENERATORS)}")
    module, bins = GENERATORS[kind]
    cls: Any = getattr(import_package(module, ESPNET, "espnet"), kind)
    known = inspect.signature(cls).parameters
    values: dict[str, Any] = {RENAMED.get(str(name), str(name)): value for name, value in parameters.items()}
    values = {name: value for name, value in values.items() if name not in SWITCHED_OFF or value}
    if isinstance(values.get("upsample_params"), dict):
        inner = values["upsample_params"].items()
        values["upsample_params"] = {name: value for name, value in inner if name not in SWITCHED_OFF or value}
    strange = [name for name in values if name not in known]
    if strange:
        raise VocoderError(f"{path}: ESPnet's {kind} has no {strange[0]}; such a generator cannot be read here")
    channels = values.get(bins, known[bins].default)
    if channels != mel.n_mels:
        raise VocoderError(f"{path} has {bins} {channels} for num_mels {mel.n_mels}")
    bands = values.get("out_channels", 1)
    if bands != 1 and kind != "MelGANGenerator":
        raise VocoderError(f"{path} has a {kind} of {bands} bands; of several bands only MelGANGenerator is read here")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # they build on a deprecated weight_norm
            generator = cls(**values)
        filters = None if bands == 1 else _filters(config, bands)
    except Exception as error:  # its constructors assert, and raise whatever comes of what they do not check
        raise VocoderError(f"{path} describes no {kind} that can be built: {one_line(error)}") from error
    factor = generator.upsample_factor
    if factor != mel.hop_length:
        raise VocoderError(f"{path}: its upsampling gives {factor} samples a frame, not hop_size {mel.hop_length}")
    return generator, filters


def _filters(config: Mapping[str, Any], bands: int) -> Any:
    from espnet2.gan_tts.melgan.pqmf import PQMF  # type: ignore[import-not-found,import-untyped,unused-ignore]

    version = tuple(int(part) for part in str(config.get("version", "0.1.0")).split(".")[:3] if part.isdigit())
    return PQMF(subbands=bands, **config.get("pqmf_params", OLD_PQMF if version <= OLD_VERSION else {}))


def _join_skips(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Join a block's residual and skip convolutions into the single one that ESPnet uses."""
    joined = {name: tensor for name, tensor in weights.items() if ".conv1x1_skip." not in name}
    for name, tensor in weights.items():
        other = name.replace(".conv1x1_skip.", ".conv1x1_out.")
        if other != name and other in joined:
            joined[other] = torch.cat([joined[other], tensor], dim=0)
    return joined
