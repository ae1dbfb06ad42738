/* The live views: one socket a page, and the truth again after any loss.
 *
 * Events are hints. A watcher asks for the whole view again when it is connected anew, when the
 * page is looked at again, when the network is back, and after some silence. */
import { io } from "socket.io";

const SILENCE_MS = 15000; // no word for so long: ask
const PATIENCE_MS = 1500; // no answer for so long: the server is lost

let socket = null;
let connected = null; // null: not yet known
const watches = new Set();

/**
 * Watches a view of the server.
 *
 * @param query `{view, office?, counter?, token?}` as in the contract
 * @param on `{onState(state, revision), onQueue(event), onConnection(connected)}`
 * @returns `{sync(), stop()}`
 */
export function watch(query, on) {
  const own = { query, on, revision: -1, key: null, service: null, heard: 0, asking: null };
  watches.add(own);
  open();
  if (socket.connected) begin(own);
  if (connected !== null) on.onConnection?.(connected);
  return {
    sync: () => sync(own),
    stop: () => watches.delete(own),
  };
}

function open() {
  if (socket) return;
  socket = io("/live", {
    transports: ["websocket"],
    reconnectionDelay: 250,
    reconnectionDelayMax: 1000,
    timeout: 2000,
  });
  socket.on("connect", () => watches.forEach(begin));
  socket.on("disconnect", () => tell(false));
  socket.on("connect_error", () => tell(false));
  socket.on("state", ({ view, key, revision, state }) => {
    for (const own of watches) {
      if (own.query.view === view && own.key === String(key)) take(own, revision, state);
    }
  });
  socket.on("queue", (event) => {
    for (const own of watches) {
      if (own.query.view === "ticket") own.on.onQueue?.(event);
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

function begin(own) {
  request(own, "watch", own.query);
}

function sync(own) {
  if (own.key === null) begin(own);
  else request(own, "sync", { revision: own.revision, view: own.query.view, key: own.key });
}

function syncAll() {
  if (socket.connected) watches.forEach(sync);
  else socket.connect();
}

function request(own, event, body) {
  if (!socket.connected || own.asking) return;
  own.asking = event;
  socket.timeout(PATIENCE_MS).emit(event, body, (silence, answer) => {
    own.asking = null;
    if (!watches.has(own)) return;
    if (silence) {
      tell(false);
      // A frozen server may have lost us; a new connection begins from the truth.
      socket.disconnect().connect();
      return;
    }
    tell(true);
    if (answer.error) {
      own.key = null; // the server no longer knows this watch: the next time it begins anew
      own.on.onError?.(answer);
      return;
    }
    own.key = String(answer.key);
    take(own, answer.revision, answer.state, true);
  });
}

function take(own, revision, state, whole = false) {
  own.heard = performance.now();
  // A whole answer counts even when a restored database has gone back.
  if (!whole && revision < own.revision) return;
  own.revision = revision;
  own.on.onState?.(state, revision);
}

function lookAround() {
  const now = performance.now();
  for (const own of watches) {
    if (now - own.heard > SILENCE_MS) sync(own);
  }
}

function tell(now) {
  if (connected === now) return;
  connected = now;
  for (const own of watches) own.on.onConnection?.(now);
}
