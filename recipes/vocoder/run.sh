#!/usr/bin/env bash
# recipes/vocoder/run.sh --data DIR [key=value …]: DIR holds the corpora that configs/vocoder.yaml names.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
"$root/run.sh" setup train eval hifigan
exec "${AVSYNTH_VENV:-$root/.venv}/bin/avsynth" train-vocoder --config vocoder "$@"
