// The steps a dossier's status allows, as buttons, and the sheet each of them opens.
import { html, useEffect, useRef, useState } from "preact";
import { name, t } from "motcua/words.js";
import { Icon, Panel } from "../parts.js";
import { Field, described } from "./fields.js";
import { GiveBackPanel } from "./giving_back.js";
import { linesOf, WritingPanel, wrongLines } from "./outcomes.js";
import { Promised, usePreview } from "./promised.js";
import { SheetForm } from "./sheet_form.js";

/** Every step of the desk in the order of its buttons: icon, word, and what the sheet asks. */
const STEPS = [
  { step: "return", icon: "hand-heart", words: () => t("Return the result"), main: true },
  { step: "accept", icon: "check", words: () => t("Accept"), main: true },
  { step: "supplement", icon: "file-check", words: () => t("Papers have come"), main: true },
  { step: "pay", icon: "wallet", words: () => t("Has paid"), main: true },
  { step: "continue", icon: "play", words: () => t("Work goes on"), main: true },
  { step: "hand-over", icon: "arrow-right", words: () => t("Hand over") },
  { step: "take-over", icon: "arrow-right-left", words: () => t("Agency takes over") },
  { step: "part-done", icon: "check-check", words: () => t("Agency is done") },
  { step: "process", icon: "briefcase", words: () => t("Begin the work") },
  { step: "finish", icon: "stamp", words: () => t("Result is ready") },
  { step: "ask-supplement", icon: "file-text", words: () => t("Ask for papers") },
  { step: "ask-payment", icon: "receipt", words: () => t("Ask for payment") },
  { step: "apologise", icon: "calendar-clock", words: () => t("Apologise, new date") },
  { step: "stop", icon: "pause", words: () => t("Stop the work") },
  { step: "refuse", icon: "x", words: () => t("Refuse") },
  { step: "withdraw", icon: "undo-2", words: () => t("Applicant withdraws") },
  { step: "note", icon: "file-text", words: () => t("Write a note") },
];

/** The agencies of a dossier with which an agency step is possible now. */
export function agenciesFor(step, parts) {
  const undone = parts.filter((part) => !part.done_at);
  const turn = Math.min(...undone.map((part) => part.position));
  return parts.filter((part) => {
    if (step === "hand-over") return !part.handed_over_at && part.position === turn;
    if (step === "take-over") return part.handed_over_at && !part.accepted_at && !part.done_at;
    return part.accepted_at && !part.done_at;
  });
}

/** The steps to offer: those the server allows, agency steps only where an agency is meant. */
export function offered(dossier) {
  const agency = ["hand-over", "take-over", "part-done"];
  return STEPS.filter(
    ({ step }) => dossier.allowed.includes(step) && (!agency.includes(step) || agenciesFor(step, dossier.parts).length),
  );
}

/** What a step is called on its button. */
export const stepName = (step) => STEPS.find((one) => one.step === step).words();

export function StepButtons({ dossier, busy, onOpen }) {
  return html`<div class="step-buttons" role="group" aria-label=${t("Next step")}>
    ${offered(dossier).map(
      ({ step, icon, words, main }) => html`<button
        type="button"
        key=${step}
        class=${`press ${main ? "press-main" : ""}`}
        data-act=${step}
        aria-busy=${busy === step ? "true" : undefined}
        onClick=${() => onOpen(step)}
      >
        <${Icon} name=${icon} />${words()}
      </button>`,
    )}
  </div>`;
}

/**
 * The sheet of a step.
 *
 * @param onTake (body) -> Promise of whether it worked
 */
export function StepPanel({ step, dossier, desk, problem, busy, onTake, onClose }) {
  const { icon, words } = STEPS.find((one) => one.step === step);
  const common = { title: words(), submit: words(), icon, problem, busy, onClose };
  const take = (values) => onTake({ step, ...values });
  if (step === "return") return html`<${GiveBackPanel} ...${common} dossier=${dossier} desk=${desk} onTake=${take} />`;
  if (step === "apologise") return html`<${ApologyPanel} ...${common} onTake=${take} />`;
  if (step === "ask-supplement") {
    return html`<${WritingPanel}
      ...${common}
      hint=${t("A line for each. The clock stands still until they come.")}
      label=${t("Missing papers")}
      needed=${t("Write at least one line: what is missing.")}
      check=${wrongLines}
      onSend=${(text) => take({ missing: linesOf(text) })}
    />`;
  }
  if (["stop", "refuse"].includes(step)) {
    return html`<${WritingPanel}
      ...${common}
      hint=${t("The form and the citizen's phone say this reason.")}
      label=${t("Reason")}
      needed=${t("It needs its reason in words.")}
      onSend=${(reason) => take({ reason })}
    />`;
  }
  if (["hand-over", "take-over", "part-done"].includes(step)) {
    return html`<${AgencyPanel} ...${common} agencies=${agenciesFor(step, dossier.parts)} onTake=${take} />`;
  }
  if (step === "accept") return html`<${AcceptPanel} ...${common} dossier=${dossier} desk=${desk} onTake=${take} />`;
  const note = step === "note";
  return html`<${WritingPanel}
    ...${common}
    label=${note ? t("Note") : t("Note (only where there is something to say)")}
    needed=${note ? t("The note is empty.") : undefined}
    onSend=${(text) => take(text ? { note: text } : {})}
  />`;
}

/** Accepted after its papers were brought: the date is shown before it is promised, as at reception. */
function AcceptPanel({ dossier, desk, onTake, ...common }) {
  const { procedure, terms } = dossier;
  const { shown, failed } = usePreview(desk.slug, procedure.code, terms.unit === "same_day" ? "" : terms.count);
  const told = shown && { ...shown, count_needed: false, agencies: [] };
  return html`<${WritingPanel}
    ...${common}
    label=${t("Note (only where there is something to say)")}
    onSend=${(note) => onTake(note ? { note } : {})}
  >
    <${Promised} shown=${told} failed=${failed} timezone=${desk.timezone} />
  <//>`;
}

function AgencyPanel({ agencies, onTake, ...common }) {
  const [agency, setAgency] = useState(agencies[0].agency);
  return html`<${WritingPanel}
    ...${common}
    label=${t("Note (only where there is something to say)")}
    onSend=${(note) => onTake(note ? { agency, note } : { agency })}
  >
    <fieldset class="radios">
      <legend>${t("Agency")}</legend>
      ${agencies.map(
        (one) => html`<label key=${one.agency}>
          <input type="radio" name="agency" checked=${one.agency === agency} onChange=${() => setAgency(one.agency)} />
          ${name(one.names)}
        </label>`,
      )}
    </fieldset>
  <//>`;
}

function ApologyPanel({ title, onTake, onClose, ...common }) {
  const [day, setDay] = useState("");
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState({});
  const first = useRef();
  useEffect(() => first.current.focus(), []);
  const send = () => {
    const found = {};
    if (!day) found.day = t("Please choose the new date.");
    if (!reason.trim()) found.reason = t("It needs its reason in words.");
    setWrong(found);
    if (!Object.keys(found).length) onTake({ promised_on: day, reason: reason.trim() });
  };
  return html`<${Panel} title=${title} hint=${t("The due date stays, and with it whether it is late. The form says sorry and names the new date.")} onClose=${onClose}>
    <${SheetForm} ...${common} onSend=${send} onClose=${onClose}>
      <${Field} name="new-day" label=${t("New date")} error=${wrong.day}>
        <input id="new-day" type="date" ref=${first} value=${day} onInput=${(event) => setDay(event.target.value)} ...${described("new-day", wrong.day)} />
      <//>
      <${Field} name="reason" label=${t("Reason")} error=${wrong.reason}>
        <textarea id="reason" rows="3" maxlength="1000" value=${reason} onInput=${(event) => setReason(event.target.value)} ...${described("reason", wrong.reason)}></textarea>
      <//>
    <//>
  <//>`;
}
