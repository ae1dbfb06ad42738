/** What the board shows, from the state and the announcer: plain data, nothing drawn. */

/** After the hall has closed, a call stays large this long, in milliseconds. */
export const LINGER_MS = 10 * 60_000;
/** Lines of the list beside it. */
export const REMEMBERED = 6;

/**
 * The large part: `{kind: "call", call, speaking, expected}`, `{kind: "closed"}` or
 * `{kind: "quiet"}` (open, and nobody called yet today). `now` is the server's clock in
 * milliseconds. A call comes before everything else, whatever the hours say.
 */
export function stage(state, announcer, now) {
  const call = announcer.shown(state.calls);
  const speaking = call !== null && call.id === announcer.current?.id;
  if (call === null) return { kind: state.open ? "quiet" : "closed" };
  const expected = speaking || call.status === "called";
  const lingers = expected && now - Date.parse(call.called_at) < LINGER_MS;
  if (!state.open && !speaking && !lingers) return { kind: "closed" };
  return { kind: "call", call, speaking, expected };
}

/** The calls before the one shown large, newest first; those still to be announced are not in it. */
export function before(state, announcer, shown) {
  const unsaid = new Set(announcer.waiting.map((call) => call.number));
  if (shown) unsaid.add(shown.number);
  return state.calls.filter((call) => !unsaid.has(call.number)).slice(0, REMEMBERED);
}

/** From which side a call comes in: the half of the hall its counter stands in. */
export function side(state, call) {
  const place = state.counters.findIndex((counter) => counter.number === call.counter);
  return place >= 0 && place < (state.counters.length - 1) / 2 ? "left" : "right";
}
