/* Takes a number: one wish, one key, however often the server has to be asked. */

const PATIENCE_MS = 5000;
const PAUSES_MS = [300, 700, 1500, 2000];
const SLOW_MS = 2500;

/** A key that no other request has. `crypto.randomUUID` would want HTTPS, which a hall may not have. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What somebody wants: `{service, priority, language}` with the key that makes it count once. */
export function newWish(body) {
  return { key: newKey(), body };
}

/** Whether `wish` asks for exactly `body`, so that its key may be used again. */
export function asksFor(wish, body) {
  return wish !== null && JSON.stringify(wish.body) === JSON.stringify(body);
}

/**
 * Ask until there is an answer. A lost answer is asked for again with the same key, so that the
 * server gives the same number and never a second one.
 * @returns {Promise<{ticket: object} | {refused: string, status: number}>} rejects only when aborted
 */
export async function take(office, wish, { signal, onSlow }) {
  const slow = setTimeout(onSlow, SLOW_MS);
  try {
    for (let turn = 0; ; turn += 1) {
      const answer = await askOnce(`/api/v1/offices/${office}/tickets`, wish, signal);
      if (answer) return answer;
      await pause(PAUSES_MS[Math.min(turn, PAUSES_MS.length - 1)], signal);
    }
  } finally {
    clearTimeout(slow);
  }
}

/** Bring the holder of a scanned slip back into the queue; asked once, the scan is easily repeated. */
export async function checkIn(office, token, language, signal) {
  const wish = { key: newKey(), body: { token } };
  const address = `/api/v1/offices/${office}/check-in`;
  return (await askOnce(address, wish, signal, language)) ?? { unanswered: true };
}

/**
 * Ask the server what was scanned. The text goes into the request and nowhere else.
 * @returns {Promise<{found: object} | {refused: string, status: number} | {unanswered: true}>}
 */
export async function readScan(office, text, byPlace, language, signal) {
  const body = byPlace ? { text, by_place: byPlace } : { text };
  const answer = await askOnce(`/api/v1/offices/${office}/scan`, { key: newKey(), body }, signal, language);
  if (!answer) return { unanswered: true };
  return answer.ticket ? { found: answer.ticket } : answer;
}

/** One request: a ticket, a refusal in words, or nothing when the server should be asked again. */
async function askOnce(address, wish, signal, language = wish.body.language) {
  let answer;
  try {
    answer = await send(address, wish, signal, language);
    if (answer.status === 400 && (await problemKind(answer)) === "csrf") {
      await renewPageToken(signal);
      answer = await send(address, wish, signal, language);
    }
    if (answer.ok) return { ticket: await answer.json() };
    if (answer.status >= 500 || answer.status === 408 || answer.status === 429) return null;
    const problem = await answer.json().catch(() => ({}));
    return { refused: problem.detail ?? "", status: answer.status };
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}

function send(address, wish, signal, language) {
  return fetch(address, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "Accept-Language": language,
      "Idempotency-Key": wish.key,
      "X-CSRF-Token": pageToken()?.content ?? "",
    },
    body: JSON.stringify(wish.body),
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
  });
}

async function problemKind(answer) {
  const problem = await answer.clone().json().catch(() => ({}));
  return String(problem.type ?? "").split("/").pop();
}

function pageToken() {
  return document.querySelector('meta[name="csrf-token"]');
}

/** A page that was open for weeks carries a token too old to be believed: take it from a new page. */
async function renewPageToken(signal) {
  const answer = await fetch(location.pathname, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
  });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector('meta[name="csrf-token"]');
  if (fresh && pageToken()) pageToken().content = fresh.content;
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
