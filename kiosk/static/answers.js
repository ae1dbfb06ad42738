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

/** What may be scanned, and what becomes of a citizen card. */
export function ScanHint({ back }) {
  const kinds = [
    { icon: "ticket", words: t("Number slip: to see your place, or to come back after a missed call or with a corrected form.") },
    { icon: "file-check", words: t("Receipt of a dossier: to collect its result.") },
    { icon: "id-card", words: t("Citizen card: only to offer priority by age. It is forgotten at once.") },
  ];
  return html`<div class="answer">
    <span class="answer-icon">${icon("scan-line")}</span>
    <p class="answer-words">${t("Hold the code in front of the scanner.")}</p>
    <ul class="scan-kinds">
      ${kinds.map((kind) => html`<li key=${kind.icon}>${icon(kind.icon)} <span>${kind.words}</span></li>`)}
    </ul>
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
