// The line at the top: which counter, is it open, who works here, and the way out.
import { html } from "preact";
import { name, t } from "motcua/words.js";
import { Languages } from "./languages.js";
import { Icon, Press } from "./parts.js";
import { statusWords } from "./queue.js";
import { at } from "./current.js";

const STATUS_ICONS = { open: "check", paused: "coffee", closed: "moon" };

export function Bar({ state, myName, can, busy, onAct }) {
  const { counter } = state;
  const open = counter.status === "open";
  const place = t("Counter %(number)s", { number: counter.number });
  return html`<header class="bar">
    <h1 class="bar-counter">
      ${place}
      ${name(counter.names) && html`<small>${name(counter.names)}</small>`}
    </h1>
    <p class=${`pill pill-${counter.status}`}>
      <${Icon} name=${STATUS_ICONS[counter.status]} />
      ${statusWords(counter.status)}
      ${counter.since && html`<span>${at(Date.parse(counter.since), state)}</span>`}
    </p>
    <div class="bar-acts">
      ${!open &&
      html`<${Press} act="open" look="press-bar" icon="play" keys="O" can=${Boolean(can.open)} busy=${busy}
        words=${counter.status === "paused" ? t("Go on") : t("Open counter")} onPress=${onAct} />`}
      ${counter.status !== "closed" &&
      html`<${Press} act="pause" look="press-bar" icon="coffee" keys="P" can=${Boolean(can.pause)} busy=${busy}
        words=${t("Pause")} onPress=${onAct} />`}
      <${Press} act="shortcuts" look="press-bar" icon="keyboard" keys="?" words=${t("Keys")} onPress=${onAct} />
    </div>
    <${Languages} short />
    <div class="bar-me">
      <span class="bar-name"><${Icon} name="user-round" /><span>${myName}</span></span>
      <a class="bar-link" href="/counter/" title=${t("Pick another counter")} aria-label=${t("Pick another counter")}>
        <${Icon} name="layout-grid" />
      </a>
      <form method="post" action="/counter/sign-out">
        <input type="hidden" name="csrf_token" value=${csrf()} />
        <button type="submit" class="bar-link" title=${t("Sign out")} aria-label=${t("Sign out")}>
          <${Icon} name="log-out" />
        </button>
      </form>
    </div>
  </header>`;
}

function csrf() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}
