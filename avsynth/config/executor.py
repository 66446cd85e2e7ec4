"""Where the stages work on clips: ``executor:`` in a config's YAML, ``executor.key=value``, ``--executor``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class ExecutorConfig:
    """Nothing of this changes what comes out, so a stage that is done stays done when it changes."""

    kind: Literal["local", "dask", "inline"] = "local"
    """``local``: as many processes of this machine as ``--jobs`` says. ``inline``: the command's own process, for
    debuggers; nothing protects it there from a clip that hangs or crashes."""
    address: str = ""
    """Of a Dask scheduler that runs already, such as ``tcp://10.0.0.1:8786``."""
    cluster: str = "LocalCluster"
    """Without an address: the class that starts the workers: ``LocalCluster``, of dask-jobqueue ``SLURMCluster``,
    ``SGECluster``, ``PBSCluster`` …, or ``module:Class``."""
    workers: int = 2
    options: dict[str, Any] = field(default_factory=dict)
    """Arguments of that class, such as ``queue``, ``cores``, ``memory``, ``walltime``."""
    shard: int = 16
    """Clips that are done, stored and, if need be, done again together."""
    clip_s: float = 600.0
    """A clip that takes longer than this hangs, and is left out."""
    tries: int = 3
    """Workers that may die on a shard before its clips are left out."""

    def __post_init__(self) -> None:
        if min(self.workers, self.shard, self.tries) < 1 or self.clip_s <= 0:
            raise ValueError("workers, shard and tries must be 1 or more, clip_s above 0")
