/* Finding a procedure by a few letters, and the service that gives a number for it. */
import { html } from "preact";
import { icon } from "motcua/icon.js";
import { search } from "motcua/searching.js";
import { name, t, tn } from "motcua/words.js";
import { Fee, Scroller, useFees } from "./fees.js";
import { Keyboard } from "./keyboard.js";

/** Most that are listed: whoever sees so many types one more letter. */
const MOST = 20;
const LONGEST = 40;

/** What has been typed, what fits, and the letters; `pick(code)` goes to the procedure's service. */
export function Finder({ state, query, find, pick }) {
  const fees = useFees(state.slug);
  const procedures = Array.isArray(fees) ? once(fees) : [];
  const found = query.trim() ? search(query, procedures) : [];
  return html`<div class="finder">
    <p class="finder-words">
      ${icon("search")}
      ${query ? html`<span class="finder-typed">${query.toUpperCase()}</span>` : html`<span>${t("Type a few letters")}</span>`}
    </p>
    <p class="visually-hidden" role="status">${query.trim() && countWords(found.length)}</p>
    <${Scroller} key=${query} label=${t("Find a procedure")}>
      <${Results} ...${{ state, fees, query, found, pick }} />
    <//>
    <${Keyboard} text=${query} type=${(text) => find(text.trimStart().slice(0, LONGEST))} />
    <div class="bar">
      <button type="button" class="button bar-back" onClick=${() => find(undefined)}>
        ${icon("arrow-left")} ${t("Back")}
      </button>
    </div>
  </div>`;
}

function Results({ state, fees, query, found, pick }) {
  if (fees === null) return html`<p class="fees-none">${t("One moment, please")}</p>`;
  if (fees === "missing") {
    return html`<p class="fees-none">${t("The fees cannot be shown now. Please ask the staff.")}</p>`;
  }
  if (!query.trim()) {
    return html`<p class="fees-none">${t("Accents are not needed: “khai sinh”, “dat dai”")}</p>`;
  }
  if (found.length === 0) {
    return html`<p class="fees-none">
      ${t("Nothing was found. Please try fewer words, or ask the staff.")}
    </p>`;
  }
  return html`<ul class="fees results">
    ${found.slice(0, MOST).map((procedure) => {
      const service = state.services.find(({ code }) => code === procedure.service);
      return html`<li key=${procedure.code} class="result">
        <div class="fee"><${Fee} ...${procedure} /></div>
        ${service &&
        html`<button
          type="button"
          class="button result-take"
          data-tint=${service.tint}
          onClick=${() => pick(service.code)}
        >
          ${icon(service.icon)}
          <span>${t("Take a number for this")}<b>${name(service.names)}</b></span>
          ${icon("chevron-right")}
        </button>`}
      </li>`;
    })}
  </ul>`;
}

function countWords(count) {
  return tn("%(n)s procedure found", "%(n)s procedures found", count);
}

/** Each procedure once, at the first of the services that receive it. */
function once(procedures) {
  const first = new Map();
  for (const one of procedures) if (!first.has(one.code)) first.set(one.code, one);
  return [...first.values()];
}
