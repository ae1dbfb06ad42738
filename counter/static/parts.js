// Small pieces that the desk is made of: an icon, a ticket number, a key cap, a button, a panel.
import { html, useEffect, useRef, useState } from "preact";
import { t } from "motcua/words.js";
import { serverNow } from "motcua/time.js";
import { Icon } from "motcua/icon.js";
import { TicketNumber } from "motcua/number.js";

export { Icon, TicketNumber };

/** The server's time in milliseconds, read again every `every` ms for as long as it is shown. */
export function useNow(state, every) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), every);
    return () => clearInterval(timer);
  }, [every]);
  return serverNow(state, state.heard);
}

/** A key cap. Screen readers get the key from `aria-keyshortcuts` of the button it stands on. */
export function Key({ name }) {
  return html`<kbd aria-hidden="true">${name === "Space" ? t("Space") : name}</kbd>`;
}

/**
 * A button of the desk. It is never `disabled`, which would lose the focus: `can` says whether it
 * counts now, and one that does not count says so to screen readers and does nothing.
 */
export function Press({ act, icon, words, keys, can = true, busy, onPress, look = "" }) {
  const press = (event) => {
    event.preventDefault();
    if (can) onPress(act);
  };
  return html`<button
    type="button"
    class=${`press ${look}`}
    data-act=${act}
    aria-disabled=${can ? undefined : "true"}
    aria-busy=${busy ? "true" : undefined}
    aria-keyshortcuts=${keys}
    onClick=${press}
  >
    <${Icon} name=${icon} />
    <span class="press-words">${words}</span>
    ${keys && html`<${Key} name=${keys} />`}
  </button>`;
}

/**
 * A sheet over the desk with a few choices. Escape and a click beside it close it.
 * The heading takes the focus, so that no choice is made by an Enter too many.
 */
export function Panel({ title, hint, onClose, children }) {
  const dialog = useRef();
  const heading = useRef();
  useEffect(() => {
    const shown = dialog.current;
    shown.showModal();
    heading.current.focus();
    return () => shown.close();
  }, []);
  const beside = (event) => event.target === dialog.current && onClose();
  const cancel = (event) => {
    event.preventDefault();
    onClose();
  };
  return html`<dialog
    class="panel"
    ref=${dialog}
    aria-labelledby="panel-title"
    onCancel=${cancel}
    onClick=${beside}
    onKeyDown=${(event) => walk(event, ".choice")}
  >
    <div class="panel-sheet">
      <header class="panel-head">
        <h2 id="panel-title" tabindex="-1" ref=${heading}>${title}</h2>
        <button type="button" class="press press-plain" onClick=${onClose}>
          <${Icon} name="x" /><span class="visually-hidden">${t("Close")}</span>
          <kbd aria-hidden="true">Esc</kbd>
        </button>
      </header>
      ${hint && html`<p class="panel-hint">${hint}</p>`} ${children}
    </div>
  </dialog>`;
}

/** One choice of a panel, with the key that makes it. */
export function Choice({ keys, tint, onPress, can = true, children, note }) {
  return html`<li>
    <button
      type="button"
      class="choice"
      data-tint=${tint}
      aria-keyshortcuts=${keys}
      aria-disabled=${can ? undefined : "true"}
      onClick=${() => can && onPress()}
    >
      <kbd aria-hidden="true">${keys}</kbd>
      <span class="choice-words">${children}</span>
      ${note && html`<span class="choice-note">${note}</span>`}
    </button>
  </li>`;
}

/** Arrow keys walk through the elements that match `selector` inside the event's container. */
export function walk(event, selector) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const all = [...event.currentTarget.querySelectorAll(selector)];
  if (!all.length) return;
  const at = all.indexOf(event.target.closest(selector));
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
  event.preventDefault();
  all[Math.min(Math.max(next, 0), all.length - 1)].focus();
}
