/* The button that ends a result, and does so by itself after a while. */
import { html, useEffect, useState } from "preact";
import { t } from "motcua/words.js";

/** "Done (8)": counts down `seconds`, from the start again after each touch; `done()` at the end. */
export function Leaving({ seconds, done }) {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    let rest = seconds;
    setLeft(rest);
    const timer = setInterval(() => {
      rest -= 1;
      setLeft(rest);
      if (rest <= 0) {
        clearInterval(timer);
        done();
      }
    }, 1000);
    const again = () => {
      rest = seconds;
      setLeft(rest);
    };
    document.addEventListener("pointerdown", again, true);
    document.addEventListener("keydown", again, true);
    return () => {
      clearInterval(timer);
      document.removeEventListener("pointerdown", again, true);
      document.removeEventListener("keydown", again, true);
    };
  }, [seconds]);
  return html`<button type="button" class="button button-primary leaving" onClick=${done}>
    ${t("Done")} <span class="leaving-left" aria-hidden="true">${left}</span>
  </button>`;
}
