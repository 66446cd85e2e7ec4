"""The recipes' scripts as modules, for tests of their parts."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

RECIPES = Path(__file__).parents[1] / "recipes"


def load_script(path: str) -> ModuleType:
    """A new module of a script under ``recipes``, which other tests' copies do not touch."""
    name = path.removesuffix(".py").replace("/", "_")
    spec = importlib.util.spec_from_file_location(name, RECIPES / path)
    assert spec is not None and spec.loader is not None
    folder = str((RECIPES / path).parent)
    if folder not in sys.path:  # where a script finds those beside it
        sys.path.append(folder)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
