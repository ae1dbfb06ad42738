/** The board: takes in the hall's state, lets calls be announced, draws what follows from both. */
import { html, render } from "preact";
import { beat } from "motcua/heartbeat.js";
import { watch } from "motcua/live.js";
import { spell } from "motcua/number.js";
import { serverNow } from "motcua/time.js";

import { Board } from "./board.js";
import { deepen } from "./contrast.js";
import { drift } from "./drift.js";
import { Loudspeaker } from "./player.js";
import { speakIn } from "./say.js";
import { stayAwake } from "./wake.js";
import { Announcer } from "./voice.js";

const root = document.getElementById("board");
const demo = "demo" in document.body.dataset;
const opening = JSON.parse(document.getElementById("state").textContent);

let state = null;
let heardAt = 0; // this device's clock when the state came, so that its own setting never matters
let lostSince = null;

const now = () => serverNow(state, heardAt);

const loudspeaker = new Loudspeaker({
  base: `/display/${encodeURIComponent(opening.state.office.slug)}`,
  languages: () => state.voice.languages,
  onBlocked: draw,
});

const announcer = new Announcer({ play: loudspeaker.play, onChange: draw });

function draw() {
  if (state === null) return;
  const props = { state, announcer, lostSince, now: now(), silent: loudspeaker.blocked };
  const onSound = () => loudspeaker.unlock();
  render(html`<${Board} ...${props} demo=${demo} spell=${spell} onSound=${onSound} />`, root);
}

function take(next) {
  state = next;
  heardAt = performance.now();
  speakIn(state.office.languages);
  root.style.setProperty("--hall", deepen(state.office.brand));
  announcer.hear(state.calls, now()); // draws
  for (const call of announcer.waiting.slice(0, 1)) loudspeaker.prepare(call);
}

take(opening.state);
loudspeaker.start();
drift(root, now);
stayAwake();
if ("enrolled" in root.dataset) {
  beat("board", () => ({ sound: loudspeaker.blocked ? "blocked" : "on" }));
}

watch(
  { view: "board", office: opening.state.office.slug },
  {
    onState: take,
    onConnection(connected) {
      root.dataset.live = connected ? "connected" : "lost";
      lostSince = connected ? null : (lostSince ?? now());
      draw();
    },
  },
);

setInterval(draw, 1_000); // the clock, and a call that has lingered long enough

// Browsers let sound through after any touch; whoever passes with a mouse turns it on.
for (const touch of ["click", "keydown"]) {
  addEventListener(touch, () => loudspeaker.blocked && loudspeaker.unlock());
}

// The tools of whoever sets the board up are hidden from those who wait.
let hide;
addEventListener("pointermove", () => {
  root.classList.add("is-touched");
  clearTimeout(hide);
  hide = setTimeout(() => root.classList.remove("is-touched"), 4_000);
});
