#!/usr/bin/env bash
# recipes/teacher/run.sh --texts FILE --out DIR [--hours H] [--teacher MODULE:CLASS]: a corpus that another program speaks.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
"$root/run.sh" setup train teach
exec "${AVSYNTH_VENV:-$root/.venv}/bin/avsynth" teach "$@"
