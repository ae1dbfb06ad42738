// Where the desk meets its dossiers: what a scanned receipt opens, the dossiers of this visit, and
// the work itself, which is fetched when somebody first wants it.
import { html, useEffect, useState } from "preact";
import { name, t } from "motcua/words.js";
import { ask } from "motcua/api.js";
import { Icon, Press } from "../parts.js";
import { useDraft } from "./drafts.js";
import { statusOf } from "./wording.js";

/**
 * @param counter id of the counter, me sign-in name of the clerk
 * @param state the read model "counter", or null before it came
 * @returns {at, go, close, scanned, drafting, visit, last, received, refresh}: `at` is what of the
 *   dossier work is shown, null for none; `scanned(code)` resolves to whether it opened a dossier
 */
export function useDossiers(counter, me, state) {
  const [at, setAt] = useState(null);
  const [last, setLast] = useState(null);
  const [changes, setChanges] = useState(0);
  const slug = state?.office.slug;
  const visit = state ? (state.current?.id ?? null) : undefined;
  const drafting = useDraft(counter, me, visit);
  const rows = useVisit(slug, visit, changes);

  // What was received before is of the person before.
  useEffect(() => setLast(null), [visit]);
  useEffect(() => {
    if (drafting.restored) setAt({ view: "receive" });
  }, [drafting.restored]);

  async function scanned(code) {
    try {
      const found = await ask("GET", `/dossiers/${code}`);
      setAt({ view: "dossier", code: found.code, act: found.status === 9 ? "return" : undefined, again: Date.now() });
      return true;
    } catch {
      return false; // not one of ours, or no answer: the code is still worth noting
    }
  }

  return {
    at,
    go: setAt,
    close: () => {
      setAt(null);
      setLast(null);
    },
    scanned,
    drafting,
    visit: rows,
    last,
    received(what) {
      setLast(what);
      setChanges((count) => count + 1);
    },
    refresh: () => setChanges((count) => count + 1),
  };
}

/** The dossiers handed in at this visit. */
function useVisit(slug, visit, changes) {
  const [found, setFound] = useState({ visit: null, rows: [] });
  useEffect(() => {
    if (!slug || !visit) return undefined;
    let here = true;
    ask("POST", `/offices/${slug}/dossiers/find`, { body: { ticket: visit } }).then(
      ({ dossiers }) => here && setFound({ visit, rows: dossiers }),
      () => {}, // the strip then shows what it knew
    );
    return () => (here = false);
  }, [slug, visit, changes]);
  return found.visit === visit ? found.rows : [];
}

/** The line at the foot of the desk: receive, find, and what was handed in at this visit. */
export function Strip({ rows, can, onAct, onShow }) {
  return html`<section class="strip" aria-label=${t("Dossiers")}>
    <${Press} act="receive" look="strip-act" icon="plus" keys="H" words=${t("Receive a dossier")} can=${Boolean(can.receive)} onPress=${onAct} />
    <${Press} act="dossiers" look="strip-act" icon="search" keys="D" words=${t("Find a dossier")} can=${Boolean(can.dossiers)} onPress=${onAct} />
    ${rows.length > 0 && html`<${OfVisit} rows=${rows} onShow=${onShow} />`}
  </section>`;
}

/** Handed in at this visit, each a way to the dossier. */
export function OfVisit({ rows, onShow }) {
  return html`<ul class="strip-rows" aria-label=${t("Handed in at this visit")}>
    ${rows.map((row) => {
      const status = statusOf(row.status);
      return html`<li key=${row.code}>
        <button type="button" class="press press-small" title=${name(row.procedure.names)} onClick=${() => onShow(row.code)}>
          <${Icon} name=${status.icon} /><span>${row.code}</span> <small>${status.words}</small>
        </button>
      </li>`;
    })}
  </ul>`;
}

let fetched = null;
let tries = 0;

/** The work, once its scripts are there. Asked for once; a lost answer is asked for again. */
export function LazyWork(props) {
  const [Work, setWork] = useState(() => fetched);
  const [failed, setFailed] = useState(false);
  const fetchIt = () => {
    setFailed(false);
    tries += 1;
    // A browser remembers that an address failed: the next try has another.
    import(tries > 1 ? `./work.js?again=${tries}` : "./work.js").then(
      (module) => {
        fetched = module.Work;
        setWork(() => fetched);
      },
      () => setFailed(true),
    );
  };
  useEffect(() => {
    if (!Work) fetchIt();
  }, []);
  if (Work) return html`<${Work} ...${props} />`;
  return html`<section class="dossier-work">
    <p class="said" role="status">
      <${Icon} name=${failed ? "triangle-alert" : "hourglass"} />
      <span>${failed ? t("No answer from the server.") : t("One moment …")}</span>
      ${failed && html`<button type="button" class="press" onClick=${fetchIt}>${t("Try again")}</button>`}
    </p>
  </section>`;
}
