// The form that belongs to a step: sent to the counter's printer, and always there as a sheet.
import { html, useMemo, useState } from "preact";
import { t } from "motcua/words.js";
import { Icon } from "../parts.js";
import { newKey, presses } from "../presses.js";

/** Which form goes with which step. */
export const FORM_OF = {
  accept: "receipt",
  "ask-supplement": "supplement",
  refuse: "refusal",
  apologise: "apology",
  stop: "stop",
};

/** What a form is called. */
export function formName(kind) {
  return {
    receipt: t("Receipt with the date"),
    supplement: t("Request for papers"),
    refusal: t("Refusal"),
    apology: t("Apology with the new date"),
    stop: t("Notice that work stops"),
    "control-sheet": t("Control sheet"),
  }[kind];
}

/**
 * @param counter id of the counter whose printer is meant
 * @param send see ../presses.js
 * @returns {printed, print, forget}: `printed` is {code, kind, state: "asking" | "sent" | "failed", words}
 */
export function usePrinting(counter, send) {
  const [printed, setPrinted] = useState(null);
  const line = useMemo(() => presses(send), [send]);

  async function print(code, kind) {
    setPrinted({ code, kind, state: "asking" });
    const answer = await line.press("print", `/dossiers/${code}/forms/${kind}/print`, { counter }, newKey());
    const sent = answer && answer.status >= 200 && answer.status < 300;
    const words = answer?.body?.detail ?? "";
    setPrinted((now) =>
      now?.code === code && now.kind === kind ? { code, kind, state: sent ? "sent" : "failed", words } : now,
    );
  }

  return { printed, print, forget: () => setPrinted(null) };
}

/** How the printing of a form went, with the sheet beside it. */
export function Printed({ printed, onPrint }) {
  const { code, kind, state, words } = printed;
  const form = formName(kind);
  const said = {
    asking: ["printer", t("%(form)s: going to the printer …", { form })],
    sent: ["printer-check", t("%(form)s: sent to the printer.", { form })],
    failed: ["triangle-alert", t("%(form)s was not printed.", { form })],
  }[state];
  return html`<div class=${`printed printed-${state}`}>
    <p role="status"><${Icon} name=${said[0]} /><span>${said[1]} ${state === "failed" && words}</span></p>
    <a class="press press-small" href=${`/counter/dossiers/${code}/forms/${kind}`} target="_blank" rel="noopener">
      <${Icon} name="file-text" />${t("Open as a sheet (A4, A5)")}
    </a>
    <button type="button" class="press press-small" onClick=${() => onPrint(code, kind)}>
      <${Icon} name="printer" />${state === "failed" ? t("Try again") : t("Print again")}
    </button>
  </div>`;
}
