"""Griffin-Lim: sound from a mel without any weights.

Dimensions: B batch, N audio samples, F mel frames, M mel bins, K frequency bins.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vocoder.mel import MelConfig, mel_filterbank
from vocoder.protocol import check_input


class GriffinLim:
    """Inverts the mel bands by non-negative least squares and finds phases by the fast Griffin-Lim algorithm.

    Deterministic: the phases start from a fixed seed. It sounds hollow, but it always works, for any mel.

    Source: Perraudin, Balazs and Sondergaard, "A fast Griffin-Lim algorithm", WASPAA 2013; multiplicative updates of
    Lee and Seung, NIPS 2000.
    """

    def __init__(
        self,
        mel_config: MelConfig | None = None,
        device: str = "cpu",
        *,
        iterations: int = 60,
        momentum: float = 0.99,
        inversion_steps: int = 50,
    ) -> None:
        """Args: ``iterations`` of phase search with ``momentum`` (0 is the plain algorithm), after
        ``inversion_steps`` of the bands' inversion."""
        self.mel_config = mel_config or MelConfig()
        self._device = torch.device(device)
        self._iterations = iterations
        self._momentum = momentum
        self._inversion_steps = inversion_steps
        self._window = torch.hann_window(self.mel_config.win_length, device=self._device)
        self._bands_MK = torch.from_numpy(mel_filterbank(self.mel_config)).to(self._device)
        self._inverse_KM = torch.linalg.pinv(self._bands_MK)

    @torch.inference_mode()
    def __call__(self, mel_BFM: Tensor) -> Tensor:
        """A log mel ``(B, F, n_mels)`` to a float32 waveform ``(B, F * hop_length)`` clipped to [-1, 1].

        Raises :class:`VocoderError` for a wrong shape.
        """
        config = self.mel_config
        check_input(mel_BFM, config)
        batch, frames, _ = mel_BFM.shape
        if batch == 0 or frames == 0:
            return torch.zeros(batch, frames * config.hop_length, device=self._device)
        magnitude_BKF = self._invert_bands(mel_BFM.to(self._device, torch.float32).transpose(1, 2))
        # One frame more at each end, so that every sample of the F hops lies under windows that overlap in full.
        magnitude_BKF = torch.cat([magnitude_BKF[..., :1], magnitude_BKF, magnitude_BKF[..., -1:]], dim=-1)
        waveform_BN = self._find_phases(magnitude_BKF)
        start = config.hop_length - (config.n_fft // 2 - config.padding_samples)
        return waveform_BN[:, start : start + frames * config.hop_length].clamp(-1.0, 1.0)

    def _invert_bands(self, mel_BMF: Tensor) -> Tensor:
        """The non-negative magnitudes ``(B, K, F)`` whose bands come closest to the mel."""
        target = torch.exp(mel_BMF) if self.mel_config.log_base == "e" else torch.pow(10.0, mel_BMF)
        # A multiplicative step cannot leave zero, so the start is held just above it.
        magnitude = torch.matmul(self._inverse_KM, target).clamp(min=1e-6)
        wanted = torch.matmul(self._bands_MK.T, target)
        for _ in range(self._inversion_steps):
            got = torch.matmul(self._bands_MK.T, torch.matmul(self._bands_MK, magnitude))
            magnitude = magnitude * wanted / got.clamp(min=1e-12)
        return magnitude

    def _find_phases(self, magnitude_BKF: Tensor) -> Tensor:
        """A waveform ``(B, (F - 1) * hop_length)`` with about these magnitudes, centred frames."""
        turns = torch.rand(magnitude_BKF.shape[1:], generator=torch.Generator().manual_seed(0)).to(self._device)
        spectrum = torch.polar(magnitude_BKF, (2 * torch.pi * turns).expand_as(magnitude_BKF))
        previous = torch.zeros_like(spectrum)
        for _ in range(self._iterations):
            consistent = self._stft(self._istft(spectrum))
            ahead = consistent + self._momentum * (consistent - previous)
            spectrum = magnitude_BKF * ahead / ahead.abs().clamp(min=1e-12)
            previous = consistent
        return self._istft(spectrum)

    def _stft(self, waveform_BN: Tensor) -> Tensor:
        c = self.mel_config
        return torch.stft(
            waveform_BN, c.n_fft, c.hop_length, c.win_length, self._window, pad_mode="constant", return_complex=True
        )

    def _istft(self, spectrum_BKF: Tensor) -> Tensor:
        c = self.mel_config
        return torch.istft(spectrum_BKF, c.n_fft, c.hop_length, c.win_length, self._window)
