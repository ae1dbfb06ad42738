/* The live views: one socket a page, and the truth again after any loss.
 *
 * Events are hints. A watcher asks for the whole view again when it is connected anew, when the
 * page is looked at again, when the network is back, and after some silence.
 *
 * Phones load this file without an import map, and old ones read nothing newer than ES2019. */
import { io } from "../vendor/socket.io.js";

const SILENCE_MS = 15000; // no word for so long: ask
const PHONE_SILENCE_MS = 20000; // a hall has few screens and a thousand phones
const PATIENCE_MS = 1500; // no answer for so long: the server is lost

let socket = null;
let connected = null; // null: not yet known
const watches = new Set();

/**
 * Watches a view of the server.
 *
 * @param query `{view, office?, counter?, token?}` as in the contract
 * @param on `{onState(state, revision), onQueue(event), onConnection(connected), onError(answer)}`,
 *   each of them optional
 * @param options `patience`: milliseconds without an answer after which the server counts as lost;
 *   the default is for a hall's own network
 * @returns `{sync(), stop()}`
 */
export function watch(query, on, { patience = PATIENCE_MS } = {}) {
  const own = { query, on, patience, revision: -1, key: null, heard: performance.now() };
  own.asking = null; // what has been asked and not answered
  own.silence = query.view === "ticket" ? PHONE_SILENCE_MS * (1 + Math.random() / 4) : SILENCE_MS;
  watches.add(own);
  open(patience);
  if (socket.connected) begin(own);
  if (connected !== null) call(own, "onConnection", connected);
  return {
    sync: () => sync(own),
    stop: () => watches.delete(own),
  };
}

function open(patience) {
  if (socket) return;
  socket = io("/live", {
    transports: ["websocket"],
    reconnectionDelay: 250,
    reconnectionDelayMax: 1000,
    timeout: patience + 500,
  });
  socket.on("connect", () => watches.forEach(beginAnew));
  socket.on("disconnect", () => tell(false));
  socket.on("connect_error", () => tell(false));
  socket.on("state", ({ view, key, revision, state }) => {
    for (const own of watches) {
      if (own.query.view === view && own.key === String(key) && revision >= own.revision) {
        take(own, revision, state);
      }
    }
  });
  socket.on("queue", (event) => {
    for (const own of watches) {
      if (own.query.view !== "ticket" || event.revision < own.revision) continue;
      own.heard = performance.now();
      call(own, "onQueue", event);
    }
  });
  setInterval(lookAround, 1000);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") syncAll();
  });
  window.addEventListener("online", syncAll);
  window.addEventListener("offline", () => tell(false));
  window.addEventListener("pageshow", syncAll);
}

function beginAnew(own) {
  own.asking = null; // whatever was asked on an earlier connection is not answered any more
  begin(own);
}

function begin(own) {
  request(own, "watch", own.query);
}

function sync(own) {
  if (own.key === null) begin(own);
  else request(own, "sync", { revision: own.revision, view: own.query.view, key: own.key });
}

function syncAll() {
  if (socket.connected) watches.forEach(sync);
  // While it is connecting it needs no push: a second greeting would be refused by the server.
  else if (!socket.active) socket.connect();
}

function request(own, event, body) {
  if (!socket.connected || own.asking) return;
  const asked = { knew: own.revision };
  own.asking = asked;
  socket.timeout(own.patience).emit(event, body, (silence, answer) => {
    if (own.asking !== asked) return; // of an earlier connection
    own.asking = null;
    if (!watches.has(own)) return;
    if (silence) {
      tell(false);
      // A frozen server may have lost us; a new connection begins from the truth.
      if (socket.connected) socket.disconnect().connect();
      return;
    }
    tell(true);
    if (answer.error) {
      own.key = null; // the server no longer knows this watch: the next time it begins anew
      own.heard = performance.now();
      call(own, "onError", answer);
      return;
    }
    own.key = String(answer.key);
    // Older than what came meanwhile: late, and dropped. Older than what was known when it was
    // asked for: the database has been restored, and that is the truth now.
    if (answer.revision >= own.revision || answer.revision < asked.knew) {
      take(own, answer.revision, answer.state);
    }
  });
}

function take(own, revision, state) {
  own.heard = performance.now();
  own.revision = revision;
  call(own, "onState", state, revision);
}

function lookAround() {
  const now = performance.now();
  for (const own of watches) {
    if (now - own.heard > own.silence) sync(own);
  }
}

function tell(now) {
  if (connected === now) return;
  connected = now;
  for (const own of watches) call(own, "onConnection", now);
}

function call(own, handler, ...news) {
  if (own.on[handler]) own.on[handler](...news);
}
