"""Sound with its own rate, channels and sample type: read in pieces of any length, and written unchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from avsynth.audio.io import Block, read_blocks
from avsynth.errors import UserError
from avsynth.files import atomic_path

PCM = {"uint8": "u8", "int16": "s16", "int32": "s32", "float32": "flt", "float64": "dbl"}
"""FFmpeg's packed sample format for each type of samples."""
CODECS = {"u8": "pcm_u8", "s16": "pcm_s16le", "s32": "pcm_s32le", "flt": "pcm_f32le", "dbl": "pcm_f64le"}


class SoundReader:
    """The sound of a media file at its own rate and with its own channels, in memory that does not grow.

    Times and errors as for :func:`avsynth.audio.io.read_blocks`; the first errors come at once.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = path
        self._blocks = read_blocks(path)
        first = next(self._blocks)
        self.sample_rate, self.layout = first.sample_rate, first.layout
        self.channels, self.dtype = len(first.samples), first.samples.dtype
        self.position = 0
        """Samples read so far."""
        self._held = [first.samples]
        self.ended = False
        """Whether everything has been read."""

    def read(self, count: int) -> NDArray[Any]:
        """The next samples ``(C, N)`` as decoded; fewer than ``count``, and then none, at the end."""
        while not self.ended and sum(part.shape[1] for part in self._held) < count:
            block = next(self._blocks, None)
            if block is not None:
                self._check(block)
                self._held.append(block.samples)
            self.ended = block is None
        joined = np.concatenate(self._held, axis=1)
        self._held = [joined[:, count:]]
        taken = joined[:, :count]
        self.position += taken.shape[1]
        return taken

    def blocks(self, count: int) -> Iterator[NDArray[Any]]:
        """All that is left, ``count`` samples at a time."""
        while (taken := self.read(count)).shape[1]:
            yield taken

    def _check(self, block: Block) -> None:
        if (len(block.samples), block.samples.dtype) != (self.channels, self.dtype):
            raise UserError(f"{self.path} changes its channels or sample format on the way: convert it first")


@contextmanager
def pcm_writer(path: Path, source: SoundReader) -> Iterator[Callable[[NDArray[Any]], None]]:
    """Write a WAV file of ``source``'s rate, channels and sample values, whole or not at all.

    Yields a function that takes samples ``(C, N)`` as :meth:`SoundReader.read` gives them. Errors: :class:`UserError`
    if the file cannot be written.
    """
    sample_format = PCM[source.dtype.name]
    written = 0
    with (
        atomic_path(path) as temporary,
        av.open(
            f"file:{temporary}", "w", format="wav", container_options={"fflags": "+bitexact", "rf64": "auto"}
        ) as container,
    ):
        stream = container.add_stream(CODECS[sample_format], rate=source.sample_rate, layout=source.layout)
        assert isinstance(stream, AudioStream)

        def write(samples: NDArray[Any]) -> None:
            nonlocal written
            if not samples.shape[1]:
                return
            packed = np.ascontiguousarray(samples.T).reshape(1, -1)
            frame = AudioFrame.from_ndarray(packed, format=sample_format, layout=source.layout)
            frame.sample_rate, frame.pts, frame.time_base = source.sample_rate, written, Fraction(1, source.sample_rate)
            container.mux(stream.encode(frame))
            written += samples.shape[1]

        yield write
        container.mux(stream.encode(None))
