/** One line of text as large as its style says, smaller only when it would not fit its box. */
import { html, useEffect, useLayoutEffect, useRef } from "preact";

/** Measures at full size, and says by how much the line must shrink: `--fit`, 1 for not at all. */
function fit(box) {
  box.style.setProperty("--fit", "1");
  const style = getComputedStyle(box);
  const padding = Number.parseFloat(style.paddingLeft) + Number.parseFloat(style.paddingRight);
  const room = box.clientWidth - padding;
  const wide = box.firstElementChild.getBoundingClientRect().width;
  if (wide > room && room > 0) box.style.setProperty("--fit", String(room / wide));
}

export function Fitted({ class: name = "", children }) {
  const box = useRef(null);
  useLayoutEffect(() => fit(box.current)); // another text may be longer
  useEffect(() => {
    const refit = () => box.current && fit(box.current);
    const turned = new ResizeObserver(refit); // another screen
    turned.observe(box.current);
    document.fonts.addEventListener("loadingdone", refit); // another font, another width
    return () => {
      turned.disconnect();
      document.fonts.removeEventListener("loadingdone", refit);
    };
  }, []);
  return html`<div ref=${box} class="fitted ${name}">
    <span class="fitted-line">${children}</span>
  </div>`;
}
