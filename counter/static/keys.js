// Which key does what, and when a key is ours at all. Plain values in, plain values out: what is
// done about a key is decided in desk.js, and tests/counter/test_keys.py holds the rules below.
//
// A clerk's hands stay on the keys all day, so the rules are strict:
// - letters typed in a field belong to the field, chords (Ctrl, Alt, Meta) to the browser;
// - a key held down counts once;
// - Space calls, except where Tab has put the focus on a button or a link: there it presses that
//   one, as keyboard users expect. A button that was clicked with the mouse keeps the focus too,
//   but its clerk means "call next".

/** Every shortcut of the desk: the list on the page is made of it. `act` names what desk.js does. */
export const SHORTCUTS = [
  { key: "Space", act: "call-next" },
  { key: "S", act: "serve" },
  { key: "R", act: "recall" },
  { key: "V", act: "no-show" },
  { key: "G", act: "park" },
  { key: "C", act: "transfer" },
  { key: "X", act: "finish" },
  { key: "Z", act: "undo" },
  { key: "Q", act: "queue" },
  { key: "B", act: "back" },
  { key: "H", act: "receive" },
  { key: "D", act: "dossiers" },
  { key: "P", act: "pause" },
  { key: "O", act: "open" },
  { key: "?", act: "shortcuts" },
];

const ACTS = Object.fromEntries(SHORTCUTS.map(({ key, act }) => [key, act]));
const FIELDS = "input, textarea, select, [contenteditable=''], [contenteditable='true']";
const PRESSED_BY_SPACE = "button, a[href], summary, [role='button']";

/** What `key` does on the desk, or undefined. */
export function actOf(key) {
  return ACTS[key];
}

/** The key that does `act`, for the button it stands on. */
export function keyFor(act) {
  return SHORTCUTS.find((shortcut) => shortcut.act === act)?.key;
}

/**
 * The name of a pressed key: "Space", "A" … "Z", "0" … "9", "?", or null for all others.
 *
 * With a Khmer layout or a Vietnamese input method `event.key` is not the letter on the key cap;
 * the place of the key (`event.code`) then says which one it is.
 */
export function keyName(event) {
  if (event.code === "Space" || event.key === " ") return "Space";
  if (event.key === "?") return "?";
  if (/^[a-z]$/i.test(event.key)) return event.key.toUpperCase();
  if (/^[0-9]$/.test(event.key)) return event.key;
  const placed = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(event.code ?? "");
  if (placed && !(placed[2] && event.shiftKey)) return placed[1] ?? placed[2];
  return event.code === "Slash" && event.shiftKey ? "?" : null;
}

/** Whether `target` is something one types or chooses in. */
export function isField(target) {
  return Boolean(target?.closest?.(FIELDS));
}

/** Whether Space presses `target` itself: a button, a link, a fold. */
export function takesSpace(target) {
  return Boolean(target?.closest?.(PRESSED_BY_SPACE));
}

/**
 * The key that the desk should act on, or null when the event is not for it.
 *
 * @param event a keydown event
 * @param byTab whether the focus was last moved with the keyboard
 */
export function ours(event, byTab) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return null;
  if (event.repeat || event.defaultPrevented || isField(event.target)) return null;
  const key = keyName(event);
  if (key === "Space" && byTab && takesSpace(event.target)) return null;
  return key;
}

/**
 * Call `onKey(name)` for every key that is ours; it returns whether it made use of it.
 *
 * @param enabled called at each key: a clerk may switch the shortcuts off
 * @returns a function that stops listening
 */
export function listen(root, onKey, enabled = () => true) {
  let byTab = false;
  let swallow = false;
  const pointed = () => (byTab = false);
  const down = (event) => {
    if (["Tab", "ArrowDown", "ArrowUp"].includes(event.key)) byTab = true;
    const presses = ["Enter", " "].includes(event.key);
    // A browser presses a focused button again and again while Enter is held.
    if (event.repeat && presses && !isField(event.target)) return event.preventDefault();
    if (!enabled()) return;
    const key = ours(event, byTab);
    if (key === null) return;
    // Where the desk takes Space, neither the page scrolls nor the focused button is pressed too.
    swallow = key === "Space";
    if (onKey(key) || swallow) event.preventDefault();
    if (["Q", "B"].includes(key)) byTab = true;
  };
  const up = (event) => {
    if (!swallow || event.code !== "Space") return;
    swallow = false;
    event.preventDefault(); // Firefox presses a focused button when Space is let go
  };
  root.addEventListener("pointerdown", pointed, true);
  root.addEventListener("keydown", down);
  root.addEventListener("keyup", up, true);
  return () => {
    root.removeEventListener("pointerdown", pointed, true);
    root.removeEventListener("keydown", down);
    root.removeEventListener("keyup", up, true);
  };
}
