/**
 * The loudspeaker: chime first, then the call in the hall's languages, one after the other.
 *
 * Browsers stay silent until somebody has touched the page. A board that nobody touches is started
 * with `chromium --kiosk --autoplay-policy=no-user-gesture-required http://…/display/OFFICE`;
 * without that flag the page shows a button, and any click or key turns the sound on as well.
 */

/** Silence after the chime and between two languages, in milliseconds. */
const AFTER_CHIME_MS = 150;
const BETWEEN_LANGUAGES_MS = 450;
/** A recording that has not come by then is left out: the board must keep pace with the hall. */
const FETCH_MS = 3_000;
/** A sound may end this much later than its length says before it counts as stuck. */
const LATE_MS = 1_500;
/** How long the browser may take to let sound through when it does at all. */
const WAKE_MS = 300;
/** Recordings kept, so that a call is fetched while the one before it is still being said. */
const KEPT = 24;

export class Loudspeaker {
  #base;
  #languages;
  #onBlocked;
  #context = null;
  #kept = new Map();
  #unlocking = null;

  /** Whether the browser holds the sound back until somebody touches the page. */
  blocked = false;

  /** `base` is this office's display address; `languages()` names those to be spoken, in order. */
  constructor({ base, languages, onBlocked = () => {} }) {
    this.#base = base;
    this.#languages = languages;
    this.#onBlocked = onBlocked;
  }

  /** Finds out whether sound is let through, and fetches the chime. */
  async start() {
    await this.#awake();
    this.#recording(`${this.#base}/chime.wav`);
  }

  /** Tries once more, from a click or a key; the chime says, once, that it worked. */
  unlock() {
    this.#unlocking ??= this.#unlock().finally(() => {
      this.#unlocking = null;
    });
    return this.#unlocking;
  }

  async #unlock() {
    if (!this.blocked || !(await this.#awake())) return;
    await this.#sound(await this.#recording(`${this.#base}/chime.wav`));
  }

  /** Fetches what a call will need, while another one is still being said. */
  prepare(call, { brief = false } = {}) {
    if (!this.blocked) for (const url of this.#urls(call, brief)) this.#recording(url);
  }

  /** Announces one call; settles when it was heard or cannot be. The queue's player. */
  play = async (call, { signal, brief }) => {
    if (!(await this.#awake())) return;
    this.prepare(call, { brief });
    await this.#sound(await this.#recording(`${this.#base}/chime.wav`), signal);
    await pause(AFTER_CHIME_MS);
    for (const url of this.#urls(call, brief)) {
      const recording = await this.#recording(url);
      if (signal.aborted) return;
      if (recording === null) continue; // no voice for this language: the chime has to do
      await this.#sound(recording, signal);
      await pause(BETWEEN_LANGUAGES_MS);
    }
  };

  #urls(call, brief) {
    const once = brief ? "?repeat=1" : "";
    return this.#languages().map((code) => `${this.#base}/call/${call.id}.${code}.wav${once}`);
  }

  async #awake() {
    this.#context ??= new AudioContext();
    if (this.#context.state !== "running") {
      await Promise.race([this.#context.resume().catch(() => {}), pause(WAKE_MS)]);
    }
    const blocked = this.#context.state !== "running";
    if (blocked !== this.blocked) {
      this.blocked = blocked;
      this.#onBlocked(blocked);
    }
    return !blocked;
  }

  /** A decoded recording, or null when there is none. Kept, unless it could not be fetched. */
  #recording(url) {
    if (this.#kept.has(url)) return this.#kept.get(url);
    const recording = this.#fetch(url).catch(() => {
      this.#kept.delete(url);
      return null;
    });
    this.#kept.set(url, recording);
    if (this.#kept.size > KEPT) {
      const oldest = [...this.#kept.keys()].find((key) => !key.endsWith("/chime.wav"));
      this.#kept.delete(oldest);
    }
    return recording;
  }

  async #fetch(url) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS) });
    if (answer.status === 204 || answer.status === 404) return null;
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return this.#context.decodeAudioData(await answer.arrayBuffer());
  }

  #sound(recording, signal) {
    if (recording === null || signal?.aborted) return Promise.resolve();
    const source = new AudioBufferSourceNode(this.#context, { buffer: recording });
    source.connect(this.#context.destination);
    return new Promise((done) => {
      source.addEventListener("ended", done, { once: true });
      signal?.addEventListener("abort", () => source.stop(), { once: true });
      // Without a device nothing ends; stopped all the same, so that two are never heard at once.
      setTimeout(() => {
        source.stop();
        done();
      }, recording.duration * 1000 + LATE_MS);
      source.start();
    });
  }
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
