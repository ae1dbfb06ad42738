/* Asking the server, with refusals and lost connections told apart. */

const PATIENCE_MS = 8000;

/** The server refused: `detail` says why in the person's language. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || String(status));
    this.status = status;
    this.detail = this.message;
    this.problem = problem;
  }
}

/** Nobody answered: whether anything happened is not known. */
export class NoAnswer extends Error {}

/** Sends a request below /api/v1 and returns its JSON (null for 204). */
export async function ask(method, path, { body, key, signal } = {}) {
  const headers = { Accept: "application/json" };
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (method !== "GET" && token) headers["X-CSRF-Token"] = token;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ?? AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    throw new NoAnswer(String(error));
  }
  if (answer.status === 204) return null;
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, content);
  return content;
}
