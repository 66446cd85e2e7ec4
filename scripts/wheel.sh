#!/usr/bin/env bash
# The wheel away from the checkout: built, installed into an empty environment, and a sentence said in an empty folder.
#   scripts/wheel.sh [PYTHON]
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
"${1:-python3}" -m venv "$scratch/venv"
pip=("$scratch/venv/bin/pip" --disable-pip-version-check)
"${pip[@]}" wheel -q --no-deps --wheel-dir "$scratch" "$root"
"${pip[@]}" install -q -c "$root/constraints.txt" "$(echo "$scratch"/avsynth-*.whl)[serve]"
mkdir "$scratch/empty"
cd "$scratch/empty"
"$scratch/venv/bin/avsynth" say "Hello from an empty folder." -o hello.mp4 --timeline hello.srt
"$scratch/venv/bin/python" -m avsynth inspect hello.mp4 | grep -x "synthetic: true"
"$scratch/venv/bin/avsynth" voices
"$scratch/venv/bin/python" - <<'PYTHON'
from importlib.resources import files

import avsynth.server.app
from avsynth.cli.common import find_config

assert (files("avsynth.server") / "page" / "index.html").is_file() and find_config("grid").is_file()
PYTHON
