// The dossier work of the desk, loaded when it is first needed: reception, the list, one dossier.
import { html, useEffect, useState } from "preact";
import { t } from "motcua/words.js";
import { Icon } from "../parts.js";
import { Dossier } from "./dossier.js";
import { OfVisit } from "./door.js";
import { List } from "./list.js";
import { usePrinting } from "./printing.js";
import { Reception } from "./reception.js";

/**
 * @param at {view: "receive" | "list" | "dossier", code, act, again}: what is shown; another `again`
 *   opens the same dossier anew
 * @param desk {slug, timezone, counter, ticket, card, forgetCard, send, corrects, onChanged}
 * @param drafting see drafts.js
 * @param rows the dossiers handed in at this visit
 * @param last, onReceived what was received before in this visit: see reception.js
 * @param onGo (at) -> shows something else, onClose back to the queue
 */
export function Work({ at, desk, drafting, rows, last, onReceived, onGo, onClose }) {
  const printing = usePrinting(desk.counter, desk.send);
  const [filter, setFilter] = useState("all");
  const [words, setWords] = useState("");
  const show = (code) => onGo({ view: "dossier", code });
  useEffect(() => {
    const leave = (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      onClose();
    };
    document.addEventListener("keydown", leave);
    return () => document.removeEventListener("keydown", leave);
  }, [onClose]);
  const tab = (view, icon, label) => html`<button
    type="button"
    class="press work-tab"
    data-view=${view}
    aria-current=${at.view === view ? "page" : undefined}
    onClick=${() => onGo({ view })}
  >
    <${Icon} name=${icon} />${label}
  </button>`;
  return html`<section class="dossier-work" aria-label=${t("Dossiers")}>
    <nav class="work-tabs" aria-label=${t("Dossiers")}>
      ${tab("receive", "plus", t("Receive a dossier"))} ${tab("list", "list", t("Find a dossier"))}
      ${at.view === "dossier" && html`<span class="work-tab-here"><${Icon} name="file-text" />${at.code}</span>`}
      ${at.view === "receive" && rows.length > 0 && html`<${OfVisit} rows=${rows} onShow=${show} />`}
      <button type="button" class="press press-plain work-close" data-act="leave" onClick=${onClose}>
        <${Icon} name="x" />${t("Back to the queue")} <kbd aria-hidden="true">Esc</kbd>
      </button>
    </nav>
    ${at.view === "receive" &&
    html`<${Reception}
      key=${desk.ticket?.id ?? "nobody"}
      desk=${desk}
      drafting=${drafting}
      printing=${printing}
      last=${last}
      onReceived=${onReceived}
      onShow=${show}
    />`}
    ${at.view === "list" &&
    html`<${List} desk=${desk} filter=${filter} words=${words} onFilter=${setFilter} onWords=${setWords} onShow=${show} />`}
    ${at.view === "dossier" &&
    html`<${Dossier} key=${`${at.code} ${at.again ?? ""}`} code=${at.code} act=${at.act} desk=${desk} printing=${printing} onBack=${() => onGo({ view: "list" })} />`}
  </section>`;
}
