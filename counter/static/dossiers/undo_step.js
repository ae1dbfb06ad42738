// Instead of "are you sure?": five seconds in which the step just taken can be taken back.
import { html, useEffect, useState } from "preact";
import { t } from "motcua/words.js";
import { Icon } from "../parts.js";
import { stepName } from "./steps.js";

const SHOWN_S = 5;

/** @param onOver () -> called when the time is over */
export function UndoStep({ step, onUndo, onOver }) {
  const [left, setLeft] = useState(SHOWN_S);
  useEffect(() => {
    if (!left) return onOver();
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  const words = t("Done: %(what)s.", { what: stepName(step) });
  return html`<p class="undo">
    <${Icon} name="check" />
    <span class="undo-words" role="status">${words}</span>
    <button type="button" class="undo-press" data-act="undo-step" onClick=${onUndo}>
      <${Icon} name="undo-2" />${t("Undo")} <span aria-hidden="true">${left}</span>
    </button>
    <span class="undo-bar" aria-hidden="true"></span>
  </p>`;
}
