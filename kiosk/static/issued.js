/* After the tap: the number, the slip that comes out, and the code to photograph when it does not. */
import { html, useState } from "preact";
import { icon } from "motcua/icon.js";
import { number } from "motcua/number.js";
import { name, t, tn, waitWords } from "motcua/words.js";
import { Leaving } from "./leaving.js";

const PRINTED_S = 8;
const PHOTOGRAPH_S = 25;
/** Why a printer does not print, in words; anything else is "has not confirmed". */
const reasonWords = (reason) =>
  ({
    "paper-out": t("The printer is out of paper."),
    "cover-open": t("The printer is open."),
    offline: t("The printer cannot be reached."),
    "no-printer": t("This kiosk has no printer."),
  })[reason];

/** The ticket just taken. `slip` is what `followSlip` last said. */
export function Issued({ state, demo, service, ticket, slip, done }) {
  const letter = ticket.number[0];
  return html`<div class="issued" data-stage=${slip.stage} data-tint=${service.tint}>
    <section class="issued-number" style=${{ "--length": ticket.number.length }}>
      <${number} letter=${letter} digits=${ticket.number.slice(1)} tint=${service.tint} />
      <p class="issued-service">${name(service.names)}</p>
      <${Place} ticket=${ticket} service=${service} />
    </section>
    ${slip.stage === "photograph"
      ? html`<${Photograph} ticket=${ticket} slip=${slip} />`
      : html`<${Paper} ...${{ state, demo, service, ticket, slip }} />`}
    ${slip.stage === "printing"
      ? html`<p class="issued-soon">${t("Your number is valid already.")}</p>`
      : html`<${Leaving}
          key=${slip.stage}
          seconds=${slip.stage === "printed" ? PRINTED_S : PHOTOGRAPH_S}
          done=${done}
        />`}
  </div>`;
}

/** How many are ahead and how long it takes; or where to go, when it is already one's turn. */
export function Place({ ticket, service }) {
  if (ticket.status === "called" && ticket.counter) {
    const words = t("Please go to counter %(counter)s now", { counter: ticket.counter });
    return html`<p class="place place-now">${icon("bell-ring")} ${words}</p>`;
  }
  const wait = waitWords(ticket.wait_minutes ?? service?.wait_minutes ?? null);
  return html`<p class="place">
    <span class="fact">${icon("users")} <span>${aheadWords(ticket.ahead)}</span></span>
    ${ticket.ahead > 0 && wait && html`<span class="fact">${icon("clock")} <span>${wait}</span></span>`}
  </p>`;
}

function aheadWords(ahead) {
  if (!ahead) return t("You are next");
  return tn("%(n)s person ahead of you", "%(n)s people ahead of you", ahead);
}

function Code({ ticket }) {
  return html`<img class="code" src=${`/api/v1/tickets/${ticket.token}/qr.svg`} alt=${t("QR code of your number")} />`;
}

function Photograph({ ticket, slip }) {
  const why = slip.reasons.map(reasonWords).find(Boolean) ?? t("The printer has not confirmed your slip.");
  return html`<section class="photograph">
    <${Code} ticket=${ticket} />
    <div class="photograph-words">
      <p class="photograph-why">${icon("printer")} <span>${why}</span></p>
      <p class="photograph-how">${icon("smartphone")} <span>${t("Please photograph this code with your phone.")}</span></p>
      <p class="photograph-valid">${icon("check")} <span>${t("Your number is valid without a slip.")}</span></p>
    </div>
  </section>`;
}

function Paper({ state, demo, service, ticket, slip }) {
  const printed = slip.stage === "printed";
  return html`<div class="issued-parts">
    <section class="printer" aria-hidden="true">
      <div class="printer-slot"></div>
      <div class="printer-way">
        ${printed && html`<${Slip} ...${{ state, demo, service, ticket }} />`}
      </div>
    </section>
    <section class="follow">
      <${Code} ticket=${ticket} />
      <p class="follow-words">${icon("smartphone")} <span>${t("Scan to follow your number on your phone")}</span></p>
      ${demo && html`<${PhonePage} ticket=${ticket} />`}
    </section>
  </div>`;
}

/** Only in the demo, where whoever tries it may have no phone at hand. */
function PhonePage({ ticket }) {
  return html`<a class="button follow-here" href=${`/t/${ticket.token}`} target="_blank" rel="noopener">
    ${t("Open the phone page in a new window")}
  </a>`;
}

/** The slip as it comes out: in the demo the very picture the virtual printer drew, else a drawing. */
function Slip({ state, demo, service, ticket }) {
  const [picture, setPicture] = useState(demo);
  if (picture) {
    const address = `/kiosk/${state.slug}/slips/${ticket.token}.png`;
    return html`<img class="slip slip-picture" src=${address} alt="" onError=${() => setPicture(false)} />`;
  }
  return html`<div class="slip slip-drawing">
    <p class="slip-office">${name(state.names)}</p>
    <p class="slip-number">${ticket.number}</p>
    <p class="slip-service">${name(service.names)}</p>
    <span class="slip-code">${icon("qr-code")}</span>
  </div>`;
}
