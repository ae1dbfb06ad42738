/**
 * Words in all languages of the hall at once: the first one large, the others beneath.
 *
 * The page carries them (`display/words.py`), so a board that has started needs no catalogue.
 */
import { html } from "preact";

const table = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
let languages = ["vi"];

/** Sets the hall's languages, the one shown large first. */
export function speakIn(codes) {
  languages = codes.length > 0 ? codes : ["vi"];
}

/** The language shown large. */
export function primary() {
  return languages[0];
}

/** A message of the board, by language. `params` fills its `%(name)s` places. */
export function said(id, params = {}) {
  const names = table[id] ?? { en: id };
  return Object.fromEntries(
    Object.entries(names).map(([code, text]) => [
      code,
      text.replace(/%\((\w+)\)s/g, (place, name) => String(params[name] ?? place)),
    ]),
  );
}

/** The language in which the hall's first words are there: its first, or what comes closest. */
function spokenIn(names) {
  return [primary(), "vi", ...Object.keys(names ?? {})].find((code) => names?.[code]) ?? primary();
}

/** The words of `names` in the hall's first language, or what comes closest. */
export function first(names) {
  return names?.[spokenIn(names)] ?? "";
}

/** The other languages that have words of their own: `[{code, text}]`. */
export function others(names) {
  return languages
    .slice(1)
    .filter((code) => names?.[code] && names[code] !== first(names))
    .map((code) => ({ code, text: names[code] }));
}

/** The first language alone. */
export function Said({ id, params, names = said(id, params) }) {
  return html`<span class="said" lang=${spokenIn(names)}>${first(names)}</span>`;
}

/** The first language, and the others beneath it. */
export function SaidInAll({ id, params, names = said(id, params) }) {
  return html`<span class="said" lang=${spokenIn(names)}>${first(names)}</span>
    <span class="said-others">
      ${others(names).map(
        ({ code, text }) => html`<span key=${code} class="said-other" lang=${code}>${text}</span>`,
      )}
    </span>`;
}
