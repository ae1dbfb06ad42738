// The scanner at the counter: a slip opens its ticket, a dossier code is noted with the visit, a
// citizen card fills the form and is forgotten.
import { useEffect, useRef, useState } from "preact";
import { ask, Refusal } from "motcua/api.js";
import { listenForScans } from "motcua/scan.js";
import { t } from "motcua/words.js";

/** How long a card is shown at most, in milliseconds. */
export const CARD_MS = 5 * 60 * 1000;

/** A scanner's second key comes within this time; a single key of the clerk waits for it. */
const HOLD_MS = 60;

/** The same while a panel is open, where a single key may send somebody away. */
const HOLD_IN_PANEL_MS = 180;

/**
 * The citizen card last read, for as long as it may be shown: until the person in front is another
 * one, at most five minutes. It lives here and nowhere else.
 *
 * @param visit what changes when somebody else is in front
 * @returns {{fields: object | null, keep: (fields: object) => void, forget: () => void}} `fields`:
 *   {number, old_number, name, born, sex, address, issued}
 */
export function useCard(visit) {
  const [fields, setFields] = useState(null);
  const forget = () => setFields(null);
  useEffect(() => {
    if (!fields) return undefined;
    const timer = setTimeout(forget, CARD_MS);
    return () => clearTimeout(timer);
  }, [fields]);
  useEffect(() => forget, [visit]);
  return { fields, keep: setFields, forget };
}

/**
 * Listen to the scanner of this desk.
 *
 * @param office slug of the office, or nothing before it is known
 * @param panelOpen () -> whether a panel is open
 * @param on {ticket(found), dossier(code), card(fields), unknown(words)}
 */
export function useScanner(office, panelOpen, on) {
  const latest = useRef();
  latest.current = { office, panelOpen, on };
  useEffect(() => {
    let asking = new AbortController();
    const scanned = async (text, byPlace) => {
      const { office: slug } = latest.current;
      if (!slug) return;
      asking.abort();
      asking = new AbortController();
      const { signal } = asking;
      const found = await read(slug, text, byPlace, signal);
      if (!signal.aborted) act(found, latest.current.on);
    };
    const stop = listenForScans(scanned, (event) => {
      if (event.key === " ") return 0; // no code begins with it, and "call next" should not wait
      return latest.current.panelOpen() ? HOLD_IN_PANEL_MS : HOLD_MS;
    });
    return () => {
      asking.abort();
      stop();
    };
  }, []);
}

async function read(office, text, byPlace, signal) {
  const body = byPlace ? { text, by_place: byPlace } : { text };
  const patience = AbortSignal.any([signal, AbortSignal.timeout(8000)]);
  try {
    return await ask("POST", `/offices/${office}/scan`, { body, signal: patience });
  } catch (error) {
    return { kind: error instanceof Refusal ? "refused" : "unanswered", words: error.detail };
  }
}

function act(found, on) {
  const unread = {
    unknown: t("This code was not understood. Please scan it once more."),
    unanswered: t("No answer from the server. Please scan once more."),
    refused: found.words,
  };
  if (found.kind === "ticket") on.ticket(found);
  else if (found.kind === "dossier") on.dossier(found.code);
  else if (found.kind === "card") on.card(found.fields);
  else on.unknown(unread[found.kind] ?? unread.unknown);
}
