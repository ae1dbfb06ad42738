// A half-filled form survives an accidental reload, in this tab alone. It belongs to the person in
// front and to the clerk who typed it, and goes with either of them.
import { useEffect, useRef, useState } from "preact";

const KEPT = "motcua.counter.dossier";

/** Nobody comes back to a form after this, in milliseconds. */
const LONGEST_MS = 30 * 60 * 1000;

/** Somebody sent off by mistake is back within this: the undo of a press, in milliseconds. */
const BACK_MS = 10 * 1000;

export const NOBODY = { name: "", phone: "", identity_number: "", address: "", email: "" };

/** An empty form. `sent` is the last body sent without an answer and its key: see posting.js. */
export const EMPTY = {
  procedure: "",
  count: "",
  applicant: NOBODY,
  notices: [],
  papers: [],
  channel: 1,
  sets: 1,
  note: "",
  sent: null,
};

/**
 * @param me sign-in name of the clerk
 * @param visit id of the ticket in front, null for nobody, undefined before it is known
 * @returns {draft, newest, restored, change, clear}: `newest()` is the form as it was typed a moment
 *   ago, before it was drawn; `change({…})` sets fields; `clear({…})` empties all
 *   but those; `restored`: it was there before this page was loaded
 */
export function useDraft(counter, me, visit) {
  const [held, setHeld] = useState(null);
  const [restored, setRestored] = useState(false);
  const latest = useRef(null);
  const hold = (draft) => {
    latest.current = draft && { counter, me, visit, draft };
    setHeld(latest.current);
    keep(latest.current);
  };

  useEffect(() => {
    if (visit === undefined) return undefined;
    const found = latest.current ?? stored(counter, me);
    if (!found) return undefined;
    if (found.visit === visit) {
      if (!latest.current) setRestored(true);
      latest.current = found;
      setHeld(found);
      return undefined;
    }
    if (visit !== null) {
      hold(null);
      return undefined;
    }
    const timer = setTimeout(() => hold(null), BACK_MS);
    return () => clearTimeout(timer);
  }, [visit]);

  useEffect(() => {
    const leaving = (event) => event.target.action?.endsWith("/sign-out") && keep(null);
    document.addEventListener("submit", leaving, true);
    return () => document.removeEventListener("submit", leaving, true);
  }, []);

  const shown = held && held.visit === visit ? held.draft : EMPTY;
  const newest = () => (latest.current && latest.current.visit === visit ? latest.current.draft : EMPTY);
  return {
    draft: shown,
    newest,
    restored,
    change: (values) => hold({ ...newest(), ...values }),
    clear: (values = {}) => hold({ ...EMPTY, ...values }),
  };
}

function keep(held) {
  try {
    if (held) sessionStorage.setItem(KEPT, JSON.stringify({ ...held, at: Date.now() }));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // A browser that keeps nothing: the form then lasts as long as the page.
  }
}

function stored(counter, me) {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEPT));
    const fresh = found && Date.now() - found.at < LONGEST_MS;
    if (fresh && found.counter === counter && found.me === me) return found;
  } catch {
    // Not ours, or not readable: as if there were none.
  }
  keep(null);
  return null;
}
