/** One line of text as large as its style says, smaller only when it would not fit its box. */
import { html, useLayoutEffect, useRef } from "preact";

export function Fitted({ class: name = "", children, ...rest }) {
  const box = useRef(null);
  useLayoutEffect(() => {
    const fit = () => {
      const element = box.current;
      if (!element) return;
      element.style.setProperty("--fit", "1");
      const wide = element.firstElementChild.getBoundingClientRect().width;
      const style = getComputedStyle(element);
      const padding = Number.parseFloat(style.paddingLeft) + Number.parseFloat(style.paddingRight);
      const room = element.clientWidth - padding;
      if (wide > room && room > 0) element.style.setProperty("--fit", String(room / wide));
    };
    fit();
    const seen = new ResizeObserver(fit);
    seen.observe(box.current);
    document.fonts.addEventListener("loadingdone", fit); // another font, another width
    return () => {
      seen.disconnect();
      document.fonts.removeEventListener("loadingdone", fit);
    };
  });
  return html`<div ref=${box} class="fitted ${name}" ...${rest}>
    <span class="fitted-line">${children}</span>
  </div>`;
}
