/* What reaches somebody who looks elsewhere: the tab's title, the browser's bar, a screen reader. */

const FLASH_MS = 1000;
const FLASHES = 60;
const GOLD = "#F4B400";

const theme = document.querySelector("meta[name=theme-color]");
const brand = theme.content;
let flashing = 0;

/** Says words at once to whoever listens to the page; the same words again are said again. */
export function say(words) {
  const place = document.getElementById("say");
  place.textContent = "";
  setTimeout(() => {
    place.textContent = words;
  }, 50);
}

/** The title of the tab, unless it is flashing. */
export function entitle(words) {
  if (!flashing) document.title = words;
}

/** Lets the title of the tab alternate, so that it is seen among others. */
export function flash(words) {
  stopFlashing();
  let left = FLASHES;
  const turn = () => {
    left -= 1;
    document.title = left % 2 ? `🔔 ${words}` : words;
    if (left <= 0) stopFlashing();
  };
  turn();
  flashing = setInterval(turn, FLASH_MS);
}

export function stopFlashing() {
  clearInterval(flashing);
  flashing = 0;
}

/** The browser's own bar in the colour of the page. */
export function colour(tone) {
  theme.content = tone === "called" ? GOLD : brand;
}
