// Whom I serve and since when.
import { html } from "preact";
import { t, tn } from "motcua/words.js";
import { clock, minutes, overLimit, since } from "./acts.js";
import { citizenLanguage, minutesWords, priority } from "./naming.js";
import { Icon, TicketNumber, useNow } from "./parts.js";

/** The card at the top: the person in front, or why there is nobody. */
export function Current({ state, names }) {
  const { current, counter } = state;
  if (current) return html`<${InFront} state=${state} ticket=${current} names=${names} />`;
  if (counter.status === "paused") return html`<${Paused} state=${state} />`;
  if (counter.status === "closed") {
    return html`<${Calm} icon="moon" title=${t("The counter is closed.")}>
      ${t("Calling a number opens it.")}
    <//>`;
  }
  if (state.waiting) {
    return html`<${Calm} icon="users" title=${t("Nobody is at the counter.")}>
      ${tn("One person waits for you.", "%(n)s people wait for you.", state.waiting)}
    <//>`;
  }
  return html`<${Calm} icon="inbox" title=${t("Nobody is waiting.")}>
    ${t("The next number appears here as soon as somebody takes one.")}
  <//>`;
}

function Calm({ icon, title, children, look = "" }) {
  return html`<section class=${`now now-empty ${look}`} aria-labelledby="now-title">
    <${Icon} name=${icon} />
    <div>
      <h2 id="now-title">${title}</h2>
      <p>${children}</p>
    </div>
  </section>`;
}

function Paused({ state }) {
  const now = useNow(state, 1000);
  const away = clock(now - Date.parse(state.counter.since));
  const title = state.counter.pause_reason || t("The counter is paused.");
  const words = t("Paused for %(time)s. Nobody is called here meanwhile.", { time: away });
  return html`<${Calm} icon="coffee" look="now-paused" title=${title}>${words}<//>`;
}

function InFront({ state, ticket, names }) {
  const now = useNow(state, 1000);
  const serving = ticket.status === "serving";
  const over = overLimit(ticket, now);
  const reason = priority(ticket.priority);
  const language = citizenLanguage(ticket.language);
  const began = since(ticket);
  const waited = minutesWords(minutes(ticket.issued_at, Date.parse(ticket.called_at)));
  const limit = { minutes: ticket.limit_minutes };
  const words = {
    waited: t("waited %(wait)s", { wait: waited }),
    since: t("since %(time)s", { time: at(began, state) }),
    limit: over
      ? t("over the usual %(minutes)s min", limit)
      : t("usually %(minutes)s min", limit),
  };
  return html`<section class=${`now now-held ${over ? "now-over" : ""}`} aria-labelledby="now-title">
    <div class="now-who">
      <h2 id="now-title" class="now-status">
        <${Icon} name=${serving ? "user-check" : "bell-ring"} />
        ${serving ? t("At the counter") : t("Called")}
        ${!serving && ticket.calls > 1 && html`<span class="now-calls"
            >${tn("once", "%(n)s times", ticket.calls)}</span
          >`}
      </h2>
      <${TicketNumber} ...${ticket} />
    </div>
    <div class="now-what">
      <p class="now-service">${names[ticket.service] ?? ticket.service}</p>
      <ul class="chips">
        ${reason && html`<li class="chip chip-first"><${Icon} name=${reason.icon} />${reason.words}</li>`}
        ${language && html`<li class="chip"><${Icon} name="languages" />${language}</li>`}
        ${ticket.dossier_code &&
        html`<li class="chip chip-dossier"><${Icon} name="file-check" />${ticket.dossier_code}</li>`}
        <li class="chip chip-plain">
          <${Icon} name="hourglass" />
          ${words.waited}
        </li>
      </ul>
    </div>
    <div class="now-clock" role="timer" aria-live="off">
      <span class="now-time">${clock(now - began)}</span>
      <span class="now-since">${words.since}</span>
      ${ticket.limit_minutes &&
      serving &&
      html`<span class="now-limit">
        ${over && html`<${Icon} name="clock" />`} ${words.limit}
      </span>`}
    </div>
    ${ticket.limit_minutes &&
    serving &&
    html`<progress
      class="now-bar"
      aria-hidden="true"
      max=${ticket.limit_minutes * 60}
      value=${Math.min((now - began) / 1000, ticket.limit_minutes * 60)}
    ></progress>`}
  </section>`;
}

/** A moment as the hall's wall clock shows it, "8:05". */
export function at(moment, state) {
  return new Intl.DateTimeFormat("vi", {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: state.office.timezone,
  }).format(moment);
}
