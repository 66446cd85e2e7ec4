"""The timeline: whole mel hops per phone, from which the times of sound, lip frames, words and visemes are all
computed.

A phone ends at ``cumulative_hops * hop_length / sample_rate`` seconds; lip frame *i* shows the time from ``i / fps`` to
``(i + 1) / fps``. Everything is an exact fraction until a number is written, so nothing is rounded twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil, floor
from typing import Any, NamedTuple

from avsynth.errors import UserError

LONGEST_S = 24 * 3600
"""No timeline that is read from a file lasts longer."""
_LARGEST = 10**9


class WordSpan(NamedTuple):
    """A word and the phones it covers: ``phones[first:last]``."""

    text: str
    first: int
    last: int
    span: tuple[int, int] | None = None
    """Start and end in the user's text, in characters; the words of "$5" share one span."""
    written: str = ""
    """The text at that place, with punctuation, up to the next word; where words share a span, the first has all of it.
    Empty where it is not known."""
    stress: str = ""
    """A digit for each of its vowels: 1 primary stress, 2 secondary, 0 none. Empty where it is not known."""

    def moved(self, phones: int) -> WordSpan:
        """The same word over phones so many places on."""
        return self._replace(first=self.first + phones, last=self.last + phones)


@dataclass(frozen=True)
class Bookmark:
    """A place that the text has given a name: before phone number ``phone``, which may be one past the last."""

    name: str
    phone: int


@dataclass(frozen=True)
class Timeline:
    """Phones with their lengths in mel hops, and the words over them.

    Raises :class:`UserError` where the lengths do not match, a length is negative, or a word lies outside the phones.
    """

    phones: tuple[str, ...]
    hops: tuple[int, ...]
    words: tuple[WordSpan, ...]
    sample_rate: int
    hop_length: int
    fps: Fraction
    bookmarks: tuple[Bookmark, ...] = ()

    def __post_init__(self) -> None:
        if len(self.phones) != len(self.hops):
            raise UserError(f"timeline has {len(self.phones)} phones but {len(self.hops)} durations")
        if any(hop < 0 for hop in self.hops) or sum(self.hops) <= 0:
            raise UserError("timeline durations must be whole hops of 0 or more with a positive sum")
        if self.fps <= 0 or self.sample_rate <= 0 or self.hop_length <= 0:
            raise UserError("timeline needs a positive fps, sample_rate and hop_length")
        previous = 0
        for word in self.words:
            if not previous <= word.first < word.last <= len(self.phones):
                raise UserError(f"timeline word {word.text!r} does not cover phones in order")
            previous = word.last
        if any(not 0 <= mark.phone <= len(self.phones) for mark in self.bookmarks):
            raise UserError("a bookmark of the timeline lies outside its phones")

    @property
    def total_hops(self) -> int:
        """Length in mel frames."""
        return sum(self.hops)

    @property
    def hop_s(self) -> Fraction:
        """Seconds in one hop, exact."""
        return Fraction(self.hop_length, self.sample_rate)

    @property
    def duration_s(self) -> Fraction:
        """Length of the sound in seconds, exact, before padding to whole lip frames."""
        return self.total_hops * self.hop_s

    @property
    def lip_frames(self) -> int:
        """The smallest number of lip frames that covers the sound."""
        return lip_frame_count(self.total_hops, self.hop_s, self.fps)

    @property
    def padded_samples(self) -> int:
        """Number of samples of the sound when padded with silence to the end of the last lip frame (nearest whole
        sample)."""
        return floor(Fraction(self.lip_frames) / self.fps * self.sample_rate + Fraction(1, 2))

    @property
    def boundaries_s(self) -> tuple[Fraction, ...]:
        """The ``P + 1`` phone boundaries in seconds, exact, from 0 to :attr:`duration_s`."""
        return tuple(count * self.hop_s for count in accumulate(self.hops, initial=0))

    def word_times(self) -> list[tuple[str, float, float]]:
        """Each word with its start and end in seconds."""
        edges = self.boundaries_s
        return [(word.text, float(edges[word.first]), float(edges[word.last])) for word in self.words]

    def with_fps(self, fps: Fraction) -> Timeline:
        """The same durations shown at another frame rate."""
        return replace(self, fps=fps)

    def __add__(self, other: Timeline) -> Timeline:
        """The two timelines one after the other."""
        if (self.sample_rate, self.hop_length, self.fps) != (other.sample_rate, other.hop_length, other.fps):
            raise ValueError("timelines of different clocks cannot be joined")
        return join_timelines([self, other])

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: the clock, phones with hops, seconds and lip frames, and words.

        ``hops`` is what :meth:`from_dict` reads back; times and frames are there for the reader.
        """
        edges = self.boundaries_s
        last_frame = self.lip_frames - 1
        phones = [
            {
                "phone": phone,
                "hops": hops,
                "start_s": round(float(start), 6),
                "end_s": round(float(end), 6),
                "first_lip_frame": min(floor(start * self.fps), last_frame),
                "last_lip_frame": min(max(ceil(end * self.fps) - 1, floor(start * self.fps)), last_frame),
            }
            for phone, hops, start, end in zip(self.phones, self.hops, edges, edges[1:], strict=False)
        ]
        words = [
            {
                "word": word.text,
                "first_phone": word.first,
                "last_phone": word.last,
                "start_s": round(float(edges[word.first]), 6),
                "end_s": round(float(edges[word.last]), 6),
                **({} if word.span is None else {"span": list(word.span), "written": word.written}),
                **({"stress": word.stress} if word.stress else {}),
            }
            for word in self.words
        ]
        bookmarks = [
            {"name": mark.name, "phone": mark.phone, "time_s": round(float(edges[mark.phone]), 6)}
            for mark in self.bookmarks
        ]
        return {
            "sample_rate": self.sample_rate,
            "hop_length": self.hop_length,
            "fps": str(self.fps),
            "lip_frames": self.lip_frames,
            "duration_s": round(float(self.duration_s), 6),
            "phones": phones,
            "words": words,
            **({"bookmarks": bookmarks} if bookmarks else {}),
        }

    @classmethod
    def from_dict(cls, value: Any, source: str = "timeline") -> Timeline:
        """Read what :meth:`to_dict` writes, edited or not: each phone's ``hops`` is what counts.

        Raises :class:`UserError`, naming the place, for anything missing or of the wrong kind, a length over
        :data:`LONGEST_S`, or times that were edited where ``hops`` should have been.
        """
        try:
            phones = _items(value, "phones")
            made = cls(
                phones=tuple(_text(item, "phone", f"phone {number}") for number, item in enumerate(phones, 1)),
                hops=tuple(_whole(item, "hops", f"phone {number}") for number, item in enumerate(phones, 1)),
                words=tuple(_word(item, f"word {number}") for number, item in enumerate(_items(value, "words"), 1)),
                bookmarks=tuple(
                    Bookmark(_text(item, "name", f"bookmark {number}"), _whole(item, "phone", f"bookmark {number}"))
                    for number, item in enumerate(_items(value, "bookmarks") if "bookmarks" in value else (), 1)
                ),
                sample_rate=_whole(value, "sample_rate", "it"),
                hop_length=_whole(value, "hop_length", "it"),
                fps=parse_fps(_given(value, "fps", "it")),
            )
            if made.duration_s > LONGEST_S:
                raise UserError(f"its hops come to more than {LONGEST_S // 3600} hours")
            _check_times(made, phones, value.get("duration_s"))
        except UserError as error:
            raise UserError(f"{source}: {error}") from error
        return made


def _given(item: Any, key: str, where: str) -> Any:
    if not isinstance(item, Mapping):
        raise UserError(f"{where} is no JSON object, as --timeline writes it")
    if key not in item:
        raise UserError(f"{where} has no {key!r}, which a timeline written by --timeline has")
    return item[key]


def _items(value: Any, key: str) -> list[Any]:
    items = _given(value, key, "it")
    if not isinstance(items, list):
        raise UserError(f"{key!r} must be a list, not {_shown(items)}")
    return items


def _whole(item: Any, key: str, where: str) -> int:
    """A whole number, which may be hostile: its size is limited."""
    number = _given(item, key, where)
    fitting = isinstance(number, int) or (isinstance(number, float) and number.is_integer())
    if isinstance(number, bool) or not fitting or abs(number) > _LARGEST:
        raise UserError(f"{where}: {key!r} must be a whole number of at most {_LARGEST}, not {_shown(number)}")
    return int(number)


def _text(item: Any, key: str, where: str) -> str:
    text = _given(item, key, where)
    if not isinstance(text, str):
        raise UserError(f"{where}: {key!r} must be a text, not {_shown(text)}")
    return text


def _word(item: Any, where: str) -> WordSpan:
    word = WordSpan(_text(item, "word", where), _whole(item, "first_phone", where), _whole(item, "last_phone", where))
    if "stress" in item:
        word = word._replace(stress=_text(item, "stress", where))
        if not re.fullmatch("[012]{0,99}", word.stress):
            raise UserError(f"{where}: 'stress' must be digits from 0 to 2, not {_shown(word.stress)}")
    if "span" not in item:
        return word
    span = item["span"]
    if not isinstance(span, list) or len(span) != 2 or not all(type(place) is int for place in span):
        raise UserError(f"{where}: 'span' must be two whole numbers, not {_shown(span)}")
    return word._replace(span=(span[0], span[1]), written=_text(item, "written", where))


def _check_times(made: Timeline, phones: list[Any], duration_s: Any) -> None:
    """Check the seconds in a file, which are for readers and not used themselves.

    They must either agree with ``hops``, or be left over from before ``hops`` were edited, and then run from 0 to
    ``duration_s`` in whole hops without gaps. Otherwise somebody edited them instead of ``hops``, and
    :class:`UserError` is raised.
    """
    times = [
        (_seconds(item, "start_s", f"phone {number}"), _seconds(item, "end_s", f"phone {number}"))
        for number, item in enumerate(phones, 1)
    ]
    edges = pairwise(map(float, made.boundaries_s))
    if all(_near(start, first) and _near(end, last) for (start, end), (first, last) in zip(times, edges, strict=True)):
        return
    before: float | None = 0.0
    whole = _seconds({"duration_s": duration_s}, "duration_s", "it")
    for number, (start, end) in enumerate(times, 1):
        fault = None
        if not _near(start, before):
            fault = f"begins at {start:g} s and what is before it ends at {before:g} s"
        elif end is not None and not _near(end, round(end / float(made.hop_s)) * float(made.hop_s)):
            fault = f"ends at {end:g} s, where its hops do not end"
        elif number == len(times) and not _near(end, whole):
            fault = f"ends at {end:g} s and 'duration_s' is {whole:g}"
        if fault is not None:
            raise UserError(
                f"phone {number} {fault}: times are not read back, change 'hops' instead or leave times out"
            )
        before = end


def _seconds(item: Any, key: str, where: str) -> float | None:
    """A time that need not be given."""
    value = item.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _LARGEST:
        raise UserError(f"{where}: {key!r} must be a number of seconds, not {_shown(value)}")
    return float(value)


def _near(one: float | None, other: float | None) -> bool:
    """Whether two times are the same as they are written, in microseconds; one that is not given is as any other."""
    return one is None or other is None or abs(one - other) < 2e-6


def _shown(value: Any) -> str:
    """A value in at most forty characters."""
    text = "a number of hundreds of digits" if isinstance(value, int) and abs(value) > 10**40 else repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def round_durations(fractional: Iterable[float]) -> tuple[int, ...]:
    """Whole durations of at least one hop, each boundary rounded once, so that no error builds up."""
    hops = []
    exact, given = 0.0, 0
    for value in fractional:
        exact += max(float(value), 0.0)
        hops.append(max(1, round(exact) - given))
        given += hops[-1]
    return tuple(hops)


def durations_between(starts_s: Sequence[float], total_hops: int, hops_per_s: float) -> list[int]:
    """Hops of phones that start at ``starts_s``, at least one each, up to ``total_hops`` in all."""
    count = len(starts_s)
    if count > total_hops:
        raise UserError(f"{count} phones do not fit into {total_hops} mel frames")
    edges = [0]
    for place, start in enumerate(starts_s[1:], start=1):
        edges.append(min(max(round(start * hops_per_s), edges[-1] + 1), total_hops - (count - place)))
    edges.append(total_hops)
    return [end - start for start, end in pairwise(edges)]


def lip_frame_count(hops: int, hop_s: Fraction, fps: Fraction) -> int:
    """The smallest number of lip frames at ``fps`` that covers ``hops`` mel hops."""
    return max(1, ceil(hops * hop_s * fps))


def frame_span(timeline: Timeline, done_hops: int, last: bool) -> tuple[int, int]:
    """First and end of the lip frames, counted over the whole, of a piece that begins at ``done_hops``.

    They are those whose middles fall on the piece; the last piece goes on to the frame that covers its end.
    """
    half = Fraction(1, 2)
    frames_per_hop = timeline.hop_s * timeline.fps
    end_hops = done_hops + timeline.total_hops
    first = max(0, ceil(done_hops * frames_per_hop - half)) if done_hops else 0
    return first, ceil(end_hops * frames_per_hop) if last else ceil(end_hops * frames_per_hop - half)


def sample_at(frame: int, fps: Fraction, sample_rate: int) -> int:
    """The sample at which a lip frame begins, to the nearest."""
    return floor(frame / fps * sample_rate + Fraction(1, 2))


def join_timelines(parts: list[Timeline]) -> Timeline:
    """Timelines of one clock, one after the other."""
    words: list[WordSpan] = []
    bookmarks: list[Bookmark] = []
    shift = 0
    for part in parts:
        words += (word.moved(shift) for word in part.words)
        bookmarks += (replace(mark, phone=mark.phone + shift) for mark in part.bookmarks)
        shift += len(part.phones)
    phones = tuple(phone for part in parts for phone in part.phones)
    hops = tuple(hop for part in parts for hop in part.hops)
    return replace(parts[0], phones=phones, hops=hops, words=tuple(words), bookmarks=tuple(bookmarks))


def parse_fps(text: str | int | float | Fraction) -> Fraction:
    """A frame rate as an exact fraction: ``25``, ``30000/1001``; the decimals ``29.97`` and similar ones are read as
    n·1000/1001.

    Raises :class:`UserError` for anything that is not a rate between 1 and 240.
    """
    try:
        written = str(text).strip()
        if not re.fullmatch(r"\d{1,9}(\.\d{1,9}|/\d{1,9})?", written):  # "1e999999" is a number as well
            raise ValueError
        rate = Fraction(written)
    except (ValueError, ZeroDivisionError):
        shown = _shown(text)
        raise UserError(f"fps must be a number or a fraction such as 25 or 30000/1001, not {shown}") from None
    for nominal in (24, 30, 48, 60, 120):
        broadcast = Fraction(nominal * 1000, 1001)
        if "/" not in written and rate != nominal and abs(rate - broadcast) < Fraction(1, 100):
            return broadcast
    if not 1 <= rate <= 240:
        raise UserError(f"fps must lie between 1 and 240, not {text}")
    return rate
