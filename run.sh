#!/usr/bin/env bash
# One door: ./run.sh say …, ./run.sh test …, ./run.sh recipe grid …, or any other command of avsynth.
# Makes the environment .venv (or $AVSYNTH_VENV) and installs what the command needs, once; then hands over.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
venv="${AVSYNTH_VENV:-$root/.venv}"

fail() {
    echo "run.sh: error: $*" >&2
    exit 2
}

find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    fail "no Python 3.11, 3.12 or 3.13 found; install one and put it on the PATH"
}

# setup EXTRA…: install the core and these extras unless they are there for the current pyproject and constraints.
setup() {
    local wanted=(core "$@") stamp
    [[ " $* " == *" dev "* ]] && wanted=(core train lips eval moviepy teach onnx hifigan serve "$@")
    stamp="$(cat "$root/pyproject.toml" "$root/constraints.txt" <(echo "$root") | cksum)"
    [[ "$(missing)" ]] || return 0
    mkdir -p "$venv" || fail "cannot make $venv"
    # A subshell holds the lock: the command that follows must not inherit it.
    (
        if command -v flock >/dev/null && ! flock -n 9; then
            echo "waiting for another run.sh that installs into $venv" >&2
            flock 9 || true
        fi
        install
    ) 9>"$venv/lock"
}

# missing: which of what setup wants is not there.
missing() {
    local extra
    for extra in "${wanted[@]}"; do
        [[ -f "$venv/installed/$extra" && "$(<"$venv/installed/$extra")" == "$stamp" ]] || printf ' %s' "$extra"
    done
}

# install: all that setup wants, unless another run.sh has done so by now.
install() {
    local names extra extras python
    names="$(missing)"
    [[ "$names" ]] || return 0
    echo "installing$names into $venv; the first time takes minutes" >&2
    if [[ ! -x "$venv/bin/pip" ]]; then
        python="$(find_python)" || exit
        "$python" -m venv "$venv" || fail "cannot make $venv (on Debian: apt install python3-venv)"
    fi
    extras="$(IFS=,; echo "${wanted[*]:1}")"
    "$venv/bin/pip" install -q --disable-pip-version-check -c "$root/constraints.txt" -e "$root${extras:+[$extras]}" \
        >"$venv/pip.log" 2>&1 || { tail -n 15 "$venv/pip.log" >&2; fail "pip could not install; all it said is in $venv/pip.log"; }
    mkdir -p "$venv/installed"
    for extra in "${wanted[@]}"; do
        echo "$stamp" >"$venv/installed/$extra"
    done
}

case "${1:-}" in
setup)
    setup "${@:2}"
    exit
    ;;
test)
    setup dev
    cd "$root"
    # Compiled modules are kept, also where Python is told not to write them beside the source: the tests start many
    # processes.
    export PYTHONDONTWRITEBYTECODE="" PYTHONPYCACHEPREFIX="$venv/compiled"
    exec "$venv/bin/python" -m pytest --numprocesses auto --dist loadfile "${@:2}"
    ;;
recipe)
    if [[ "${2:-}" != "" && -x "$root/recipes/$2/run.sh" ]]; then
        exec "$root/recipes/$2/run.sh" "${@:3}"
    fi
    setup train lips eval hifigan
    ;;
lips) # for a recording, whose words a recogniser hears unless --text tells them; or a stage of the recipe
    wanted=(recognise)
    for argument in "${@:2}"; do
        case "$argument" in
        --data | --data=* | --config | --config=*) wanted=(train lips eval) && break ;;
        --text | --text=*) wanted=() ;;
        esac
    done
    setup ${wanted[@]+"${wanted[@]}"}
    ;;
serve)
    setup serve lips
    ;;
data | align | stats | train | train-vocoder | copy_synthesis | synthesize | evaluate)
    setup train lips eval hifigan
    ;;
*)
    wanted=()
    [[ " ${*//=/ } " == *" hifigan "* || "${1:-}" == bench ]] && wanted=(hifigan)
    setup ${wanted[@]+"${wanted[@]}"}
    ;;
esac
exec "$venv/bin/avsynth" "$@"
