/* The quiet screens: waiting for the server, refused, back in the queue, and how to scan. */
import { html } from "preact";
import { icon } from "motcua/icon.js";
import { number } from "motcua/number.js";
import { name, t } from "motcua/words.js";
import { Leaving } from "./leaving.js";
import { Place } from "./issued.js";

const READING_S = 12;

/** Between the tap and the number. */
export function Taking({ slow, back }) {
  return html`<div class="answer">
    <span class="answer-icon">${icon(slow ? "hourglass" : "ticket")}</span>
    <p class="answer-words">${slow ? t("We keep asking. You need not tap again.") : t("Your number is on its way")}</p>
    ${slow &&
    html`<button type="button" class="button leaving" onClick=${back}>
      ${icon("arrow-left")} ${t("Back")}
    </button>`}
  </div>`;
}

/** The server's plain reason why not. */
export function Refusal({ words, done }) {
  return html`<div class="answer">
    <span class="answer-icon">${icon("info")}</span>
    <p class="answer-words">${words || t("This is not possible now. Please ask the staff.")}</p>
    <${Leaving} seconds=${READING_S} done=${done} />
  </div>`;
}

/** A scanned slip was accepted. */
export function Returned({ state, ticket, done }) {
  const service = state.services.find(({ letter }) => letter === ticket.number[0]);
  return html`<div class="answer answer-good">
    <${number}
      letter=${ticket.number[0]}
      digits=${ticket.number.slice(1)}
      tint=${service?.tint ?? "red"}
    />
    ${service && html`<p class="issued-service">${name(service.names)}</p>`}
    <${Place} ticket=${ticket} service=${null} />
    <p class="answer-more">${t("Please take a seat. We will call your number.")}</p>
    <${Leaving} seconds=${READING_S} done=${done} />
  </div>`;
}

/** How to come back after a missed call or a form that had to be mended. */
export function ScanHint({ back }) {
  return html`<div class="answer">
    <span class="answer-icon">${icon("scan-line")}</span>
    <p class="answer-words">${t("Hold the code on your slip or phone in front of the scanner.")}</p>
    <p class="answer-more">
      ${t("For whoever missed the call or comes back with a corrected form: no new number is needed.")}
    </p>
    <button type="button" class="button leaving" onClick=${back}>
      ${icon("arrow-left")} ${t("Back")}
    </button>
  </div>`;
}

/** What a screen reader is told of a visit, beyond the title. */
export function spoken(visit) {
  if (visit?.step === "issued") return t("Your number is %(number)s", { number: visit.ticket.number });
  return "";
}
