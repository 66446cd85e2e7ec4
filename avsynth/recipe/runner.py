"""Plan, run and resume a recipe, by what each stage's ``stage.json`` records.

A stage is done when its ``stage.json`` says so, what it writes is there, and neither its settings nor its inputs have
changed since. Inputs are known by content (a file), by the fingerprint of the stage that wrote them (a folder), or by
names, sizes and times (the corpus): where a stage runs again and writes the same, no later stage runs again.
"""

from __future__ import annotations

import difflib
import os
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from avsynth import __version__
from avsynth.config.reading import fingerprint
from avsynth.errors import UserError
from avsynth.files import read_json, write_json
from avsynth.recipe.changes import MISSING, changes, content, listing, within
from avsynth.recipe.context import StageContext
from avsynth.recipe.table import STAGES, Stage


@dataclass(frozen=True)
class Verdict:
    """Whether a stage has to run, and why. ``missing``: what it writes has never been finished."""

    action: Literal["run", "skip"]
    reason: str
    missing: bool = False
    clear: bool = False
    """Whether per-clip files made with other settings must be removed first."""
    restart: bool = False
    """Whether the files that it would resume from belong to other settings or inputs."""


def stage_index(value: str, stages: Sequence[Stage] = STAGES) -> int:
    """The place, from 0, of a stage given by name or by number from 1; :class:`UserError` names the nearest."""
    names = [stage.name for stage in stages]
    if value in names:
        return names.index(value)
    if value.isdigit() and 1 <= int(value) <= len(names):
        return int(value) - 1
    if value.lstrip("-").isdigit():
        raise UserError(f"there is no stage {value}: stages are 1 ({names[0]}) to {len(names)} ({names[-1]})")
    near = difflib.get_close_matches(value, names, n=1, cutoff=0.0)[0]
    raise UserError(f"unknown stage {value!r}; the nearest is {near!r} (stages: {' '.join(names)})")


def select(first: str | None, last: str | None, stages: Sequence[Stage] = STAGES) -> tuple[Stage, ...]:
    """The stages from ``first`` to ``last``, both included; by default all of them."""
    start = 0 if first is None else stage_index(first, stages)
    stop = len(stages) - 1 if last is None else stage_index(last, stages)
    if stop < start:
        raise UserError(f"--stop-stage {stages[stop].name} comes before --stage {stages[start].name}")
    return tuple(stages[start : stop + 1])


def judge(stage: Stage, context: StageContext, stages: Sequence[Stage] = STAGES) -> Verdict:
    """Compare a stage's ``stage.json`` with its settings and inputs as they are now."""
    record = _record(stage, context)
    if record is None:
        return Verdict("run", "it has not run yet", missing=True)
    changed = changes(record.get("settings", {}), stage.settings(context))
    stale = [key for key in changed if not within(key, stage.resumes_over)]
    moved = list(changes(record.get("inputs", {}), inputs(stage, context, stages)))
    clear, restart = bool(stale), bool(stale or moved)
    if changed:
        reason = "settings changed: " + ", ".join(f"{key} {change}" for key, change in list(changed.items())[:3])
        return Verdict("run", reason, not record["complete"], clear, restart)
    if moved:
        return Verdict("run", f"inputs changed: {', '.join(moved)}", not record["complete"], clear, restart)
    if not record["complete"]:
        return Verdict("run", "it did not finish; resuming", missing=True)
    absent = [path for path in _paths(stage.writes, context) if not path.exists()]
    if absent:
        return Verdict("run", f"{absent[0]} is gone", missing=True)
    return Verdict("skip", "finished, and nothing that it depends on has changed")


def inputs(stage: Stage, context: StageContext, stages: Sequence[Stage] = STAGES) -> dict[str, str]:
    """What identifies each input now; an input that is not there is ``missing``."""
    writers = {name: other for other in stages for name in other.writes}
    found = {}
    for name in stage.inputs(context):
        if name == "corpus":
            found[name] = listing(context.corpus, context.exp)
        elif name == "train_ids":
            lists = [context.config_dir / item for item in context.config.data.train_ids.values()]
            found[name] = fingerprint([content(path) for path in lists])
        else:
            path = getattr(context, name)
            if path.is_dir():
                record = _record(writers[name], context) or {}
                found[name] = str(record.get("fingerprint", MISSING))
            else:
                found[name] = content(path)
    return found


def needs(stage: Stage, context: StageContext, stages: Sequence[Stage] = STAGES) -> tuple[Stage, ...]:
    """The stages that write what ``stage`` reads, in order."""
    return tuple(other for other in stages if set(other.writes) & set(stage.inputs(context)))


def check_needs(chosen: Sequence[Stage], context: StageContext, stages: Sequence[Stage] = STAGES) -> list[str]:
    """Refuse to start without the corpus or where a stage before the chosen ones has not finished.

    Returns a warning for each of those that has finished but is out of date.
    """
    if not context.corpus.is_dir():
        raise UserError(f"--data {context.corpus}: no such folder")
    warnings = []
    names = {stage.name for stage in chosen}
    before = {
        other.name: other for stage in chosen for other in needs(stage, context, stages) if other.name not in names
    }
    for other in (item for item in stages if item.name in before):
        verdict = judge(other, context, stages)
        if verdict.missing:
            wanting = next(stage.name for stage in chosen if other in needs(stage, context, stages))
            raise UserError(
                f"stage {wanting} needs stage {other.name}, which has not finished in {context.exp}:"
                f" start with --stage {other.name}"
            )
        if verdict.action == "run":
            warnings.append(f"{other.name}: out of date ({verdict.reason})")
    return warnings


def plan(
    chosen: Sequence[Stage], context: StageContext, stages: Sequence[Stage] = STAGES
) -> list[tuple[Stage, Verdict]]:
    """What running would do, as far as that is known beforehand."""
    steps: list[tuple[Stage, Verdict]] = []
    for stage in chosen:
        verdict = judge(stage, context, stages)
        upstream = {item.name for item in needs(stage, context, stages)}
        running = [item.name for item, other in steps if item.name in upstream and other.action == "run"]
        if verdict.action == "skip" and running:
            verdict = Verdict("run", f"unless {' and '.join(running)} write the same as before")
        steps.append((stage, verdict))
    return steps


def describe(steps: Sequence[tuple[Stage, Verdict]], context: StageContext) -> str:
    """The plan as lines for people, and the fingerprint of the resolved config."""
    lines = [f"config {fingerprint(context.config)}, experiment {context.exp}"]
    lines += [f"{verdict.action:4} {stage.name:10} {verdict.reason}" for stage, verdict in steps]
    return "\n".join(lines)


def run(chosen: Sequence[Stage], context: StageContext, stages: Sequence[Stage] = STAGES) -> None:
    """Run the chosen stages in order, each only if it has to; tell stderr one line at its start and at its end.

    Raises :class:`UserError` where an earlier stage is missing, the corpus is not there, or a stage fails so.
    """
    for warning in check_needs(chosen, context, stages):
        _tell(warning)
    for stage in chosen:
        verdict = judge(stage, context, stages)
        if verdict.action == "skip":
            _tell(f"{stage.name}: skipped, {verdict.reason}")
        elif _leads():
            _run_stage(stage, verdict, context, stages)
        else:
            stage.load()(context)


def _run_stage(stage: Stage, verdict: Verdict, context: StageContext, stages: Sequence[Stage]) -> None:
    _tell(f"{stage.name}: started, {verdict.reason}")
    record = _begin(stage, verdict, context, stages)
    started = time.monotonic()
    ledger = stage.load()(context)
    absent = [path for path in _paths(stage.writes, context) if not path.exists()]
    if absent:
        raise RuntimeError(f"stage {stage.name} ended without writing {absent[0]}")
    seconds = time.monotonic() - started
    kept = ledger.to_dict()
    record |= {"complete": True, "seconds": round(seconds, 2), "ledger": kept}
    write_json(stage.folder(context) / "stage.json", record)
    reasons = ", ".join(f"{reason} {count}" for reason, count in kept["reasons"].items())
    dropped = f"{len(ledger.dropped)} dropped" + (f" ({reasons})" if reasons else "")
    _tell(f"{stage.name}: done in {seconds:.1f} s, {ledger.clips_in} clips in, {ledger.clips_out} out, {dropped}")


def _begin(stage: Stage, verdict: Verdict, context: StageContext, stages: Sequence[Stage]) -> dict[str, Any]:
    """Remove what is stale and write down what the stage is about to run with, so that a killed one can be judged."""
    old = _record(stage, context) or {}
    if verdict.clear:
        for path in _paths(stage.clear_on_change, context):
            shutil.rmtree(path, ignore_errors=True)
    if verdict.restart:
        for path in (stage.folder(context) / name for name in stage.restart_on_change):
            if path.exists():
                aside = path.with_name(f"{path.name}.{old.get('fingerprint', 'old')}")
                shutil.rmtree(aside, ignore_errors=True)
                aside.unlink(missing_ok=True)
                path.rename(aside)
                _tell(f"{stage.name}: what other settings or inputs had made is kept as {aside}")
    settings, found = stage.settings(context), inputs(stage, context, stages)
    record = {
        "stage": stage.name,
        "complete": False,
        "fingerprint": fingerprint({"settings": settings, "inputs": found}),
        "config": fingerprint(context.config),
        "version": __version__,
        "inputs": found,
        "settings": settings,
    }
    try:
        stage.folder(context).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot write to --exp {context.exp}: {error.strerror or error}") from error
    write_json(stage.folder(context) / "stage.json", record)
    return record


def _record(stage: Stage, context: StageContext) -> dict[str, Any] | None:
    """A stage's ``stage.json``; None where there is none."""
    path = stage.folder(context) / "stage.json"
    if not path.exists():
        return None
    record = read_json(path)
    if not isinstance(record, dict) or not isinstance(record.get("complete"), bool):
        raise UserError(f"{path} is not what a recipe writes; delete it and run stage {stage.name} again")
    return record


def _paths(names: Sequence[str], context: StageContext) -> list[Path]:
    return [getattr(context, name) for name in names]


def _leads() -> bool:
    """Whether this process writes the records: the first of those that ``torchrun`` starts."""
    return os.environ.get("RANK", "0") == "0"


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
