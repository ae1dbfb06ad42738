/* Shows the notices of dossiers, also while no page is open. Its scope is all tickets' pages. */

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  const said = event.data.json();
  event.waitUntil(
    self.registration.showNotification(said.title, {
      body: said.body,
      lang: said.language,
      tag: said.tag, // news of a dossier takes the place of older news
      renotify: true,
      data: said.url,
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = event.notification.data;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((pages) => {
      const open = pages.filter((page) => page.url.split("?")[0] === address)[0];
      return open ? open.focus() : self.clients.openWindow(address);
    }),
  );
});
