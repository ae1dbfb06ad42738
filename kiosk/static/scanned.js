/* What a scan leads to: how a number stands, a number for a dossier's result, a word about a card. */
import { html } from "preact";
import { icon } from "motcua/icon.js";
import { number } from "motcua/number.js";
import { name, t } from "motcua/words.js";
import { Place } from "./issued.js";
import { Leaving } from "./leaving.js";
import { Facts, factsOf } from "./tiles.js";

const READING_S = 15;

/** Between the scan and its answer. */
export function Reading() {
  return html`<div class="answer">
    <span class="answer-icon">${icon("scan-line")}</span>
    <p class="answer-words">${t("Reading the code")}</p>
  </div>`;
}

/** How the number on a slip stands. */
export function Status({ ticket, done }) {
  const more = moreWords(ticket);
  return html`<div class="answer" data-status=${ticket.status}>
    <${number} letter=${ticket.letter} digits=${ticket.number.slice(1)} tint=${ticket.tint} />
    <p class="issued-service">${name(ticket.service.names)}</p>
    ${["waiting", "called"].includes(ticket.status) &&
    ticket.today &&
    html`<${Place} ticket=${ticket} service=${null} />`}
    ${more && html`<p class="answer-more">${more}</p>`}
    <${Leaving} seconds=${READING_S} done=${done} />
  </div>`;
}

/** The title over such a number. */
export function statusTitle({ status, today }) {
  if (!today) return t("This number is from an earlier day");
  return (
    {
      waiting: t("You are in the queue"),
      called: t("Your number has been called"),
      serving: t("You are being served"),
      done: t("This number has been served"),
      no_show: t("The time to come back is over"),
      cancelled: t("This number was given back"),
    }[status] ?? t("About your slip")
  );
}

function moreWords({ status, today, counter }) {
  if (!today) return t("Please take a new number.");
  if (status === "waiting") return t("Please take a seat. We will call your number.");
  if (status === "called") return "";
  if (status === "serving") return t("At counter %(counter)s", { counter });
  return t("Please take a new number.");
}

/** A dossier code: one tap takes the number with which its result is collected. */
export function Results({ state, service, code, language, lost, take, back }) {
  const open = service?.open && !lost;
  return html`<div class="answer results" data-tint=${service?.tint}>
    <span class="answer-icon">${icon(service?.icon ?? "file-check")}</span>
    <p class="results-code">${code}</p>
    ${open
      ? html`<button type="button" class="button button-primary results-take" onClick=${() => take(service, code)}>
          <span>${t("Take a number for the return of results")}</span>
          <${Facts} facts=${factsOf(service, state, language)} place="bar-facts" />
        </button>`
      : html`<p class="answer-words">${whyNot(service, lost)}</p>
          ${service && !lost && html`<${Facts} facts=${factsOf(service, state, language)} place="results-facts" />`}`}
    <button type="button" class="button leaving" onClick=${back}>${icon("arrow-left")} ${t("Back")}</button>
  </div>`;
}

function whyNot(service, lost) {
  if (lost) return t("No connection to the server");
  if (!service) return t("Results are not returned by number here. Please ask the staff.");
  return t("No numbers are given out for the return of results at the moment.");
}

/**
 * A citizen card was read. Says what it changed and nothing of what is on it.
 * @param {{byAge: boolean}} card whether its holder's age gives priority
 */
export function CardNotice({ card, chosen, open }) {
  let words = t("Thank you. The card was read and forgotten again.");
  if (open) {
    words =
      card.byAge && chosen === "elderly"
        ? t("Thank you. You have priority: it is switched on below. Tap it to switch it off.")
        : t("Thank you. The card was read and forgotten again. Please choose a service.");
  }
  return html`<p class="notice card-notice" role="status">${icon("id-card")} <span>${words}</span></p>`;
}
