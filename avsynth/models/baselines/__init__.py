"""The paper's two autoregressive baselines: each lip frame is drawn from the text and the frames before it."""
