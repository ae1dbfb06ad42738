/* Keeps the page true. The server draws it; this script fetches it again when something has
   changed, keeps up one's place in between, and makes the call seen, heard and felt.
   follow.js joins the live view where the browser can; without it the page is asked for. */
import { load } from "./fetching.js";
import { colour, entitle, flash, say, stopFlashing } from "./notice.js";
import { aheadWords, clockOf, differs, fill, placeIn, waitRange, waitWords } from "./place.js";
import { Bell } from "./ring.js";

const POLL_MS = 10000;
const RETRY_MS = 2000;
const LOST_AFTER_MS = 3000; // without a live connection and without an answer
const LOOK_MS = 5000;
const ENDS = ["done", "cancelled"];

let page = document.getElementById("page");
let seed = readSeed(document);
let state = seed.state;
let heard = { server: Date.parse(state.now), at: performance.now() };
let watching = null;
let live = false;
let stale = false; // something has changed that the page does not show yet
let failed = false;
let asking = false;
let again = false;
let news = 0; // how much the live view has told
let lostAt = 0;
let planned = 0;

const bell = new Bell();
const banner = document.getElementById("lost");

function readSeed(place) {
  const found = place.getElementById("seed");
  return found ? JSON.parse(found.textContent) : null;
}

/** The server's moment in milliseconds: a phone's own clock may be wrong. */
const now = () => heard.server + (performance.now() - heard.at);

/** Joins the live view: `watch(token, handlers)` is that of static/js/live.js. */
export function follow(watch) {
  if (ENDS.includes(state.status) && !state.dossiers.length) return; // nothing more will happen
  const token = page.dataset.address.split("/").pop();
  watching = watch(token, { onState, onQueue, onConnection, onError: refresh });
}

function onState(next) {
  news += 1;
  heard = { server: Date.parse(next.now), at: performance.now() };
  const before = state;
  state = next;
  if (!differs(before, next, seed.changing)) {
    put(next.ahead, next.wait_minutes);
    return;
  }
  if (before.service.code !== next.service.code) watching.sync(); // to hear of the other queue
  if (next.status === "called" && before.status !== "called") drawCall();
  attend(before);
  stale = true;
  refresh();
}

function onQueue({ order, pace }) {
  news += 1;
  if (state.status !== "waiting") return;
  const ahead = placeIn(order, state.ref);
  if (ahead < 0) watching.sync();
  else put(ahead, pace ? waitRange(pace.first + pace.each * ahead, seed.edges) : null);
}

function onConnection(connected) {
  live = connected;
  document.documentElement.dataset.live = String(connected);
  if (connected) found();
  else refresh(); // perhaps only the live connection is gone
  plan();
}

/** Fetches the page as it is now, and tries again until it has it. */
function refresh() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  const slow = setTimeout(() => live || lost(), LOST_AFTER_MS);
  const known = news;
  load(page.dataset.address + location.search)
    .then(show)
    .then(() => {
      if (news !== known) watching.sync(); // what came meanwhile is newer than this page
    })
    .catch(() => {
      failed = true;
      if (!live) lost();
    })
    .then(() => {
      clearTimeout(slow);
      asking = false;
      if (again) {
        again = false;
        refresh();
      } else plan();
    });
}

function plan() {
  clearTimeout(planned);
  if (live && !stale) return;
  if (failed || stale) planned = setTimeout(refresh, RETRY_MS);
  else if (Number(page.dataset.refresh)) planned = setTimeout(refresh, POLL_MS);
}

function show(fresh) {
  stale = false;
  failed = false;
  found();
  const focus = document.activeElement ? document.activeElement.id : "";
  const opened = Array.from(page.querySelectorAll("details[open]"), (part) => part.id);
  const drawn = document.importNode(fresh.getElementById("page"), true);
  page.replaceWith(drawn);
  page = drawn;
  document.documentElement.lang = fresh.documentElement.lang;
  opened.concat(focus).forEach((id) => {
    const part = id && document.getElementById(id);
    if (part && opened.includes(id)) part.open = true;
    if (part && id === focus) part.focus();
  });
  const before = state;
  const next = readSeed(fresh);
  if (next) {
    seed = next;
    state = seed.state;
    heard = { server: Date.parse(state.now), at: performance.now() };
    attend(before);
  }
  entitle(fresh.title);
  colour(page.dataset.tone);
  bell.dress(page);
  document.dispatchEvent(new Event("page-shown"));
}

/** The call at once from what the page already has, even if the network fails right after. */
function drawCall() {
  const template = document.getElementById("call");
  if (!template) return;
  const { counter, counter_names: names, called_at: at } = state;
  const main = page.querySelector(".ticket");
  const drawn = document.importNode(template.content, true);
  const place = drawn.querySelector("[data-counter]");
  place.textContent = counter;
  place.dataset.length = counter.length;
  const language = document.documentElement.lang;
  drawn.querySelector("[data-counter-names]").textContent =
    (names && (names[language] || names.vi)) || "";
  if (at) drawn.querySelector("[data-called]").textContent = clockOf(Date.parse(at), at);
  main.textContent = "";
  main.append(drawn);
  main.classList.add("arrives");
  page.dataset.tone = "called";
  colour(page.dataset.tone);
}

/** What the holder must notice now that the state is another than before. */
function attend(before) {
  if (state.status === "called") {
    const news = before.status !== "called" || before.calls < state.calls;
    if (!news && before.counter === state.counter) return;
    const words = fill(seed.words.go, { counter: state.counter });
    window.scrollTo(0, 0);
    bell.ring();
    flash(`${state.number} · ${words}`);
    say(`${spell(state.number)}. ${words}`);
    return;
  }
  if (before.status === state.status) return;
  stopFlashing();
  bell.hush();
  // The page is drawn before this is heard.
  setTimeout(() => {
    const headline = page.querySelector(".place-ahead");
    if (headline) say(headline.textContent.trim());
  }, RETRY_MS);
}

const spell = (number) => number.split("").join(" ");

function put(ahead, minutes) {
  const place = document.getElementById("ahead");
  if (state.status !== "waiting" || !place || ahead === null || ahead === undefined) return;
  const [before, many, after] = aheadWords(ahead, seed.words);
  const words = before + many + after;
  if (place.textContent !== words) {
    place.textContent = before;
    if (many) {
      place.append(document.createElement("b"), after);
      place.querySelector("b").textContent = many;
    }
    entitle(`${state.number} · ${words}`);
  }
  const wait = document.getElementById("wait");
  const likely = waitWords(minutes, seed.words, seed.hours_from);
  wait.hidden = !likely;
  wait.querySelector("span").textContent = likely;
  const soon = document.getElementById("soon");
  const near = ahead <= seed.soon_from && state.open;
  if (soon.hidden && near) bell.nudge();
  soon.hidden = !near;
  tellTime();
}

function tellTime() {
  const place = document.getElementById("as-of");
  if (place) place.textContent = clockOf(now(), state.now);
}

function lost() {
  if (lostAt) return;
  lostAt = now();
  banner.querySelector("span").textContent = fill(seed.words.lost, {
    time: clockOf(lostAt, state.now),
  });
  banner.hidden = false;
}

function found() {
  lostAt = 0;
  banner.hidden = true;
  tellTime();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest ? event.target.closest("a[hreflang], .foot-again") : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  // Without leaving the page: its bell stays turned on.
  if (link.hreflang) history.replaceState(null, "", link.href);
  refresh();
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  const problem = form.querySelector("[role=alert]");
  button.disabled = true;
  problem.hidden = true;
  load(form.action + location.search, { method: "POST", body: new FormData(form) })
    .then(show)
    .catch(() => {
      button.disabled = false;
      problem.hidden = false;
    });
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && !live) refresh();
});
window.addEventListener("online", () => live || refresh());
setInterval(() => {
  const until = state.status === "no_show" && state.return_until;
  if (until && now() > Date.parse(until) && page.dataset.tone !== "late") refresh();
}, LOOK_MS);

bell.dress(page);
colour(page.dataset.tone);
plan();
