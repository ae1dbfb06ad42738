// Presses as the desk needs them: one at a time, the next judged by what came of the last, and
// nothing lost that a quick clerk presses meanwhile.
import { useEffect, useMemo, useRef, useState } from "preact";
import { problemOf } from "./answers.js";
import { presses } from "./presses.js";

/** How long the pushed state may take after a press before the desk asks for it, milliseconds. */
const PUSH_MS = 400;

/** How long the desk then waits for the answer to its question, milliseconds. */
const ASK_MS = 1000;

/** What was pressed while another press was under way is done after it, unless it is older. */
const LATER_MS = 2000;

/** A press that is not answered by then is said to be under way, milliseconds. */
const SLOW_MS = 1000;

/**
 * @param counter id of the counter, send: see presses.js
 * @param watching what useWatching returned
 * @returns {busy, slow, problem, notice, press, later, say, dismiss}
 */
export function usePressing(counter, send, watching) {
  const [busy, setBusy] = useState(null);
  const [problem, setProblem] = useState(null);
  const [notice, setNotice] = useState(null);
  const [slow, setSlow] = useState(false);
  const waiting = useRef(null);
  const look = useRef();
  look.current = watching;

  const line = useMemo(() => presses(send, setBusy, undefined, settled), [send]);

  /** A press is over when the state it led to is shown: the next one is then judged by that. */
  async function settled({ status, body }) {
    const { newest, sync } = look.current;
    const failed = status === 0 || status >= 400;
    const wanted = failed ? null : body?.revision;
    if (failed) sync();
    if (!wanted || (await newest.reached(wanted, PUSH_MS))) return;
    sync();
    await newest.reached(wanted, ASK_MS);
  }

  /** Send a press; resolves to its answer when it worked, to null when it did not. */
  async function press(act, path, body) {
    if (line.busy()) {
      later(act, () => press(act, path, body));
      return null;
    }
    setProblem(null);
    setNotice(null);
    const answer = await line.press(act, path, body);
    const trouble = problemOf(answer, counter);
    if (trouble) setProblem(trouble);
    return trouble || answer.unsure ? null : answer;
  }

  /** Do `work` after the press under way. The same act again is a bounce, not a wish. */
  function later(act, work) {
    if (act !== line.busy()) waiting.current = { work, at: performance.now() };
  }

  useEffect(() => {
    if (!busy) return setSlow(false);
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, [busy]);

  useEffect(() => {
    if (busy || !waiting.current) return;
    const { work, at } = waiting.current;
    waiting.current = null;
    if (performance.now() - at < LATER_MS) work();
  }, [busy]);

  return {
    busy,
    slow,
    problem,
    notice,
    press,
    later,
    say: setNotice,
    dismiss: () => setProblem(null),
  };
}
