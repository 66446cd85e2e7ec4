#!/usr/bin/env bash
# recipes/grid/tables.sh --data DIR [--exp DIR] [--steps N] [--reader-steps N] [--corpus grid|tcd_timit] [--size small|paper]
#     [--split NAME] [--voice NAME|DIR] [--only "NAME…"] [--devices N] [--device D] [--jobs N] [--inception-weights FILE]
#     [key=value …]
#
# The paper's tables and figures on your copy of the corpus: every model trained with one budget (the same clips in the same
# order), two lip readers, latency; then <exp>/tables.md and pictures beside it. What is finished is not made again: stop it
# when you like and start it anew. --voice: a finished voice, measured beside. --only: these models alone, of
# paralip transformer_t2l duallip base adv ssim_adv round lips_aligned. key=value: a setting of every model.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
avsynth="${AVSYNTH_VENV:-$root/.venv}/bin/avsynth"

fail() {
    echo "tables.sh: error: $*" >&2
    exit 2
}

declare -A given=([exp]=exp/tables [steps]=700 [reader-steps]=1400 [corpus]=grid [size]=small [split]=validation
    [only]="paralip transformer_t2l duallip base adv ssim_adv round lips_aligned")
settings=()
while (($#)); do
    case "$1" in
    --data | --exp | --steps | --reader-steps | --corpus | --size | --split | --voice | --only | --devices | --device | --jobs | --inception-weights)
        (($# > 1)) || fail "$1 needs a value"
        given[${1#--}]="$2" && shift 2
        ;;
    [a-z]*=*) settings+=("$1") && shift ;;
    *) fail "unknown argument $1; the first lines of $0 name what there is" ;;
    esac
done
[[ -d "${given[data]:-}" ]] || fail "--data DIR: the corpus's folder is wanted"
case "${given[size]}-${given[corpus]}" in
small-grid) ours=(grid) t2l=(transformer_t2l) dual=(duallip) ;;
paper-grid) ours=(paper) t2l=(paper_transformer_t2l) dual=(paper_duallip) ;;
small-tcd_timit) ours=(tcd_timit) t2l=(tcd_timit base=transformer_t2l.yaml) dual=(tcd_timit base=duallip.yaml) ;;
paper-tcd_timit)
    ours=(tcd_timit base=paper.yaml) t2l=(tcd_timit base=paper_transformer_t2l.yaml) dual=(tcd_timit base=paper_duallip.yaml)
    ;;
*) fail "--size is small or paper, --corpus grid or tcd_timit" ;;
esac
"$root/run.sh" setup train lips eval hifigan

exp="${given[exp]}"
machine=()
for name in devices device jobs; do
    [[ -z "${given[$name]:-}" ]] || machine+=("--$name" "${given[$name]}")
done
# The paper's losses and the one of motion, boundaries where they are; the rise of the learning rate is a seventh of the steps.
common=(weights.lip_texture=0 model.duration_noise=0 "train.steps=${given[steps]}" "train.warmup=$((given[steps] / 7))")
# A lip reader learns where phones lie for nine parts in fourteen, then to write.
reading=("reader.steps=${given[reader-steps]}" "reader.ctc_from=$((given[reader-steps] * 9 / 14))")
hears=(reader.timing=sound) # the judge; letters are not heard
[[ " ${settings[*]} " != *" tokens=characters "* ]] || hears=()

aligned=() # how the phones of an experiment are aligned, where not as the config says

# stage NAME MODEL OPTION…: one stage of one model's experiment, with its config.
stage() {
    "$avsynth" "$1" --data "${given[data]}" --exp "$exp/$2" "${machine[@]}" "${@:3}" "${settings[@]}" "${aligned[@]}"
}

# clips MODEL STAGE…: these stages of the experiment "clips", of which the model's are links.
clips() {
    mkdir -p "$exp/$1"
    for name in "${@:2}"; do
        [[ -e "$exp/$1/$name" ]] || ln -s "../clips/$name" "$exp/$1/$name"
    done
}

# measure MODEL [OPTION…]: say the split with true and predicted durations, and measure both.
measure() {
    for durations in true predicted; do
        stage synthesize "$1" --config "${ours[@]}" --split "${given[split]}" --durations "$durations" --no-sound "${@:2}"
    done
    stage evaluate "$1" --config "${ours[@]}" --lip-reader "$exp/judge" \
        ${given[inception-weights]:+--inception-weights "${given[inception-weights]}"}
}

# model NAME CONFIG [OPTION…]: train and measure one.
model() {
    [[ " ${given[only]} " == *" $1 "* ]] || return 0
    stage train "$1" --config "${@:2}" "${common[@]}"
    measure "$1"
}

stage recipe clips --config "${ours[@]}" --stop-stage stats
for name in paralip transformer_t2l duallip base adv ssim_adv round; do
    clips "$name" data lips align stats
done
clips lips_aligned data lips

[[ -f "$exp/judge/reader.json" ]] || "$avsynth" read-lips train --config "${ours[@]}" --exp "$exp/clips" --out "$exp/judge" \
    reader.clips=all reader.seed=2 "${hears[@]}" "${reading[@]}"
"$avsynth" read-lips score --config "${ours[@]}" --exp "$exp/clips" --reader "$exp/judge" --split "${given[split]}" \
    --json "$exp/judge.json"

model paralip "${ours[@]}"
model transformer_t2l "${t2l[@]}"
model duallip "${dual[@]}"
model base "${ours[@]}" weights.lip_ssim=0
model adv "${ours[@]}" weights.lip_ssim=0 weights.lip_adv=0.03
model ssim_adv "${ours[@]}" weights.lip_adv=0.03
model round "${ours[@]}" model.regulation=round
if [[ " ${given[only]} " == *" lips_aligned "* ]]; then
    aligned=(align.source=lips "${reading[@]}")
    stage align lips_aligned --config "${ours[@]}"
    stage stats lips_aligned --config "${ours[@]}"
    model lips_aligned "${ours[@]}"
    aligned=()
fi
if [[ -n "${given[voice]:-}" ]]; then
    clips shipped data lips align stats
    measure shipped --voice "${given[voice]}"
fi
[[ -f "$exp/latency.json" ]] || "$avsynth" bench --voice grid_s1 --latency --lengths 1,2,3,5,10,20 --json "$exp/latency.json"
"$avsynth" tables --exp "$exp" --corpus "${given[corpus]}"
