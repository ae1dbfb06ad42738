// What was recorded wrongly, put right by a new entry: it happened at another time, or never. For
// managers; the old entry stays in the history.
import { html, useEffect, useRef, useState } from "preact";
import { t } from "motcua/words.js";
import { Panel } from "../parts.js";
import { Field, described } from "./fields.js";
import { SheetForm } from "./sheet_form.js";
import { dayOf, timeOf } from "./days.js";
import { stepWords } from "./history.js";

/** A moment of the office's clock as a field has it, "2026-11-25T09:00", and back with its offset. */
const asTyped = (moment, timezone) => {
  const [day, month, year] = dayOf(moment, timezone).split("/");
  return `${year}-${month}-${day}T${timeOf(moment, timezone).padStart(5, "0")}`;
};
const offsetOf = (moment) => /(Z|[+-]\d\d:\d\d)$/.exec(moment)[1];

/** @param onTake (body of a step) -> Promise of whether it worked */
export function CorrectionPanel({ step, dossier, timezone, problem, busy, onTake, onClose }) {
  const [kind, setKind] = useState("correct-time");
  const [at, setAt] = useState(asTyped(step.at, timezone));
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState("");
  const form = useRef();
  useEffect(() => form.current.querySelector("input:checked").focus(), []);
  const send = () => {
    if (!reason.trim()) {
      setWrong(t("A correction needs its reason in words."));
      return form.current.querySelector("#reason").focus();
    }
    const moment = { at: `${at}:00${offsetOf(step.at)}` };
    return onTake({ step: kind, corrects: step.id, ...(kind === "correct-time" ? moment : {}), reason: reason.trim() });
  };
  const title = t("Correct: %(what)s", { what: stepWords(step, dossier, timezone) });
  return html`<${Panel}
    title=${title}
    hint=${t("The old entry stays in the history; figures of past periods follow the new one.")}
    onClose=${onClose}
  >
    <${SheetForm} formRef=${form} submit=${t("Correct")} icon="check" busy=${busy} problem=${problem} onSend=${send} onClose=${onClose}>
      <fieldset class="radios">
        <legend class="visually-hidden">${t("What was wrong?")}</legend>
        <label>
          <input type="radio" name="correction" checked=${kind === "correct-time"} onChange=${() => setKind("correct-time")} />
          ${t("It happened at another time")}
        </label>
        <label>
          <input type="radio" name="correction" checked=${kind === "take-back"} onChange=${() => setKind("take-back")} />
          ${t("It never happened")}
        </label>
      </fieldset>
      ${kind === "correct-time" &&
      html`<${Field} name="correct-at" label=${t("It happened at")}>
        <input id="correct-at" type="datetime-local" value=${at} onInput=${(event) => setAt(event.target.value)} />
      <//>`}
      <${Field} name="reason" label=${t("Reason")} error=${wrong}>
        <textarea id="reason" rows="3" maxlength="1000" value=${reason} onInput=${(event) => setReason(event.target.value)} ...${described("reason", wrong)}></textarea>
      <//>
    <//>
  <//>`;
}
