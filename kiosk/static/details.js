/* One service: what to bring, what it costs, how long it takes, and a number. */
import { html } from "preact";
import { icon } from "motcua/icon.js";
import { t } from "motcua/words.js";
import { FeeList, Scroller } from "./fees.js";
import { Facts, factsOf } from "./tiles.js";

/** The sheet behind a tile. */
export function Details({ state, service, language, lost, back, take }) {
  const papers = service.papers?.[language] ?? service.papers?.vi ?? [];
  const lang = service.papers?.[language] ? undefined : "vi";
  const open = service.open && !lost;
  return html`<div class="details" data-tint=${service.tint}>
    <${Scroller} label=${t("Papers and fees")}>
      <section class="card">
        <h2 class="card-title">${icon("file-check")} ${t("Papers to bring")}</h2>
        ${papers.length
          ? html`<ul class="papers" lang=${lang}>
              ${papers.map((line) => html`<li key=${line}>${icon("check")} <span>${line}</span></li>`)}
            </ul>`
          : html`<p class="fees-none">${t("The staff will tell you which papers are needed.")}</p>`}
      </section>
      ${service.kind !== "results" &&
      html`<section class="card">
        <h2 class="card-title">${icon("wallet")} ${t("Fees and times")}</h2>
        <${FeeList} office=${state.slug} code=${service.code} />
      </section>`}
    <//>
    <div class="bar">
      <button type="button" class="button bar-back" onClick=${back}>
        ${icon("arrow-left")} ${t("Back")}
      </button>
      ${open
        ? html`<button type="button" class="button button-primary bar-take" onClick=${() => take(service)}>
            <span class="bar-take-words">${t("Take a number")}</span>
            <${Facts} facts=${factsOf(service, state, language)} place="bar-facts" />
          </button>`
        : html`<div class="bar-closed">
            <${Facts} facts=${lost ? [] : factsOf(service, state, language)} place="bar-facts" />
            ${lost && html`<p>${t("No connection to the server")}</p>`}
          </div>`}
    </div>
  </div>`;
}
