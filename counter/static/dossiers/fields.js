// A field with its label and, beside it, what is wrong with it; and moving on with Enter.
import { html } from "preact";
import { t } from "motcua/words.js";
import { Icon } from "../parts.js";

/**
 * @param name of the field, unique in its form
 * @param error words on what is wrong, or nothing
 * @param children the input itself; give it `id=${name}` and `...${described(name, error)}`
 */
export function Field({ name, label, error, needed, look = "", children }) {
  return html`<div class=${`field ${look} ${error ? "field-wrong" : ""}`} data-field=${name}>
    <label for=${name}>${label}${needed && html`<span class="field-needed"> · ${t("needed")}</span>`}</label>
    ${children}
    ${error &&
    html`<p class="field-error" id=${`${name}-error`}><${Icon} name="triangle-alert" />${error}</p>`}
  </div>`;
}

/** The attributes that tie an input to what is wrong with it. */
export function described(name, error) {
  return error ? { "aria-invalid": "true", "aria-describedby": `${name}-error` } : {};
}

/** A line of text in a field. */
export function TextField({ name, label, value, onText, error, needed, look, ...more }) {
  return html`<${Field} name=${name} label=${label} error=${error} needed=${needed} look=${look}>
    <input
      id=${name}
      type="text"
      autocomplete="off"
      spellcheck=${false}
      value=${value}
      onInput=${(event) => onText(event.target.value)}
      ...${described(name, error)}
      ...${more}
    />
  <//>`;
}

const STOPS = "input:not([type=radio]):not([disabled]), select, textarea, input[type=radio]:checked, [data-stop]";

/**
 * Enter moves on to the next field, as on the paper form; from the last one to the element with
 * `data-last`. Lines of text keep their Enter.
 *
 * @returns {boolean} whether it moved
 */
export function moveOn(event) {
  const from = event.target.closest?.(STOPS);
  if (event.key !== "Enter" || event.ctrlKey || event.isComposing || !from) return false;
  if (from.matches("textarea, button") || event.defaultPrevented) return false;
  const stops = [...event.currentTarget.querySelectorAll(STOPS)];
  const next = stops[stops.indexOf(from) + 1] ?? event.currentTarget.querySelector("[data-last]");
  event.preventDefault();
  next?.focus();
  next?.select?.();
  return true;
}
