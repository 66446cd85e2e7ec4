"""The joint model: one encoder and one duration predictor for sound and lips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from avsynth.config.schema import Config
from avsynth.data.stats import Stats
from avsynth.models.accent import Accent
from avsynth.models.encoder import PhoneEncoder
from avsynth.models.image import Drawn
from avsynth.models.lips import Identity, LipDecoder, resample_motion, to_uint8
from avsynth.models.mel import MelDecoder
from avsynth.models.opening import PROBE, PROBE_S, knows_probe, opened, shut_and_open, shutting
from avsynth.models.protocol import FrameGrid, Hops, Inferred, Request
from avsynth.models.regulator import moved_boundaries
from avsynth.models.rests import REST_S, SHOWN_S, resting, shown, silences
from avsynth.models.variance import Predictor
from avsynth.text import SIL
from avsynth.text.accents import ACCENTS
from avsynth.types import Batch, lengths_to_mask

Branch = Literal["mel", "lips"]


@dataclass(frozen=True)
class Outputs:
    """The model's outputs for a batch, with true durations, pitch and energy. None where a branch is not asked for."""

    log_durations_BP: Tensor
    """Predicted ``log(1 + hops)``."""
    pitch_BP: Tensor
    energy_BP: Tensor
    coarse_mel_BFM: Tensor | None
    mel_BFM: Tensor | None
    lips_BKCHW: Tensor | None
    """Floats in [0, 1], of those utterances of the batch that have video."""
    picture_BKCHW: Tensor | None = None
    """Their newly drawn layer, where the image decoder also moves the identity's pixels."""
    moved_BKCHW: Tensor | None = None
    """Their layer of moved pixels, likewise."""


class JointModel(nn.Module):
    """Phones to durations, mel and lip frames.

    Args:
        config: The whole config tree.
        stats: The corpus's statistics, which give the sizes that come from data.
    """

    speaks = True
    coarse_parts: tuple[str, ...] = ("lip_decoder.motion",)
    mel_mean_M: Tensor
    mel_std_M: Tensor

    def __init__(self, config: Config, stats: Stats) -> None:
        super().__init__()
        model = config.model
        self.fps = config.fps
        self.symbols = stats.symbols
        self.frame_hops = config.mel.sample_rate / (float(config.fps) * config.mel.hop_length)
        self.encoder = PhoneEncoder(stats.symbols, model)
        self.speaker = nn.Embedding(len(stats.speakers), model.hidden) if len(stats.speakers) > 1 else None
        self.accent = Accent(model) if model.accent.layers else None
        self.duration = Predictor(model.hidden, model.duration)
        self.pitch = Predictor(model.hidden, model.pitch)
        self.energy = Predictor(model.hidden, model.energy)
        self.shared_prosody = model.shared_prosody
        self.duration_noise = model.duration_noise
        self.mel_decoder = MelDecoder(model, config.mel.n_mels)
        self.lip_decoder = LipDecoder(model, config.lips)
        self.register_buffer("mel_mean_M", torch.tensor(stats.mel_mean), persistent=False)
        self.register_buffer("mel_std_M", torch.tensor(stats.mel_std), persistent=False)

    def forward(self, batch: Batch, branches: tuple[Branch, ...] = ("mel", "lips")) -> Outputs:
        """Teacher-forced outputs for a batch."""
        mask_BP = lengths_to_mask(batch.phone_lens_B, batch.phones_BP.shape[1])
        encoded_BPD = self.encoder(batch.phones_BP, mask_BP)
        heard_BPD = self.heard(encoded_BPD, mask_BP, batch.accents_BPA)
        voiced_BPD = self.voiced(heard_BPD, mask_BP, batch.speaker_B)
        coarse_BFM = mel_BFM = None
        lips = None
        if "mel" in branches:
            mask_BF = lengths_to_mask(batch.mel_lens_B, batch.mel_BFM.shape[1])
            coarse_BFM, mel_BFM = self.mel_decoder(
                voiced_BPD, mask_BP, batch.durations_BP, batch.pitch_BP, batch.energy_BP, mask_BF
            )
        filmed_B = batch.lip_lens_B > 0
        if "lips" in branches and filmed_B.any():
            lips = self._lips(batch.rows(filmed_B), encoded_BPD[filmed_B])
        pitch_BP, energy_BP = self.prosody(heard_BPD, voiced_BPD, mask_BP)
        return Outputs(
            self.duration(voiced_BPD, mask_BP),
            pitch_BP,
            energy_BP,
            coarse_BFM,
            mel_BFM,
            *((lips.frames, lips.picture, lips.moved) if lips is not None else (None,)),
        )

    def encode_identity(self, identity_BCHW: Tensor) -> Identity:
        """A face, computed once: ``(1, 3, H, W)`` floats in [0, 1]."""
        return self.lip_decoder.encode_identity(identity_BCHW)

    @torch.inference_mode()
    def infer(self, request: Request) -> Inferred:
        """Encoder, durations, prosody and mel; motion of the lips; pictures when they are asked for."""
        phones_BP, device = request.phones_BP, request.phones_BP.device
        mask_BP = torch.ones_like(phones_BP, dtype=torch.bool)
        encoded_BPD = self.encoder(phones_BP, mask_BP)
        heard_BPD = self.heard(encoded_BPD, mask_BP, request.accents_BPA)
        voiced_BPD = self.voiced(heard_BPD, mask_BP, request.speaker_B)
        hops = request.hops
        if hops is None:
            assert request.pace is not None
            hops = request.pace(self.duration(voiced_BPD, mask_BP)[0].double().expm1().clamp(min=0).tolist())
        durations_BP = torch.tensor([hops], device=device)
        mel_BFM = None
        if request.sound:
            pitch_BP, energy_BP = self.prosody(heard_BPD, voiced_BPD, mask_BP)
            pitch_BP = pitch_BP + request.pitch_shift_BP
            mask_BF = torch.ones(1, sum(hops), dtype=torch.bool, device=device)
            _, mel_BFM = self.mel_decoder(voiced_BPD, mask_BP, durations_BP, pitch_BP, energy_BP, mask_BF)
            mel_BFM = self.denormalise_mel(mel_BFM)
        grid, identity = request.grid(hops), request.identity
        if identity is None or not grid.count:
            return Inferred(hops, mel_BFM, 0, lambda first, end: np.zeros((0, 0, 0, 3), dtype=np.uint8))
        motion_BTD = self._motion(request, encoded_BPD, hops, identity, grid)

        # In silence many frames are equal; each distinct one is drawn once.
        distinct_BTD, number_T = torch.unique_consecutive(motion_BTD, dim=1, return_inverse=True)

        @torch.inference_mode()
        def draw(first: int, end: int) -> NDArray[np.uint8]:
            numbers = number_T[first:end].cpu()
            start = int(numbers[0])
            drawn_TCHW = self.lip_decoder.draw(distinct_BTD[:, start : int(numbers[-1]) + 1], identity)[0]
            frames: NDArray[np.uint8] = to_uint8(drawn_TCHW).cpu().numpy()[(numbers - start).numpy()]
            return frames

        return Inferred(hops, mel_BFM, grid.count, draw)

    def _motion(self, request: Request, encoded_BPD: Tensor, hops: Hops, identity: Identity, grid: FrameGrid) -> Tensor:
        """Motion latents ``(1, T, D)`` of a grid's frames, in silence by :mod:`avsynth.models.rests`.

        The decoder only gets frames that overlap phones; the frames asked for may reach a little beyond.
        """
        phones_BP, step, total = request.phones_BP, self.frame_hops, sum(hops)
        hop_s = 1 / (step * float(self.fps))
        before = max(0, floor(-grid.offset_hops / step))
        covered = ceil((total - grid.offset_hops) / step)
        native_frames = max(1, min(ceil(grid.count * self.fps / grid.fps), covered) - before)
        phones = [self.symbols[number] for number in phones_BP[0].tolist()]
        runs = silences(phones, hops) if request.rests else []
        seen = shown(hops, runs, SHOWN_S / hop_s, step, grid.offset_hops + before * step, native_frames)
        motion_BTD = self._move(encoded_BPD, seen.hops, int(seen.place[-1]) + 1, identity, seen.offset_hops)
        place_T = torch.from_numpy(np.pad(seen.place, (before, 0))).to(phones_BP.device)
        motion_BTD = resample_motion(motion_BTD[:, place_T], float(self.fps), float(grid.fps), grid.count)
        rest_11D = self._rest(phones_BP, identity)
        middles = grid.offset_hops + np.arange(0.5, grid.count) / (float(grid.fps) * hop_s)
        if request.opening != 1:
            shut_T = torch.from_numpy(shutting(middles, phones, hops, step)).to(phones_BP.device)
            ends = self._shut_and_open(identity)
            motion_BTD = opened(motion_BTD, rest_11D[0, 0], ends, request.opening, shut_T)
        if not request.rests:
            return motion_BTD
        rest_T = torch.from_numpy(resting(middles, runs, total, hop_s)).to(phones_BP.device)
        return torch.lerp(motion_BTD, rest_11D, rest_T[None, :, None])

    def _move(
        self, encoded_BPD: Tensor, hops: Sequence[float], frames: int, identity: Identity, offset_hops: float = 0.0
    ) -> Tensor:
        """Motion latents ``(1, frames, D)`` at the model's own rate."""
        durations_BP = torch.tensor([list(hops)], dtype=torch.float64, device=encoded_BPD.device)
        mask_BT = torch.ones(1, frames, dtype=torch.bool, device=encoded_BPD.device)
        return self.lip_decoder.move(encoded_BPD, durations_BP, self.frame_hops, mask_BT, identity, offset_hops)

    def _rest(self, phones_BP: Tensor, identity: Identity) -> Tensor:
        """The motion latent ``(1, 1, D)`` of the mouth at rest: that of the first frame of a sentence that begins with
        silence."""
        silent_BP = torch.full_like(phones_BP[:, :1], self.symbols.index(SIL))
        encoded_BPD = self.encoder(silent_BP, torch.ones_like(silent_BP, dtype=torch.bool))
        frames = max(1, floor(REST_S * float(self.fps)))
        return self._move(encoded_BPD, [frames * self.frame_hops], frames, identity)[:, :1]

    def _shut_and_open(self, identity: Identity) -> tuple[Tensor, Tensor] | None:
        """The motion of shut lips and of open ones; None for a model of other symbols."""
        if not knows_probe(self.symbols):
            return None
        device = identity.vector_BD.device
        phones_1P = torch.tensor([[self.symbols.index(phone) for phone in PROBE]], device=device)
        encoded_1PD = self.encoder(phones_1P, torch.ones_like(phones_1P, dtype=torch.bool))
        each = PROBE_S * float(self.fps)
        frames = max(1, floor(len(PROBE) * each))
        motion_1TD = self._move(encoded_1PD, [each * self.frame_hops] * len(PROBE), frames, identity)
        return shut_and_open(motion_1TD[0], each)

    def heard(self, encoded_BPD: Tensor, mask_BP: Tensor, accents_BPA: Tensor | None) -> Tensor:
        """The encoded phones as the sound takes them, with words and stress; None where nothing is known of them."""
        if self.accent is None:
            return encoded_BPD
        if accents_BPA is None:
            accents_BPA = encoded_BPD.new_zeros(*encoded_BPD.shape[:2], ACCENTS)
        heard_BPD: Tensor = self.accent(encoded_BPD, accents_BPA, mask_BP)
        return heard_BPD

    def voiced(self, heard_BPD: Tensor, mask_BP: Tensor, speaker_B: Tensor) -> Tensor:
        """The same plus the speaker's embedding, for durations and sound. Lips take the speaker from the identity
        image."""
        if self.speaker is None:
            return heard_BPD
        voiced_BPD: Tensor = (heard_BPD + self.speaker(speaker_B)[:, None]) * mask_BP[..., None]
        return voiced_BPD

    def prosody(self, heard_BPD: Tensor, voiced_BPD: Tensor, mask_BP: Tensor) -> tuple[Tensor, Tensor]:
        """Predicted pitch and energy ``(B, P)``, in the speaker's standard deviations from the speaker's mean."""
        taken_BPD = heard_BPD if self.shared_prosody else voiced_BPD
        return self.pitch(taken_BPD, mask_BP), self.energy(taken_BPD, mask_BP)

    def _lips(self, batch: Batch, encoded_BPD: Tensor) -> Drawn:
        identity = self.lip_decoder.encode_identity(image_floats(batch.identity_BCHW))
        mask_BT = lengths_to_mask(batch.lip_lens_B, max(1, int(batch.lip_lens_B.max())))
        durations_BP = batch.durations_BP
        if self.training and self.duration_noise > 0:
            durations_BP = moved_boundaries(durations_BP, self.duration_noise)
        motion_BTD = self.lip_decoder.move(
            encoded_BPD, durations_BP, self.frame_hops, mask_BT, identity, batch.lip_offset_B
        )
        index_BKD = batch.frame_index_BK[..., None].expand(-1, -1, motion_BTD.shape[2])
        return self.lip_decoder.draw_parts(motion_BTD.gather(1, index_BKD), identity)

    @torch.no_grad()
    def blend_speaker(self, speaker: int, share: float) -> None:
        """Move a speaker's vector this share of the way to the mean of the other speakers'."""
        if self.speaker is not None:
            vectors_SD = self.speaker.weight
            others_D = (vectors_SD.sum(dim=0) - vectors_SD[speaker]) / (len(vectors_SD) - 1)
            vectors_SD[speaker].lerp_(others_D, share)

    def denormalise_mel(self, mel_BFM: Tensor) -> Tensor:
        """From the model's normalised mel to the natural-log mel that a vocoder takes."""
        return mel_BFM * self.mel_std_M + self.mel_mean_M

    @property
    def lip_parts(self) -> tuple[nn.Module, ...]:
        """The modules on the path from text to lips."""
        return self.encoder, self.duration, self.lip_decoder

    def parameter_counts(self) -> dict[str, int]:
        """Parameters of each part."""
        return {name: sum(item.numel() for item in part.parameters()) for name, part in self.named_children()}


def image_floats(images: Tensor) -> Tensor:
    """uint8 images ``(..., 3, H, W)`` to floats in [0, 1], channels last in memory where 4-D."""
    floats = images.float() / 255
    return floats.contiguous(memory_format=torch.channels_last) if floats.dim() == 4 else floats
