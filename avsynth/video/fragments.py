"""Fragmented MP4, which can be played while it is being written, to anything that takes bytes."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

import av
from av.audio.stream import AudioStream
from av.packet import Packet
from av.video.stream import VideoStream

FLAGS = "frag_custom+empty_moov+delay_moov+default_base_moof+skip_trailer+use_metadata_tags"
"""The header holds no samples, and is written once the first packets tell the length of the encoder's priming."""
HEADER, FRAGMENT = (b"ftyp", b"moov"), (b"moof", b"mdat")


class FragmentMuxer:
    """Packets of one picture and one sound stream into an initialisation segment and fragments.

    Args:
        write: Takes the bytes: the initialisation segment with the first fragment, then a fragment at a time.
        video, audio: The encoders' streams, already opened.
        metadata: For the container.

    Each fragment is muxed by itself, at its place in time, so that none waits for the next one's first picture.
    """

    def __init__(
        self, write: Callable[[bytes], object], video: VideoStream, audio: AudioStream, metadata: Mapping[str, str]
    ) -> None:
        self._write = write
        self._streams = video, audio
        self._metadata = metadata
        self._held: list[Packet[Any]] = []
        self._written = 0
        self._priming = 0

    def add(self, packets: Sequence[Packet[Any]]) -> None:
        """Take packets, each stream's in order."""
        self._held += packets

    def flush(self) -> None:
        """Write the packets that are held as one fragment; keep them until both streams have begun, since the header
        needs both."""
        video, audio = self._streams
        begun = {packet.stream.index for packet in self._held}
        if not self._held or (not self._written and begun != {video.index, audio.index}):
            return
        if not self._written:
            first = min(packet.pts or 0 for packet in self._held if packet.stream.index == audio.index)
            self._priming = max(0, -first)
        file = BytesIO()
        options = {
            "movflags": FLAGS + ("+frag_discont" if self._written else ""),
            "fragment_index": str(self._written + 1),
            "movie_timescale": str(audio.rate),
        }
        with av.open(file, "w", format="mp4", container_options=options) as container:
            container.metadata.update(self._metadata)
            streams = {stream.index: container.add_stream_from_template(stream) for stream in self._streams}
            for packet in self._held:
                if self._written and packet.stream.index == audio.index:
                    # The header of the first fragment hides the priming by an edit, which counts from its first packet.
                    packet.pts = (packet.pts or 0) + self._priming
                    packet.dts = packet.pts
                packet.stream = streams[packet.stream.index]
                container.mux_one(packet)
        self._held = []
        wanted = FRAGMENT if self._written else HEADER + FRAGMENT
        self._write(b"".join(box for kind, box in boxes(file.getvalue()) if kind in wanted))
        self._written += 1


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes at the top of an mp4: the kind, and the whole box."""
    place = 0
    while place < len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        yield kind, data[place : place + size]
        place += size
