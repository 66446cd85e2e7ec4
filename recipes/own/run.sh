#!/usr/bin/env bash
# recipes/own/run.sh --data DIR [--config NAME] [--stage …] [key=value …]: every stage on a folder of your own videos.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
"$root/run.sh" setup train lips eval hifigan
exec "${AVSYNTH_VENV:-$root/.venv}/bin/avsynth" recipe --config own "$@"
