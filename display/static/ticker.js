/**
 * The notices at the foot: one after the other, each in one language, changed by a short fade.
 *
 * Nothing scrolls, so a line can be read from far away and nothing moves for those who asked for
 * that. The lines can be stopped (WCAG 2.2.2): the button appears with a mouse or the Tab key, and
 * the key P does the same on a wall without either.
 */
import { html, useEffect, useState } from "preact";
import { Icon } from "motcua/icon.js";

import { first, said } from "./say.js";

/** How long a line stays, in milliseconds: two lines of text read twice, aloud. */
export const STAYS_MS = 8_000;

/** Every notice in every language of the hall, one language after the other: `[{code, text}]`. */
export function lines(notices, languages) {
  return notices.flatMap((names) =>
    languages.filter((code) => names[code]).map((code) => ({ code, text: names[code] })),
  );
}

export function Ticker({ notices, languages }) {
  const [step, setStep] = useState(0);
  const [paused, setPaused] = useState(false);
  const all = lines(notices, languages);
  useEffect(() => {
    if (paused || all.length < 2) return undefined;
    const timer = setInterval(() => setStep((now) => now + 1), STAYS_MS);
    return () => clearInterval(timer);
  }, [paused, all.length]);
  useEffect(() => {
    const toggle = (event) => {
      if (event.key.toLowerCase() === "p" && !event.ctrlKey && !event.metaKey) {
        setPaused((now) => !now);
      }
    };
    addEventListener("keydown", toggle);
    return () => removeEventListener("keydown", toggle);
  }, []);
  if (all.length === 0) return html`<div class="ticker"></div>`;
  const { code, text } = all[step % all.length];
  const label = first(said(paused ? "Go on" : "Pause the notices"));
  return html`<section class="ticker" aria-label=${first(said("Notices"))}>
    <p key=${step} lang=${code} class="ticker-line">${text}</p>
    ${all.length > 1 &&
    html`<button
      class="ticker-pause ${paused ? "is-paused" : ""}"
      type="button"
      aria-label=${label}
      onClick=${() => setPaused(!paused)}
    >
      <${Icon} name=${paused ? "play" : "pause"} />
    </button>`}
  </section>`;
}
