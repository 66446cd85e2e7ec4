"""The *train* stage: train, then write the voice from the averaged weights."""

from __future__ import annotations

from avsynth.errors import UserError
from avsynth.stages.context import Ledger, StageContext
from avsynth.training.checkpoint import checkpoints, load_checkpoint
from avsynth.training.distributed import choose_device, launch
from avsynth.training.loop import TrainingData, train


def training_data(context: StageContext) -> TrainingData:
    """Where training finds what the earlier stages made."""
    return TrainingData(
        context.manifest, context.alignments, context.features, context.crops, context.stats, context.train
    )


def run(context: StageContext) -> Ledger:
    """Train to the config's last step, resuming from the newest checkpoint."""
    device = choose_device(context.device)
    launch(train, device, context.devices, context.num_nodes, context.config, training_data(context))
    newest = checkpoints(context.train / "checkpoints")
    if not newest:
        raise UserError(f"training left no checkpoint in {context.train / 'checkpoints'}")
    state = load_checkpoint(newest[-1])
    utterances = context.utterances()
    ledger = Ledger(clips_in=len(utterances), clips_out=sum(item.split == "train" for item in utterances))
    ledger.notes["steps"] = state["step"]
    return ledger
