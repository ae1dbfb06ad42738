/* A screen says that it is there, so that somebody notices one that has frozen or gone dark. */
import { ask } from "motcua/api.js";

const EVERY_MS = 30000;

/**
 * Begin to say so, for as long as the page lives. Nothing is shown when nobody hears it: a screen
 * without a device token is not counted.
 * @param page what this screen is: "kiosk" or "board"
 * @param more () -> short words by name, said as well
 */
export function beat(page, more = () => ({})) {
  const say = async () => {
    const said = {
      page,
      screen: `${screen.width}×${screen.height}`,
      browser: /(?:Chrome|Firefox)\/\d+/.exec(navigator.userAgent)?.[0] ?? "browser",
      ...more(),
    };
    try {
      await ask("POST", "/devices/heartbeat", { body: { said } });
    } catch {
      // The next one comes soon enough; the screen itself shows when the server is away.
    }
  };
  say();
  setInterval(say, EVERY_MS);
}
