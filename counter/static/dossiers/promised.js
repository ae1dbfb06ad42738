// What would be promised if it were accepted now: the due date with how it was counted, and the fee.
import { html, useEffect, useState } from "preact";
import { name, t, tn } from "motcua/words.js";
import { ask, Refusal } from "motcua/api.js";
import { Icon } from "../parts.js";
import { dayOf, shortDay, timeOf, weekdayOf } from "./days.js";
import { countLabel, dong, feeWords, ruleWords, spanWords } from "./wording.js";

/** The clock goes on while a form is filled in: after this long the date is asked for anew. */
const AGAIN_MS = 20 * 1000;

/** After a lost answer it is asked for sooner. */
const SOON_MS = 2 * 1000;

/**
 * What the server would promise now.
 *
 * @param procedure its code, or nothing
 * @param count how many of its unit, where the catalogue does not say
 * @returns {{shown: object | null, failed: string}}
 */
export function usePreview(slug, procedure, count) {
  const [found, setFound] = useState({ procedure: "", count: "", shown: null, failed: "" });
  useEffect(() => {
    if (!procedure) return undefined;
    const leaving = new AbortController();
    const look = async () => {
      const body = count >= 1 && count <= 999 ? { procedure, count: Number(count) } : { procedure };
      try {
        const patience = AbortSignal.any([leaving.signal, AbortSignal.timeout(8000)]);
        const shown = await ask("POST", `/offices/${slug}/dossiers/preview`, { body, signal: patience });
        if (leaving.signal.aborted) return;
        setFound({ procedure, count, shown, failed: "" });
        timer = setTimeout(look, AGAIN_MS);
      } catch (error) {
        if (leaving.signal.aborted) return;
        const failed = error instanceof Refusal ? error.detail : t("No answer from the server.");
        // What was counted a moment ago still holds, but never for another procedure.
        const holds = (before) => !(error instanceof Refusal) && before.procedure === procedure && before.count === count;
        setFound((before) => ({ procedure, count, shown: holds(before) ? before.shown : null, failed }));
        if (!(error instanceof Refusal)) timer = setTimeout(look, SOON_MS);
      }
    };
    let timer = 0;
    look();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [slug, procedure, count]);
  if (found.procedure !== procedure) return { shown: null, failed: "" };
  if (found.count === count || !found.shown) return found;
  // Another count was typed: no date until it has been counted, but the field stays.
  return { shown: { ...found.shown, due_at: null, counted: null }, failed: "" };
}

/** The date and the fee, large; below them how they came about. */
export function Promised({ shown, failed, count, error, timezone, onCount }) {
  if (failed && !shown) {
    return html`<section class="block promise" aria-live="polite">
      <p class="field-error"><${Icon} name="triangle-alert" />${failed}</p>
    </section>`;
  }
  if (!shown) return html`<section class="block promise promise-empty" aria-hidden="true"></section>`;
  return html`<section class="block promise" aria-labelledby="promise-title">
    <h3 id="promise-title"><${Icon} name="calendar-check" />${t("Result due, if accepted now")}</h3>
    ${shown.count_needed && html`<${Count} unit=${shown.terms.unit} count=${count} error=${error} onCount=${onCount} />`}
    <div aria-live="polite">
      ${shown.due_at
        ? html`<p class="promise-day">
              <span>${weekdayOf(shown.due_at, timezone)}</span>
              <strong data-due=${shown.due_at}>${dayOf(shown.due_at, timezone)}</strong>
              <span>${timeOf(shown.due_at, timezone)}</span>
            </p>
            <${HowCounted} shown=${shown} />`
        : html`<p class="block-note">${t("The catalogue does not say how long this takes.")}</p>`}
    </div>
    <h3><${Icon} name="wallet" />${t("Fee")}</h3>
    <p class="promise-fee" lang=${shown.fee.vnd === null ? "vi" : undefined}>${feeWords(shown.fee)}</p>
    ${shown.fee.vnd !== null && !["", "Miễn phí", dong(shown.fee.vnd)].includes(shown.fee.note) && html`<p class="promise-note" lang="vi">${shown.fee.note}</p>`}
    ${shown.agencies.length > 0 && html`<${Agencies} shown=${shown} />`}
  </section>`;
}

function Count({ unit, count, error, onCount }) {
  return html`<div class=${`field ${error ? "field-wrong" : ""}`} data-field="count">
    <label for="count">${countLabel(unit)}</label>
    <input
      id="count"
      type="number"
      min="1"
      max="999"
      value=${count}
      aria-invalid=${error ? "true" : undefined}
      aria-describedby=${error ? "count-error" : undefined}
      onInput=${(event) => onCount(event.target.value)}
    />
    ${error && html`<p class="field-error" id="count-error"><${Icon} name="triangle-alert" />${error}</p>`}
  </div>`;
}

function HowCounted({ shown }) {
  const { terms, counted } = shown;
  const passed = counted.weekends > 0 && terms.unit !== "calendar_day";
  const began =
    terms.unit === "working_day" || terms.unit === "calendar_day"
      ? t("%(span)s from the day after today", { span: spanWords(terms.unit, terms.count) })
      : spanWords(terms.unit, terms.count);
  return html`<ul class="counted">
    <li>${began}</li>
    ${passed && html`<li>${tn("without one day of a weekend", "without %(n)s days of weekends", counted.weekends)}</li>`}
    ${terms.unit !== "calendar_day" &&
    counted.holidays.map((day) => html`<${OffDay} key=${day.day} day=${day} words=${t("without %(day)s, %(name)s", named(day))} />`)}
    ${counted.worked.map((day) => html`<${OffDay} key=${day.day} day=${day} words=${t("with %(day)s, a make-up day: %(name)s", named(day))} />`)}
    ${counted.rule && html`<li class="counted-rule">${ruleWords(counted.rule)}</li>`}
  </ul>`;
}

const named = (day) => ({ day: shortDay(day.day), name: name(day.names) });

function OffDay({ day, words }) {
  const unsure = day.certainty === "assumed" && t("not decided yet when the calendar was made");
  return html`<li title=${day.source}>${words}${unsure && html` <em>(${unsure})</em>`}</li>`;
}

function Agencies({ shown }) {
  const unknown = shown.agencies.filter((one) => !one.names);
  return html`<h3><${Icon} name="building-2" />${t("Goes through")}</h3>
    <ol class="promise-agencies">
      ${shown.agencies.map(
        (one) => html`<li key=${one.agency}>${one.names ? name(one.names) : one.agency}: ${spanWords(shown.terms.unit, one.share)}</li>`,
      )}
    </ol>
    ${unknown.length > 0 &&
    html`<p class="field-error">
      <${Icon} name="triangle-alert" />
      ${t("Nobody has entered this agency; it is left out of the plan: %(codes)s", { codes: unknown.map((one) => one.agency).join(", ") })}
    </p>`}`;
}
