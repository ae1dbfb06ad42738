/* The button by which this browser asks to be told of news of the page's dossiers. */

const DROPPED = [404, 410];
const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** The section of the page, with the addresses and the key that are needed; none without news. */
const place = () => document.getElementById("notices");

const known = () => navigator.serviceWorker.getRegistration(place().dataset.worker);

/** This browser's subscription with the office's present key, or null. */
function current(registration) {
  if (!registration) return Promise.resolve(null);
  return registration.pushManager.getSubscription().then((found) => {
    if (!found) return null;
    const key = found.options && found.options.applicationServerKey;
    return !key || text(key) === place().dataset.key ? found : found.unsubscribe().then(() => null);
  });
}

function text(buffer) {
  const letters = String.fromCharCode.apply(null, new Uint8Array(buffer));
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function bytes(base64url) {
  const letters = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

function tell(method, body) {
  const token = document.querySelector("meta[name=csrf-token]").content;
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": token };
  return fetch(place().dataset.address + location.search, {
    method,
    headers,
    credentials: "same-origin",
    body: JSON.stringify(body),
  }).then((answer) => {
    if (!answer.ok && !(method === "DELETE" && DROPPED.includes(answer.status))) {
      throw new Error(String(answer.status));
    }
  });
}

function on() {
  return Notification.requestPermission()
    .then((permission) => {
      if (permission !== "granted") throw new Error(permission);
      return navigator.serviceWorker.register(place().dataset.worker);
    })
    .then(() => navigator.serviceWorker.ready)
    .then((registration) =>
      current(registration).then(
        (found) =>
          found ||
          registration.pushManager.subscribe({
            userVisibleOnly: true,
            applicationServerKey: bytes(place().dataset.key),
          }),
      ),
    )
    .then((found) => {
      const { endpoint, keys } = found.toJSON();
      return tell("POST", { endpoint, keys });
    });
}

/* The subscription itself stays: it may serve the page of another ticket. */
function off() {
  return known()
    .then(current)
    .then((found) => found && tell("DELETE", { endpoint: found.endpoint }));
}

const kept = () => `notices:${place().dataset.address}`;

function show() {
  const section = place();
  if (!section || !can) return;
  if (Notification.permission === "denied") section.dataset.state = "blocked";
  else section.dataset.state = localStorage.getItem(kept()) === "on" ? "on" : "off";
  section.hidden = false;
}

/** A subscription may have ended behind the page's back: with the browser's data, or by a new key. */
function check() {
  if (!place() || !can || localStorage.getItem(kept()) !== "on") return;
  known()
    .then(current)
    .then((found) => {
      if (found || !place()) return;
      localStorage.removeItem(kept());
      show();
    });
}

function turn(button) {
  const way = button.dataset.turn;
  const problem = place().querySelector("[role=alert]");
  button.disabled = true;
  problem.hidden = true;
  (way === "on" ? on() : off())
    .then(() => {
      localStorage.setItem(kept(), way);
      return true;
    })
    .catch(() => Notification.permission === "denied" || Notification.permission === "default")
    .then((well) => {
      button.disabled = false;
      place().querySelector("[role=alert]").hidden = well;
      show();
      const next = place().querySelector(`[data-when="${place().dataset.state}"] button`);
      if (next) next.focus();
    });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest ? event.target.closest("[data-turn]") : null;
  if (button) turn(button);
});
document.addEventListener("page-shown", show);
show();
check();
