#!/usr/bin/env bash
# recipes/crema_d/run.sh --data DIR [--config NAME] [--stage …] [key=value …]: every stage on a copy of the corpus.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
"$root/run.sh" setup train lips eval hifigan
exec "${AVSYNTH_VENV:-$root/.venv}/bin/avsynth" recipe --config crema_d "$@"
