/* The kiosk: one page that asks one thing at a time. */
import { html, render, useEffect, useRef, useState } from "preact";
import { beat } from "motcua/heartbeat.js";
import { listenForScans } from "motcua/scan.js";
import { loadWords, name, setLanguage } from "motcua/words.js";
import { Refusal, Returned, ScanHint, Taking, spoken } from "./answers.js";
import { Details } from "./details.js";
import { FeeBoard, forgetFees } from "./fees.js";
import { useHall } from "./hall.js";
import { Head, Languages } from "./head.js";
import { headline } from "./headline.js";
import { forgiveDoubleTaps, useIdle } from "./idle.js";
import { Issued } from "./issued.js";
import { Priority } from "./priority.js";
import { CardNotice, Reading, Results, Status } from "./scanned.js";
import { keepShell, onNewShell } from "./shell.js";
import { NotEnrolled, Start } from "./start.js";
import { useVisit } from "./visit.js";

function App({ first, enrolled, demo, kept, printer, firstLanguage }) {
  const { state, lost, serverTime } = useHall(first, kept, printer);
  const [language, setTongue] = useState(firstLanguage);
  const [priority, setPriority] = useState("none");
  const [page, setPage] = useState(0);
  const [sheet, setSheet] = useState(null); // {service: code} or {fees: code or none}
  const [card, setCard] = useState(null); // {byAge}: all that is kept of a citizen card
  const { visit, start, scan, explainScan, end, forget } = useVisit(first.slug, (read) => {
    setCard(read);
    // Somebody's own choice is left alone, whatever the card says.
    if (read.byAge) setPriority((chosen) => (chosen === "none" ? "elderly" : chosen));
  });

  const speak = (code) => {
    setLanguage(code);
    document.documentElement.lang = code;
    setTongue(code);
  };
  const home = () => {
    end();
    forget();
    forgetFees();
    setSheet(null);
    setPriority("none");
    setCard(null);
    setPage(0);
    speak(first.languages[0]);
  };
  const take = (service, dossier) => {
    if (lost || !enrolled) return;
    setSheet(null);
    start(service, priority, language, dossier);
  };
  const back = () => setSheet(null);

  const untouched =
    language === first.languages[0] && priority === "none" && page === 0 && card === null;
  const atStart = !visit && !sheet && untouched;
  const endsItself = visit !== null && !["scan", "results"].includes(visit.step) && !visit.slow;
  const idleLeft = useIdle(state.idle_seconds, !atStart && !endsItself, home);
  useScans((text, byPlace) => scan(text, byPlace, language));
  useRenewal(atStart, kept && !lost);
  useFocusOnTitle(`${visit?.step} ${sheet?.service} ${sheet !== null}`);

  const wanted = visit?.step === "results" ? visit.service : sheet?.service;
  const service = state.services.find(({ code }) => code === wanted);
  const words = headline(state, { lost, visit, language, sheet, service, idleLeft });
  const someOpen = state.services.some(({ open }) => open);
  const choosing = !visit || visit.step === "results";
  const showPriority = choosing && !lost && (wanted || sheet ? service?.open : someOpen);
  return html`
    <${Head} state=${state} words=${words} language=${language} serverTime=${serverTime} />
    <${Languages} languages=${state.languages} language=${language} choose=${speak} />
    <main class="main" data-screen=${visit?.step ?? (sheet ? "sheet" : "start")}>
      ${!enrolled && html`<${NotEnrolled} slug=${state.slug} />`}
      ${card && choosing && html`<${CardNotice} card=${card} chosen=${priority} open=${showPriority} />`}
      ${screen()}
      ${showPriority &&
      html`<${Priority} kinds=${state.priorities} chosen=${priority} choose=${setPriority} />`}
    </main>
    <p class="visually-hidden" role="status">${spoken(visit)}</p>
  `;

  function screen() {
    if (visit?.step === "results") {
      const { code } = visit;
      return html`<${Results} ...${{ state, service, code, language, lost, take, back: end }} />`;
    }
    if (visit) return html`<${VisitScreen} ...${{ state, demo, visit, home, end }} />`;
    if (service) {
      return html`<${Details} ...${{ state, service, language, lost, back, take }} />`;
    }
    if (sheet) {
      const choose = (code) => setSheet({ fees: code });
      return html`<${FeeBoard} ...${{ state, code: sheet.fees, choose, back }} />`;
    }
    const acts = { language, lost, take, tell: ({ code }) => setSheet({ service: code }) };
    const showFees = () => setSheet({ fees: null });
    return html`<${Start} ...${{ state, page, turn: setPage, showFees, explainScan, acts }} />`;
  }
}

function VisitScreen({ state, demo, visit, home, end }) {
  switch (visit.step) {
    case "taking":
      return html`<${Taking} slow=${visit.slow} back=${end} />`;
    case "issued":
      return html`<${Issued} state=${state} demo=${demo} ...${visit} done=${home} />`;
    case "returned":
      return html`<${Returned} state=${state} ticket=${visit.ticket} done=${home} />`;
    case "scan":
      return html`<${ScanHint} back=${end} />`;
    case "reading":
      return html`<${Reading} />`;
    case "status":
      return html`<${Status} ticket=${visit.ticket} done=${home} />`;
    default:
      return html`<${Refusal} words=${visit.words} done=${home} />`;
  }
}

function useScans(onScan) {
  const act = useRef(onScan);
  act.current = onScan;
  useEffect(() => listenForScans((text, byPlace) => act.current(text, byPlace)), []);
}

/** Load the page anew when there is a newer one, but never while somebody is here. */
function useRenewal(free, recovered) {
  const [stale, setStale] = useState(false);
  useEffect(() => onNewShell(() => setStale(true)), []);
  useEffect(() => {
    if (free && (stale || recovered)) location.reload();
  }, [free, stale, recovered]);
}

/** A new screen begins at its title, for whoever cannot see it change. */
function useFocusOnTitle(screen) {
  const before = useRef(screen);
  useEffect(() => {
    if (before.current !== screen) document.querySelector(".head-title")?.focus();
    before.current = screen;
  }, [screen]);
}

/** The office's own colour, with whichever ink can be read on it. */
function wearBrand(brand) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = parseInt(brand.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const { style } = document.documentElement;
  style.setProperty("--brand", brand);
  if (luminance > 0.18) style.setProperty("--brand-ink", "#241f1b"); // white would be below 4.5:1
}

async function begin() {
  const first = JSON.parse(document.getElementById("state").textContent);
  const place = document.getElementById("kiosk");
  const { dataset } = place;
  const wish = new URLSearchParams(location.search).get("lang");
  const firstLanguage = first.languages.includes(wish) ? wish : first.languages[0];
  await Promise.all(first.languages.map((code) => loadWords(code)));
  setLanguage(firstLanguage);
  document.documentElement.lang = firstLanguage;
  wearBrand(first.brand);
  forgiveDoubleTaps();
  document.title = name(first.names);
  const options = {
    first,
    firstLanguage,
    enrolled: dataset.enrolled === "true",
    demo: dataset.demo === "true",
    kept: dataset.shell === "kept",
    printer: dataset.printer,
  };
  place.textContent = "";
  render(html`<${App} ...${options} />`, place);
  keepShell();
  if (options.enrolled) beat("kiosk");
}

begin();
