/**
 * In which order calls are announced: a queue that knows nothing of sound, screen or network.
 *
 * `play(call, { signal, brief })` announces one call and settles when it has been heard. It is
 * given in, so that these rules are tested without a loudspeaker:
 *
 * - a call is announced once, in the order of the calls, one at a time;
 * - a call made again while it still waits here is announced once: the newer replaces the older;
 * - a call that no longer stands (taken back, parked, missed, cancelled) is not announced any more;
 * - what was called longer ago than FRESH_MS when it is first heard of is history, not news: after
 *   a reload or a lost connection nobody is called a second time;
 * - a player that does not come back is left behind after `limitMs`.
 */

/** How old a call may be, by the server's clock, to be announced when it is first heard of. */
export const FRESH_MS = 10_000;
/** The longest announcement: a chime and three languages, each said twice, with a margin. */
export const LIMIT_MS = 40_000;
/** How long a call is shown at least while others wait, also when nothing can be heard. */
export const HOLD_MS = 4_000;
/** With this many more waiting, each is said once instead of twice: the hall comes first. */
export const BRIEF_AT = 3;

/** A ticket in one of these is still expected where the call sent it. `done` is among them: a
 * clerk who calls two numbers in one second finishes the first by it, and both must be heard. */
const STANDING = new Set(["called", "serving", "done"]);

export class Announcer {
  #play;
  #onChange;
  #limitMs;
  #holdMs;
  #newest = 0;
  #waiting = [];
  /** Calls of the list that were dropped unsaid; the board does not show them large either. */
  #skipped = new Set();
  #abort = null;

  /** The call being announced, or null. */
  current = null;

  constructor({ play, onChange = () => {}, limitMs = LIMIT_MS, holdMs = HOLD_MS }) {
    this.#play = play;
    this.#onChange = onChange;
    this.#limitMs = limitMs;
    this.#holdMs = holdMs;
  }

  /** The calls that wait to be announced, next one first. */
  get waiting() {
    return [...this.#waiting];
  }

  /**
   * Takes in what the board shows: the latest call of each ticket. `now` is the server's clock in
   * milliseconds. `complete` says that no older call was left out of the list.
   */
  hear(calls, now, complete = calls.length < 12) {
    const list = [...calls].sort((one, other) => other.id - one.id);
    const listed = new Map(list.map((call) => [call.id, call]));
    const reachesBackTo = complete ? 0 : (list.at(-1)?.id ?? 0);
    // What the list does not reach back to is not known to have changed.
    const stands = ({ id }) => id < reachesBackTo || STANDING.has(listed.get(id)?.status);
    const before = new Set(this.#waiting.map((call) => call.number));
    for (const call of this.#waiting) if (!stands(call)) this.#skipped.add(call.id);
    this.#waiting = this.#waiting.filter(stands);
    for (const call of list.reverse()) {
      if (call.id <= this.#newest) continue;
      this.#newest = call.id;
      const news = now - Date.parse(call.called_at) <= FRESH_MS || before.has(call.number);
      // Also where the list no longer reaches back to the call that it replaces.
      this.#waiting = this.#waiting.filter(({ number }) => number !== call.number);
      if (news && STANDING.has(call.status)) this.#waiting.push(call);
      else if (news) this.#skipped.add(call.id);
    }
    for (const id of this.#skipped) if (!listed.has(id)) this.#skipped.delete(id);
    if (this.current && this.#takenBack(list, reachesBackTo)) this.#abort.abort();
    this.#onChange();
    this.#next();
  }

  /** The call the board shows large: the one being announced, else the latest one announced. */
  shown(calls) {
    const { current } = this;
    if (current) return calls.find((call) => call.id === current.id) ?? current;
    const silent = new Set(this.#waiting.map((call) => call.id));
    return (
      [...calls]
        .sort((one, other) => other.id - one.id)
        .find((call) => !silent.has(call.id) && !this.#skipped.has(call.id)) ?? null
    );
  }

  /** Taken back while it is said: only when the ticket has neither this call nor a newer one. */
  #takenBack(calls, reachesBackTo) {
    const { id, number } = this.current;
    if (id < reachesBackTo) return false;
    return !calls.some((call) => call.number === number && call.id >= id);
  }

  #next() {
    if (this.current || this.#waiting.length === 0) return;
    this.current = this.#waiting.shift();
    this.#abort = new AbortController();
    this.#onChange();
    this.#announce(this.current, this.#abort).then(() => {
      this.current = null;
      this.#onChange();
      this.#next();
    });
  }

  /** Settles when the call was heard and shown long enough, was taken back, or took too long. */
  #announce(call, abort) {
    const { signal } = abort;
    return new Promise((done) => {
      const limit = setTimeout(() => abort.abort(), this.#limitMs);
      const hold = new Promise((held) => setTimeout(held, this.#holdMs));
      signal.addEventListener("abort", done, { once: true });
      const brief = this.#waiting.length >= BRIEF_AT;
      const heard = Promise.resolve()
        .then(() => this.#play(call, { signal, brief }))
        .catch(() => {}); // a call that cannot be heard is still shown, and the next one follows
      Promise.all([heard, hold]).then(() => {
        clearTimeout(limit);
        done();
      });
    });
  }
}
