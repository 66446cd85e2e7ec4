"""A script's own functions are mapped too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
from functools import partial
from avsynth.recipe.executors.parallel import parallel

def twice(item, further=0):
    return 2 * item + further

if __name__ == "__main__":
    print(list(parallel(twice, [1, 2, 3], 2, "a")), list(parallel(partial(twice, further=1), [1, 2], 2, "b")))
"""


def test_a_script_run_by_its_path_maps_its_functions(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    done = subprocess.run([sys.executable, tmp_path / "script.py"], capture_output=True, text=True, check=False)
    assert done.stdout == "[2, 4, 6] [3, 5]\n", done.stderr[-500:]
