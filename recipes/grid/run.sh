#!/usr/bin/env bash
# recipes/grid/run.sh --data DIR [--config NAME] [--stage …] [key=value …]: every stage on a copy of GRID.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
"$root/run.sh" setup train lips eval hifigan
exec "${AVSYNTH_VENV:-$root/.venv}/bin/avsynth" recipe --config grid "$@"
