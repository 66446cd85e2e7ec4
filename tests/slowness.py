"""How slow this machine is just now, for tests of what takes long."""

from time import process_time

ADDITIONS_S = 0.09
"""What three million additions take on the machine where that was measured."""


def slowness() -> float:
    """1 or more: how many times as long additions take here."""
    start, total = process_time(), 0
    for number in range(3_000_000):
        total += number
    return max(1.0, (process_time() - start) / ADDITIONS_S)
