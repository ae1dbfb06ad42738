// Changes to dossiers, sent so that each happens once: what got no answer keeps its key, so that
// pressing again with the same words is the same press to the server.
import { useMemo, useState } from "preact";
import { t } from "motcua/words.js";
import { problemOf } from "../answers.js";
import { newKey, presses } from "../presses.js";

/** The key of a body: that of `sent` when it carried the same words, else a new one. */
export function keyed(sent, body) {
  const words = JSON.stringify(body);
  return sent?.words === words ? sent : { words, key: newKey() };
}

/**
 * @param counter id of the counter, for the way back after a sign-in
 * @param send see ../presses.js
 * @returns {busy, problem, post, dismiss}: `post(name, path, body, key)` resolves to the answer's
 *   body when it worked, else to null; `problem` then is {status, detail, href, link, errors}
 */
export function usePosting(counter, send) {
  const [busy, setBusy] = useState(null);
  const [problem, setProblem] = useState(null);
  const line = useMemo(() => presses(send, setBusy), [send]);
  const unanswered = useMemo(() => new Map(), []);

  async function post(name, path, body, key) {
    if (line.busy()) return null;
    setProblem(null);
    const sent = key ? { key } : keyed(unanswered.get(path), body);
    unanswered.set(path, sent);
    const answer = await line.press(name, path, body, sent.key);
    if (answer.status) unanswered.delete(path);
    // Whatever was done before its answer was lost is answered again: 409 is never a maybe here.
    const trouble = problemOf({ ...answer, unsure: false }, counter);
    if (!trouble) return answer.body;
    if (!answer.status) trouble.detail = t("No answer from the server. Press again: it is done only once.");
    setProblem({ ...trouble, status: answer.status, errors: answer.body?.errors ?? [] });
    return null;
  }

  return { busy, problem, post, dismiss: () => setProblem(null) };
}
