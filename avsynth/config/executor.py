"""Settings of where the stages run their work on clips: ``executor:`` in a config's YAML, ``executor.key=value``,
``--executor``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class ExecutorConfig:
    """None of these settings changes results, so that a finished stage stays finished when they change."""

    kind: Literal["local", "dask", "inline"] = "local"
    """``local``: as many processes of this machine as ``--jobs`` says. ``inline``: the command's own process, for
    debuggers; nothing protects it there from a clip that hangs or crashes."""
    address: str = ""
    """Address of a running Dask scheduler, such as ``tcp://10.0.0.1:8786``."""
    cluster: str = "LocalCluster"
    """Without an address: the class that starts the workers: ``LocalCluster``, of dask-jobqueue ``SLURMCluster``,
    ``SGECluster``, ``PBSCluster`` …, or ``module:Class``."""
    workers: int = 2
    options: dict[str, Any] = field(default_factory=dict)
    """Arguments of that class, such as ``queue``, ``cores``, ``memory``, ``walltime``."""
    shard: int = 16
    """Clips per shard; a shard's clips are computed, stored and, if need be, repeated together."""
    clip_s: float = 600.0
    """Time limit of one clip in seconds; a clip that takes longer is dropped."""
    tries: int = 3
    """How many workers may die on a shard before its clips are dropped."""

    def __post_init__(self) -> None:
        if min(self.workers, self.shard, self.tries) < 1 or self.clip_s <= 0:
            raise ValueError("workers, shard and tries must be 1 or more, clip_s above 0")
