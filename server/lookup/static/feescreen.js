/* The fee board on a wall turns its pages by itself, and looks for newer terms after each round. */

const PAGE_MS = 12000;
/** As long as the style takes to fade. */
const FADE_MS = 360;

const list = document.getElementById("list");
const place = document.getElementById("place");
const still = matchMedia("(prefers-reduced-motion: reduce)");
let pages = [];
let page = 0;

/** Which procedures stand on a page together: as many as its height holds, with their headings. */
function divide() {
  const rows = [...list.querySelectorAll(".procedure")];
  show(rows);
  list.scrollTop = 0;
  const style = getComputedStyle(list);
  const room = list.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
  pages = [];
  let used = Infinity;
  let field = null;
  for (const row of rows) {
    const section = row.closest(".field");
    const heading = section === field ? 0 : section.querySelector("h2").offsetHeight;
    const more = row.offsetHeight + heading;
    if (used + more > room) {
      pages.push([]);
      used = section.querySelector("h2").offsetHeight + row.offsetHeight;
    } else {
      used += more;
    }
    field = section;
    pages[pages.length - 1].push(row);
  }
}

function show(rows) {
  const shown = new Set(rows);
  for (const row of list.querySelectorAll(".procedure")) row.hidden = !shown.has(row);
  for (const section of list.querySelectorAll(".field")) {
    section.hidden = !section.querySelector(".procedure:not([hidden])");
  }
}

function open(number) {
  page = number;
  show(pages[page] || []);
  const words = place.dataset.words.replace("%(page)s", page + 1).replace("%(pages)s", pages.length);
  place.textContent = pages.length > 1 ? words : "";
}

function turnTo(number) {
  if (still.matches || pages.length < 2) {
    open(number);
    return;
  }
  list.classList.add("is-turning");
  setTimeout(() => {
    open(number);
    list.classList.remove("is-turning");
  }, FADE_MS);
}

/** Today's terms, if the server answers; what stands here stays otherwise. */
async function renew() {
  try {
    const answer = await fetch(location.href, { cache: "no-cache" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of [".top", "#list"]) {
      document.querySelector(part).innerHTML = fresh.querySelector(part).innerHTML;
    }
    divide();
  } catch {
    // Without a network the board goes on with what it has.
  }
}

async function turn() {
  if (page + 1 < pages.length) turnTo(page + 1);
  else {
    await renew();
    turnTo(0);
  }
  setTimeout(turn, PAGE_MS);
}

function start() {
  divide();
  open(0);
}

list.classList.add("turns");
document.fonts.ready.then(() => {
  start();
  setTimeout(turn, PAGE_MS);
});
addEventListener("resize", start);
