/* Keeps this page on the kiosk's own disk, and renews it when the server has a newer one. */

const PAGES = "kiosk-pages"; // the same name as in sw.js

/** Register the service worker. Without HTTPS (or localhost) browsers have none: then it is missing. */
export async function keepShell() {
  if (!("serviceWorker" in navigator)) return;
  const seen = navigator.serviceWorker.controller !== null;
  try {
    await navigator.serviceWorker.register("/kiosk/sw.js", { scope: "/kiosk/" });
    await navigator.serviceWorker.ready;
    // The first visit was made without the worker: it has not seen the page yet.
    if (!seen) await (await caches.open(PAGES)).add(location.pathname);
  } catch {
    /* The kiosk works without it; the next start tries again. */
  }
}

/** Look for a newer version of the page, after the server was away. */
export async function lookForNewShell() {
  const shell = await navigator.serviceWorker?.getRegistration("/kiosk/");
  await shell?.update().catch(() => {});
}

/** Call `onNew` when a newer version has taken over and the page should be loaded again. */
export function onNewShell(onNew) {
  let known = navigator.serviceWorker?.controller ?? null;
  navigator.serviceWorker?.addEventListener("controllerchange", () => {
    if (known) onNew();
    known = navigator.serviceWorker.controller;
  });
}
