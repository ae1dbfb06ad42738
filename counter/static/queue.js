// Who waits: my queue in calling order, those set aside or missed, and everybody else, folded.
import { html } from "preact";
import { name, t, tn } from "motcua/words.js";
import { minutes } from "./acts.js";
import { citizenLanguage, minutesWords, parkReason, priority } from "./naming.js";
import { Icon, TicketNumber, useNow, walk } from "./parts.js";

/** People whose service this counter serves, in the order they would be called. */
export function Queue({ state, names, can, onCall }) {
  const now = useNow(state, 5000);
  const several = state.counter.services.length > 1;
  const longest = Math.max(0, ...state.queue.map((ticket) => minutes(ticket.issued_at, now)));
  const longestWords = longest ? t("longest %(wait)s", { wait: minutesWords(longest) }) : "";
  const callWords = ({ number }) => t("Call %(number)s out of turn", { number });
  return html`<section class="queue" aria-labelledby="queue-title">
    <header class="side-head">
      <h2 id="queue-title">${t("Waiting for me")}</h2>
      <span class="count">${state.waiting}</span>
      ${state.queue.length > 0 &&
      html`<span class="side-note">${longestWords}</span>
        <kbd title=${t("Choose from the queue")} aria-hidden="true">Q</kbd>`}
    </header>
    ${state.queue.length === 0
      ? html`<p class="side-empty">${t("Nobody is waiting.")}</p>`
      : html`<ol class="rows rows-queue" tabindex="-1" onKeyDown=${(event) => walk(event, ".row-act")}>
          ${state.queue.map(
            (ticket, index) =>
              html`<${Row}
                key=${ticket.id}
                ticket=${ticket}
                next=${index === 0}
                words=${several ? names[ticket.service] : ""}
                time=${minutesWords(minutes(ticket.issued_at, now))}
              >
                <${RowAct}
                  icon="bell"
                  can=${can}
                  name=${callWords(ticket)}
                  onPress=${() => onCall(ticket)}
                />
              <//>`,
          )}
        </ol>`}
    ${state.waiting > state.queue.length &&
    state.queue.length > 0 &&
    html`<p class="side-more">
      ${tn("and one more", "and %(n)s more", state.waiting - state.queue.length)}
    </p>`}
  </section>`;
}

/** Those who were set aside, or missed their call and may still come back. */
export function Away({ kind, state, names, can, onCall, onBack }) {
  const now = useNow(state, 5000);
  const parked = kind === "parked";
  const tickets = state[kind];
  if (!tickets.length) return null;
  const backWords = ({ number }) => t("%(number)s is back and waits again", { number });
  const callWords = ({ number }) => t("Call %(number)s now", { number });
  return html`<details class="fold" data-kind=${kind} open>
    <summary>
      <${Icon} name="chevron-right" />
      <h2>${parked ? t("Set aside") : t("Missed their call")}</h2>
      <span class="count">${tickets.length}</span>
      <kbd title=${t("Set aside or missed: somebody is back")} aria-hidden="true">B</kbd>
    </summary>
    <ul class="rows rows-away" onKeyDown=${(event) => walk(event, ".row-back")}>
      ${tickets.map(
        (ticket) =>
          html`<${Row}
            key=${ticket.id}
            ticket=${ticket}
            words=${parked ? parkReason(state, ticket.park_reason) : names[ticket.service]}
            away=${minutesWords(minutes(parked ? ticket.parked_at : ticket.no_show_at, now))}
          >
            <${RowAct}
              icon="rotate-ccw"
              look="row-back"
              can=${can}
              name=${backWords(ticket)}
              onPress=${() => onBack(ticket)}
              words=${t("Is back")}
            />
            <${RowAct}
              icon="bell"
              can=${can}
              name=${callWords(ticket)}
              onPress=${() => onCall(ticket)}
            />
          <//>`,
      )}
    </ul>
  </details>`;
}

/** The other services' queues, and what the other counters do. Folded: they are not mine. */
export function Others({ state }) {
  const services = Object.fromEntries(state.services.map((service) => [service.code, service]));
  const total = state.others.reduce((sum, other) => sum + other.waiting, 0);
  const waitingWords = (n) => t("%(n)s waiting", { n });
  const counterWords = ({ number }) => t("Counter %(number)s", { number });
  const counters = state.counters.filter((counter) => counter.id !== state.counter.id);
  if (!state.others.length && !counters.length) return null;
  return html`<details class="fold" data-kind="others">
    <summary>
      <${Icon} name="chevron-right" />
      <h2>${t("Other queues and counters")}</h2>
      <span class="count">${total}</span>
    </summary>
    <ul class="rows rows-others">
      ${state.others.map(({ service: code, waiting }) => {
        const service = services[code];
        return html`<li class="row" key=${code}>
          <b class="letter" data-tint=${service.tint}>${service.letter}</b>
          <span class="row-words"><span class="row-name">${name(service.names)}</span></span>
          <span class="row-time">${waitingWords(waiting)}</span>
        </li>`;
      })}
      ${counters.map(
        (counter) =>
          html`<li class="row" key=${`counter-${counter.id}`}>
            <span class="row-words">
              <span class="row-name">${counterWords(counter)}</span>
            </span>
            ${counter.ticket
              ? html`<${TicketNumber} ...${counter.ticket} />`
              : html`<span class="row-time">${statusWords(counter.status)}</span>`}
          </li>`,
      )}
    </ul>
  </details>`;
}

/** "open", "paused", "closed" in words. */
export function statusWords(status) {
  return { open: t("open"), paused: t("paused"), closed: t("closed") }[status] ?? status;
}

function Row({ ticket, words, time, away, next, children }) {
  const reason = priority(ticket.priority);
  const language = citizenLanguage(ticket.language);
  return html`<li class=${`row ${next ? "row-next" : ""}`}>
    <${TicketNumber} ...${ticket} />
    <span class="row-words">
      ${words && html`<span class="row-name" title=${words}>${words}</span>`}
      ${(reason || language || away || ticket.returned || ticket.dossier_code) &&
      html`<span class="row-why">
        ${away && html`<span class="why"><${Icon} name="clock" />${away}</span>`}
        ${ticket.returned && html`<span class="why"><${Icon} name="rotate-ccw" />${t("Back again")}</span>`}
        ${reason && html`<span class="why why-first"><${Icon} name=${reason.icon} />${reason.words}</span>`}
        ${language && html`<span class="why"><${Icon} name="languages" />${language}</span>`}
        ${ticket.dossier_code &&
        html`<span class="why"><${Icon} name="file-check" />${ticket.dossier_code}</span>`}
      </span>`}
    </span>
    ${time && html`<span class="row-time">${time}</span>`} ${children}
  </li>`;
}

function RowAct({ icon, name: label, words, can, onPress, look = "" }) {
  return html`<button
    type="button"
    class=${`row-act ${look}`}
    aria-label=${label}
    title=${label}
    aria-disabled=${can ? undefined : "true"}
    onClick=${() => can && onPress()}
  >
    <${Icon} name=${icon} />${words && html`<span>${words}</span>`}
  </button>`;
}
