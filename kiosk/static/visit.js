/* One person's visit: from the tap, or the scan, to the screen being free again. */
import { useEffect, useRef, useState } from "preact";
import { t } from "motcua/words.js";
import { meaning } from "./scan.js";
import { followSlip } from "./slip.js";
import { asksFor, checkIn, newWish, take } from "./taking.js";

const SAME_SCAN_MS = 1500;

/**
 * `visit` is none on the start screen, else `{step, …}`:
 * `taking {slow}` · `issued {ticket, service, slip}` · `refused {words}` ·
 * `returned {ticket}` · `not-returned {words}` · `scan`.
 */
export function useVisit(office) {
  const [visit, setVisit] = useState(null);
  const going = useRef(null); // what is under way; ends with end()
  const unanswered = useRef(null); // a wish that somebody gave up: its key, should they wish the same again
  const scanned = useRef({ token: "", at: 0 });

  const begin = () => {
    going.current?.abort();
    going.current = new AbortController();
    return going.current.signal;
  };
  const end = () => {
    going.current?.abort();
    going.current = null;
    setVisit(null);
  };

  const start = async (service, priority, language) => {
    if (going.current) return; // a second tap on the way to a number
    const body = { service: service.code, priority, language };
    const wish = asksFor(unanswered.current, body) ? unanswered.current : newWish(body);
    unanswered.current = wish;
    const signal = begin();
    setVisit({ step: "taking", slow: false });
    const onSlow = () => setVisit((now) => (now?.step === "taking" ? { ...now, slow: true } : now));
    const answer = await take(office, wish, { signal, onSlow }).catch(() => null);
    if (signal.aborted || !answer) return;
    unanswered.current = null;
    if (answer.ticket) showTicket(answer.ticket, service, signal);
    else setVisit({ step: "refused", words: plainWords(answer) });
  };

  const showTicket = (ticket, service, signal) => {
    const slip = { stage: "printing", reasons: [] };
    setVisit({ step: "issued", ticket, service, slip });
    const stop = followSlip(ticket.token, (news) => {
      setVisit((now) => (now?.step === "issued" ? { ...now, ...merged(now, news) } : now));
    });
    signal.addEventListener("abort", stop);
  };

  const scan = async (text, language) => {
    const found = meaning(text);
    // Nobody's number is taken from the screen by the next person's slip.
    if (visit?.step === "taking" || (visit?.step === "issued" && visit.slip.stage === "printing")) return;
    if (found.kind !== "ticket") {
      begin();
      setVisit({ step: "not-returned", words: strangeWords(found.kind) });
      return;
    }
    const now = performance.now();
    const again = found.token === scanned.current.token;
    if (again && (visit?.step === "returned" || now - scanned.current.at < SAME_SCAN_MS)) return;
    scanned.current = { token: found.token, at: now };
    const signal = begin();
    setVisit({ step: "taking", slow: false, scan: true });
    const answer = await checkIn(office, found.token, language, signal).catch(() => null);
    if (signal.aborted || !answer) return;
    if (answer.ticket) setVisit({ step: "returned", ticket: answer.ticket });
    else setVisit({ step: "not-returned", words: plainWords(answer) });
  };

  const explainScan = () => {
    begin();
    setVisit({ step: "scan" });
  };
  const forget = () => {
    unanswered.current = null;
  };
  useEffect(() => () => going.current?.abort(), []);
  return { visit, start, scan, explainScan, end, forget };
}

/** The ticket as last heard of, without losing what only its issuer was told. */
function merged(visit, { stage, reasons, ticket }) {
  const { ahead, wait_minutes, status, counter } = ticket ?? {};
  const news = ticket ? { ahead, wait_minutes, status, counter } : {};
  return { slip: { stage, reasons }, ticket: { ...visit.ticket, ...news } };
}

function strangeWords(kind) {
  if (kind === "card") {
    return t("This is a citizen card. It was not read. Please scan the code on your number slip.");
  }
  return t("This is not the code of a number slip.");
}

/** The server's reason, where it is meant for citizens; what concerns the device is the staff's. */
function plainWords({ unanswered, refused, status }) {
  if (unanswered) {
    return t("The server has not answered. Please scan again in a moment or ask the staff.");
  }
  return [404, 409].includes(status) ? refused : "";
}
