/* Nobody here any more, and hands that tap twice. */
import { useEffect, useRef, useState } from "preact";

const WARNING_S = 10;
const TWICE_MS = 600;
const NEAR_PX = 70;
const SIGNS = ["pointerdown", "keydown", "wheel"];

/**
 * Counts down to `onIdle` while nobody touches the screen.
 * @returns {number | null} seconds left once it is nearly over, so that the page can say so
 */
export function useIdle(seconds, active, onIdle) {
  const [left, setLeft] = useState(null);
  const done = useRef(onIdle);
  done.current = onIdle;
  useEffect(() => {
    setLeft(null);
    if (!active) return undefined;
    let quietFor = 0;
    const touched = () => {
      quietFor = 0;
      setLeft(null);
    };
    const timer = setInterval(() => {
      quietFor += 1;
      const rest = seconds - quietFor;
      if (rest <= 0) {
        touched();
        done.current();
      } else if (rest <= WARNING_S) setLeft(rest);
    }, 1000);
    for (const sign of SIGNS) document.addEventListener(sign, touched, true);
    return () => {
      clearInterval(timer);
      for (const sign of SIGNS) document.removeEventListener(sign, touched, true);
    };
  }, [seconds, active]);
  return left;
}

/**
 * A trembling hand taps twice: the second tap must not land on what the first one brought up.
 * Swallows a click at the same place within a moment when something else lies there by then, and
 * keys held down.
 */
export function forgiveDoubleTaps() {
  let last = { at: -Infinity, x: 0, y: 0, target: null };
  document.addEventListener(
    "click",
    (event) => {
      if (event.detail === 0) return; // from the keyboard
      const near = Math.hypot(event.clientX - last.x, event.clientY - last.y) < NEAR_PX;
      const soon = event.timeStamp - last.at < TWICE_MS;
      const target = event.target.closest("button, a");
      if (near && soon && target !== last.target) {
        event.preventDefault();
        event.stopPropagation();
      }
      last = { at: event.timeStamp, x: event.clientX, y: event.clientY, target };
    },
    true,
  );
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.repeat && (event.key === "Enter" || event.key === " ")) event.preventDefault();
    },
    true,
  );
}
