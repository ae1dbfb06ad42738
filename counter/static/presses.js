// One press at a time, each with its own Idempotency-Key: a press whose answer is lost on the way
// is sent again with the same key, so it happens once. Knows no page; tested in test_presses.py.

/** How long an answer may take before the press is sent again, in milliseconds. */
export const ANSWER_MS = 4000;

/** How long a press is tried at all. After that the clerk has to look and decide. */
export const TRY_MS = 15000;

const PAUSES_MS = [300, 700, 1500, 3000];
const LOST = new Set([408, 425, 502, 503, 504]);

/**
 * @param send (path, body, key, signal) -> Promise of {status, body}; rejects when no answer came
 * @param onBusy told the name of the press under way, or null
 * @param settled (answer) -> Promise: the press is under way until then
 * @returns {press, busy}: `press(name, path, body, key)` resolves to null when another press is under
 *   way, else to {status, body, unsure}; status 0: no answer came in time. `unsure`: refused, but
 *   only after an earlier answer was lost, so that the press may well have happened.
 */
export function presses(send, onBusy = () => {}, clock = realClock, settled = async () => {}) {
  let current = null;

  async function press(name, path, body, key = newKey()) {
    if (current) return null;
    current = name;
    onBusy(name);
    try {
      const answer = await untilAnswered(send, path, body, key, clock);
      await settled(answer);
      return answer;
    } finally {
      current = null;
      onBusy(null);
    }
  }

  return { press, busy: () => current };
}

async function untilAnswered(send, path, body, key, clock) {
  const until = clock.now() + TRY_MS;
  for (let attempt = 0; ; attempt++) {
    const answer = await once(send, path, body, key, clock);
    if (answer && !LOST.has(answer.status)) {
      // "Not possible any more" after a lost answer: most likely the lost one did it.
      return { ...answer, unsure: attempt > 0 && answer.status === 409 };
    }
    const pause = PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)];
    if (clock.now() + pause >= until) return answer ?? { status: 0, body: null };
    await clock.sleep(pause);
  }
}

async function once(send, path, body, key, clock) {
  const patience = new AbortController();
  const timer = clock.later(() => patience.abort(), ANSWER_MS);
  try {
    return await send(path, body, key, patience.signal);
  } catch {
    return null; // no answer: the network, or our patience
  } finally {
    clock.forget(timer);
  }
}

/** A key nobody else makes. `randomUUID` exists on https and localhost only; halls have http. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const realClock = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  later: (work, ms) => setTimeout(work, ms),
  forget: (timer) => clearTimeout(timer),
};
