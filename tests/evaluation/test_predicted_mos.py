"""Predicted MOS of short clips."""

import numpy as np
import pytest

from avsynth.evaluation.clip_sound import MOS_RATE, MOS_STEP, predicted_mos
from avsynth.synthesis.synthesizer import AVSynthesizer


@pytest.mark.slow
def test_silence_at_the_end_of_a_picture_does_not_change_the_score() -> None:
    pytest.importorskip("speechmos")
    made = AVSynthesizer.from_pretrained("english", device="cpu")("The kettle is on.", lips=False)
    sound = np.asarray(made.waveform)
    to_a_step = -len(sound) % (made.sample_rate * MOS_STEP // MOS_RATE)
    ends = [predicted_mos(np.pad(sound, (0, to_a_step + more)), made.sample_rate) for more in (0, 110, 331)]
    assert ends[0].p808 > 3
    for other in ends[1:]:
        assert other.p808 == pytest.approx(ends[0].p808, abs=0.03)
        assert other.overall == pytest.approx(ends[0].overall, abs=0.03)
