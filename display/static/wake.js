/** Keeps the screen on while the board is shown, where the browser can. */

export async function stayAwake() {
  if (!("wakeLock" in navigator)) return;
  const ask = () => navigator.wakeLock.request("screen").catch(() => {}); // power saving forbids it
  await ask();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") ask();
  });
}
