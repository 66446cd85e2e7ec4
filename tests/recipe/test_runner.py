import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from avsynth.config.reading import from_dict, to_dict
from avsynth.errors import UserError
from avsynth.recipe import runner as recipe
from avsynth.recipe.changes import flat, within
from avsynth.recipe.context import Ledger, StageContext
from avsynth.recipe.table import STAGES, Stage

FAKES = (
    Stage("data", "", ("corpus", "train_ids"), ("manifest",), ("data",), ("speaker",), target="fake_stages:data"),
    Stage("lips", "", ("manifest",), ("crops",), ("lips",), clear_on_change=("crops",), target="fake_stages:lips"),
    Stage(
        "train",
        "",
        ("manifest", "crops"),
        ("voice",),
        ("train",),
        restart_on_change=("checkpoints",),
        resumes_over=("train.steps",),
        target="fake_stages:train",
    ),
)


class Fakes(ModuleType):
    """Three stages that write as the real ones do and note that they ran; ``fail`` is killed half-way."""

    def __init__(self) -> None:
        super().__init__("fake_stages")
        self.ran: list[str] = []
        self.fail = ""

    def data(self, context: StageContext) -> Ledger:
        self.ran.append("data")
        context.manifest.write_text("".join(sorted(path.name for path in context.corpus.iterdir())))
        ledger = Ledger(clips_in=3, clips_out=2)
        ledger.drop("c", "too short: 0.2 s")
        return ledger

    def lips(self, context: StageContext) -> Ledger:
        """Cuts what is not there yet, like the real stage."""
        self.ran.append("lips")
        context.crops.mkdir(parents=True, exist_ok=True)
        smoothing = context.config.lips.smoothing
        for number, name in enumerate(("a", "b")):
            if not (context.crops / name).exists():
                (context.crops / name).write_text(str(smoothing))
            if self.fail == "lips" and number == 0:
                raise KeyboardInterrupt
        return Ledger(2, 2)

    def train(self, context: StageContext) -> Ledger:
        self.ran.append("train")
        (context.train / "checkpoints").mkdir(parents=True, exist_ok=True)
        (context.train / "checkpoints" / str(context.config.train.steps)).touch()
        context.voice.mkdir(exist_ok=True)
        return Ledger(2, 2)


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> Fakes:
    module = Fakes()
    monkeypatch.setitem(sys.modules, "fake_stages", module)
    monkeypatch.delenv("RANK", raising=False)
    return module


def context(tmp_path: Path, options: dict[str, str] | None = None, **settings: object) -> StageContext:
    corpus = tmp_path / "corpus"
    if not corpus.exists():
        corpus.mkdir()
        (corpus / "clip").write_text("x")
    return StageContext(from_dict(settings), corpus, tmp_path / "exp", tmp_path, options=options or {})


def run(where: StageContext, first: str | None = None, last: str | None = None) -> None:
    recipe.run(recipe.select(first, last, FAKES), where, FAKES)


def test_runs_all_in_order_then_skips_and_says_so(
    tmp_path: Path, fakes: Fakes, capsys: pytest.CaptureFixture[str]
) -> None:
    run(context(tmp_path))
    assert fakes.ran == ["data", "lips", "train"]
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "data: started, it has not run yet"
    assert "3 clips in, 2 out, 1 dropped (too short 1)" in lines[1]
    run(context(tmp_path))
    assert fakes.ran == ["data", "lips", "train"]
    assert [line.split(",")[0] for line in capsys.readouterr().err.splitlines()] == [
        "data: skipped",
        "lips: skipped",
        "train: skipped",
    ]


def test_stage_json_tells_what_was_run(tmp_path: Path, fakes: Fakes) -> None:
    run(context(tmp_path, data={"validation": 3}), "data", "data")
    record = json.loads((tmp_path / "exp" / "data" / "stage.json").read_text())
    assert record["complete"] is True and record["version"] and record["seconds"] >= 0
    assert record["settings"]["data.validation"] == 3
    assert set(record["inputs"]) == {"corpus", "train_ids"}
    assert record["ledger"]["dropped"] == {"c": "too short: 0.2 s"} and record["ledger"]["reasons"] == {"too short": 1}


def test_a_changed_corpus_runs_all_that_depends_on_it(tmp_path: Path, fakes: Fakes) -> None:
    run(context(tmp_path))
    (tmp_path / "corpus" / "another").touch()
    fakes.ran.clear()
    run(context(tmp_path))
    assert fakes.ran == ["data", "lips", "train"]


def test_what_comes_after_is_skipped_where_a_rerun_writes_the_same(tmp_path: Path, fakes: Fakes) -> None:
    run(context(tmp_path))
    (tmp_path / "corpus" / "clip").write_text("longer than before")
    fakes.ran.clear()
    run(context(tmp_path))
    assert fakes.ran == ["data"]


def test_the_experiment_inside_the_corpus_does_not_count_as_corpus(tmp_path: Path, fakes: Fakes) -> None:
    outer = context(tmp_path)
    inner = StageContext(outer.config, outer.corpus, outer.corpus / "exp", tmp_path)
    (outer.corpus / "exp").mkdir()
    run(inner)
    fakes.ran.clear()
    run(inner)
    assert fakes.ran == []


def test_changed_settings_clear_old_crops_and_run_what_follows(
    tmp_path: Path, fakes: Fakes, capsys: pytest.CaptureFixture[str]
) -> None:
    run(context(tmp_path))
    fakes.ran.clear()
    run(context(tmp_path, lips={"smoothing": 4.0}))
    assert fakes.ran == ["lips", "train"]
    assert [path.read_text() for path in sorted((tmp_path / "exp/lips/crops").iterdir())] == ["4.0", "4.0"]
    assert "lips: started, settings changed: lips.smoothing was 1.5, is 4.0" in capsys.readouterr().err


def test_changed_inputs_keep_the_crops(tmp_path: Path, fakes: Fakes) -> None:
    run(context(tmp_path))
    kept = tmp_path / "exp/lips/crops/a"
    kept.write_text("kept")
    (tmp_path / "corpus" / "another").touch()
    run(context(tmp_path))
    assert kept.read_text() == "kept"


def test_a_killed_stage_resumes(tmp_path: Path, fakes: Fakes) -> None:
    fakes.fail = "lips"
    with pytest.raises(KeyboardInterrupt):
        run(context(tmp_path))
    first = tmp_path / "exp/lips/crops/a"
    first.write_text("from the first run")
    fakes.fail = ""
    fakes.ran.clear()
    run(context(tmp_path))
    assert fakes.ran == ["lips", "train"]
    assert first.read_text() == "from the first run"


def test_a_killed_stage_does_not_resume_over_other_settings(tmp_path: Path, fakes: Fakes) -> None:
    fakes.fail = "lips"
    with pytest.raises(KeyboardInterrupt):
        run(context(tmp_path))
    fakes.fail = ""
    run(context(tmp_path, lips={"smoothing": 4.0}))
    assert (tmp_path / "exp/lips/crops/a").read_text() == "4.0"


def test_more_steps_resume_and_other_settings_start_afresh_and_keep_the_old(tmp_path: Path, fakes: Fakes) -> None:
    checkpoints = tmp_path / "exp/train/checkpoints"
    run(context(tmp_path, train={"steps": 10}))
    run(context(tmp_path, train={"steps": 20}))
    assert {path.name for path in checkpoints.iterdir()} == {"10", "20"}
    run(context(tmp_path, train={"steps": 20, "batch": 3}))
    assert {path.name for path in checkpoints.iterdir()} == {"20"}
    (aside,) = checkpoints.parent.glob("checkpoints.*")
    assert {path.name for path in aside.iterdir()} == {"10", "20"}


def test_crops_without_a_stage_json_are_kept(tmp_path: Path, fakes: Fakes) -> None:
    old = tmp_path / "exp/lips/crops/a"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    run(context(tmp_path))
    assert old.read_text() == "old"


def test_an_option_that_changes_runs_the_stage_again(tmp_path: Path, fakes: Fakes) -> None:
    run(context(tmp_path))
    fakes.ran.clear()
    run(context(tmp_path, {"speaker": "s2", "split": "test"}), "data", "lips")
    assert fakes.ran == ["data"]


def test_an_output_that_is_gone_is_made_again(tmp_path: Path, fakes: Fakes) -> None:
    run(context(tmp_path))
    fakes.ran.clear()
    (tmp_path / "exp/data/manifest.jsonl").unlink()
    run(context(tmp_path))
    assert fakes.ran == ["data"]


def test_a_missing_earlier_stage_is_named(tmp_path: Path, fakes: Fakes) -> None:
    with pytest.raises(UserError, match=r"stage train needs stage data, which has not finished in .*--stage data"):
        run(context(tmp_path), "train")
    run(context(tmp_path), "data", "data")
    with pytest.raises(UserError, match="stage train needs stage lips"):
        run(context(tmp_path), "train")
    assert fakes.ran == ["data"]


def test_an_earlier_stage_that_is_out_of_date_is_told(
    tmp_path: Path, fakes: Fakes, capsys: pytest.CaptureFixture[str]
) -> None:
    run(context(tmp_path))
    run(context(tmp_path, lips={"smoothing": 4.0}), "train")
    assert "lips: out of date (settings changed: lips.smoothing was 1.5, is 4.0)" in capsys.readouterr().err


def test_the_plan_runs_nothing_and_says_why(tmp_path: Path, fakes: Fakes) -> None:
    where = context(tmp_path)
    steps = recipe.plan(FAKES, where, FAKES)
    assert [verdict.action for _, verdict in steps] == ["run", "run", "run"]
    assert not fakes.ran and not where.exp.exists()
    run(where)
    changed = context(tmp_path, lips={"smoothing": 4.0})
    text = recipe.describe(recipe.plan(FAKES, changed, FAKES), changed).splitlines()
    assert text[0].startswith("config ") and str(where.exp) in text[0]
    assert text[1].startswith("skip data") and "settings changed: lips.smoothing" in text[2]
    assert text[3].startswith("run  train") and "unless lips" in text[3]


def test_the_corpus_must_be_there(tmp_path: Path, fakes: Fakes) -> None:
    where = StageContext(from_dict({}), tmp_path / "nothing", tmp_path / "exp")
    with pytest.raises(UserError, match="nothing: no such folder"):
        run(where)


def test_a_stage_that_does_not_write_what_it_declares_is_an_error(tmp_path: Path, fakes: Fakes) -> None:
    liar = (Stage("data", "", (), ("manifest",), target="fake_stages:liar"),)
    fakes.liar = lambda _: Ledger()  # type: ignore[attr-defined]
    with pytest.raises(RuntimeError, match="without writing"):
        recipe.run(liar, context(tmp_path), liar)


def test_a_foreign_stage_json_is_refused(tmp_path: Path, fakes: Fakes) -> None:
    where = context(tmp_path)
    (where.exp / "data").mkdir(parents=True)
    (where.exp / "data" / "stage.json").write_text("[]")
    with pytest.raises(UserError, match=r"stage\.json is not what a recipe writes"):
        run(where)


def test_only_the_first_of_several_processes_keeps_the_books(
    tmp_path: Path, fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(context(tmp_path), "data", "lips")
    monkeypatch.setenv("RANK", "1")
    run(context(tmp_path), "train")
    assert fakes.ran[-1] == "train" and not (tmp_path / "exp/train/stage.json").exists()


@pytest.mark.parametrize(("value", "index"), [("data", 0), ("1", 0), ("evaluate", 7), ("8", 7)])
def test_stages_are_known_by_name_and_number(value: str, index: int) -> None:
    assert recipe.stage_index(value) == index


@pytest.mark.parametrize(
    ("value", "message"), [("tain", "nearest is 'train'"), ("9", r"1 \(data\) to 8 \(evaluate\)"), ("0", "no stage 0")]
)
def test_unknown_stages_name_what_there_is(value: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        recipe.stage_index(value)


def test_the_stop_stage_must_not_come_first() -> None:
    with pytest.raises(UserError, match="--stop-stage data comes before --stage lips"):
        recipe.select("lips", "data")


def test_the_real_table_is_whole(tmp_path: Path) -> None:
    where = context(tmp_path)
    names = [stage.name for stage in STAGES]
    assert " ".join(names) == "data lips align stats train copy_synthesis synthesize evaluate"
    written: set[str] = {"corpus", "train_ids"}
    for stage in STAGES:
        assert set(stage.reads) <= written, f"{stage.name} reads what no stage before it writes"
        written |= set(stage.writes)
        for name in (*stage.writes, *stage.clear_on_change):
            assert isinstance(getattr(where, name), Path)
        keys = [key for key, _ in flat(to_dict(where.config))]
        for group in (*stage.config, *stage.resumes_over):
            assert any(within(key, (group,)) for key in keys), f"{stage.name}: {group}"
        assert callable(stage.load())
