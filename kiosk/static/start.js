/* The start screen without its foot: tiles, and the quiet row below them. */
import { html } from "preact";
import { icon } from "motcua/icon.js";
import { t } from "motcua/words.js";
import { Tile, Tiles, lastPage } from "./tiles.js";

/** `acts` is what every tile needs: `{language, lost, take, tell}`. */
export function Start({ state, page, turn, showFees, explainScan, acts }) {
  const services = state.services.filter((service) => service.kind !== "results");
  const results = state.services.filter((service) => service.kind === "results");
  const out = state.printer?.paper === "out";
  const outWords = t("The printer is out of paper: your number appears on the screen.");
  const resultTiles = results.map(
    (service) => html`<${Tile} key=${service.code} service=${service} state=${state} ...${acts} />`,
  );
  const shown = Math.min(page, lastPage(services));
  return html`
    ${out && html`<p class="notice">${icon("printer")} <span>${outWords}</span></p>`}
    <${Tiles} state=${state} services=${services} page=${shown} turn=${turn} ...${acts} />
    <div class="quiet">
      ${resultTiles}
      <button type="button" class="quiet-act" onClick=${explainScan}>
        ${icon("scan-line")} <span>${t("Scan a slip, a receipt or a citizen card")}</span>
      </button>
      <button type="button" class="quiet-act" onClick=${showFees}>
        ${icon("receipt")} <span>${t("Fee board")}</span>
      </button>
    </div>
  `;
}

/** The device has no token: everything may be read, nothing taken. */
export function NotEnrolled({ slug }) {
  const words = t("This screen is not set up as a kiosk yet: it shows the hall, but gives out no numbers.");
  return html`<p class="notice">
    ${icon("monitor")} <span>${words}</span>
    <a class="button" href=${`/kiosk/${slug}/device`}>${t("Set up")}</a>
  </p>`;
}
