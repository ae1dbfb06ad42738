// My numbers today: counted by the server, for this counter.
import { html } from "preact";
import { t } from "motcua/words.js";
import { minutesWords } from "./naming.js";
import { at } from "./current.js";
import { Icon, TicketNumber } from "./parts.js";

export function Today({ state }) {
  const { today } = state;
  const mean = today.mean_service_seconds;
  return html`<section class="today" aria-labelledby="today-title">
    <h2 id="today-title">${t("My numbers today")}</h2>
    <dl class="figures">
      <${Figure} words=${t("served")} value=${today.served} />
      <${Figure} words=${t("did not come")} value=${today.no_show} />
      <${Figure}
        words=${t("on average")}
        value=${mean == null ? "–" : minutesWords(Math.max(1, Math.round(mean / 60)))}
      />
    </dl>
    ${today.tickets.length > 0 &&
    html`<ol class="recent" aria-label=${t("Last numbers, newest first")}>
      ${today.tickets.map(
        (ticket) =>
          html`<li key=${ticket.id} class="recent-ticket">
            <${TicketNumber} ...${ticket} />
            ${ticket.status === "no_show"
              ? html`<span class="recent-what"><${Icon} name="user-x" />${t("not here")}</span>`
              : html`<span class="recent-what"
                  ><${Icon} name="check" />${at(Date.parse(ticket.finished_at), state)}</span
                >`}
          </li>`,
      )}
    </ol>`}
  </section>`;
}

function Figure({ words, value }) {
  return html`<div class="figure">
    <dt>${words}</dt>
    <dd>${value}</dd>
  </div>`;
}
