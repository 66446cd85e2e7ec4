"use strict";

const $ = (id) => document.getElementById(id);
const PIXELS_PER_S = 300;
const video = $("video");
const state = { timeline: null, edited: false, chunks: [], stop: null, word: null, captions: [], items: [] };

function tell(text, bad = false) {
  $("status").textContent = text;
  $("status").classList.toggle("bad", bad);
}

async function ask(path, options = {}) {
  const answer = await fetch(path, options);
  if (answer.ok) return answer;
  if (answer.status === 401) $("key-box").hidden = false;
  let message = `the server answered ${answer.status}`;
  try { message = (await answer.json()).error.message; } catch { /* no JSON: the status has to do */ }
  throw new Error(message);
}

const post = (path, body, signal) => ask(path, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal,
});

/* Lists of voices and faces */

async function loadLists() {
  const voices = (await (await ask("/v1/voices")).json()).data;
  $("voice").replaceChildren(...voices.map((item) => new Option(`${item.speaker} (${item.voice})`, item.id, item.usual, item.usual)));
  const faces = (await (await ask("/v1/faces")).json()).data;
  for (const face of faces) addFace(face);
}

function addFace(face, chosen = false) {
  $("face").append(new Option(face.name, face.id, false, chosen));
}

/* Saying */

function wanted() {
  return { voice: $("voice").value, pitch: Number($("pitch").value) };
}

function shown() {
  const face = $("face").value;
  return face === "(mouth)" ? { show: "mouth" } : { face: face || null };
}

async function say(again) {
  if (state.stop) state.stop.abort();
  const stop = state.stop = new AbortController();
  $("stop").hidden = false;
  try {
    tell("Working out the words…");
    if (!again) {
      const body = { ...wanted(), input: $("text").value, speed: Number($("speed").value) };
      state.timeline = await (await post("/v1/timeline", body, stop.signal)).json();
      state.word = null;
    }
    state.edited = false;
    showTimeline();
    const cues = { ...wanted(), timeline: state.timeline, format: "captions.json" };
    state.captions = await (await post("/v1/timeline", cues, stop.signal)).json();
    const body = { ...wanted(), timeline: state.timeline, ...shown() };
    const answer = await post("/v1/video/speech", body, stop.signal);
    $("hint").hidden = true;
    tell("Speaking while the rest is being made…");
    await play(answer);
    tell("Done.");
  } catch (error) {
    if (error.name === "AbortError") { if (state.stop === stop) tell("Stopped."); } else tell(error.message, true);
  } finally {
    if (state.stop === stop) { state.stop = null; $("stop").hidden = true; }
  }
}

async function play(answer) {
  const Source = window.ManagedMediaSource || window.MediaSource;
  state.chunks = [];
  if (!Source) {
    state.chunks = [new Uint8Array(await answer.arrayBuffer())];
    show(new Blob(state.chunks, { type: "video/mp4" }));
    return;
  }
  const source = new Source();
  video.disableRemotePlayback = true;
  show(source);
  await new Promise((done) => source.addEventListener("sourceopen", done, { once: true }));
  const reader = answer.body.getReader();
  let buffer = null;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    state.chunks.push(value);
    buffer ??= source.addSourceBuffer(`video/mp4; codecs="${videoCodec(value)}, mp4a.40.2"`);
    buffer.appendBuffer(value);
    await new Promise((ready) => buffer.addEventListener("updateend", ready, { once: true }));
    if (video.paused && video.currentTime === 0) video.play().catch(() => { video.controls = true; });
  }
  if (source.readyState === "open") source.endOfStream();
}

/* The profile and level that the header's avcC box tells. */
function videoCodec(bytes) {
  const mark = [0x61, 0x76, 0x63, 0x43];
  for (let at = 0; at + 8 < bytes.length; at++) {
    if (mark.every((byte, place) => bytes[at + place] === byte)) {
      return "avc1." + [...bytes.slice(at + 5, at + 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    }
  }
  return "avc1.64001f";
}

function show(what) {
  if (video.src) URL.revokeObjectURL(video.src);
  video.src = URL.createObjectURL(what);
  video.controls = true;
  video.play().catch(() => {});
}

/* Captions, and what is being said just now */

/* The cue of the moment, as the subtitles have it; before the first one that. */
function cueAt(now) {
  const cue = state.captions.findLast((each) => each.start_s <= now + 0.05) || state.captions[0];
  return cue && now < cue.end_s ? cue : null;
}

function follow() {
  const now = video.currentTime;
  $("head").style.left = `${now * PIXELS_PER_S}px`;
  for (const { node, start, end } of state.items) node.classList.toggle("now", !video.paused && start <= now && now < end);
  const cue = cueAt(now);
  const current = cue?.lines.flat().find((word) => word.start_s <= now && now < word.end_s);
  const key = cue ? `${cue.start_s}/${current ? current.start_s : ""}` : "";
  if ($("caption").dataset.key !== key) {
    $("caption").dataset.key = key;
    $("caption").replaceChildren(...(cue?.lines || []).map((line) => {
      const row = document.createElement("div");
      row.append(...line.flatMap((word) => {
        const node = document.createElement(current && word.start_s === current.start_s ? "b" : "span");
        node.textContent = word.text.trimEnd();
        return [node, word.text.slice(node.textContent.length)];
      }));
      return row;
    }));
    if (current && !video.paused) keepInView(now * PIXELS_PER_S);
  }
  requestAnimationFrame(follow);
}

function keepInView(x) {
  const box = $("tracks");
  if (x < box.scrollLeft || x > box.scrollLeft + box.clientWidth - 80) box.scrollLeft = Math.max(0, x - 80);
}

/* The timeline */

const hopS = () => state.timeline.hop_length / state.timeline.sample_rate;

function retime() {
  let hops = 0;
  const { phones, words } = state.timeline;
  for (const phone of phones) {
    phone.start_s = hops * hopS();
    hops += phone.hops;
    phone.end_s = hops * hopS();
  }
  state.timeline.duration_s = hops * hopS();
  for (const word of words) {
    word.start_s = phones[word.first_phone].start_s;
    word.end_s = phones[word.last_phone - 1].end_s;
  }
}

function block(kind, text, item, tag = "div") {
  const node = document.createElement(tag);
  node.className = `item ${kind}`;
  node.textContent = text;
  node.title = text;
  node.style.left = `${item.start_s * PIXELS_PER_S}px`;
  node.style.width = `${(item.end_s - item.start_s) * PIXELS_PER_S}px`;
  state.items.push({ node, start: item.start_s, end: item.end_s });
  return node;
}

function showTimeline() {
  retime();
  const { phones, words } = state.timeline;
  state.items = [];
  const nodes = [$("head")];
  words.forEach((word, place) => {
    const node = block("w", word.word, word, "button");
    node.type = "button";
    node.setAttribute("aria-pressed", String(state.word === place));
    node.addEventListener("click", () => chooseWord(place));
    nodes.push(node);
  });
  phones.forEach((phone, place) => {
    if (!phone.hops) return;
    const silent = phone.phone === "sil";
    const mine = block("p", silent ? "·" : phone.phone, phone);
    const mouth = block("v", phone.viseme_oculus && !silent ? phone.viseme_oculus : "·", phone);
    for (const node of [mine, mouth]) node.classList.toggle("sil", silent);
    nodes.push(mine, mouth);
    if (place + 1 < phones.length) nodes.push(edge(place));
  });
  $("strip").replaceChildren(...nodes);
  $("strip").style.width = `${phones.at(-1).end_s * PIXELS_PER_S + 2}px`;
  $("caption").dataset.key = "";
  $("timing").hidden = false;
  $("again").disabled = !state.edited;
  $("word-form").hidden = state.word === null;
}

/* The line between phone `place` and the next. */
function edge(place) {
  const { phones } = state.timeline;
  const [left, right] = [phones[place], phones[place + 1]];
  const node = document.createElement("button");
  node.type = "button";
  node.className = "edge";
  node.dataset.place = place;
  node.tabIndex = place === 0 ? 0 : -1;
  node.setAttribute("role", "slider");
  node.setAttribute("aria-label", `between ${left.phone} and ${right.phone}`);
  node.setAttribute("aria-valuemin", "1");
  node.setAttribute("aria-valuemax", String(left.hops + right.hops - 1));
  node.setAttribute("aria-valuenow", String(left.hops));
  node.setAttribute("aria-valuetext", `${left.end_s.toFixed(2)} seconds`);
  node.style.left = `${left.end_s * PIXELS_PER_S}px`;
  node.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) { event.preventDefault(); move(place, step); focusEdge(place); }
    const other = { ArrowUp: place - 1, ArrowDown: place + 1 }[event.key];
    if (other !== undefined) { event.preventDefault(); focusEdge(other); }
  });
  node.addEventListener("pointerdown", (event) => drag(event, node, place));
  return node;
}

function focusEdge(place) {
  const node = document.querySelector(`.edge[data-place="${place}"]`);
  if (!node) return;
  for (const each of document.querySelectorAll(".edge")) each.tabIndex = -1;
  node.tabIndex = 0;
  node.focus();
}

function move(place, step) {
  const [left, right] = [state.timeline.phones[place], state.timeline.phones[place + 1]];
  const by = Math.max(1 - left.hops, Math.min(right.hops - 1, step));
  if (!by) return;
  left.hops += by;
  right.hops -= by;
  changed();
}

function drag(event, node, place) {
  event.preventDefault();
  const begin = event.clientX;
  const at = state.timeline.phones[place].end_s;
  const hops = (moved) => Math.round((moved.clientX - begin) / PIXELS_PER_S / hopS());
  const onMove = (moved) => { node.style.left = `${(at + hops(moved) * hopS()) * PIXELS_PER_S}px`; };
  const onUp = (moved) => {
    document.removeEventListener("pointermove", onMove);
    if (moved.type === "pointerup") { move(place, hops(moved)); focusEdge(place); } else showTimeline();
  };
  document.addEventListener("pointermove", onMove);
  document.addEventListener("pointerup", onUp, { once: true });
  document.addEventListener("pointercancel", onUp, { once: true });
}

function chooseWord(place) {
  const word = state.timeline.words[place];
  state.word = place;
  $("word-name").textContent = word.word;
  $("phones").value = state.timeline.phones.slice(word.first_phone, word.last_phone).map((item) => item.phone).join(" ");
  showTimeline();
  $("phones").focus();
}

/* Give a word other phones, which share its time evenly. */
function changePhones(event) {
  event.preventDefault();
  const { phones, words } = state.timeline;
  const word = words[state.word];
  const names = $("phones").value.toUpperCase().split(/\s+/).filter(Boolean);
  const total = phones.slice(word.first_phone, word.last_phone).reduce((sum, item) => sum + item.hops, 0);
  if (!names.length) return tell("A word needs at least one phone.", true);
  const edges = names.map((_, place) => Math.round(total * (place + 1) / names.length));
  const made = names.map((phone, place) => ({ phone, hops: edges[place] - (edges[place - 1] || 0) }));
  const more = made.length - (word.last_phone - word.first_phone);
  phones.splice(word.first_phone, word.last_phone - word.first_phone, ...made);
  word.last_phone += more;
  for (const later of words.slice(state.word + 1)) { later.first_phone += more; later.last_phone += more; }
  changed();
  $("again").focus();
}

function changed() {
  state.edited = true;
  showTimeline();
  tell("Changed. Say it again to hear it.");
}

/* Faces of one's own */

async function addPhoto(file) {
  if (!file) return;
  try {
    const about = await (await ask("/v1/faces/consent")).json();
    $("consent-text").textContent = about.question;
    $("consent").showModal();
    await new Promise((done) => $("consent").addEventListener("close", done, { once: true }));
    if ($("consent").returnValue !== "yes") return tell("The photo was not used.");
    tell("Looking for the face…");
    const form = new FormData();
    form.append("file", file);
    form.append("consent", "true");
    const face = await (await ask("/v1/faces", { method: "POST", body: form })).json();
    addFace(face, true);
    tell("The face is ready: say something with it.");
  } catch (error) {
    tell(error.message, true);
  } finally {
    $("photo").value = "";
  }
}

/* Downloads */

async function download(kind) {
  try {
    let blob = new Blob(state.chunks, { type: "video/mp4" });
    if (kind !== "mp4") {
      const path = kind === "wav" ? "/v1/audio/speech" : "/v1/timeline";
      const format = kind === "wav" ? { response_format: "wav" } : { format: kind };
      blob = await (await post(path, { ...wanted(), timeline: state.timeline, ...format })).blob();
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `speech.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  } catch (error) {
    tell(error.message, true);
  }
}

$("form").addEventListener("submit", (event) => { event.preventDefault(); say(false); });
$("again").addEventListener("click", () => say(true));
$("stop").addEventListener("click", () => { state.stop?.abort(); video.pause(); });
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("form").requestSubmit();
});
$("word-form").addEventListener("submit", changePhones);
$("downloads").addEventListener("click", (event) => { if (event.target.dataset.kind) download(event.target.dataset.kind); });
$("photo").addEventListener("change", (event) => addPhoto(event.target.files[0]));
$("key-set").addEventListener("click", () => {
  document.cookie = `avsynth_key="${$("key").value}"; path=/; SameSite=Strict`;
  $("key-box").hidden = true;
  loadLists().catch((error) => tell(error.message, true));
});
$("strip").addEventListener("click", (event) => {
  if (event.target.classList.contains("p") || event.target.classList.contains("v")) {
    video.currentTime = (event.clientX - $("strip").getBoundingClientRect().left) / PIXELS_PER_S;
  }
});
for (const name of ["speed", "pitch"]) {
  $(name).addEventListener("input", () => {
    $(`${name}-told`).textContent = name === "speed" ? Number($(name).value).toFixed(2) : $(name).value;
  });
}
for (const kind of ["dragenter", "dragover"]) {
  $("stage").addEventListener(kind, (event) => { event.preventDefault(); $("stage").classList.add("over"); });
}
for (const kind of ["dragleave", "drop"]) $("stage").addEventListener(kind, () => $("stage").classList.remove("over"));
$("stage").addEventListener("drop", (event) => { event.preventDefault(); addPhoto(event.dataTransfer.files[0]); });
loadLists().catch((error) => tell(error.message, true));
requestAnimationFrame(follow);
