// The papers, checked off one by one: kind and count of what is here, and what is not here.
import { html, useRef } from "preact";
import { t } from "motcua/words.js";
import { Icon } from "../parts.js";
import { channels, kinds } from "./wording.js";

/** A line for a paper that the procedure asks for. */
export const asked = (name) => ({ name, here: false, kind: "copy", count: 1 });

/** What is sent: the papers that are here. */
export function handedIn(papers) {
  return papers.filter((paper) => paper.here).map(({ name, kind, count }) => ({ name, kind, count: Number(count) || 1 }));
}

/** The names of those that are not. */
export function notHere(papers) {
  return papers.filter((paper) => !paper.here).map(({ name }) => name);
}

/**
 * @param papers [{name, here, kind, count}]
 * @param known whether the catalogue names the papers of this procedure
 */
export function Papers({ papers, known, channel, sets, onPapers, onChange }) {
  const own = useRef();
  const change = (index, values) =>
    onPapers(papers.map((paper, place) => (place === index ? { ...paper, ...values } : paper)));
  const add = () => {
    const name = own.current.value.trim().slice(0, 200);
    if (!name) return false;
    onPapers([...papers, { ...asked(name), here: true }]);
    own.current.value = "";
    return true;
  };
  const addKey = (event) => {
    if (event.key === "Enter" && !event.ctrlKey && add()) event.preventDefault();
  };
  const kindOf = (paper) => t("Kind of: %(paper)s", { paper });
  const countOf = (paper) => t("Count of: %(paper)s", { paper });
  const missing = notHere(papers).length;
  return html`<section class="block block-papers" role="group" aria-labelledby="papers-title">
    <h3 id="papers-title"><${Icon} name="file-text" />${t("Papers")}</h3>
    ${missing > 0 &&
    html`<button
      type="button"
      class="press press-small block-act"
      data-act="all-here"
      onClick=${() => onPapers(papers.map((paper) => ({ ...paper, here: true })))}
    >
      <${Icon} name="check-check" />${t("All are here")}
    </button>`}
    ${!known && html`<p class="block-note">${t("The catalogue names no papers for this procedure.")}</p>`}
    <ul class="papers">
      ${papers.map(
        (paper, index) => html`<li key=${paper.name} class=${paper.here ? "paper paper-here" : "paper"}>
          <label class="paper-name">
            <input type="checkbox" checked=${paper.here} onChange=${(event) => change(index, { here: event.target.checked })} />
            <span lang="vi">${paper.name}</span>
          </label>
          ${paper.here &&
          html`<select
              aria-label=${kindOf(paper.name)}
              value=${paper.kind}
              onChange=${(event) => change(index, { kind: event.target.value })}
            >
              ${kinds().map(([kind, words]) => html`<option key=${kind} value=${kind} selected=${kind === paper.kind}>${words}</option>`)}
            </select>
            <input
              type="number"
              min="1"
              max="999"
              aria-label=${countOf(paper.name)}
              value=${paper.count}
              onInput=${(event) => change(index, { count: event.target.value })}
            />`}
        </li>`,
      )}
    </ul>
    <div class="paper-own">
      <label for="paper-own">${t("Another paper")}</label>
      <input id="paper-own" type="text" maxlength="200" autocomplete="off" ref=${own} onKeyDown=${addKey} />
      <button type="button" class="press press-small" onClick=${add}><${Icon} name="plus" />${t("Add")}</button>
    </div>
    <div class="fields fields-short">
      <div class="field">
        <label for="sets">${t("Number of sets")}</label>
        <input id="sets" type="number" min="1" max="99" value=${sets} onInput=${(event) => onChange({ sets: event.target.value })} />
      </div>
      <div class="field">
        <label for="channel">${t("Received")}</label>
        <select id="channel" value=${channel} onChange=${(event) => onChange({ channel: Number(event.target.value) })}>
          ${channels().map(([code, words]) => html`<option key=${code} value=${code} selected=${code === channel}>${words}</option>`)}
        </select>
      </div>
    </div>
  </section>`;
}
