"""The constants of structural similarity (Wang et al. 2004), for the loss and for the measure."""

WINDOW = 11
"""Pixels on a side of the Gaussian window."""
SIGMA = 1.5
K1, K2 = 0.01, 0.03
