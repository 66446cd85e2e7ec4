"""Say twenty texts with every voice that ships, and print a hash of each one's sound, pictures and timeline.

Run on two commits and compared with ``diff``, it shows whether a change left all speech the same to the bit:

    python scripts/speech_hashes.py > before.txt
"""

from __future__ import annotations

import hashlib

import torch

from avsynth import AVSynthesizer, Timeline

TEXTS = (
    "Hello, how are you today?",
    "bin blue at f two now",
    "place red by zed nine please",
    "set white with q zero soon",
    "lay green in a four again",
    "I'll meet you at 5:30 on May 3rd.",
    "She read the letter, then she read it again.",
    "Dr. Lee paid $5.20 for 3 kg of apples.",
    "The quick brown fox jumps over the lazy dog.",
    "Peter Piper picked a peck of pickled peppers.",
    "Is it live? No; it was recorded last winter.",
    "Mom and Bob probably popped by.",
    '<speak>Ready? <break time="700ms"/> <prosody rate="slow">Go.</prosody></speak>',
    "[gif](/JH IH F/) or gif, that is the question.",
    "One. Two. Three. Four. Five.",
    "Wait — what was that?",
    "The year 1984 came before 2001.",
    "Visit www.example.org, or write to me@example.org.",
    "The measure of pleasure is in the leisure.",
    "Thirty-three thieves thought they thrilled the throne throughout Thursday.",
)
MANNERS = ({}, {"fps": "30000/1001"}, {"speed": 1.25, "fps": 50}, {"pitch": 2.0})
"""How they are said, by turns."""


def digest(*parts: bytes) -> str:
    """The first sixteen hexadecimal digits of their SHA-256."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def timeline_bytes(timeline: Timeline) -> bytes:
    """All that a timeline says."""
    words = [(word.text, word.first, word.last) for word in timeline.words]
    clock = (timeline.sample_rate, timeline.hop_length, timeline.fps)
    return repr((timeline.phones, timeline.hops, words, clock)).encode()


def main() -> None:
    """Print a line for each voice, speaker and text."""
    torch.set_num_threads(1)
    for voice, speakers in (("grid_s1", ("s1",)), ("english", ("heart", "s1"))):
        synthesizer = AVSynthesizer.from_pretrained(voice)
        for speaker in speakers:
            for number, text in enumerate(TEXTS):
                manner = MANNERS[number % len(MANNERS)]
                said = synthesizer(text, speaker=speaker, **manner)  # type: ignore[arg-type]
                hashes = (
                    digest(said.waveform.tobytes()),
                    digest(said.lip_frames.tobytes()),
                    digest(timeline_bytes(said.timeline)),
                )
                print(voice, speaker, number, *hashes, flush=True)


if __name__ == "__main__":
    main()
