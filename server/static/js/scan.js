/* What a code scanner types. A keyboard-wedge scanner is a very fast typist that ends with Enter,
 * or should: Enter may be doubled, be a Tab or a line feed, or be lost.
 *
 * The text is kept as a field would hold it: an input method that works by deleting and writing
 * anew (UniKey, EVKey) is followed by its Backspace. Beside it the same is kept by the places of
 * the keys, for the times CapsLock or another layout changes the letters. What either means is the
 * server's to say. Nothing is kept once it has been handed on. */

/** Keys further apart than this belong to different texts, in milliseconds. */
const GAP_MS = 300;
/** Slower on average than this is a person. A slow scanner takes up to 150 ms a key. */
const SCANNER_MS = 160;
/** Nobody types on at this pace, so that it is a scanner even in a field. */
const FAST_MS = 45;
/** Fewer characters are no code of ours. */
const SHORTEST = 8;
const LONGEST = 1200;
/** How long after a scan its late or second Enter may come. */
const LATE_ENTER_MS = 500;
/** The same code within this time is the scanner reading twice. */
const AGAIN_MS = 1500;

const SHIFTED = {
  Semicolon: ":", Minus: "_", Slash: "?", Equal: "+", Backslash: "|", IntlBackslash: "|", Quote: '"',
  Comma: "<", Period: ">", BracketLeft: "{", BracketRight: "}", Backquote: "~", Digit1: "!",
  Digit2: "@", Digit3: "#", Digit4: "$", Digit5: "%", Digit6: "^", Digit7: "&", Digit8: "*",
  Digit9: "(", Digit0: ")",
};
const PLAIN = {
  Semicolon: ";", Minus: "-", Slash: "/", Equal: "=", Backslash: "\\", IntlBackslash: "\\", Quote: "'",
  Comma: ",", Period: ".", BracketLeft: "[", BracketRight: "]", Backquote: "`", Space: " ",
  NumpadDecimal: ".", NumpadSubtract: "-", NumpadDivide: "/", NumpadAdd: "+", NumpadMultiply: "*",
};
const MODIFIERS = ["Shift", "CapsLock", "Control", "Alt", "AltGraph", "Meta", "NumLock"];
const FIELDS = "input, textarea, select, [contenteditable=''], [contenteditable='true']";

/**
 * Call `onScan(text, byPlace)` for every code scanned on this page.
 *
 * Outside of fields the keys of a scan reach nobody else, from the second on and with its Enter;
 * keys that turn out to be no scan are given back to the page in order. A field that has the focus
 * gets the keys, and is put back as it was once they turn out to be a scan.
 *
 * @param onScan `byPlace` is empty where it would say the same
 * @param holds (event) -> how many milliseconds the first key is kept back too, for pages on which
 *   a single key does something; 0 to let it pass at once
 * @returns {() => void} stops listening
 */
export function listenForScans(onScan, holds = () => 0) {
  let text = nothing();
  let timer = 0;
  let release = 0;
  let ended = { at: -Infinity, text: "" }; // the last scan, until it could not come again
  let forgetting = 0;
  const given = new WeakSet(); // events that are on their second way

  const giveBack = async () => {
    clearTimeout(release);
    const { kept } = text;
    text.kept = [];
    for (const key of kept) {
      const target = document.activeElement ?? document.body;
      const event = new KeyboardEvent("keydown", { ...key, bubbles: true, cancelable: true });
      given.add(event);
      // A made-up event presses no button by itself.
      if (target.dispatchEvent(event) && key.key === " ") target.closest("button, a, summary")?.click();
      await null; // the page has drawn what this key changed before it gets the next
    }
  };
  const drop = () => {
    clearTimeout(timer);
    giveBack();
    text = nothing();
  };
  const finish = (at) => {
    clearTimeout(timer);
    clearTimeout(release);
    const { typed, placed, field } = text;
    text = nothing();
    if (field) putBack(field);
    const twice = typed === ended.text && at - ended.at < AGAIN_MS;
    ended = { at, text: typed };
    clearTimeout(forgetting);
    forgetting = setTimeout(() => (ended = { at, text: "" }), AGAIN_MS);
    if (!twice) onScan(typed, placed === typed ? "" : placed);
  };
  const wait = () => {
    clearTimeout(timer);
    // A whole code and then silence, in this scanner's own measure: its Enter was lost. Anything
    // else waits for as long as another key could still belong to it.
    const short = Math.min(GAP_MS, Math.max(100, 3 * text.longest));
    timer = setTimeout(
      () => {
        if (isScan(text) && looksWhole(text.typed)) return finish(text.at);
        timer = setTimeout(() => (isScan(text) && !text.field ? finish(text.at) : drop()), GAP_MS + 20 - short);
      },
      short,
    );
  };

  const onKey = (event) => {
    if (event.repeat || given.has(event)) return;
    const at = event.timeStamp;
    if (at - text.at > GAP_MS && text.count) drop();
    if (isEnd(event)) {
      if (isScan(text)) {
        swallow(event);
        finish(at);
      } else if (at - ended.at < LATE_ENTER_MS && !text.count) {
        swallow(event);
        ended.at = at;
      } else drop();
      return;
    }
    if (altDigit(event, text)) return swallow(event);
    if (event.ctrlKey || event.metaKey || (event.altKey && !event.getModifierState("AltGraph"))) return;
    if (MODIFIERS.includes(event.key)) return;
    const field = event.target.closest?.(FIELDS) ?? null;
    if (event.key === "Backspace") {
      if (text.count) takeBack(text, at);
      return;
    }
    const typed = characterOf(event);
    const placed = placeOf(event);
    // A key without any name: an input method writes, and the character comes as `keypress`.
    text.awaited = typed === "" && ["", "Unidentified"].includes(event.key);
    if (typed === "" && placed === "") return;
    if (!text.count && field) text.field = asItIs(field);
    add(text, typed, placed, at);
    const held = text.count > 1 ? GAP_MS : holds(event);
    if (held && !text.field) {
      text.kept.push({ key: event.key, code: event.code, shiftKey: event.shiftKey });
      swallow(event);
      clearTimeout(release);
      if (text.count === 1) release = setTimeout(giveBack, held);
    }
    wait();
  };
  const onCharacter = (event) => {
    if (!text.awaited || event.charCode < 32) return;
    text.awaited = false;
    add(text, event.key, "", event.timeStamp);
    wait();
  };
  const onKeyUp = (event) => {
    if (event.key !== "Alt" || !text.alt) return;
    // Scanners write letters that no key has as Alt and a number.
    const number = Number(text.alt);
    text.alt = "";
    if (number < 32 || number > 0x10ffff) return;
    const letter = String.fromCodePoint(number);
    add(text, letter, letter, event.timeStamp);
    wait();
  };

  document.addEventListener("keydown", onKey, true);
  document.addEventListener("keypress", onCharacter, true);
  document.addEventListener("keyup", onKeyUp, true);
  return () => {
    for (const one of [timer, release, forgetting]) clearTimeout(one);
    text = nothing();
    ended = { at: -Infinity, text: "" };
    document.removeEventListener("keydown", onKey, true);
    document.removeEventListener("keypress", onCharacter, true);
    document.removeEventListener("keyup", onKeyUp, true);
  };
}

function nothing() {
  return {
    typed: "", // as a field would hold it
    placed: "", // by the places of the keys
    count: 0, // keys so far
    from: 0, // when the first came
    at: -Infinity, // when the last came
    longest: 0, // the longest gap between two
    field: null, // the field that has the focus, as it was before
    kept: [], // keys that the page did not get
    alt: "", // digits typed while Alt is held
    awaited: false, // the character of the last key is still to come
  };
}

function add(text, typed, placed, at) {
  if (text.count) text.longest = Math.max(text.longest, at - text.at);
  else text.from = at;
  text.at = at;
  text.count += 1;
  if (text.typed.length < LONGEST) text.typed += typed;
  if (text.placed.length < LONGEST) text.placed += placed;
}

function takeBack(text, at) {
  text.at = at;
  text.typed = Array.from(text.typed).slice(0, -1).join("");
}

/**
 * Whether these keys came from a scanner. In a field only what no person types is taken for one:
 * words have spaces, and codes have none.
 */
function isScan({ typed, count, from, at, field }) {
  if (typed.length < SHORTEST || count < SHORTEST) return false;
  const mean = (at - from) / (count - 1);
  if (!field) return mean <= SCANNER_MS;
  if (isAddress(typed) || isCard(typed)) return mean <= SCANNER_MS;
  return mean <= FAST_MS && (!/\s/.test(typed.trim()) || typed.includes("|"));
}

/** Whether a text is a whole code, so that nothing more is to come but an Enter. */
function looksWhole(typed) {
  const words = typed.trim();
  return isAddress(words) || isCard(words) || /^(\d{3}\.\d\d\.\d\d\.)?[gh]\d\d[.\d]*-\d{6}-\d{4,6}$/i.test(words);
}

function isAddress(words) {
  return /^https?:\/\/\S+\/t\/\S{16,}$|^https?:\/\/\S+\?\S*=\S{12,}$/i.test(words);
}

function isCard(words) {
  return /^\d{9,12}\|([^|]*\|){5}\d{8}(\|.*)?$/.test(words);
}

/** Enter, Tab, or the line feed that some scanners send as Ctrl+J or Ctrl+M. Ctrl+Enter is a person's. */
function isEnd(event) {
  if (event.key === "Enter" || event.code === "NumpadEnter") return !event.ctrlKey;
  if (event.key === "Tab") return !event.shiftKey && !event.altKey && !event.ctrlKey;
  return event.ctrlKey && !event.altKey && !event.shiftKey && /^Key[JM]$/.test(event.code);
}

function altDigit(event, text) {
  if (!event.altKey || event.ctrlKey || !/^Numpad\d$/.test(event.code)) return false;
  if (!text.count && !text.alt) return false; // a person's Alt and digits
  text.alt += event.code.at(-1);
  return true;
}

/** The character a key writes; empty for keys that write none. */
function characterOf(event) {
  if (event.key === "Process" || event.key === "Dead") return placeOf(event); // an input method hides it
  return Array.from(event.key).length === 1 ? event.key : "";
}

/** The character that the key at this place writes on a US keyboard, whatever CapsLock says. */
function placeOf({ code, shiftKey }) {
  if (/^Key[A-Z]$/.test(code)) return shiftKey ? code[3] : code[3].toLowerCase();
  if (/^Numpad\d$/.test(code)) return code.at(-1);
  if (/^Digit\d$/.test(code) && !shiftKey) return code.at(-1);
  return (shiftKey ? SHIFTED[code] : "") || PLAIN[code] || "";
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

function asItIs(field) {
  const editable = "value" in field;
  return { field, editable, value: editable ? field.value : field.textContent };
}

/** Take a scan out of the field it was typed into. */
function putBack({ field, editable, value }) {
  if (editable) field.value = value;
  else field.textContent = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
