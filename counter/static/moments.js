// The desk when it cannot work: not loaded yet, no connection, the counter in other hands.
import { html } from "preact";
import { t } from "motcua/words.js";
import { Icon, Press } from "./parts.js";

/** Before the first state has come. */
export function Loading({ counter, number, connected, refusal }) {
  const place = t("Counter %(number)s", { number });
  return html`<main class="desk-loading" aria-busy="true">
    <h1>${place}</h1>
    ${refusal
      ? html`<${Refused} counter=${counter} refusal=${refusal} />`
      : html`<p role="status">
          <${Icon} name=${connected ? "hourglass" : "wifi-off"} />
          ${connected ? t("One moment, the counter is being opened.") : offlineWords()}
        </p>`}
  </main>`;
}

/** The sign-in has ended, or it no longer covers this counter. */
export function Refused({ counter, refusal }) {
  const ended = refusal.error === "unauthenticated";
  return html`<p class="line line-amber" role="alert">
    <${Icon} name="triangle-alert" />
    <span>
      ${ended ? t("Your sign-in has ended.") : t("This sign-in may not do that here.")}${" "}
      ${ended
        ? html`<a href=${`/counter/?counter=${counter}`}>${t("Sign in")}</a>`
        : html`<a href="/counter/">${t("Pick another counter")}</a>`}
    </span>
  </p>`;
}

/** The line while the server does not answer. */
export function Offline() {
  return html`<p class="offline" role="alert">
    <${Icon} name="wifi-off" /><span>${offlineWords()}</span>
  </p>`;
}

/** Somebody else sits at this counter: said where the person in front would stand. */
export function Taken({ state, can, busy, onAct }) {
  const { clerk, number } = state.counter;
  const name = clerk.display_name || clerk.name;
  const words = t("%(name)s works at counter %(number)s now.", { name, number });
  return html`<section class="now now-empty now-taken" aria-labelledby="now-title" role="alert">
    <${Icon} name="user-round" />
    <div>
      <h2 id="now-title">${words}</h2>
      <p class="now-ways">
        <${Press}
          act="open"
          icon="play"
          keys="O"
          words=${t("Take the counter back")}
          can=${Boolean(can.open)}
          busy=${busy === "open"}
          onPress=${onAct}
        />
        <a class="press" href="/counter/"><${Icon} name="layout-grid" />${t("Pick another counter")}</a>
      </p>
    </div>
  </section>`;
}

function offlineWords() {
  return t("No connection to the server. Nothing can be pressed; it goes on by itself.");
}
