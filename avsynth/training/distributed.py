"""One process or several: launching, wrapping, averaging. Gloo on processors, NCCL on GPUs."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import torch
from torch import Tensor, nn
from torch.multiprocessing.spawn import ProcessRaisedException, spawn

from avsynth.errors import UserError


@dataclass(frozen=True)
class Process:
    """This process's rank among the processes of a training."""

    rank: int
    world: int
    device: torch.device

    @property
    def leads(self) -> bool:
        """Whether this process writes files and logs."""
        return self.rank == 0


def launch(worker: Callable[..., None], device: str, devices: int, num_nodes: int, *arguments: Any) -> None:
    """Run ``worker(process, *arguments)`` in ``devices`` processes on each of ``num_nodes`` machines.

    Several machines are started by ``torchrun``, which sets RANK, WORLD_SIZE and LOCAL_RANK; on one machine the
    processes are spawned here.
    """
    if "RANK" in os.environ and "WORLD_SIZE" in os.environ:
        _run(int(os.environ.get("LOCAL_RANK", "0")), worker, device, int(os.environ["WORLD_SIZE"]), arguments)
    elif num_nodes > 1:
        raise UserError("--num-nodes above 1: start the command on every machine with torchrun")
    elif devices <= 1:
        worker(Process(0, 1, torch.device(device)), *arguments)
    else:
        os.environ["MASTER_ADDR"], os.environ["MASTER_PORT"] = "127.0.0.1", str(_free_port())
        try:
            spawn(_run, (worker, device, devices, arguments), nprocs=devices)  # type: ignore[no-untyped-call]
        except ProcessRaisedException as error:
            last = str(error).strip().splitlines()[-1]
            if last.startswith(f"{UserError.__module__}.{UserError.__name__}: "):
                raise UserError(last.partition(": ")[2]) from error
            raise


def _run(local_rank: int, worker: Callable[..., None], device: str, world: int, arguments: tuple[Any, ...]) -> None:
    rank = int(os.environ.get("RANK", local_rank))
    place = torch.device(device, local_rank) if device == "cuda" else torch.device(device)
    if device == "cuda":
        torch.cuda.set_device(place)
    torch.distributed.init_process_group("nccl" if device == "cuda" else "gloo", rank=rank, world_size=world)
    try:
        worker(Process(rank, world, place), *arguments)
    finally:
        torch.distributed.destroy_process_group()


def wrap(module: nn.Module, process: Process) -> nn.Module:
    """The module, averaging its gradients over processes where there are several."""
    if process.world == 1:
        return module
    ids = [process.device.index] if process.device.type == "cuda" else None
    return nn.parallel.DistributedDataParallel(module, device_ids=ids, find_unused_parameters=True)


def alone(module: nn.Module) -> AbstractContextManager[Any]:
    """Within this context gradients are not averaged over processes. For all parts of a batch but the last, with which
    the sum is averaged."""
    return module.no_sync() if isinstance(module, nn.parallel.DistributedDataParallel) else nullcontext()


def average(values: dict[str, Tensor], process: Process) -> dict[str, float]:
    """Scalars averaged over those processes that have them."""
    own = {name: float(value.detach()) for name, value in values.items()}
    every: list[dict[str, float]] = [own]
    if process.world > 1:
        every = [{} for _ in range(process.world)]
        torch.distributed.all_gather_object(every, own)
    names = sorted({name for one in every for name in one})
    return {name: fmean(one[name] for one in every if name in one) for name in names}


def barrier(process: Process) -> None:
    """Wait for the others."""
    if process.world > 1:
        torch.distributed.barrier()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
