/* The kiosk's service worker. The server writes two lines in front of this file: VERSION and SHELL.
 *
 * The network is asked first for the page and its scripts, so that nobody sees an old page while the
 * server answers. What came is kept; without an answer in time the kept copy is shown, and the page
 * is told so by `data-shell="kept"`. No number is ever kept: only what the page is drawn with. */

/* global VERSION, SHELL */
const STORE = `kiosk-${VERSION}`;
const PAGES = "kiosk-pages";
const PATIENCE_MS = 3000;
const DOWN_MS = 5000;

let downUntil = 0;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const store = await caches.open(STORE);
      await store.addAll(SHELL.map((address) => new Request(address, { cache: "no-cache" })));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("kiosk-") && name !== STORE && name !== PAGES) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (/^\/kiosk\/[^/.]+\/?$/.test(address.pathname)) {
    event.respondWith(page(request, address.pathname));
  } else if (address.pathname.startsWith("/static/vendor/") && SHELL.includes(address.pathname)) {
    event.respondWith(vendored(request));
  } else if (SHELL.includes(address.pathname)) {
    event.respondWith(part(request));
  } else if (/^\/api\/v1\/offices\/[^/]+\/fees$/.test(address.pathname)) {
    event.respondWith(part(request));
  }
});

/** Ask the server, but not for ever; right after a failure not at all. */
async function ask(request) {
  if (Date.now() < downUntil) throw new Error("the server did not answer a moment ago");
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    downUntil = Date.now() + DOWN_MS;
    throw error;
  }
}

/** The kiosk's page: fresh, else as it was the last time. */
async function page(request, path) {
  const pages = await caches.open(PAGES);
  let answer;
  try {
    answer = await ask(request);
    if (answer.status < 500) {
      if (answer.ok && !answer.redirected) await pages.put(path, answer.clone());
      return answer;
    }
  } catch {
    answer = undefined;
  }
  const kept = await pages.match(path, { ignoreVary: true });
  if (!kept) return answer ?? Response.error();
  const words = (await kept.text()).replace('data-shell="fresh"', 'data-shell="kept"');
  // The body is plain text now: headers that speak of its coding or length would be wrong.
  const headers = new Headers(kept.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(words, { status: 200, headers });
}

/** Fonts, icons and libraries: kept ones at once. They change only together with VERSION. */
async function vendored(request) {
  const store = await caches.open(STORE);
  return (await store.match(request, { ignoreSearch: true, ignoreVary: true })) ?? part(request);
}

/** A script, style or list: fresh, else kept. */
async function part(request) {
  const store = await caches.open(STORE);
  try {
    const answer = await ask(request);
    if (answer.ok) await store.put(request, answer.clone());
    if (answer.status < 500) return answer;
  } catch {
    /* fall through to the kept copy */
  }
  return (await store.match(request, { ignoreSearch: true, ignoreVary: true })) ?? Response.error();
}
