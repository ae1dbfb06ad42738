/* The services as tiles: what may be touched, how many wait, how long it takes. */
import { html } from "preact";
import { icon } from "motcua/icon.js";
import { name, t, tn } from "motcua/words.js";
import { whenWords } from "./when.js";

/** Most tiles on a page; more services make more pages. */
const PAGE_SIZE = 10;
const FEW = 4;
/** Characters of a name from which smaller letters are needed. */
const LONG_NAME = 28;

/** Number of the last page, from 0. */
export function lastPage(services) {
  return Math.max(0, Math.ceil(services.length / PAGE_SIZE) - 1);
}

/** One page of tiles, with its pager when there are several. */
export function Tiles({ state, services, page, turn, ...acts }) {
  const pages = lastPage(services) + 1;
  const shown = services.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
  return html`<div class="tiles" data-few=${shown.length <= FEW || undefined} style=${gridOf(shown.length)}>
      ${shown.map(
        (service) => html`<${Tile} key=${service.code} service=${service} state=${state} ...${acts} />`,
      )}
    </div>
    ${pages > 1 && html`<${Pager} page=${page} pages=${pages} turn=${turn} />`}`;
}

/** How the tiles share the screen: fewer and larger in a small hall, more side by side on a wide one. */
function gridOf(count) {
  const tall = count <= FEW ? 1 : 2;
  const wide = count <= FEW ? 2 : 3;
  return {
    "--tall-columns": tall,
    "--tall-rows": Math.ceil(count / tall),
    "--wide-columns": wide,
    "--wide-rows": Math.ceil(count / wide),
  };
}

function Pager({ page, pages, turn }) {
  const place = t("Page %(page)s of %(pages)s", { page: page + 1, pages });
  return html`<nav class="pager" aria-label=${t("More services")}>
    <button type="button" class="button pager-turn" disabled=${page === 0} onClick=${() => turn(page - 1)}>
      ${icon("chevron-left")} ${t("Back")}
    </button>
    <p class="pager-place" aria-live="polite">${place}</p>
    <button
      type="button"
      class="button pager-turn"
      disabled=${page + 1 === pages}
      onClick=${() => turn(page + 1)}
    >
      ${t("More services")} ${icon("chevron-right")}
    </button>
  </nav>`;
}

/** A service: the large part takes a number, the narrow one tells fees and papers. */
export function Tile({ service, state, language, lost, take, tell }) {
  const label = name(service.names);
  const open = service.open && !lost;
  const facts = lost ? [] : factsOf(service, state, language);
  return html`<article
    class=${`tile${open ? "" : " is-closed"}`}
    data-tint=${service.tint}
    data-kind=${service.kind}
    data-service=${service.code}
  >
    <button
      type="button"
      class="tile-take"
      aria-disabled=${lost ? "true" : undefined}
      onClick=${() => (lost ? undefined : open ? take(service) : tell(service))}
    >
      <span class="tile-icon">${icon(service.icon)}</span>
      <span class=${`tile-name${label.length > LONG_NAME ? " is-long" : ""}`}>${label}</span>
      <${Facts} facts=${facts} place="tile-facts" />
    </button>
    <button
      type="button"
      class="tile-tell"
      aria-label=${`${t("Papers, fees")}: ${label}`}
      onClick=${() => tell(service)}
    >
      ${icon("info")}<span aria-hidden="true">${t("Papers, fees")}</span>
    </button>
  </article>`;
}

/** Facts in one line, each with its icon. */
export function Facts({ facts, place }) {
  return html`<span class=${place}>
    ${facts.map(
      (fact) => html`<span key=${fact.icon} class=${`fact fact-${fact.kind}`}>
        ${icon(fact.icon)} <span>${fact.words}</span>
      </span>`,
    )}
  </span>`;
}

/** What a tile says below its name: `{kind, icon, words}`, most important first. */
export function factsOf(service, state, language) {
  if (!service.open) return closedFacts(service, state, language);
  const facts = [];
  if (service.waiting === 0) facts.push({ kind: "calm", icon: "users", words: t("Nobody is waiting") });
  else {
    const words = t("%(n)s waiting", { n: service.waiting });
    facts.push({ kind: "plain", icon: "users", words });
    const wait = shortWait(service.wait_minutes);
    if (wait) facts.push({ kind: "plain", icon: "clock", words: wait });
  }
  if (service.left !== null && service.left !== undefined) {
    const words = tn("Only %(n)s number left", "Only %(n)s numbers left", service.left);
    facts.push({ kind: "few", icon: "ticket", words });
  }
  return facts;
}

/** "~15–20 min": a tile has no room for a sentence. Empty when there is nothing to go by. */
function shortWait(minutes) {
  if (!minutes) return "";
  const [from, to] = minutes;
  return from ? t("~%(from)s–%(to)s min", { from, to }) : t("under %(n)s min", { n: to });
}

function closedFacts(service, state, language) {
  // When the whole hall is closed, the headline has said until when.
  const hall = state.services.every((each) => each.closed_because === "closed");
  if (hall) return [{ kind: "why", icon: "moon", words: t("Outside working hours") }];
  const when = whenWords(service.opens_at, state, language);
  const forToday = ["cap", "full"].includes(service.closed_because);
  const later = forToday ? t("Please come back on the next working day") : "";
  const words = when ? t("Again at %(when)s", { when }) : later;
  const again = words && { kind: "when", icon: "clock", words };
  const why = {
    closed: { kind: "why", icon: "moon", words: t("Outside working hours") },
    paused: { kind: "why", icon: "pause", words: name(service.closed_words) || t("Paused for now") },
    cap: { kind: "why", icon: "ticket", words: t("No numbers left today") },
    full: { kind: "why", icon: "hourglass", words: t("No more can be served today") },
  }[service.closed_because] ?? { kind: "why", icon: "pause", words: t("Closed") };
  return again ? [why, again] : [why];
}
