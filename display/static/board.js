/** The whole board, drawn from its state. */
import { html } from "preact";
import { Icon } from "motcua/icon.js";

import { Foot } from "./foot.js";
import { first, others, Said, SaidInAll } from "./say.js";
import { before, stage } from "./scene.js";
import { CalledBefore, Counters } from "./side.js";
import { Spoken, Stage } from "./stage.js";

/** An office with a longer name, in letters, says it in its first language only. */
const LONG_NAME = 50;

/** How the right third is divided: a hall of twenty counters must fit as well as one of three. */
function crowd(counters) {
  if (counters <= 3) return "is-roomy is-few";
  return counters <= 6 ? "is-roomy" : counters <= 12 ? "is-full" : "is-crowded";
}

export function Board({ state, announcer, lostSince, now, silent, demo, spell, onSound }) {
  const scene = stage(state, announcer, now);
  const earlier = before(state, announcer, scene.call);
  const { office } = state;
  const long = first(office.names).length > LONG_NAME;
  return html`<div class="frame">
    <header class="head ${long ? "is-long" : ""}">
      <div class="head-names">
        <p class="head-organisation">
          <${Said} names=${office.organisation} />
          ${demo && html`<span class="head-demo"><${Said} id="Sample hall" /></span>`}
        </p>
        <h1 class="head-office"><${Said} names=${office.names} /></h1>
      </div>
      ${!long &&
      html`<div class="head-others">
        ${others(office.names).map(({ code, text }) => html`<p key=${code} lang=${code}>${text}</p>`)}
      </div>`}
      ${silent &&
      html`<button class="sound" type="button" onClick=${onSound}>
        <${Icon} name="volume-x" />
        <span><${SaidInAll} id="Turn on sound" /></span>
      </button>`}
    </header>
    <main class="stage">
      <${Stage} scene=${scene} state=${state} now=${now} />
      <${Spoken} scene=${scene} spell=${spell} />
    </main>
    <aside class="side ${crowd(state.counters.length)} ${earlier.length === 0 ? "is-alone" : ""}">
      <${CalledBefore} calls=${earlier} />
      <${Counters} counters=${state.counters} />
    </aside>
    <${Foot} state=${state} now=${now} lostSince=${lostSince} />
  </div>`;
}
