/* Fees, times and papers: per service, and all together as the fee board. */
import { html, useEffect, useRef, useState } from "preact";
import { icon } from "motcua/icon.js";
import { name, t, tn } from "motcua/words.js";
import { Finder } from "./finding.js";

/** As catalogues write it; shown in the reader's language. */
const FREE = "Miễn phí";
const OF_THE_PROVINCE = "Theo nghị quyết của HĐND tỉnh";

const kept = new Map();

/**
 * The procedures of a service, or of the whole hall without a code; asked for once.
 * None while they come, `"missing"` without an answer.
 */
export function useFees(office, code) {
  const which = code ? `?service=${encodeURIComponent(code)}` : "";
  const address = `/api/v1/offices/${office}/fees${which}`;
  const [fees, setFees] = useState(kept.get(address) ?? null);
  useEffect(() => {
    setFees(kept.get(address) ?? null);
    if (kept.has(address)) return undefined;
    const leaving = new AbortController();
    fetch(address, { signal: AbortSignal.any([leaving.signal, AbortSignal.timeout(8000)]) })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
      .then(({ procedures }) => {
        kept.set(address, procedures);
        setFees(procedures);
      })
      .catch(() => leaving.signal.aborted || setFees("missing"));
    return () => leaving.abort();
  }, [address]);
  return fees;
}

/** Forget what was asked, so that the next reader gets today's fees. */
export function forgetFees() {
  kept.clear();
}

/** The procedures of a service with their time and fee. */
export function FeeList({ office, code }) {
  const fees = useFees(office, code);
  if (fees === null) return html`<p class="fees-none">${t("One moment, please")}</p>`;
  if (fees === "missing") {
    return html`<p class="fees-none">${t("The fees cannot be shown now. Please ask the staff.")}</p>`;
  }
  if (fees.length === 0) return html`<p class="fees-none">${t("Nothing to pay is listed here.")}</p>`;
  return html`<ul class="fees">
    ${fees.map((procedure) => html`<li key=${procedure.code} class="fee"><${Fee} ...${procedure} /></li>`)}
  </ul>`;
}

/** What one procedure is called, how long it takes and what it costs. */
export function Fee(procedure) {
  return html`
    <p class="fee-name" lang=${langOf(procedure.names)}>${name(procedure.names)}</p>
    <p class="fee-time">
      ${icon("clock")}
      <span>
        ${timeWords(procedure) || t("No time is set")}
        ${procedure.afternoon_rule && html`<small class="fee-afternoon">${t("received after 15:00: due the next working day")}</small>`}
      </span>
    </p>
    <div class="fee-prices">
      ${prices(procedure).map(
        ({ label, words, note }) => html`<p key=${label} class="fee-price">
          ${icon("wallet")}
          <span>${label && html`<span class="fee-label">${label}</span> `}${words} ${note && html`<small class="fee-note" lang="vi">${note}</small>`}</span>
        </p>`,
      )}
    </div>
  `;
}

function langOf(names) {
  return names[document.documentElement.lang] ? undefined : "vi";
}

/** "Same day", "3 working days"; empty where no time is set. */
export function timeWords({ days, unit }) {
  if (unit === "same_day") return t("Same day");
  if (days === null) return "";
  if (unit === "working_day") return tn("%(n)s working day", "%(n)s working days", days);
  if (unit === "hour") return tn("%(n)s hour", "%(n)s hours", days);
  return tn("%(n)s day", "%(n)s days", days);
}

/**
 * What is to be paid, `{label, words, note}` each: the fee, and a charge beside it where there is
 * one. Free of a fee is no news to whoever pays a charge.
 */
export function prices({ fee_vnd: fee, fee_note: note, charge_vnd: charge, charge_note: why }) {
  const charged = charge !== null || why !== "";
  const free = fee === 0 && (!note || note === FREE);
  const found = charged && free ? [] : [price(charged ? t("Fee:") : "", fee, note)];
  return charged ? [...found, price(t("Charge:"), charge, why)] : found;
}

/** "Free of charge", "20.000 đ", or who sets it. Never 0 đ where nobody has entered an amount. */
function price(label, amount, note) {
  if (amount === null) {
    const usual = !note || note === OF_THE_PROVINCE;
    return { label, words: usual ? t("Set by the province's People's Council") : note, note: "" };
  }
  const words = amount === 0 ? t("Free of charge") : `${amount.toLocaleString("vi-VN")} đ`;
  return { label, words, note: note === FREE || note === words ? "" : note };
}

/**
 * All procedures of the hall, service by service: found by touch, or by typing once `query` is set.
 * `find(query)` types, `pick(code)` goes to a service.
 */
export function FeeBoard({ state, code, query, choose, find, pick, back }) {
  if (query !== undefined) return html`<${Finder} ...${{ state, query, find, pick }} />`;
  const services = state.services.filter((service) => service.kind !== "results");
  const current = services.find((service) => service.code === code) ?? services[0];
  if (!current) return null;
  return html`<div class="fee-board">
    <div class="fee-services" role="group" aria-label=${t("Services")}>
      ${services.map(
        (service) => html`<button
          key=${service.code}
          type="button"
          class="fee-service"
          data-tint=${service.tint}
          aria-pressed=${service === current ? "true" : "false"}
          onClick=${() => choose(service.code)}
        >
          ${icon(service.icon)} <span>${name(service.names)}</span>
        </button>`,
      )}
    </div>
    <${Scroller} key=${current.code} label=${name(current.names)}>
      <${FeeList} office=${state.slug} code=${current.code} />
    <//>
    <div class="bar">
      <button type="button" class="button bar-back" onClick=${back}>
        ${icon("arrow-left")} ${t("Back")}
      </button>
      <button type="button" class="button bar-find" onClick=${() => find("")}>
        ${icon("search")} <span>${t("Find a procedure")}</span>
      </button>
    </div>
  </div>`;
}

/** A list that may be longer than its place: dragged, or moved on by a button that says so. */
export function Scroller({ label, children }) {
  const box = useRef(null);
  const [more, setMore] = useState(false);
  useEffect(() => {
    const look = () => {
      const { scrollTop, clientHeight, scrollHeight } = box.current;
      setMore(scrollTop + clientHeight < scrollHeight - 8);
    };
    const watcher = new ResizeObserver(look);
    watcher.observe(box.current);
    watcher.observe(box.current.firstElementChild);
    box.current.addEventListener("scroll", look, { passive: true });
    const here = box.current;
    return () => {
      watcher.disconnect();
      here.removeEventListener("scroll", look);
    };
  }, []);
  const on = () => box.current.scrollBy({ top: box.current.clientHeight * 0.8 });
  return html`<div class="scroller">
    <div class="scroller-box" ref=${box} tabindex="0" role="region" aria-label=${label}>
      <div>${children}</div>
    </div>
    ${more &&
    html`<button type="button" class="button scroller-more" onClick=${on}>
      ${t("Show more")} ${icon("chevron-right")}
    </button>`}
  </div>`;
}
