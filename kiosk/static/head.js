/* Top of the screen: whose hall this is, the one thing to know now, and the language. */
import { html, useEffect, useState } from "preact";
import { icon } from "motcua/icon.js";
import { name } from "motcua/words.js";
import { clock, date } from "./when.js";

const LONG_TITLE = 26;
const LANGUAGE_NAMES = { vi: "Tiếng Việt", en: "English", km: "ភាសាខ្មែរ" };

/** Office, headline and clock. `words` comes from `headline()`. */
export function Head({ state, words, language, serverTime }) {
  return html`<header class="head" data-tone=${words.tone}>
    <div class="head-office">
      <span class="crest">${icon("landmark")}</span>
      <div>
        <p class="head-organisation">${name(state.organisation)}</p>
        <p class="head-name">${name(state.names)}</p>
      </div>
      <${Clock} state=${state} language=${language} serverTime=${serverTime} />
    </div>
    <div class="head-words" role=${words.tone === "lost" ? "alert" : undefined}>
      ${words.icon && html`<span class="head-icon">${icon(words.icon)}</span>`}
      <div>
        ${words.lead && html`<p class="head-lead">${words.lead}</p>`}
        <h1 class=${`head-title${words.title.length > LONG_TITLE ? " is-long" : ""}`} tabindex="-1">${words.title}</h1>
        ${words.leaving
          ? html`<p class="head-note head-leaving">${icon("clock")} ${words.leaving}</p>`
          : words.note && html`<p class="head-note">${words.note}</p>`}
      </div>
    </div>
  </header>`;
}

function Clock({ state, language, serverTime }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 5000);
    return () => clearInterval(timer);
  }, []);
  const now = serverTime();
  return html`<p class="head-clock">
    <time class="head-time">${clock(now, state.timezone)}</time>
    <span class="head-date">${date(now, state.timezone, language)}</span>
  </p>`;
}

/** The languages by their own names; always on the screen. */
export function Languages({ languages, language, choose }) {
  return html`<nav class="languages" aria-label="Ngôn ngữ / Language / ភាសា">
    ${languages.map(
      (code) => html`<button
        key=${code}
        type="button"
        class="language"
        lang=${code}
        aria-pressed=${code === language ? "true" : "false"}
        onClick=${() => choose(code)}
      >
        ${code === language && icon("check")} ${LANGUAGE_NAMES[code] ?? code}
      </button>`,
    )}
  </nav>`;
}
