/* Letters to touch: A–Z are enough, as nobody needs accents to find something. */
import { html, useRef } from "preact";
import { t } from "motcua/words.js";

const ROWS = ["QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"];
/** A trembling hand hits a key twice; no Vietnamese syllable needs the same letter so soon again. */
const TWICE_MS = 250;

/**
 * The keyboard. `type(text)` gets what stands there after each key.
 * A key acts when it is touched, not when it is let go: gloves and slow fingers slide.
 */
export function Keyboard({ text, type }) {
  const last = useRef({ word: "", at: -Infinity });
  const press = (word, next) => ({
    onPointerDown: (event) => {
      const twice = last.current.word === word && event.timeStamp - last.current.at < TWICE_MS;
      last.current = { word, at: event.timeStamp };
      if (!twice) type(next);
    },
    // From a screen reader or a real keyboard: no pointer has come before.
    onClick: (event) => event.detail === 0 && type(next),
  });
  const key = (sign) => html`<button
    key=${sign}
    type="button"
    class="key"
    ...${press(sign, text + sign.toLowerCase())}
  >
    ${sign}
  </button>`;
  return html`<div class="keyboard" role="group" aria-label=${t("Keyboard")}>
    ${ROWS.map((row) => html`<div key=${row} class="keys">${[...row].map(key)}</div>`)}
    <div class="keys">
      <button type="button" class="key key-word" ...${press("clear", "")}>${t("Clear")}</button>
      <button type="button" class="key key-space" aria-label=${t("Space")} ...${press(" ", `${text} `)}>
        <span aria-hidden="true">␣</span>
      </button>
      <button type="button" class="key key-word" ...${press("delete", text.slice(0, -1))}>
        ${t("Delete")}
      </button>
    </div>
  </div>`;
}
