#!/usr/bin/env bash
# recipes/tiny/run.sh [key=value …]: every stage on a small corpus that it first draws and speaks by itself.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
venv="${AVSYNTH_VENV:-$root/.venv}"
corpus="${TINY_CORPUS:-exp/tiny_s1}"
"$root/run.sh" setup dev
if [[ ! -d "$corpus" ]]; then
    "$venv/bin/python" "$root/recipes/tiny/make_corpus.py" "$corpus.part" --clips "${TINY_CLIPS:-12}"
    mv "$corpus.part" "$corpus"
fi
exec "$venv/bin/avsynth" recipe --config tiny --data "$corpus" "$@"
