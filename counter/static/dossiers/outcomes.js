// Not accepted as it is: what is missing (form 02), or why it is refused (form 03). Both are shown on
// the citizen's phone, so that nobody is sent away without a reason.
import { html, useEffect, useRef, useState } from "preact";
import { t } from "motcua/words.js";
import { Icon, Panel } from "../parts.js";
import { SheetForm } from "./sheet_form.js";

/** The lines of a text, without empty ones. */
export const linesOf = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** What is wrong with the lines of a form, in words: a line has at most 200 characters, a form 30. */
export function wrongLines(text) {
  const lines = linesOf(text);
  if (lines.length > 30) return t("At most 30 lines fit on the form.");
  const at = lines.findIndex((line) => line.length > 200);
  return at < 0 ? "" : t("Line %(n)s is too long: at most 200 characters.", { n: at + 1 });
}

/**
 * A sheet with one text to write and one button.
 *
 * @param begun what stands in it at first
 * @param needed words for when it is sent empty
 * @param check (text) -> words on what is wrong with it, or nothing
 * @param onSend (text) -> Promise of whether it worked; the sheet stays open when it did not
 */
export function WritingPanel({ title, hint, label, begun = "", needed, check, submit, icon, problem, busy, children, onSend, onClose }) {
  const [text, setText] = useState(begun);
  const [wrong, setWrong] = useState("");
  const field = useRef();
  useEffect(() => {
    field.current.focus();
    field.current.setSelectionRange(text.length, text.length);
  }, []);
  const send = () => {
    const found = needed && !text.trim() ? needed : check?.(text);
    if (found) {
      setWrong(found);
      return field.current.focus();
    }
    return onSend(text.trim());
  };
  return html`<${Panel} title=${title} hint=${hint} onClose=${onClose}>
    <${SheetForm} submit=${submit} icon=${icon} busy=${busy} problem=${problem} onSend=${send} onClose=${onClose}>
      ${children}
      <div class=${`field ${wrong ? "field-wrong" : ""}`}>
        <label for="writing">${label}</label>
        <textarea
          id="writing"
          rows="4"
          maxlength="1000"
          ref=${field}
          value=${text}
          aria-invalid=${wrong ? "true" : undefined}
          aria-describedby=${wrong ? "writing-error" : undefined}
          onInput=${(event) => {
            setText(event.target.value);
            setWrong("");
          }}
        ></textarea>
        ${wrong && html`<p class="field-error" id="writing-error"><${Icon} name="triangle-alert" />${wrong}</p>`}
      </div>
    <//>
  <//>`;
}

/** Papers are missing: a line each, those that were not checked off to begin with. */
export function SupplementPanel({ missing, ...more }) {
  return html`<${WritingPanel}
    title=${t("What is missing?")}
    hint=${t("A line for each. The form and the citizen's phone say the same.")}
    label=${t("Missing papers")}
    begun=${missing.map((line) => `${line}\n`).join("")}
    needed=${t("Write at least one line: what is missing.")}
    check=${wrongLines}
    submit=${t("Ask for supplements")}
    icon="pause"
    ...${more}
  />`;
}

/** Refused, with the reason. */
export function RefusalPanel(more) {
  return html`<${WritingPanel}
    title=${t("Why is it not accepted?")}
    hint=${t("The form and the citizen's phone say this reason.")}
    label=${t("Reason")}
    needed=${t("A refusal needs its reason in words.")}
    submit=${t("Refuse")}
    icon="x"
    ...${more}
  />`;
}
