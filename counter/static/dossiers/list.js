// The office's open dossiers, the soonest due first, and finding one by name, number or code.
import { html, useEffect, useRef, useState } from "preact";
import { t } from "motcua/words.js";
import { ask } from "motcua/api.js";
import { Icon, walk } from "../parts.js";
import { dayOf, leftWords } from "./days.js";
import { named, statusOf } from "./wording.js";

/** Typing goes on for so long before the server is asked, in milliseconds. */
const TYPING_MS = 250;

/** Which rows a filter keeps; `status` asks the server instead. */
const FILTERS = [
  { key: "all", words: () => t("All open"), keeps: () => true },
  { key: "late", words: () => t("Late"), keeps: (row) => leftWords(row)?.look === "late" },
  { key: "today", words: () => t("Due today"), keeps: (row) => leftWords(row)?.look === "today" },
  { key: "still", words: () => t("Waiting for the citizen"), keeps: (row) => [5, 6].includes(row.status) },
  { key: "ready", words: () => t("To be collected"), status: 9, keeps: () => true },
];

/**
 * @param desk see work.js
 * @param filter key of the filter chosen, words what was typed: kept by who shows this, for the way back
 */
export function List({ desk, filter, words, onFilter, onWords, onShow }) {
  const { rows, failed, waiting } = useRows(desk.slug, filter, words);
  const input = useRef();
  useEffect(() => input.current.focus(), []);
  useEffect(() => {
    if (!desk.card) return;
    onWords(desk.card.number); // a card is as good as a name
    desk.forgetCard();
  }, [desk.card]);
  const enter = (event) => {
    if (event.key === "Enter" && rows?.length === 1) onShow(rows[0].code);
  };
  return html`<div class="list" onKeyDown=${(event) => walk(event, ".list-row")}>
    <div class="list-head">
      <div class="list-search">
        <label for="find"><${Icon} name="search" />${t("Find a dossier")}</label>
        <input
          id="find"
          type="search"
          autocomplete="off"
          spellcheck=${false}
          maxlength="200"
          placeholder=${t("Code, name, phone or card number; or scan the receipt")}
          ref=${input}
          value=${words}
          onInput=${(event) => onWords(event.target.value)}
          onKeyDown=${enter}
        />
      </div>
      ${!words.trim() &&
      html`<div class="filters" role="group" aria-label=${t("Which dossiers")}>
        ${FILTERS.map(
          (one) => html`<button
            type="button"
            key=${one.key}
            class="press press-small filter"
            aria-pressed=${one.key === filter ? "true" : "false"}
            onClick=${() => onFilter(one.key)}
          >
            ${one.words()}
          </button>`,
        )}
      </div>`}
    </div>
    <div role="status" class="list-said">
      ${failed && html`<p class="field-error"><${Icon} name="triangle-alert" />${failed}</p>`}
      ${!failed && waiting && !rows && t("One moment …")}
      ${!failed && rows && !rows.length && html`<p class="list-empty"><${Icon} name="inbox" />${emptyWords(filter, words)}</p>`}
    </div>
    ${rows?.length > 0 && html`<ul class="list-rows">${rows.map((row) => html`<${Row} key=${row.code} row=${row} desk=${desk} onShow=${onShow} />`)}</ul>`}
  </div>`;
}

function Row({ row, desk, onShow }) {
  const { words, lang } = named(row.procedure.names);
  const left = leftWords(row);
  const status = statusOf(row.status);
  return html`<li>
    <button type="button" class="list-row" data-code=${row.code} onClick=${() => onShow(row.code)}>
      <span class="list-code">${row.code}</span>
      <span class="list-what">
        ${row.applicant && html`<strong>${row.applicant}</strong>`}
        <span lang=${lang} title=${words}>${words}</span>
      </span>
      <span class="list-status"><${Icon} name=${status.icon} />${status.words}</span>
      <span class=${`left ${left ? `left-${left.look}` : ""}`}>
        ${left && html`<${Icon} name=${left.icon} />${left.words}`}
        ${row.due_at && html`<small>${dayOf(row.due_at, desk.timezone)}</small>`}
      </span>
    </button>
  </li>`;
}

/** The rows to show; null until the first have come. */
function useRows(slug, filter, words) {
  const [found, setFound] = useState({ rows: null, failed: "", waiting: true });
  const chosen = FILTERS.find((one) => one.key === filter);
  const query = words.trim();
  useEffect(() => {
    const leaving = new AbortController();
    const look = async () => {
      setFound((before) => ({ ...before, waiting: true }));
      try {
        const patience = AbortSignal.any([leaving.signal, AbortSignal.timeout(8000)]);
        const rows = await rowsOf(slug, chosen, query, patience);
        setFound({ rows, failed: "", waiting: false });
      } catch (error) {
        if (leaving.signal.aborted) return;
        setFound({ rows: null, failed: error.problem ? error.detail : t("No answer from the server."), waiting: false });
      }
    };
    const timer = setTimeout(look, query ? TYPING_MS : 0);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [slug, filter, query]);
  return found;
}

async function rowsOf(slug, filter, query, signal) {
  const path = `/offices/${slug}/dossiers`;
  const find = (body) => ask("POST", `${path}/find`, { body, signal });
  if (query) return (await find({ words: query })).dossiers;
  if (filter.status) return (await find({ status: filter.status })).dossiers;
  const { dossiers } = await ask("GET", path, { signal });
  return dossiers.filter(filter.keeps);
}

function emptyWords(filter, words) {
  if (words.trim()) return t("Nothing fits. A name without accents will do; a dossier that is over is found by its whole code.");
  return {
    all: t("No dossier is open."),
    late: t("Nothing is late."),
    today: t("Nothing is due today."),
    still: t("Nobody has to bring anything."),
    ready: t("No result waits to be collected."),
  }[filter];
}
