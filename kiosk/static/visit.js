/* One person's visit: from the tap, or the scan, to the screen being free again. */
import { useEffect, useRef, useState } from "preact";
import { name, t } from "motcua/words.js";
import { followSlip } from "./slip.js";
import { asksFor, checkIn, newWish, readScan, take } from "./taking.js";

/**
 * `visit` is none on the start screen, else `{step, …}`:
 * `taking {slow}` · `issued {ticket, service, slip}` · `refused {words}` ·
 * `scan` · `reading` · `returned {ticket, token}` · `status {ticket, token}` ·
 * `not-returned {words}` · `unread {words}` · `results {code, service}`.
 *
 * @param onCard told `{byAge}` when a citizen card was scanned; nothing else of it is kept
 */
export function useVisit(office, onCard) {
  const [visit, setVisit] = useState(null);
  const going = useRef(null); // what is under way; ends with end()
  const unanswered = useRef(null); // a wish that somebody gave up: its key, should they wish the same again

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

  const start = async (service, priority, language, dossier) => {
    if (going.current) return; // a second tap on the way to a number
    const body = { service: service.code, priority, language };
    if (dossier) body.dossier_code = dossier;
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

  const scan = async (text, byPlace, language) => {
    // Nobody's number is taken from the screen by the next person's slip.
    if (visit?.step === "taking" || (visit?.step === "issued" && visit.slip.stage === "printing")) return;
    // A slip that is still held under the scanner.
    const shown = visit?.token ?? visit?.code;
    if (shown && text.includes(shown)) return;
    const signal = begin();
    setVisit({ step: "reading" });
    const answer = await readScan(office, text, byPlace, language, signal).catch(() => null);
    if (signal.aborted || !answer) return;
    if (!answer.found) return setVisit({ step: "unread", words: plainWords(answer) });
    await act(answer.found, language, signal);
  };

  const act = async (found, language, signal) => {
    if (found.kind === "ticket") await actOnTicket(found, language, signal);
    else if (found.kind === "card") {
      end();
      onCard({ byAge: found.age_priority });
    } else if (found.kind === "dossier") {
      going.current = null; // from here a number may be taken
      setVisit({ step: "results", code: found.code, service: found.service });
    } else setVisit({ step: "unread", words: unreadWords() });
  };

  const actOnTicket = async (ticket, language, signal) => {
    const { token } = ticket;
    if (!ticket.here) {
      const words = t("This number belongs to another office: %(office)s.", { office: name(ticket.office.names) });
      return setVisit({ step: "not-returned", words, token });
    }
    if (!ticket.can_check_in) return setVisit({ step: "status", ticket, token });
    const answer = await checkIn(office, token, language, signal).catch(() => null);
    if (signal.aborted || !answer) return undefined;
    if (answer.ticket) return setVisit({ step: "returned", ticket: answer.ticket, token });
    return setVisit({ step: "not-returned", words: plainWords(answer), token });
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

function unreadWords() {
  return t("Please hold the code still in front of the scanner once more, or ask the staff.");
}

/** The server's reason, where it is meant for citizens; what concerns the device is the staff's. */
function plainWords({ unanswered, refused, status }) {
  if (unanswered) {
    return t("The server has not answered. Please scan again in a moment or ask the staff.");
  }
  return [404, 409].includes(status) ? refused : "";
}
