// One dossier: how it stands, who has it, what may be done with it, and everything that happened.
import { html, useEffect, useRef, useState } from "preact";
import { name, t } from "motcua/words.js";
import { ask } from "motcua/api.js";
import { Icon } from "../parts.js";
import { CorrectionPanel } from "./corrections.js";
import { dayOf, leftWords, momentOf, timeOf, weekdayOf } from "./days.js";
import { Facts } from "./facts.js";
import { agencyName, History } from "./history.js";
import { usePosting } from "./posting.js";
import { FORM_OF, Printed } from "./printing.js";
import { StepButtons, StepPanel } from "./steps.js";
import { UndoStep } from "./undo_step.js";
import { named, statusOf } from "./wording.js";

/**
 * @param code which dossier
 * @param act a step whose sheet opens at once, or nothing: "return" after a receipt was scanned
 * @param desk, printing see work.js
 */
export function Dossier({ code, act, desk, printing, onBack }) {
  const { dossier, failed, setDossier, reload } = useDossier(code);
  const posting = usePosting(desk.counter, desk.send);
  const [panel, setPanel] = useState(act ?? null);
  const [correcting, setCorrecting] = useState(null);
  const [refused, setRefused] = useState(null);
  const [done, setDone] = useState(null); // the step just taken, while it may be taken back
  const heading = useRef();
  const { problem } = posting;

  useEffect(() => {
    if (dossier && !panel) heading.current?.focus();
  }, [dossier?.code]);
  useEffect(() => {
    if (problem?.status !== 409) return;
    setRefused({ ...problem, steps: dossier.steps.length }); // say why, and show how it stands
    closed();
    reload();
  }, [problem]);

  const closed = () => {
    setPanel(null);
    setCorrecting(null);
    posting.dismiss();
    requestAnimationFrame(() => heading.current?.focus());
  };

  async function take(body) {
    setRefused(null);
    setDone(null);
    const after = await posting.post(body.step, `/dossiers/${code}/steps`, body);
    if (!after) return;
    setDossier(after);
    closed();
    if (!body.corrects) setDone(body.step);
    if (FORM_OF[body.step]) printing.print(code, FORM_OF[body.step]);
    else printing.forget();
    desk.onChanged();
  }

  async function undo() {
    setDone(null);
    const after = await posting.post("undo", `/dossiers/${code}/undo`, {});
    if (!after) return;
    setDossier(after);
    printing.forget();
    desk.onChanged();
  }

  if (!dossier) {
    return html`<div class="dossier">
      <p class=${failed ? "said said-problem" : "said"} role=${failed ? "alert" : "status"}>
        <${Icon} name=${failed ? "triangle-alert" : "hourglass"} /><span>${failed || t("One moment …")}</span>
      </p>
      ${failed && html`<button type="button" class="press" onClick=${onBack}><${Icon} name="arrow-left" />${t("Back to the list")}</button>`}
    </div>`;
  }
  const open = panel && dossier.allowed.includes(panel);
  const common = { dossier, desk, problem: problem?.status === 409 ? null : problem, busy: posting.busy, onTake: take };
  return html`<div class="dossier" data-status=${dossier.status}>
    <${Head} dossier=${dossier} timezone=${desk.timezone} heading=${heading} />
    <div role="alert">
      ${problem &&
      problem.status !== 409 &&
      !open &&
      !correcting &&
      html`<p class="said said-problem"><${Icon} name="triangle-alert" /><span>${problem.detail}</span></p>`}
      ${refused &&
      html`<p class="said said-problem">
        <${Icon} name="triangle-alert" /><span>${refused.detail} ${refused.steps !== dossier.steps.length && t("It was changed meanwhile; this is how it stands now.")}</span>
      </p>`}
    </div>
    ${done && html`<${UndoStep} key=${dossier.steps.length} step=${done} onUndo=${undo} onOver=${() => setDone(null)} />`}
    ${printing.printed?.code === code && html`<${Printed} printed=${printing.printed} onPrint=${printing.print} />`}
    <${StepButtons} dossier=${dossier} busy=${posting.busy} onOpen=${(step) => {
      setRefused(null);
      setPanel(step);
    }} />
    <div class="dossier-parts">
      <${Facts} dossier=${dossier} desk=${desk} onPrint=${printing.print} />
      <${History} dossier=${dossier} timezone=${desk.timezone} onCorrect=${desk.corrects ? setCorrecting : undefined} />
    </div>
    ${open && html`<${StepPanel} key=${panel} step=${panel} ...${common} onClose=${closed} />`}
    ${correcting && html`<${CorrectionPanel} step=${correcting} timezone=${desk.timezone} ...${common} onClose=${closed} />`}
  </div>`;
}

function Head({ dossier, timezone, heading }) {
  const { words, lang } = named(dossier.procedure.names);
  const status = statusOf(dossier.status);
  const left = leftWords(dossier);
  const has = dossier.holders.map((one) => agencyName(dossier, one.agency));
  const told = dossier.promised_at && dossier.promised_at !== dossier.due_at;
  return html`<header class="dossier-head">
    <h2 tabindex="-1" ref=${heading}>${dossier.code}</h2>
    <p class="status"><${Icon} name=${status.icon} />${status.words}</p>
    ${dossier.due_at &&
    html`<p class=${`left ${left ? `left-${left.look}` : ""}`}>
      ${left && html`<${Icon} name=${left.icon} />${left.words} · `}
      ${t("due %(weekday)s %(day)s, %(time)s", {
        weekday: weekdayOf(dossier.due_at, timezone),
        day: dayOf(dossier.due_at, timezone),
        time: timeOf(dossier.due_at, timezone),
      })}
    </p>`}
    ${told && html`<p class="dossier-told">${t("The citizen was told %(when)s.", { when: momentOf(dossier.promised_at, timezone) })}</p>`}
    ${has.length > 0 && html`<p class="dossier-holder"><${Icon} name="building-2" />${t("Now at: %(agency)s", { agency: has.join(", ") })}</p>`}
    <p class="dossier-what" lang=${lang} title=${words}>${words}</p>
  </header>`;
}

/** The dossier as the server has it. */
function useDossier(code) {
  const [found, setFound] = useState({ dossier: null, failed: "" });
  const latest = useRef();
  latest.current = code;
  const reload = async () => {
    try {
      const dossier = await ask("GET", `/dossiers/${code}`);
      if (latest.current === code) setFound({ dossier, failed: "" });
    } catch (error) {
      if (latest.current !== code) return;
      const failed = error.problem ? error.detail : t("No answer from the server.");
      setFound((before) => ({ dossier: before.dossier, failed }));
    }
  };
  useEffect(() => {
    reload();
  }, [code]);
  const dossier = found.dossier?.code === code ? found.dossier : null;
  return { dossier, failed: found.failed, setDossier: (after) => setFound({ dossier: after, failed: "" }), reload };
}
