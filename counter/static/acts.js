// What a clerk can do right now: plain functions of the state the server sent. The page shows the
// same buttons at the same place all day; this says which of them count.

/** The steps of the person in front, in the order of the buttons. */
export const STEPS = ["serve", "recall", "no-show", "park", "transfer", "finish"];

/** Whether the signed-in clerk `me` works at this counter (nobody else does). */
export function mine(state, me) {
  const clerk = state.counter.clerk;
  return !clerk || clerk.name === me || state.counter.status === "closed";
}

/** Whether calling has to be preceded by opening: the board should say who opened the counter. */
export function mustOpen(state, me) {
  return state.counter.status === "closed" || state.counter.clerk?.name !== me;
}

/** The press that can still be taken back at `now` (milliseconds), or null. */
export function undoable(state, now) {
  return state.undo && Date.parse(state.undo.until) > now ? state.undo : null;
}

/**
 * Which acts are possible.
 *
 * @param state the read model "counter", or null before it came
 * @param me the sign-in name of this clerk
 * @param now the server's time in milliseconds
 * @returns {Object<string, boolean>} by the names in keys.js
 */
export function possible(state, me, now) {
  if (!state) return { shortcuts: true };
  const here = mine(state, me);
  const steps = here ? (state.current?.allowed ?? []) : [];
  const open = state.counter.status === "open";
  return {
    ...Object.fromEntries(STEPS.map((step) => [step, steps.includes(step)])),
    "call-next": here,
    undo: here && undoable(state, now) !== null,
    queue: here && state.queue.length > 0,
    back: here && state.parked.length + state.missed.length > 0,
    pause: here && state.counter.status !== "closed",
    open: !open || !here,
    receive: here,
    dossiers: here,
    shortcuts: true,
  };
}

/** Since when the person in front has been called or served, milliseconds since 1970. */
export function since(ticket) {
  return Date.parse(ticket.serving_at ?? ticket.called_at);
}

/** Whether the person in front is served longer than the service's limit. */
export function overLimit(ticket, now) {
  if (ticket.status !== "serving" || !ticket.limit_minutes) return false;
  return now - since(ticket) >= ticket.limit_minutes * 60000;
}

/** Whole minutes from a moment of the state to `now`, never negative. */
export function minutes(moment, now) {
  return Math.max(0, Math.floor((now - Date.parse(moment)) / 60000));
}

/** "6:04", or "1:06:04" from an hour on. */
export function clock(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
