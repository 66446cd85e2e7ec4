"""``avsynth wer``: GRID sentences that were never recorded, or any texts, said by a voice and heard by a recogniser."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from avsynth.cli.common import CONFIG_FOLDERS, positive

KNOWN = "grid_s1_train_ids.txt"
"""The committed list of the shipped voice's recorded sentences, beside the configs."""


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("wer", help="word errors of a voice on unrecorded GRID sentences or any texts")
    parser.add_argument("--voice", default="grid_s1", metavar="NAME|DIR")
    parser.add_argument("--speaker", metavar="NAME", help="the speaker, of a voice with several (default the first)")
    parser.add_argument("--vocoder", metavar="NAME", help="another vocoder than the voice's own")
    parser.add_argument(
        "--texts",
        type=Path,
        metavar="FILE",
        help="say these texts instead, one a line, and recognise without a grammar (extra recognise)",
    )
    parser.add_argument("--teacher", metavar="MODULE:CLASS", help="with --texts: measure this teacher as well")
    parser.add_argument("--mos", action="store_true", help="with --texts: DNSMOS as well (extra eval)")
    parser.add_argument("--sentences", type=positive, default=500, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    recorded_help = f"lists of codes that were recorded, one per line (default {KNOWN} beside the configs)"
    parser.add_argument("--recorded", type=Path, action="append", metavar="FILE", help=recorded_help)
    parser.add_argument("--data", type=Path, metavar="DIR", help="GRID recordings, to be measured as well")
    parser.add_argument("--clips", type=positive, metavar="N", help="at most this many recordings (default all)")
    parser.add_argument("--copy", action="store_true", help="also the recordings' own mels through the vocoder")
    parser.add_argument("--jobs", type=positive, default=2, metavar="N", help="worker processes")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write figures and every sentence as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the recogniser, print the table, write the JSON."""
    import random

    from avsynth.data.corpora.grid import find_clips
    from avsynth.errors import UserError
    from avsynth.evaluation.grammar import read_codes, unrecorded_sentences
    from avsynth.evaluation.words import Heard, Task, hear_copy, hear_recording, hear_voice, make_table, write_out
    from avsynth.recipe.executors.parallel import parallel
    from avsynth.synthesis.voice import find_voice

    if args.texts is not None:
        return run_open(args)
    if args.teacher is not None:
        raise UserError("--teacher needs --texts")
    if args.copy and args.data is None:
        raise UserError("--copy needs --data: it is made of recordings")
    voice = str(find_voice(args.voice))
    recorded = read_codes(args.recorded or [known_codes()])
    recordings = []
    if args.data is not None:
        clips = find_clips(args.data)
        recorded |= {clip.code for clip in clips}
        chosen = random.Random(args.seed).sample(clips, min(args.clips or len(clips), len(clips)))
        recordings = [Task(clip.code, voice, args.vocoder, audio=clip.audio) for clip in chosen]
    codes = unrecorded_sentences(args.sentences, args.seed, recorded)
    work: dict[str, tuple[Callable[[Task], Heard], list[Task]]] = {}
    if recordings:
        work["real"] = hear_recording, recordings
    if args.copy:
        work["vocoded"] = hear_copy, recordings
    work["ours"] = hear_voice, [Task(code, voice, args.vocoder, args.speaker) for code in codes]
    heard = {row: list(parallel(hear, tasks, args.jobs, f"wer {row}")) for row, (hear, tasks) in work.items()}
    table = make_table(heard, args.voice, len(codes), len(recorded))
    print(table.markdown(), end="")
    if args.out is not None:
        write_out(args.out, table, heard, args.seed)
    return 0


def run_open(args: argparse.Namespace) -> int:
    """The same for any texts, and a recogniser that may write down anything."""
    from avsynth.evaluation.open_words import HeardText, read_texts
    from avsynth.evaluation.words import Task, hear_text, make_open_table
    from avsynth.files import write_json
    from avsynth.recipe.executors.parallel import parallel
    from avsynth.synthesis.voice import Voice, find_voice

    texts, voice = read_texts(args.texts), str(find_voice(args.voice))
    speaker = args.speaker or Voice.load(voice).stats.speakers[0]
    rows = {args.teacher: args.teacher} if args.teacher else {}
    heard: dict[str, list[HeardText]] = {}
    for row, teacher in {**rows, f"{args.voice}, {speaker}": ""}.items():
        tasks = [Task(text, voice, args.vocoder, speaker, teacher=teacher, mos=args.mos) for text in texts]
        heard[row] = list(parallel(hear_text, tasks, args.jobs, f"wer {row}"))
    table = make_open_table(heard, args.texts, len(texts))
    print(table.markdown(), end="")
    if args.out is not None:
        said = {row: [{"text": item.text, "heard": item.heard} for item in items] for row, items in heard.items()}
        write_json(args.out, {"table": table.to_json(), "texts": said})
    return 0


def known_codes() -> Path:
    """The committed list of recorded sentences."""
    from avsynth.errors import UserError

    for folder in CONFIG_FOLDERS:
        if (folder / KNOWN).is_file():
            return folder / KNOWN
    raise UserError(f"{KNOWN} lies beside no config: name the recorded sentences with --recorded FILE")
