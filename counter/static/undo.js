// The line under the buttons: what the last press did, with five seconds to take it back, and what
// went wrong. It keeps its place when it is empty, so that nothing jumps under the mouse.
import { html, useEffect, useRef } from "preact";
import { t } from "motcua/words.js";
import { serverNow } from "motcua/time.js";
import { undoable } from "./acts.js";
import { pressed } from "./naming.js";
import { Icon, Key, useNow } from "./parts.js";

/**
 * @param slow whether the server takes its time to answer a press
 * @param notice words about the last press ("Nobody is waiting."), or null
 * @param problem {detail, href?, link?} of the press that did not work, or null
 */
export function LastPress({ state, can, slow, notice, problem, onUndo, onDismiss }) {
  const now = useNow(state, 250);
  const undo = undoable(state, now);
  return html`<div class="last">
    <div role="alert">
      ${problem &&
      html`<p class="said said-problem">
        <${Icon} name="triangle-alert" />
        <span>${problem.detail} ${problem.href && html`<a href=${problem.href}>${problem.link}</a>`}</span>
        <button type="button" class="said-close" aria-label=${t("Close")} onClick=${onDismiss}>
          <${Icon} name="x" />
        </button>
      </p>`}
    </div>
    <div role="status">
      ${slow && html`<p class="said"><${Icon} name="hourglass" /><span>${t("Waiting for the server's answer.")}</span></p>`}
      ${!problem && !undo && !slow && notice && html`<p class="said"><${Icon} name="info" /><span>${notice}</span></p>`}
      ${undo && html`<span class="visually-hidden">${notice} ${pressed(undo)}</span>`}
    </div>
    ${undo &&
    !slow &&
    html`<${UndoBar}
      key=${undo.step + undo.until}
      state=${state}
      undo=${undo}
      notice=${notice}
      left=${Math.ceil((Date.parse(undo.until) - now) / 1000)}
      can=${can}
      onUndo=${onUndo}
    />`}
  </div>`;
}

function UndoBar({ state, undo, notice, left, can, onUndo }) {
  const bar = useRef();
  useEffect(() => {
    // The bar drains by itself; where motion is reduced the number counts instead.
    const ms = Date.parse(undo.until) - serverNow(state, state.heard);
    bar.current.style.setProperty("animation-duration", `${Math.max(ms, 0)}ms`);
  }, []);
  return html`<p class="undo">
    <${Icon} name="check" />
    <span class="undo-words" aria-hidden="true">${notice} ${pressed(undo)}</span>
    <button
      type="button"
      class="undo-press"
      aria-keyshortcuts="Z"
      aria-disabled=${can ? undefined : "true"}
      onClick=${() => can && onUndo()}
    >
      <${Icon} name="undo-2" />${t("Undo")}
      <span class="undo-left" aria-hidden="true">${left}</span>
      <${Key} name="Z" />
    </button>
    <span class="undo-bar" aria-hidden="true" ref=${bar}></span>
  </p>`;
}
