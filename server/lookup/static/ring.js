/* The call that is heard and felt: the board's two notes, vibration, and a screen kept awake.
   Browsers allow sound only after a tap, hence the button. */

const NOTES = [
  [0, 659.26],
  [0.6, 523.25],
];
const CHIME_S = 2.2;
const CHIMES = 2;
const AGAIN_MS = 8000;
const TIMES = 4; // or until the page is touched
const SHAKES = [500, 200, 500, 200, 900, 400, 500, 200, 500, 200, 900];

const Sound = window.AudioContext || window.webkitAudioContext;

/** Vibrates where the phone can and may; nothing happens elsewhere. */
function shake(pattern) {
  try {
    if (navigator.vibrate) navigator.vibrate(pattern);
  } catch (error) {
    // Some browsers forbid it in a frame: the page still shows the call.
  }
}

/** Rings on this phone if its holder has asked for it. */
export class Bell {
  constructor() {
    this.on = false;
    this.context = null;
    this.output = null;
    this.lock = null;
    this.later = 0;
    document.addEventListener("visibilitychange", () => this.stayAwake());
    document.addEventListener("click", () => this.hush());
  }

  /** Takes over the button of a page that was just drawn. */
  dress(page) {
    const button = page.querySelector("#ring");
    if (!button) {
      this.sleep();
      return;
    }
    if (!Sound && !navigator.vibrate) return;
    button.hidden = false;
    button.setAttribute("aria-pressed", String(this.on));
    button.addEventListener("click", (event) => {
      event.stopPropagation(); // it would hush the note that turning it on plays
      if (this.on) this.turnOff();
      else this.turnOn();
      button.setAttribute("aria-pressed", String(this.on));
    });
    this.stayAwake();
  }

  turnOn() {
    this.on = true;
    if (Sound && !this.context) this.context = new Sound();
    // Some phones let sound through only when some was played within a tap.
    this.play(0.25, 1);
    shake(80);
    this.stayAwake();
  }

  turnOff() {
    this.on = false;
    this.hush();
    this.sleep();
  }

  /** The call: now and a few times more, until somebody touches the page. */
  ring(left = TIMES) {
    this.hush();
    shake(SHAKES);
    if (!this.on) return;
    this.play(0.9, CHIMES);
    if (left > 1) this.later = setTimeout(() => this.ring(left - 1), AGAIN_MS);
  }

  /** Something to look at, but not yet the call. */
  nudge() {
    if (!this.on) return;
    shake([120, 120, 120]);
    this.play(0.35, 1);
  }

  hush() {
    clearTimeout(this.later);
    shake(0);
    if (this.output) this.output.disconnect();
    this.output = null;
  }

  play(loudness, chimes) {
    if (!this.context) return;
    const context = this.context;
    if (context.state === "suspended") context.resume();
    const output = context.createGain();
    output.gain.value = loudness;
    output.connect(context.destination);
    this.output = output;
    for (let chime = 0; chime < chimes; chime += 1) {
      NOTES.forEach(([after, pitch]) => {
        strike(context, output, context.currentTime + 0.05 + chime * CHIME_S + after, pitch);
      });
    }
  }

  /** A screen that turns itself off hides the call; only secure pages may prevent it. */
  stayAwake() {
    const wanted = this.on && document.visibilityState === "visible";
    if (!wanted || this.lock || !navigator.wakeLock) return;
    navigator.wakeLock.request("screen").then(
      (lock) => {
        this.lock = lock;
        lock.addEventListener("release", () => {
          this.lock = null;
        });
      },
      () => {}, // a nearly empty battery, for example
    );
  }

  sleep() {
    if (this.lock) this.lock.release();
    this.lock = null;
  }
}

/** One note of a struck bar: it begins at once and fades away. */
function strike(context, output, at, pitch) {
  [
    [1, 0.55],
    [2, 0.22],
    [3.01, 0.09],
  ].forEach(([partial, strength]) => {
    const tone = context.createOscillator();
    const fade = context.createGain();
    tone.frequency.value = pitch * partial;
    fade.gain.setValueAtTime(0.0001, at);
    fade.gain.exponentialRampToValueAtTime(strength, at + 0.01);
    fade.gain.exponentialRampToValueAtTime(0.0001, at + 1.4 / partial);
    tone.connect(fade);
    fade.connect(output);
    tone.start(at);
    tone.stop(at + 1.5);
  });
}
