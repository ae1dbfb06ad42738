// The one large button: who comes next, and what else the press does.
import { html } from "preact";
import { t } from "motcua/words.js";
import { Icon, Key, TicketNumber } from "./parts.js";

export function CallNext({ state, can, busy, onAct }) {
  const { current, queue, counter } = state;
  const also = current
    ? { icon: "check-check", words: t("finishes %(number)s", { number: current.number }) }
    : counter.status !== "open" && { icon: "play", words: t("and opens the counter") };
  const next = queue[0];
  const press = (event) => {
    event.preventDefault();
    onAct("call-next");
  };
  return html`<button
    type="button"
    class=${`call ${next ? "" : "call-idle"}`}
    data-act="call-next"
    aria-keyshortcuts="Space"
    aria-disabled=${can ? undefined : "true"}
    aria-busy=${busy === "call-next" ? "true" : undefined}
    onClick=${press}
  >
    <span class="call-words"><${Icon} name="bell-ring" /><span>${t("Call next")}</span></span>
    <span class="call-next">
      ${next
        ? html`<${TicketNumber} ...${next} />`
        : html`<span class="call-nobody">${t("Nobody is waiting.")}</span>`}
      <${Key} name="Space" />
    </span>
    ${also && html`<span class="call-also"><${Icon} name=${also.icon} />${also.words}</span>`}
  </button>`;
}
