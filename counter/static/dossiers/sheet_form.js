// A form in a sheet over the desk: its fields, what the server had against it, one button, a way out.
import { html } from "preact";
import { t } from "motcua/words.js";
import { Icon } from "../parts.js";

/**
 * @param formRef a ref to the form, for whoever moves the focus in it
 * @param problem {detail} of the press that did not work, or null
 */
export function SheetForm({ formRef, submit, icon, busy, problem, onSend, onClose, children }) {
  const send = (event) => {
    event.preventDefault();
    onSend();
  };
  const key = (event) => {
    event.stopPropagation(); // keys here write; the sheet around it walks with arrows
    if (event.key === "Enter" && event.ctrlKey) send(event);
  };
  return html`<form class="writing" ref=${formRef} onSubmit=${send} onKeyDown=${key} novalidate>
    ${children}
    ${problem && html`<p class="said said-problem" role="alert"><${Icon} name="triangle-alert" /><span>${problem.detail}</span></p>`}
    <div class="writing-ways">
      <button type="submit" class="press press-main" aria-keyshortcuts="Control+Enter" aria-busy=${busy ? "true" : undefined}>
        <${Icon} name=${icon} />${submit} <kbd aria-hidden="true">Ctrl ↵</kbd>
      </button>
      <button type="button" class="press press-plain" onClick=${onClose}>${t("Cancel")}</button>
    </div>
  </form>`;
}
