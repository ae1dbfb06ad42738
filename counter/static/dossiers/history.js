// The history of a dossier in plain words, the newest first. What was corrected stays, struck out.
import { html } from "preact";
import { name, t } from "motcua/words.js";
import { Icon } from "../parts.js";
import { dayOf, momentOf } from "./days.js";

/** What a step did, in words. */
export function stepWords(step, dossier, timezone) {
  const agency = agencyName(dossier, step.agency);
  const words = {
    register: t("Arrived"),
    accept: t("Received"),
    refuse: t("Not accepted"),
    "ask-supplement": t("Papers asked for"),
    supplement: t("Papers brought"),
    "ask-payment": t("Payment asked for"),
    pay: t("Paid"),
    process: t("Work has begun"),
    stop: t("Work stopped"),
    continue: t("Work continued"),
    apologise: step.promised_at && t("Apology; new date %(day)s", { day: dayOf(step.promised_at, timezone) }),
    "hand-over": t("Handed over to %(agency)s", { agency }),
    "take-over": t("%(agency)s has taken it over", { agency }),
    "part-done": t("%(agency)s has done its part", { agency }),
    finish: t("Result ready"),
    return: step.data.collected_by === "other" ? t("Collected by somebody else") : t("Collected by the applicant"),
    withdraw: t("Withdrawn"),
    note: t("Note"),
  };
  if (step.kind === "void") {
    return t("Taken back: %(what)s", { what: stepWords({ ...step, kind: step.data.was, data: {} }, dossier, timezone) });
  }
  return words[step.kind] || step.kind;
}

/** An agency of the dossier's plan by its code. */
export function agencyName(dossier, code) {
  const part = dossier.parts.find((one) => one.agency === code);
  return part ? name(part.names) : (code ?? "");
}

/** Whether a step may be corrected: in force, and something that happened. */
export const correctable = (step) => !step.corrected_by && step.kind !== "void";

/**
 * @param onCorrect (step) -> opens the correction of a step; left out for those who may not
 */
export function History({ dossier, timezone, onCorrect }) {
  const steps = [...dossier.steps].reverse();
  const reasonOf = (step) => t("Reason: %(reason)s", { reason: step.data.reason });
  const insteadOf = (step) =>
    t("Written down %(when)s in place of an earlier entry.", { when: momentOf(step.recorded_at, timezone) });
  return html`<section class="block history" aria-labelledby="history-title">
    <h3 id="history-title"><${Icon} name="list" />${t("What has happened")}</h3>
    <ol>
      ${steps.map((step) => {
        const struck = Boolean(step.corrected_by);
        return html`<li key=${step.id} class=${struck ? "step step-struck" : "step"} data-kind=${step.kind}>
          <p class="step-what">
            ${struck ? html`<s>${stepWords(step, dossier, timezone)}</s> <em>${t("corrected")}</em>` : stepWords(step, dossier, timezone)}
          </p>
          <p class="step-when">${momentOf(step.at, timezone)} · ${whoOf(step.actor)}</p>
          ${(step.data.missing ?? []).map((line) => html`<p class="step-line" key=${line}>– ${line}</p>`)}
          ${step.data.reason && html`<p class="step-line">${reasonOf(step)}</p>`}
          ${step.note && html`<p class="step-line">${noteOf(step)}</p>`}
          ${step.corrects && html`<p class="step-line">${insteadOf(step)}</p>`}
          ${onCorrect &&
          correctable(step) &&
          html`<button type="button" class="press press-small" data-act="correct" onClick=${() => onCorrect(step)}>
            <${Icon} name="rotate-ccw" />${t("Correct")}
          </button>`}
        </li>`;
      })}
    </ol>
  </section>`;
}

/** A note as it was written; the one that an undo writes is the product's own. */
function noteOf({ kind, note }) {
  return kind === "void" && note === "Undone at the counter at once" ? t("Undone at the counter at once") : note;
}

/** Who took a step: "clerk:lan" is Lan to her colleagues. */
function whoOf(actor) {
  return actor.slice(actor.indexOf(":") + 1);
}
