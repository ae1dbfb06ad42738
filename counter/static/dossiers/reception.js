// Reception in one screen: procedure, applicant, papers, what would be promised, and the result.
import { html, useEffect, useRef, useState } from "preact";
import { t, tn } from "motcua/words.js";
import { Icon } from "../parts.js";
import { ApplicantFields, asSent, fromCard, wrongIn } from "./applicant.js";
import { NOBODY } from "./drafts.js";
import { moveOn } from "./fields.js";
import { linesOf, RefusalPanel, SupplementPanel } from "./outcomes.js";
import { asked, handedIn, notHere, Papers } from "./papers.js";
import { keyed, usePosting } from "./posting.js";
import { FORM_OF } from "./printing.js";
import { ProcedureField, useProcedures } from "./procedure.js";
import { Promised, usePreview } from "./promised.js";
import { Received } from "./received.js";
import { useWays, wished, Wishes } from "./wishes.js";
import { countLabel } from "./wording.js";

/**
 * @param desk {slug, timezone, counter, ticket, card, send}: see work.js
 * @param drafting {draft, newest, change, clear}: see drafts.js
 * @param printing see printing.js
 * @param last {dossier, moved, applicant}: what was received before in this visit, or null
 */
export function Reception({ desk, drafting, printing, last, onReceived, onShow }) {
  const { draft, newest, change, clear } = drafting;
  const { list, failed } = useProcedures(desk.slug);
  const preview = usePreview(desk.slug, draft.procedure, draft.count);
  const ways = useWays(desk.slug);
  const posting = usePosting(desk.counter, desk.send);
  const [wrong, setWrong] = useState({});
  const [cardRead, setCardRead] = useState(false);
  const [panel, setPanel] = useState(null);
  const form = useRef();
  const chosen = list?.find((one) => one.code === draft.procedure) ?? null;
  const focus = (selector) => requestAnimationFrame(() => form.current?.querySelector(selector)?.focus());

  useEffect(() => {
    if (draft.procedure) focus("#applicant-name");
  }, []);
  useEffect(() => {
    if (!desk.card) return;
    change({ applicant: { ...NOBODY, ...newest().applicant, ...fromCard(desk.card) } });
    desk.forgetCard();
    setCardRead(true);
    setWrong({});
  }, [desk.card]);
  useEffect(() => {
    if (preview.shown?.papers.length && !newest().papers.length) change({ papers: preview.shown.papers.map(asked) });
  }, [preview.shown?.procedure.code]);

  useEffect(() => {
    const errors = posting.problem?.errors ?? [];
    const mine = errors.map(({ field }) => field.replace("applicant.", "")).filter((field) => field in NOBODY || field === "count");
    if (mine.length) setWrong(Object.fromEntries(mine.map((field) => [field, t("This is not acceptable here.")])));
  }, [posting.problem]);

  function choose(procedure) {
    change({ procedure: procedure.code, count: "", papers: [] });
    setWrong({});
    focus("#applicant-name");
  }

  function check() {
    const { applicant, procedure, count } = newest();
    const found = wrongIn(applicant);
    if (!procedure) found.procedure = t("Please choose the procedure.");
    else if (preview.shown?.count_needed && !(count >= 1 && count <= 999)) {
      found.count = countLabel(preview.shown.terms.unit);
    }
    else if (!preview.shown?.due_at) found.promise = t("The due date is not counted yet. Please wait a moment.");
    setWrong(found);
    const first = ["procedure", "count"].find((name) => found[name]) ?? Object.keys(found)[0];
    if (first && first !== "promise") focus(["procedure", "count"].includes(first) ? `#${first}` : `#applicant-${first}`);
    return !first;
  }

  async function receive(outcome, more = {}) {
    if (!check()) return setPanel(null);
    const draft = newest();
    const body = bodyOf(draft, preview.shown, desk.ticket, { outcome, ...more });
    const sent = keyed(draft.sent, body);
    change({ sent });
    const made = await posting.post(outcome, `/offices/${desk.slug}/dossiers`, body, sent.key);
    if (!made) return null;
    const before = preview.shown?.due_at?.slice(0, 10);
    onReceived({
      dossier: made,
      moved: Boolean(before && made.due_at && made.due_at.slice(0, 10) !== before),
      applicant: draft.applicant,
    });
    printing.print(made.code, FORM_OF[outcome]);
    next({ procedure: draft.procedure, count: draft.count, papers: draft.papers, channel: draft.channel, sets: draft.sets });
    return made;
  }

  /** The next one of a batch: the same procedure and papers, another person. */
  function next(kept) {
    clear(kept);
    setPanel(null);
    setWrong({});
    setCardRead(false);
    focus(kept.procedure ? "#applicant-name" : "#procedure");
  }

  function another() {
    next({ applicant: last.applicant });
    focus("#procedure");
  }

  const keys = (event) => {
    if (event.key === "Enter" && event.ctrlKey && !event.repeat) {
      event.preventDefault();
      receive("accept");
    } else moveOn(event);
  };
  const missing = notHere(draft.papers);
  const common = { problem: posting.problem, busy: posting.busy, onClose: () => setPanel(null) };
  return html`<form class="reception" ref=${form} onKeyDown=${keys} onSubmit=${(event) => event.preventDefault()} novalidate>
    ${last &&
    html`<${Received}
      key=${last.dossier.code}
      ...${last}
      timezone=${desk.timezone}
      printing=${printing}
      onShow=${onShow}
      onAnother=${another}
    />`}
    <${ProcedureField}
      list=${list}
      failed=${failed}
      chosen=${chosen}
      service=${desk.ticket?.service}
      error=${wrong.procedure}
      onChoose=${choose}
      onChange=${() => change({ procedure: "", count: "", papers: [] })}
    />
    <div class="reception-parts">
      <${ApplicantFields}
        applicant=${draft.applicant}
        wrong=${wrong}
        cardRead=${cardRead}
        previous=${last?.applicant}
        onChange=${(applicant) => {
          change({ applicant });
          if (Object.keys(wrong).length) setWrong(wrongIn(applicant));
        }}
      >
        <${Wishes} ways=${ways} notices=${draft.notices} applicant=${draft.applicant} onChange=${(notices) => change({ notices })} />
      <//>
      <${Papers}
        papers=${draft.papers}
        known=${!preview.shown || preview.shown.papers.length > 0}
        channel=${draft.channel}
        sets=${draft.sets}
        onPapers=${(papers) => change({ papers })}
        onChange=${change}
      />
      <${Promised}
        ...${preview}
        count=${draft.count}
        error=${wrong.count}
        timezone=${desk.timezone}
        onCount=${(count) => {
          change({ count });
          setWrong({ ...wrong, count: undefined });
        }}
      />
    </div>
    <footer class="reception-foot">
      <div class="reception-said" role="alert">
        ${wrong.promise && !preview.shown?.due_at && html`<${Problem} problem=${{ detail: wrong.promise }} />`}
        ${posting.problem && !panel && html`<${Problem} problem=${posting.problem} />`}
      </div>
      ${missing.length > 0 &&
      chosen &&
      html`<p class="reception-missing">
        <${Icon} name="info" />${tn("one paper is not checked off", "%(n)s papers are not checked off", missing.length)}
      </p>`}
      <button type="button" class="press" data-act="refuse" onClick=${() => check() && setPanel("refuse")}>
        <${Icon} name="x" />${t("Refuse")}
      </button>
      <button type="button" class="press" data-act="ask-supplement" onClick=${() => check() && setPanel("supplement")}>
        <${Icon} name="pause" />${t("Ask for supplements")}
      </button>
      <button
        type="button"
        class="press press-main"
        data-act="accept"
        data-last
        aria-keyshortcuts="Control+Enter"
        aria-busy=${posting.busy ? "true" : undefined}
        onClick=${() => receive("accept")}
      >
        <${Icon} name="check" />${t("Accept")} <kbd aria-hidden="true">Ctrl ↵</kbd>
      </button>
    </footer>
    </form>
    ${panel === "supplement" &&
    html`<${SupplementPanel} missing=${missing} ...${common} onSend=${(text) => receive("ask-supplement", { missing: linesOf(text) })} />`}
    ${panel === "refuse" && html`<${RefusalPanel} ...${common} onSend=${(reason) => receive("refuse", { reason })} />`}`;
}

function Problem({ problem }) {
  return html`<p class="said said-problem">
    <${Icon} name="triangle-alert" />
    <span>${problem.detail} ${problem.href && html`<a href=${problem.href}>${problem.link}</a>`}</span>
  </p>`;
}

/** What is sent. The server plans by the catalogue, but for agencies that nobody has entered. */
function bodyOf(draft, shown, ticket, more) {
  const agencies = shown?.agencies ?? [];
  const known = agencies.filter((one) => one.names);
  const plan = known.map(({ agency, position, share }) => ({ agency, position, share }));
  return {
    procedure: draft.procedure,
    applicant: asSent(draft.applicant),
    notices: wished(draft),
    channel: draft.channel,
    papers: handedIn(draft.papers),
    sets: Math.min(Math.max(Number(draft.sets) || 1, 1), 99),
    ...(known.length < agencies.length ? { shares: plan } : {}),
    ...(ticket ? { ticket: ticket.id } : {}),
    ...(shown?.count_needed ? { count: Number(draft.count) } : {}),
    ...more,
  };
}
