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

/** So many letters fit at once on the narrowest screen; Khmer needs more room above and below. */
const MOST_LETTERS = { km: 60 };
const MOST_LETTERS_ELSE = 110;
/** A line of more letters is set smaller. */
const SHORT = 66;

/** Every notice in every language of the hall, in pieces that fit: `[{code, text}]`. */
export function lines(notices, languages) {
  return notices.flatMap((names) =>
    languages
      .filter((code) => names[code])
      .flatMap((code) =>
        pieces(names[code], MOST_LETTERS[code] ?? MOST_LETTERS_ELSE).map((text) => ({ code, text })),
      ),
  );
}

/** `text` in as few pieces of at most `most` letters as its words allow, about equally long. */
export function pieces(text, most) {
  const count = Math.ceil(text.length / most);
  if (count < 2) return [text];
  const wanted = Math.min(most, Math.ceil(text.length / count) + 8);
  const found = [""];
  for (const word of text.split(/\s+/)) {
    const longer = `${found.at(-1)} ${word}`.trim();
    if (longer.length <= wanted || found.at(-1) === "") found[found.length - 1] = longer;
    else found.push(word);
  }
  return found.map((piece, place) => (place < found.length - 1 ? `${piece} …` : piece));
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
    <p key=${step} lang=${code} class="ticker-line ${text.length > SHORT ? "is-long" : ""}">${text}</p>
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
