#!/usr/bin/env bash
# recipes/english/run.sh --data DIR [--stage …] [key=value …]: DIR holds GRID's speaker 1 and the teacher's corpus.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
"$root/run.sh" setup train lips eval
exec "${AVSYNTH_VENV:-$root/.venv}/bin/avsynth" recipe --config english "$@"
