/* Icons of the sprite that server/vendor.py makes. The words always stand beside them. */
import { html } from "preact";

/** An icon by its Lucide name, as large as the text around it. */
export const icon = (name) =>
  html`<svg class="icon" aria-hidden="true"><use href=${`/static/vendor/icons.svg#${name}`} /></svg>`;

/** The same as a component. */
export const Icon = ({ name }) => icon(name);
