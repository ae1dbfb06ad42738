/** The right third: the calls before, and every counter with what it does now. */
import { html } from "preact";
import { Icon } from "motcua/icon.js";
import { TicketNumber } from "motcua/number.js";

import { first, said, Said, SaidInAll } from "./say.js";

const STATUS = {
  open: { icon: "check", words: "Ready" },
  paused: { icon: "coffee", words: "On a break" },
  closed: { icon: "x", words: "Closed" },
};

export function CalledBefore({ calls }) {
  if (calls.length === 0) return null;
  return html`<section class="before" aria-labelledby="before-title">
    <h2 id="before-title"><${SaidInAll} id="Called before" /></h2>
    <ol>
      ${calls.map(
        (call) => html`<li key=${call.id} class=${call.status === "called" ? "is-expected" : ""}>
          <${TicketNumber} letter=${call.letter} number=${call.number} tint=${call.tint} />
          <span class="before-counter"><${Said} id="Counter" /> <b>${call.counter}</b></span>
          ${call.status === "called" &&
          html`<${Icon} name="bell-ring" />
            <span class="visually-hidden">${first(said("still expected"))}</span>`}
        </li>`,
      )}
    </ol>
  </section>`;
}

export function Counters({ counters }) {
  return html`<section class="counters" aria-labelledby="counters-title">
    <h2 id="counters-title"><${SaidInAll} id="Counters" /></h2>
    <ul>
      ${counters.map(
        (counter) => html`<li key=${counter.id} class="is-${counter.status}">
          <b class="counter-number">
            <span class="visually-hidden">${first(said("Counter"))} </span>${counter.number}
          </b>
          <span class="counter-name"><${Said} names=${counter.names} /></span>
          <${Doing} counter=${counter} />
        </li>`,
      )}
    </ul>
  </section>`;
}

function Doing({ counter }) {
  const { ticket } = counter;
  if (ticket) {
    return html`<${TicketNumber}
      letter=${ticket.letter}
      number=${ticket.number}
      tint=${ticket.tint}
    />`;
  }
  const { icon, words } = STATUS[counter.status];
  return html`<span class="counter-status"><${Icon} name=${icon} /><${Said} id=${words} /></span>`;
}
