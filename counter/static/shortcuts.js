// The list of keys, and the switch for those who speak or dictate to their computer: single keys
// must be possible to turn off (WCAG 2.1.4).
import { html } from "preact";
import { t } from "motcua/words.js";
import { SHORTCUTS } from "./keys.js";
import { Languages } from "./languages.js";
import { step } from "./naming.js";
import { Icon, Key, Panel } from "./parts.js";

const KEPT = "motcua.counter.shortcuts";

/** Whether this clerk wants single keys on this computer. */
export function wantsKeys() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // a browser that keeps nothing
  }
}

/** Remember whether this clerk wants single keys. */
export function keepKeys(wanted) {
  try {
    localStorage.setItem(KEPT, wanted ? "on" : "off");
  } catch {
    // Nothing is kept; the choice then lasts as long as the page.
  }
}

export function ShortcutsPanel({ wanted, onWanted, onClose }) {
  return html`<${Panel} title=${t("Keys of the counter")} onClose=${onClose}>
    <dl class="keys">
      ${SHORTCUTS.map(({ key, act }) => {
        const { icon, words } = step(act);
        return html`<div class="keys-row" key=${act}>
          <dt><${Icon} name=${icon} /> ${words}</dt>
          <dd><${Key} name=${key} /></dd>
        </div>`;
      })}
      <div class="keys-row">
        <dt><${Icon} name="list" /> ${t("Move in a list, press")}</dt>
        <dd><kbd>↑</kbd> <kbd>↓</kbd> <kbd>Enter</kbd></dd>
      </div>
      <div class="keys-row">
        <dt><${Icon} name="file-text" /> ${t("Dossier: next field")}</dt>
        <dd><kbd>Enter</kbd></dd>
      </div>
      <div class="keys-row">
        <dt><${Icon} name="check" /> ${t("Dossier: accept, and on to the next of its kind")}</dt>
        <dd><kbd>Ctrl</kbd> <kbd>Enter</kbd></dd>
      </div>
      <div class="keys-row">
        <dt><${Icon} name="undo-2" /> ${t("Dossier: back to the queue")}</dt>
        <dd><kbd>Esc</kbd></dd>
      </div>
    </dl>
    <label class="keys-switch">
      <input type="checkbox" checked=${wanted} onChange=${(event) => onWanted(event.target.checked)} />
      ${t("Single keys are on")}
    </label>
    <${Languages} />
  <//>`;
}
