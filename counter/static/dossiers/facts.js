// What is known of a dossier: who handed it in, its papers, its fee, the agencies' shares, its forms.
import { html } from "preact";
import { name, t } from "motcua/words.js";
import { Icon } from "../parts.js";
import { momentOf } from "./days.js";
import { formName } from "./printing.js";
import { channels, feeWords, kinds, spanWords } from "./wording.js";

/** The forms that may be printed of a dossier as it stands. */
export function formsOf(dossier) {
  const kindsTaken = new Set(dossier.steps.filter((step) => !step.corrected_by).map((step) => step.kind));
  return [
    dossier.accepted_at && "receipt",
    kindsTaken.has("ask-supplement") && "supplement",
    kindsTaken.has("refuse") && "refusal",
    kindsTaken.has("apologise") && "apology",
    kindsTaken.has("stop") && "stop",
    dossier.accepted_at && "control-sheet",
  ].filter(Boolean);
}

export function Facts({ dossier, desk, onPrint }) {
  const { applicant, collector, terms } = dossier;
  const fact = (label, value) => value && html`<div class="fact" key=${label}><dt>${label}</dt><dd>${value}</dd></div>`;
  const returned = dossier.steps.findLast((step) => step.kind === "return" && !step.corrected_by);
  const collected = collector && returned?.data.collected_by === "other";
  return html`<section class="block facts">
    <dl>
      ${fact(t("Applicant"), applicant?.name)}
      ${fact(t("Phone"), applicant?.phone)}
      ${fact(t("Citizen number"), applicant?.identity_number)}
      ${fact(t("Address"), applicant?.address)}
      ${fact(t("E-mail"), applicant?.email)}
      ${collected && fact(t("Collected by"), [collector.name, collector.identity_number].filter(Boolean).join(", "))}
      ${fact(t("Received"), [channels().find(([code]) => code === dossier.channel)[1], dossier.ticket].filter(Boolean).join(", "))}
      ${fact(t("Time"), spanWords(terms.unit, terms.count))}
      ${fact(t("Fee"), feeWords({ vnd: terms.fee_vnd, note: terms.fee_note }))}
    </dl>
    ${dossier.papers.length > 0 &&
    html`<h3><${Icon} name="file-text" />${t("Papers")}</h3>
      <ul class="facts-papers" lang="vi">
        ${dossier.papers.map(
          (paper) => html`<li key=${paper.name}>${paper.name} <span>${paper.count} × ${kinds().find(([kind]) => kind === paper.kind)[1]}</span></li>`,
        )}
      </ul>`}
    ${dossier.parts.length > 0 && html`<${Parts} dossier=${dossier} timezone=${desk.timezone} />`}
    <h3><${Icon} name="printer" />${t("Forms")}</h3>
    <ul class="facts-forms">
      ${formsOf(dossier).map(
        (kind) => html`<li key=${kind}>
          <span>${formName(kind)}</span>
          <button type="button" class="press press-small" aria-label=${t("Print: %(form)s", { form: formName(kind) })} onClick=${() => onPrint(dossier.code, kind)}>
            <${Icon} name="printer" />
          </button>
          <a class="press press-small" href=${`/counter/dossiers/${dossier.code}/forms/${kind}`} target="_blank" rel="noopener" aria-label=${t("Open as a sheet: %(form)s", { form: formName(kind) })}>
            <${Icon} name="file-text" />
          </a>
        </li>`,
      )}
    </ul>
  </section>`;
}

function Parts({ dossier, timezone }) {
  const stands = (part) => {
    if (part.done_at) return ["check-check", t("done %(when)s", { when: momentOf(part.done_at, timezone) })];
    if (part.accepted_at) return ["briefcase", t("has it since %(when)s", { when: momentOf(part.accepted_at, timezone) })];
    if (part.handed_over_at) return ["arrow-right", t("handed over %(when)s, not confirmed", { when: momentOf(part.handed_over_at, timezone) })];
    return ["clock", t("not yet")];
  };
  const ends = (part) => {
    if (!part.due_at || part.done_at) return "";
    const words = t("its share ends %(when)s", { when: momentOf(part.due_at, timezone) });
    return ` · ${words}`;
  };
  return html`<h3><${Icon} name="building-2" />${t("Goes through")}</h3>
    <ol class="facts-parts">
      ${dossier.parts.map((part) => {
        const [icon, words] = stands(part);
        return html`<li key=${part.agency}>
          <strong>${name(part.names)}</strong> <span>${spanWords(dossier.terms.unit, part.share)}</span>
          <p><${Icon} name=${icon} />${words}${ends(part)}</p>
        </li>`;
      })}
    </ol>`;
}
