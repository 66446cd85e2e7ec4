"""docs/scale.md: its tables are its script's, its SLURM example is one that works."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from avsynth.config.reading import load_executor

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def scale() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scale", ROOT / "docs" / "scale.py")
    assert spec is not None and spec.loader is not None
    module = sys.modules["scale"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_holds_what_the_script_computes(scale: ModuleType) -> None:
    found = re.search(r"<!-- scale.py -->\n\n?(.*?)\n?<!-- end -->", PAGE, flags=re.S)
    assert found is not None and found[1].strip() == scale.tables().strip()


def test_the_arithmetic(scale: ModuleType) -> None:
    grid = scale.CORPORA[0]
    alone, many = scale.stages(grid, 1), scale.stages(grid, 64)
    assert alone.work_h == pytest.approx(27.5 * sum(scale.CPU_S.values()))
    assert many.work_h == pytest.approx(alone.work_h / 64) and many.hours < alone.hours / 20
    assert alone.bottleneck == "workers, at lips"
    assert scale.clips_per_hour("data") == pytest.approx(1200 / scale.CPU_S["data"])
    assert scale.RAW >= 15 * scale.STORED
    assert scale.training_hours(grid, 8) == pytest.approx(60 * 33_000 / 8 * 3.05 / 8 / 3600)


def test_the_job_script_of_the_page(tmp_path: Path) -> None:
    """What SLURM would be given, printed by dask-jobqueue; nothing is submitted."""
    pytest.importorskip("dask_jobqueue")
    from avsynth.recipe.executors.dask import cluster_class

    example = re.search(r"```yaml\n(executor:.*?)```", PAGE, flags=re.S)
    assert example is not None
    (tmp_path / "cluster.yaml").write_text(example[1])
    config = load_executor(ROOT / "configs" / "grid.yaml", ["executor.workers=8"], str(tmp_path / "cluster.yaml"))
    assert (config.kind, config.cluster, config.workers) == ("dask", "SLURMCluster", 8)
    with cluster_class(config.cluster)(**config.options, scheduler_options={"dashboard_address": None}) as cluster:
        script = cluster.job_script()
    for line in (
        "#SBATCH -p cpu",
        "#SBATCH --mem=4G",
        "#SBATCH -t 04:00:00",
        "source /shared/avsynth/.venv/bin/activate",
    ):
        assert line in script
