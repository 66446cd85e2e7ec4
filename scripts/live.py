"""How soon speech begins and how fast it is made, asked of a server that this script starts; and a soak.

    python scripts/live.py latency [--voice NAME] [--vocoder NAME] [--show face mouth] [--clients 1 4] [--out FILE]
    python scripts/live.py soak [--voice NAME] [--vocoder NAME] [--clients 50] [--minutes 2] [--out FILE]

``latency``: a sentence of 30 words, warm, streamed beside the whole file: milliseconds to the last byte of the first
fragment, the median of several, seconds of speech made in a second, and for how long a player that starts at the first
fragment would stand still. ``soak``: clients that ask without pause, some of which leave; any answer but 200 and 429
is a fault, and the server's memory in the first minute is held against the last.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

from avsynth.device import processor
from avsynth.evaluation.report import command, commit
from avsynth.evaluation.statistics import single
from avsynth.evaluation.tables import Column, Heading, Table, write_tables
from avsynth.video.fragments import boxes

TEXT = (
    "When the morning light came over the hills, the children ran down to the river with their small boats and waited"
    " for the wind to carry them far away from here."
)
RUNS = 5
WARM_UP = 2
LATENCY_COLUMNS = (
    Column("first_ms", "first fragment, or the whole (ms)", 0),
    Column("times_real", "× real time, all clients together"),
    Column("stalls_s", "stalls (s)"),
)


@dataclass(frozen=True)
class Row:
    """A kind of request and its figures."""

    way: str
    show: str
    clients: int
    first_ms: float
    times_real: float
    """Seconds of speech made in a second, all clients together."""
    stalls_s: float


@contextmanager
def served(*options: str) -> Iterator[tuple[int, int]]:
    """A server of its own: its port and its process's number."""
    command = [sys.executable, "-m", "avsynth", "serve", "--port", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        port = next(int(found[1]) for line in process.stderr if (found := re.search(r"serving at .*:(\d+)/", line)))
        threading.Thread(target=lambda: [None for _ in process.stderr or ()], daemon=True).start()
        try:
            yield port, process.pid
        finally:
            process.terminate()


def ask(port: int, body: dict[str, Any]) -> tuple[float, list[tuple[float, float]], float]:
    """Seconds to the first fragment; when each fragment was there, with its seconds of picture; seconds in all."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    began = time.monotonic()
    connection.request("POST", "/v1/video/speech", json.dumps(body), {"content-type": "application/json"})
    response = connection.getresponse()
    assert response.status == 200, response.read()
    data, come = b"", []
    while block := response.read1(1 << 20):
        data += block
        come.append((time.monotonic() - began, len(data)))
    connection.close()
    fragments, place, frames = [], 0, 0
    for kind, box in boxes(data):
        place += len(box)
        if kind == b"moof":
            frames = pictures(box)
        if kind == b"mdat":
            fragments.append((next(at for at, size in come if size >= place), frames / 25))
    return fragments[0][0], fragments, come[-1][0]


def asked(port: int, body: dict[str, Any], results: list[Any]) -> None:
    """:func:`ask`, for a thread."""
    results.append(ask(port, body))


def pictures(moof: bytes) -> int:
    """How many pictures a fragment holds: the samples of its first track."""
    traf = next(box for kind, box in boxes(moof[8:]) if kind == b"traf")
    trun = next(box for kind, box in boxes(traf[8:]) if kind == b"trun")
    count: int = struct.unpack_from(">I", trun, 12)[0]
    return count


def stalls(fragments: list[tuple[float, float]]) -> float:
    """Seconds for which a player that starts with the first fragment has to wait for later ones."""
    runs_dry, still = fragments[0][0] + fragments[0][1], 0.0
    for there, seconds in fragments[1:]:
        wait = max(0.0, there - runs_dry)
        still += wait
        runs_dry += wait + seconds
    return still


def voice(args: argparse.Namespace) -> tuple[str, ...]:
    """The server's options for voice and vocoder."""
    return "--voice", args.voice, *(("--vocoder", args.vocoder) if args.vocoder else ())


def measure(port: int, way: str, show: str, clients: int, spoken_s: float) -> Row:
    """The median over runs of clients that ask at once."""
    body = {"input": TEXT, "stream": way == "streamed", "fps": "25", "show": show}
    firsts, still, rates = [], [], []
    for run in range(WARM_UP + RUNS):
        results: list[Any] = []
        began = time.monotonic()
        threads = [threading.Thread(target=asked, args=(port, body, results)) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
        if run < WARM_UP:
            continue
        rates.append(clients * spoken_s / took)
        firsts += [result[0] if way == "streamed" else result[2] for result in results]
        still += [stalls(result[1]) if way == "streamed" else 0.0 for result in results]
    return Row(way, show, clients, round(1000 * median(firsts)), round(median(rates), 2), round(max(still), 2))


def latency(args: argparse.Namespace) -> None:
    """Print the table."""
    rows = []
    with served(*voice(args)) as (port, _):
        spoken_s = sum(seconds for _, seconds in ask(port, {"input": TEXT, "fps": "25", "show": "mouth"})[1])
        for show in args.show:
            for clients in args.clients:
                for way in ("streamed", "whole"):
                    rows.append(measure(port, way, show, clients, spoken_s))
                    print(rows[-1], file=sys.stderr, flush=True)
    said = {
        f"{row.show}, {row.way}, {row.clients} client{'s' * (row.clients > 1)}": {
            "first_ms": single(row.first_ms),
            "times_real": single(row.times_real),
            "stalls_s": single(row.stalls_s),
        }
        for row in rows
    }
    write(args, Table("How soon speech begins", heading(args, f"{spoken_s:.2f} s of speech"), LATENCY_COLUMNS, said))


def heading(args: argparse.Namespace, clips: str) -> Heading:
    """The tables' heading."""
    figures = f"medians of {RUNS} runs, stalls the worst" if args.run is latency else "counts and means"
    conditions = f"{processor()}, load {os.getloadavg()[0]:.1f}"
    return Heading(
        f"{clips}, voice {args.voice}, vocoder {args.vocoder or 'its own'}",
        1,
        "",
        "",
        commit(),
        command(),
        figures=figures,
        conditions=conditions,
    )


def write(args: argparse.Namespace, table: Table) -> None:
    """Print it, and write it where that is asked for."""
    print(table.markdown(), end="")
    if args.out is not None:
        write_tables(args.out, table)


def memory_mb(pid: int) -> float:
    """Resident memory of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    pages = (int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in (str(pid), *children))
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


def soak(args: argparse.Namespace) -> None:
    """Many clients for some minutes."""
    seen: Counter[str] = Counter()

    def client(number: int) -> None:
        lot = random.Random(number)
        while time.monotonic() < end:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
            route = lot.choice(("/v1/video/speech", "/v1/audio/speech", "/v1/timeline"))
            body = json.dumps({"input": TEXT[: lot.randint(30, 160)]})
            try:
                connection.request("POST", route, body, {"content-type": "application/json"})
                response = connection.getresponse()
                if lot.random() < 0.1:
                    response.read(100)
                    seen["left"] += 1
                    connection.close()
                    continue
                response.read()
                seen[str(response.status)] += 1
                if response.status == 429:
                    time.sleep(min(float(response.headers["retry-after"]), 5) * lot.random())
            except (OSError, http.client.HTTPException) as error:
                seen[repr(error)] += 1
            connection.close()

    with served(*voice(args)) as (port, pid):
        for show in ("mouth", "face"):
            ask(port, {"input": TEXT, "show": show})
        threads = [threading.Thread(target=client, args=(number,)) for number in range(args.clients)]
        end = time.monotonic() + 60 * args.minutes
        for thread in threads:
            thread.start()
        used = []
        while time.monotonic() < end:
            time.sleep(1)
            used.append(memory_mb(pid))
        for thread in threads:
            thread.join()
    first, last = mean(used[:60]), mean(used[-60:])
    figures = dict(sorted(seen.items()))
    figures |= {"MB in the first minute": first, "MB in the last": last, "% more": 100 * (last / first - 1)}
    columns = [Column(name, name, 1 if "MB" in name or "%" in name else 0) for name in figures]
    row = {f"{args.clients} clients, {args.minutes:g} minutes": {name: single(each) for name, each in figures.items()}}
    write(args, Table("Soak", heading(args, "random requests"), columns, row))
    if set(seen) - {"200", "429", "left"}:
        sys.exit("there were faults")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    actions = parser.add_subparsers(required=True)
    one = actions.add_parser("latency")
    one.add_argument("--show", nargs="+", default=["mouth", "face"], choices=("mouth", "face"))
    one.add_argument("--clients", nargs="+", type=int, default=[1, 4])
    one.set_defaults(run=latency)
    two = actions.add_parser("soak")
    two.add_argument("--clients", type=int, default=50)
    two.add_argument("--minutes", type=float, default=2)
    two.set_defaults(run=soak)
    for each in (one, two):
        each.add_argument("--voice", default="english")
        each.add_argument("--vocoder")
        each.add_argument("--out", type=Path, help="write the table as JSON")
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
