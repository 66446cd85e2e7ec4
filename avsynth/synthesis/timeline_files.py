"""A timeline as a file, by the ending of its name; and back from JSON.

``.json``
    Everything, phones with their visemes: what :func:`read_timeline` reads.
``.srt``, ``.vtt``, ``.karaoke.vtt``
    Captions as written (:mod:`avsynth.synthesis.captions`), the last with the time of each word.
``.captions.json``
    The same captions as a list: of each its times and its lines, with the times of each word.
``.TextGrid``
    The tiers ``words`` and ``phones`` for Praat.
``.microsoft.json``
    A list of ``{"audio_offset": …, "viseme_id": …}`` as the events of Microsoft's speech services have them: the offset
    from the beginning of the sound in ticks of 100 ns, the viseme 0 to 21 that is shown from there on.
``.oculus.csv``
    A row for each lip frame: ``time_s``, the second at which it begins, then the weights of the 15 visemes of Oculus
    Lipsync in its own order, which sum to 1. They are the shares of the frame that the phones take, as for the lips.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from avsynth.errors import UserError
from avsynth.files import read_json, write_json, write_text
from avsynth.synthesis.captions import to_cues, to_karaoke, to_srt, to_vtt
from avsynth.text import SIL
from avsynth.text.letters import LETTERS
from avsynth.text.visemes import MICROSOFT, OCULUS, OCULUS_NAMES
from avsynth.timeline import Timeline

TICKS_PER_S = 10_000_000


def write_timeline(timeline: Timeline, path: Path) -> None:
    """Write in the format of the suffix; an unknown one is a :class:`UserError`."""
    ending = check_timeline_suffix(path)
    if ending in DOCUMENTS:
        write_json(path, DOCUMENTS[ending](timeline))
    else:
        write_text(path, FORMATS[ending](timeline))


def check_timeline_suffix(path: Path) -> str:
    """The ending of a timeline's name, which must tell one of its formats (:class:`UserError`), in lower case."""
    for ending in sorted((*DOCUMENTS, *FORMATS), key=len, reverse=True):
        if path.name.lower().endswith(ending):
            return ending
    raise UserError(
        f"{path}: a timeline is written as .json, .srt, .vtt, .karaoke.vtt, .captions.json, .TextGrid,"
        " .microsoft.json or .oculus.csv; give such a name"
    )


def read_timeline(path: Path) -> Timeline:
    """Read a timeline that ``--timeline out.json`` wrote, edited or not: ``hops`` of each phone is what counts."""
    return Timeline.from_dict(read_json(path), str(path))


def with_visemes(timeline: Timeline) -> dict[str, Any]:
    """The timeline's plain values, each phone with its Microsoft and Oculus viseme (None where it has none)."""
    value = timeline.to_dict()
    for item in value["phones"]:
        item["viseme_microsoft"] = MICROSOFT.get(item["phone"])
        item["viseme_oculus"] = OCULUS.get(item["phone"])
    return value


def to_textgrid(timeline: Timeline) -> str:
    """Praat's long text format with the tiers ``words`` and ``phones``, silences as empty intervals."""
    edges = [float(edge) for edge in timeline.boundaries_s]
    phones = [
        (start, end, "" if phone == SIL else phone)
        for phone, start, end in zip(timeline.phones, edges, edges[1:], strict=False)
        if end > start
    ]
    words: list[tuple[float, float, str]] = []
    reached = 0.0
    for word in timeline.words:
        start, end = edges[word.first], edges[word.last]
        if end <= start:
            continue
        if start > reached:
            words.append((reached, start, ""))
        words.append((start, end, word.text))
        reached = end
    if edges[-1] > reached:
        words.append((reached, edges[-1], ""))
    head = f'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = {edges[-1]:.6f}\n'
    tiers = "".join(
        _tier(number, name, rows) for number, (name, rows) in enumerate((("words", words), ("phones", phones)), 1)
    )
    return f"{head}tiers? <exists>\nsize = 2\nitem []:\n{tiers}"


def _tier(number: int, name: str, rows: list[tuple[float, float, str]]) -> str:
    lines = [f"    item [{number}]:", '        class = "IntervalTier"', f'        name = "{name}"']
    lines += ["        xmin = 0", f"        xmax = {rows[-1][1]:.6f}", f"        intervals: size = {len(rows)}"]
    for place, (start, end, text) in enumerate(rows, start=1):
        escaped = text.replace('"', '""')
        lines += [f"        intervals [{place}]:", f"            xmin = {start:.6f}"]
        lines += [f"            xmax = {end:.6f}", f'            text = "{escaped}"']
    return "\n".join(lines) + "\n"


def to_microsoft(timeline: Timeline) -> list[dict[str, int]]:
    """Events of Microsoft's visemes, neighbours that are the same merged; a phone without a viseme shows as silence.

    Raises :class:`UserError` where there are letters instead of phones; :func:`to_oculus` as well.
    """
    _check_phones(timeline)
    events: list[dict[str, int]] = []
    for phone, start, hops in zip(timeline.phones, timeline.boundaries_s, timeline.hops, strict=False):
        viseme = MICROSOFT.get(phone, MICROSOFT[SIL])
        if hops and (not events or events[-1]["viseme_id"] != viseme):
            events.append({"audio_offset": round(start * TICKS_PER_S), "viseme_id": viseme})
    return events


def to_oculus(timeline: Timeline) -> str:
    """A table of lip frames by Oculus visemes; a phone without a viseme counts as silence."""
    _check_phones(timeline)
    rows = [",".join(("time_s", *OCULUS_NAMES))]
    edges = [float(edge * timeline.fps) for edge in timeline.boundaries_s]
    phone = 0
    for frame in range(timeline.lip_frames):
        shares = dict.fromkeys(OCULUS_NAMES, 0.0)
        while edges[phone + 1] <= frame:
            phone += 1
        end = min(frame + 1, edges[-1])
        for place in range(phone, len(timeline.phones)):
            if edges[place] >= end:
                break
            viseme = OCULUS.get(timeline.phones[place], SIL)
            shares[viseme] += (min(edges[place + 1], end) - max(edges[place], frame)) / (end - frame)
        rows.append(",".join([f"{float(frame / timeline.fps):.6f}", *(f"{share:.6g}" for share in shares.values())]))
    return "\n".join(rows) + "\n"


def _check_phones(timeline: Timeline) -> None:
    if set(timeline.phones) & set(LETTERS):
        raise UserError("visemes are those of phones, and this voice reads characters: write .json, .srt or .TextGrid")


DOCUMENTS: dict[str, Callable[[Timeline], Any]] = {
    **{".json": with_visemes, ".microsoft.json": to_microsoft, ".captions.json": to_cues}
}
"""What turns a timeline into plain values for JSON, by the ending of the file's name in lower case."""
FORMATS: dict[str, Callable[[Timeline], str]] = {
    **{".srt": to_srt, ".vtt": to_vtt, ".karaoke.vtt": to_karaoke, ".textgrid": to_textgrid, ".oculus.csv": to_oculus}
}
"""What turns a timeline into text."""
