#!/usr/bin/env bash
# recipes/english/run.sh --data DIR [--exp DIR] [key=value …]: the voice `english` from its corpora, every training from the
# start. DIR holds grid_s1, grid_s4, grid_talkers, ljspeech_41 and ljspeech_texts.csv.xz; the teacher's corpus `heart` is
# spoken into it if it is not there. Settings given go to every training. Killed and run again, it goes on.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
data="" exp="exp/english_voice" settings=()
while (($#)); do
    case "$1" in
    --data) data="$2" && shift 2 ;;
    --exp) exp="$2" && shift 2 ;;
    *=*) settings+=("$1") && shift ;;
    *) echo "recipes/english/run.sh: error: unknown argument $1: --data DIR, --exp DIR and key=value are known" >&2 && exit 2 ;;
    esac
done
[[ -d "$data" ]] || { echo "recipes/english/run.sh: error: --data DIR must name the folder of the corpora" >&2 && exit 2; }
"$root/run.sh" setup train lips eval hifigan teach
bin="${AVSYNTH_VENV:-$root/.venv}/bin"
# linked FROM TO: experiment TO trains on what FROM has prepared.
linked() {
    mkdir -p "$exp/$2"
    for stage in data lips align stats; do ln -sfn "../$1/$stage" "$exp/$2/$stage"; done
}
stages() { "$bin/avsynth" recipe --stop-stage train "$@" ${settings[@]+"${settings[@]}"}; }

[[ -f "$data/heart/teacher.json" ]] ||
    "$bin/avsynth" teach --texts "$data/ljspeech_texts.csv.xz" --out "$data/heart" --hours "${HOURS:-6.5}"
# The image nets learn on the one talker of whom there are many clips; sound, durations and motion on both speakers; sound and
# durations for longer; then the lips on every talker, three times: with more of speaker 4 at the end, of whom there are few
# clips, and at last with less augmentation; and the vocoder, on recordings and on what the voice predicts of them.
stages --config grid --data "$data/grid_s1" --exp "$exp/image_nets"
stages --config english --data "$data" --exp "$exp/speech" train.init="$exp/image_nets/voice"
linked speech sound
"$bin/avsynth" train --config english_sound --data "$data" --exp "$exp/sound" train.init="$exp/speech/voice" \
    ${settings[@]+"${settings[@]}"}
stages --config english_faces --data "$data" --exp "$exp/lips" train.init="$exp/sound/voice" \
    data.speakers_of="$exp/sound/voice" vocoder=harmonic
before=lips
for last in end own; do
    linked lips "lips_$last"
    "$bin/avsynth" train --config "english_faces_$last" --data "$data" --exp "$exp/lips_$last" train.init="$exp/$before/voice" \
        data.speakers_of="$exp/$before/voice" vocoder=harmonic ${settings[@]+"${settings[@]}"}
    before="lips_$last"
done
"$bin/avsynth" train-vocoder --config vocoder --data "$data" --exp "$exp/vocoder" \
    own_vocoder.voice="$exp/sound/voice" own_vocoder.aligned="$exp/speech" ${settings[@]+"${settings[@]}"}
cp "$exp/vocoder/vocoder.safetensors" "$exp/lips_own/voice/"
echo "the voice is $exp/lips_own/voice; its faces are made by recipes/english/make_faces.py, and it ships when it replaces avsynth/voices/english"
