/* The hall as the server last described it, and whether the server is there at all. */
import { useEffect, useRef, useState } from "preact";
import { watch } from "motcua/live.js";
import { serverNow } from "motcua/time.js";
import { lookForNewShell } from "./shell.js";

/**
 * The live state of the hall, beginning with the one inside the page.
 * @param {object} first the state that came with the page
 * @param {boolean} kept the page came from this kiosk's own disk: the server is not there
 * @param {string} printer the name of this kiosk's own printer; "" for the hall's first
 * @returns {{state: object, lost: boolean, serverTime: () => Date}}
 */
export function useHall(first, kept, printer) {
  const own = (news) => ({
    ...news,
    printer: news.printers?.find(({ name }) => name === printer) ?? news.printer,
  });
  const [state, setState] = useState(own(first));
  const [lost, setLost] = useState(kept);
  const heard = useRef({ state: first, at: performance.now() });
  useEffect(() => {
    let away = kept;
    const live = watch(
      { view: "kiosk", office: first.slug },
      {
        onState(news) {
          heard.current = { state: news, at: performance.now() };
          setState(own(news));
        },
        onQueue() {},
        onConnection(connected) {
          setLost(!connected);
          if (connected && away) lookForNewShell();
          away = !connected;
        },
      },
    );
    return () => live.stop();
  }, []);
  const serverTime = () => new Date(serverNow(heard.current.state, heard.current.at));
  return { state, lost, serverTime };
}
