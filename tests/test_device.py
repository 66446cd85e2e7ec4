"""The device, and how many threads compute."""

from __future__ import annotations

import torch

from avsynth.device import one_thread_each
from avsynth.synthesis.options import VoiceOptions


def test_torch_has_one_thread_for_a_while() -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        with one_thread_each() as threads:
            assert threads == 2 and torch.get_num_threads() == 1
        assert torch.get_num_threads() == 2
        with one_thread_each(VoiceOptions(vocoder="bigvgan").threads_apart) as threads:
            assert threads == 1 and torch.get_num_threads() == 2
        assert all(VoiceOptions(vocoder=name).threads_apart for name in (None, "harmonic", "hifigan"))
    finally:
        torch.set_num_threads(before)
