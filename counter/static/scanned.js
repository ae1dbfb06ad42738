// What a scan shows: the ticket of a slip with what can be done about it, and a citizen card.
import { html, useRef, useState } from "preact";
import { name, t, tn } from "motcua/words.js";
import { Choice, Icon, Panel } from "./parts.js";

/** What can be done about a scanned ticket, in the order of its keys. */
export function ticketActs(found) {
  if (!found.here) return [];
  const back = found.can_check_in;
  const call = found.allowed.includes("call");
  return [back && "resume", call && "call"].filter(Boolean);
}

/** A scanned slip: how its number stands, and a way on. */
export function TicketPanel({ found, names, can, onAct, onClose }) {
  const acts = ticketActs(found);
  const words = {
    resume: t("Is back: waits again"),
    call: t("Call to this counter now"),
  };
  const icons = { resume: "rotate-ccw", call: "bell" };
  const title = `${found.number} · ${statusOf(found)}`;
  const service = names[found.service.code] ?? name(found.service.names);
  const hint = found.here ? service : t("This number belongs to another office: %(office)s.", { office: name(found.office.names) });
  return html`<${Panel} title=${title} hint=${hint} onClose=${onClose}>
    ${found.dossier_code &&
    html`<p class="panel-dossier"><${Icon} name="file-check" />${found.dossier_code}</p>`}
    ${acts.length > 0
      ? html`<ul class="choices">
          ${acts.map(
            (act, index) =>
              html`<${Choice} key=${act} keys=${String(index + 1)} can=${can} onPress=${() => onAct(act)}>
                <${Icon} name=${icons[act]} /> ${words[act]}
              <//>`,
          )}
        </ul>`
      : html`<p>${t("Nothing can be done with this number here.")}</p>`}
  <//>`;
}

function statusOf({ status, today, counter, ahead }) {
  if (!today) return t("from an earlier day");
  const words = {
    called: t("called at counter %(counter)s", { counter }),
    serving: t("being served at counter %(counter)s", { counter }),
    parked: t("set aside"),
    no_show: t("missed the call"),
    done: t("served"),
    cancelled: t("given back"),
  };
  if (status === "waiting") return ahead ? tn("one person ahead", "%(n)s people ahead", ahead) : t("next in line");
  return words[status] ?? status;
}

/** A citizen card while it may be shown, each field ready to be copied into another program. */
export function CardRead({ fields, onForget }) {
  const shown = [
    ["name", t("Name")],
    ["number", t("Citizen number")],
    ["old_number", t("Old number")],
    ["born", t("Born")],
    ["sex", t("Sex")],
    ["address", t("Address")],
    ["issued", t("Issued")],
  ];
  return html`<section class="card-read" aria-labelledby="card-title">
    <header class="card-head">
      <h2 id="card-title"><${Icon} name="id-card" />${t("Card read")}</h2>
      <p>${t("Compare it with the person. It goes when the next one comes, after 5 minutes at the latest, and is kept nowhere.")}</p>
      <button type="button" class="press" data-act="forget-card" onClick=${onForget}>
        <${Icon} name="x" />${t("Forget")}
      </button>
    </header>
    <dl class="card-fields">
      ${shown.map(
        ([field, label]) =>
          fields[field] &&
          html`<${Field} key=${field} field=${field} label=${label} value=${asWritten(fields[field])} />`,
      )}
    </dl>
  </section>`;
}

/** A day as people here write it, "05/02/1990"; everything else as it is. */
function asWritten(value) {
  return /^\d{4}-\d\d-\d\d$/.test(value) ? value.split("-").reverse().join("/") : value;
}

function Field({ field, label, value }) {
  const [copied, setCopied] = useState(false);
  const words = useRef();
  const copy = () => {
    setCopied(copyText(words.current));
    setTimeout(() => setCopied(false), 1500);
  };
  const copyWords = t("Copy: %(field)s", { field: label });
  return html`<div class="card-field" data-field=${field}>
    <dt>${label}</dt>
    <dd>
      <span class="card-value" ref=${words}>${value}</span>
      <button
        type="button"
        class="row-act"
        aria-label=${copyWords}
        title=${copyWords}
        onClick=${copy}
      >
        <${Icon} name=${copied ? "check" : "copy"} />
      </button>
    </dd>
  </div>`;
}

/** Copy an element's text. The newer way would want HTTPS, which a hall may not have. */
function copyText(element) {
  const selection = getSelection();
  selection.selectAllChildren(element);
  const done = document.execCommand("copy");
  selection.removeAllRanges();
  return done;
}
