// An agency's board: what is on its way, what is with it now, what it has done.
import { html, render, useEffect, useState } from "preact";
import { ask, Refusal } from "motcua/api.js";
import { icon } from "motcua/icon.js";
import { watch } from "motcua/live.js";
import { loadWords, name, t, tn } from "motcua/words.js";
import { History } from "./history.js";
import { clockOf, leftOf, shareWords } from "./telling.js";

const place = document.getElementById("agency");
const { office, agency } = place.dataset;

const keys = new Map();

/** One key for one wish of this page. */
function keyOf(path, body) {
  const wish = `${path} ${JSON.stringify(body)}`;
  if (!keys.has(wish)) keys.set(wish, `${Date.now()}-${Math.random()}`);
  return keys.get(wish);
}

function Board({ first }) {
  const [state, setState] = useState(first);
  const [connected, setConnected] = useState(true);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState("");
  useEffect(() => {
    const live = watch(
      { view: "agency", office, agency },
      {
        onState: setState,
        onConnection: setConnected,
        onError: () => location.reload(), // the sign-in has ended
      },
    );
    return () => live.stop();
  }, []);

  /** Take a step. The same press again carries the same key: whatever was lost, it is taken once. */
  async function press(row, step, note = "") {
    if (busy) return false;
    setBusy(row.part);
    setProblem("");
    const body = { step, agency, note };
    let done = false;
    try {
      const path = `/dossiers/${encodeURIComponent(row.code)}/steps`;
      await ask("POST", path, { body, key: keyOf(path, body) });
      done = true;
    } catch (error) {
      setProblem(
        error instanceof Refusal ? error.detail : t("The server does not answer. Please try again."),
      );
    }
    setBusy("");
    return done;
  }
  const act = { press, busy, can: connected, zone: state.office.timezone };
  return html`
    ${!connected && html`<p class="said said-bad" role="status">${icon("wifi-off")} ${t("No connection to the server. What you see may be old.")}</p>`}
    ${problem && html`<p class="said said-bad" role="alert">${icon("triangle-alert")} ${problem}</p>`}
    <section aria-labelledby="coming-title">
      <h2 id="coming-title">${icon("inbox")} ${t("On its way to you")} <${Count} of=${state.coming} /></h2>
      ${!state.coming.length && html`<p class="nothing">${icon("info")} ${t("Nothing is on its way.")}</p>`}
      <ul class="parts">${state.coming.map((row) => html`<${Part} key=${row.part} row=${row} ...${act} />`)}</ul>
    </section>
    <section aria-labelledby="here-title">
      <h2 id="here-title">${icon("briefcase")} ${t("With you now")} <${Count} of=${state.here} /></h2>
      ${!state.here.length && html`<p class="nothing">${icon("info")} ${t("No dossier is with you.")}</p>`}
      <ul class="parts">${state.here.map((row) => html`<${Part} key=${row.part} row=${row} ...${act} />`)}</ul>
    </section>
    <${Done} done=${state.done} zone=${state.office.timezone} />
  `;
}

const Count = ({ of }) => of.length > 0 && html`<span class="part-count">${of.length}</span>`;

function Part({ row, press, busy, can, zone }) {
  const [finishing, setFinishing] = useState(false);
  const left = leftOf(row);
  return html`<li class=${`part part-${left.look}`}>
    <p class="part-code"><b>${row.code}</b> <span>${name(row.office_names)}</span></p>
    <h3>${name(row.procedure_names)}</h3>
    <p class=${`left left-${left.look}`}>${icon(left.icon)} ${left.words}</p>
    <dl>
      <div><dt>${t("Your time")}</dt><dd>${shareWords(row, zone)}</dd></div>
      <div><dt>${t("Handed over")}</dt><dd>${clockOf(row.handed_over_at, zone)}</dd></div>
      ${row.accepted_at && html`<div><dt>${t("Taken over")}</dt><dd>${clockOf(row.accepted_at, zone)}</dd></div>`}
      <div><dt>${t("Citizen's due date")}</dt><dd>${clockOf(row.due_at, zone)}</dd></div>
    </dl>
    ${finishing
      ? html`<${Finish} row=${row} busy=${busy} can=${can} onDone=${(note) => press(row, "part-done", note)} onBack=${() => setFinishing(false)} />`
      : html`<p class="part-acts">
          ${row.accepted_at
            ? html`<button type="button" class="button button-primary" disabled=${!can || row.stands} onClick=${() => setFinishing(true)}>${icon("check-check")} ${t("Our part is done")}</button>`
            : html`<button type="button" class="button button-primary" disabled=${!can || row.stands} aria-busy=${busy === row.part ? "true" : undefined} onClick=${() => press(row, "take-over")}>${icon("user-check")} ${t("We have it")}</button>`}
        </p>`}
    <${History} code=${row.code} zone=${zone} />
  </li>`;
}

/** A note goes along, and the second press is the confirmation. */
function Finish({ row, busy, can, onDone, onBack }) {
  const id = `note-${row.part}`;
  return html`<form
    class="finish"
    onSubmit=${(event) => {
      event.preventDefault();
      onDone(event.target.elements.note.value.trim());
    }}
  >
    <label for=${id}>${t("Note for the reception office (optional)")}</label>
    <textarea id=${id} name="note" rows="2" maxlength="1000" ref=${(place) => place?.focus()}></textarea>
    <p class="part-acts">
      <button class="button button-primary" disabled=${!can} aria-busy=${busy === row.part ? "true" : undefined}>${icon("check-check")} ${t("Give it back: done")}</button>
      <button type="button" class="button button-quiet" onClick=${onBack}>${t("Not yet")}</button>
    </p>
  </form>`;
}

function Done({ done, zone }) {
  return html`<section aria-labelledby="done-title">
    <h2 id="done-title">${icon("check-check")} ${tn("Done in the last %(n)s day", "Done in the last %(n)s days", done.days)}</h2>
    ${!done.count
      ? html`<p class="nothing">${icon("info")} ${t("Nothing was done in this time.")}</p>`
      : html`<p class="done-sum">${t("%(in_time)s of %(count)s within the time given.", done)}</p>
          <ul class="rows rows-quiet">
            ${done.latest.map(
              (row) => html`<li key=${`${row.code} ${row.done_at}`} class="row">
                <span class="row-words"><b>${row.code}</b> <span>${name(row.procedure_names)}</span></span>
                <span class="row-words">
                  <span class="row-when">${clockOf(row.done_at, zone)}</span>
                  <span class=${row.in_time ? "left left-fine" : "left left-used-up"}>${icon(row.in_time ? "check" : "triangle-alert")} ${row.in_time ? t("in time") : t("too late")}</span>
                </span>
              </li>`,
            )}
          </ul>`}
  </section>`;
}

const first = JSON.parse(document.getElementById("state").textContent);
await loadWords(document.documentElement.lang);
place.replaceChildren();
render(html`<${Board} first=${first} />`, place);
