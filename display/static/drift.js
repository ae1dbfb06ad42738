/**
 * Moves the whole board by a few pixels over the day, so that no edge burns into the panel.
 *
 * One step a minute along a closed path that visits a square of points, each step at most one unit
 * in either direction: nobody sees it move. The frame of the board leaves room for it.
 */

/** The farthest it goes from its place, in CSS pixels. */
export const REACH_PX = 4;

const SIDE = 2 * REACH_PX + 1;

/** Where the board stands in this minute: `{x, y}` in CSS pixels, each at most REACH_PX. */
export function offset(minute) {
  const steps = SIDE * SIDE;
  // Row by row, alternately from the left and from the right; then the same way back.
  const there = minute % (2 * steps);
  const step = there < steps ? there : 2 * steps - 1 - there;
  const row = Math.floor(step / SIDE);
  const column = row % 2 === 0 ? step % SIDE : SIDE - 1 - (step % SIDE);
  return { x: column - REACH_PX, y: row - REACH_PX };
}

/** Keeps `element` drifting; returns a function that stops it. */
export function drift(element, now = Date.now) {
  const move = () => {
    const { x, y } = offset(Math.floor(now() / 60_000));
    element.style.setProperty("--drift-x", `${x}px`);
    element.style.setProperty("--drift-y", `${y}px`);
  };
  move();
  const timer = setInterval(move, 60_000);
  return () => clearInterval(timer);
}
