/** The large part of the board: the call now, or why there is none. */
import { html } from "preact";
import { Icon } from "motcua/icon.js";
import { TicketNumber } from "motcua/number.js";

import { day, sameDay, time } from "./clock.js";
import { Fitted } from "./fitted.js";
import { first, primary, said, Said, SaidInAll } from "./say.js";
import { side } from "./scene.js";

export function Stage({ scene, state, now }) {
  if (scene.kind === "closed") return html`<${ClosedHall} state=${state} now=${now} />`;
  if (scene.kind === "quiet") return html`<${QuietHall} />`;
  // A new key is a new element, so it comes in once; a call shown again without news stays still.
  return html`<${Call} key=${scene.call.id} ...${scene} from=${side(state, scene.call)} />`;
}

function Call({ call, speaking, expected, from }) {
  const arrival = speaking ? `arrives from-${from}` : "";
  const invitation = expected
    ? "Please go to counter"
    : call.status === "serving"
      ? "Now serving"
      : "Last called";
  return html`<article class="call ${expected ? "is-now" : ""} ${arrival}">
    <header class="call-service">
      <p class="call-service-name"><${SaidInAll} names=${call.service.names} /></p>
      ${call.repeat > 0 &&
      html`<p class="call-repeat">
        <${Icon} name="bell-ring" />
        <${Said} id="Call %(n)s" params=${{ n: call.repeat + 1 }} />
      </p>`}
    </header>
    <${Fitted} class="call-number">
      <${TicketNumber} letter=${call.letter} number=${call.number} tint=${call.tint} />
    <//>
    <div class="call-where">
      <p class="call-invitation"><${SaidInAll} id=${invitation} /></p>
      <${Fitted} class="call-counter">
        <${Said} id="Counter" /> <b>${call.counter}</b>
      <//>
    </div>
  </article>`;
}

function QuietHall() {
  return html`<section class="nobody">
    <h2 class="nobody-title"><${SaidInAll} id="Please take a number" /></h2>
    <div class="call-where">
      <${Icon} name="ticket" />
      <p class="nobody-hint">
        <${SaidInAll} id="Your number will appear here and be called out." />
      </p>
    </div>
  </section>`;
}

function ClosedHall({ state, now }) {
  const { opens_at: opens, closed_reason: reason } = state;
  const zone = state.office.timezone;
  return html`<section class="nobody is-closed">
    <div>
      <h2 class="nobody-title"><${SaidInAll} id="Outside working hours" /></h2>
      ${reason && html`<p class="nobody-reason"><${SaidInAll} names=${reason} /></p>`}
    </div>
    ${opens &&
    html`<div class="call-where">
      <p class="call-invitation">
        <${SaidInAll} id="Opens at" />
        ${!sameDay(opens, now, zone) &&
        html`<span class="nobody-day" lang=${primary()}>${day(opens, zone)}</span>`}
      </p>
      <${Fitted} class="call-counter">
        <time datetime=${opens}>${time(opens, zone)}</time>
      <//>
    </div>`}
  </section>`;
}

/** What a screen reader hears when the large call changes: the whole sentence. */
export function Spoken({ scene, spell }) {
  if (scene.kind !== "call") return null;
  const { call } = scene;
  const sentence = said("Number %(number)s, please go to counter %(counter)s", {
    number: spell(call.number),
    counter: call.counter,
  });
  return html`<p class="visually-hidden" aria-live="assertive">${first(sentence)}</p>`;
}
