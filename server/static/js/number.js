/* The ticket number, the same on every screen. */
import { html } from "preact";

/** The number as it is spoken: "A 0 1 2". */
export const spell = (number) => [...number].join(" ");

/** Letter in the service's tint, digits large, spelled out for screen readers. */
export function TicketNumber({ letter, number, tint }) {
  return html`<span class="number" data-tint=${tint} role="img" aria-label=${spell(number)}>
    <b class="number-letter" aria-hidden="true">${letter}</b>
    <span class="number-digits" aria-hidden="true">${number.slice(letter.length)}</span>
  </span>`;
}

/** The same from letter and digits. */
export const number = ({ letter, digits, tint }) =>
  html`<${TicketNumber} letter=${letter} number=${letter + digits} tint=${tint} />`;
