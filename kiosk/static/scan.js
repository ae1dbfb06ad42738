/* What the scanner types. A keyboard-wedge scanner is a very fast typist that ends with Enter. */

const GAP_MS = 300;
const SHORTEST = 8;
const LONGEST = 600;
const SHIFTED = { Semicolon: ":", Minus: "_", Slash: "?", Equal: "+", Digit7: "&", Backslash: "|" };
const PLAIN = { Semicolon: ";", Minus: "-", Slash: "/", Equal: "=", Period: ".", Backslash: "\\" };

/**
 * Call `onScan(text)` for every code scanned on this page. What is typed is forgotten at once.
 * @returns {() => void} stops listening
 */
export function listenForScans(onScan) {
  let typed = "";
  let lastAt = 0;
  let silence = 0;

  const finish = () => {
    clearTimeout(silence);
    const text = typed;
    typed = "";
    if (text.length >= SHORTEST) onScan(text);
  };
  const onKey = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target instanceof HTMLInputElement) return;
    if (event.timeStamp - lastAt > GAP_MS) typed = "";
    if ((event.key === "Enter" || event.key === "Tab") && typed.length >= SHORTEST) {
      // The scanner's Enter must not press the button that happens to have the focus.
      event.preventDefault();
      event.stopPropagation();
      finish();
      return;
    }
    const character = characterOf(event);
    if (character === "" || typed.length >= LONGEST) return;
    lastAt = event.timeStamp;
    typed += character;
    clearTimeout(silence);
    // Some scanners send no Enter: a whole address followed by silence will do.
    silence = setTimeout(() => {
      if (meaning(typed).kind === "ticket") finish();
      typed = "";
    }, GAP_MS);
  };
  document.addEventListener("keydown", onKey, true);
  return () => {
    clearTimeout(silence);
    document.removeEventListener("keydown", onKey, true);
  };
}

/** The character a key stands for; by its place where a Vietnamese input method hides it. */
function characterOf(event) {
  if (/^[\x20-\x7e]$/.test(event.key)) return event.key;
  const { code, shiftKey } = event;
  if (["Shift", "CapsLock", "Backspace", "Escape"].includes(event.key)) return "";
  if (/^Key[A-Z]$/.test(code)) return shiftKey ? code[3] : code[3].toLowerCase();
  if (/^(Digit|Numpad)\d$/.test(code) && !shiftKey) return code.at(-1);
  return (shiftKey ? SHIFTED : PLAIN)[code] ?? "";
}

/**
 * What a scanned text is: `{kind: "ticket", token}`, `{kind: "card"}` for a citizen card, whose
 * text goes nowhere, or `{kind: "other"}`.
 */
export function meaning(text) {
  const words = text.trim();
  const found = /\/t\/([A-Za-z0-9_-]{8,64})\/?(?:[?#].*)?$/.exec(words);
  if (found) return { kind: "ticket", token: found[1] };
  if (/^\d{9,12}\|.*\|/.test(words)) return { kind: "card" };
  return { kind: "other" };
}
