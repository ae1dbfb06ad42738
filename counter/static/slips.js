// The slip printers and the slips that may be missing: told to whoever is in the hall.
import { html } from "preact";
import { printerTrouble, slipReasons, slipWords } from "motcua/printing.js";
import { t } from "motcua/words.js";
import { Icon } from "./parts.js";

/** More than this is for the page of the devices: a desk is for calling. */
const MOST = 2;

/** @param press (act, path) -> sends it, as every press of the desk */
export function Slips({ state, can, press }) {
  const troubled = state.printers.filter(printerTrouble);
  const doubtful = state.slips.filter((slip) => nameOf(slip) && slip.state !== "held");
  const devices = `/admin/devices/${state.office.slug}`;
  const more = doubtful.length - MOST;
  return html`
    ${troubled.map(
      (printer) =>
        html`<p class="line line-amber" role="status" key=${printer.name}>
          <${Icon} name="printer" />
          <span>
            ${state.printers.length > 1 && html`<b>${printer.name}: </b>`}${printerTrouble(printer)}
          </span>
          <a href=${devices}>${t("Devices")}</a>
        </p>`,
    )}
    ${doubtful.slice(0, MOST).map(
      (slip) =>
        html`<p class="line line-amber line-slip" key=${slip.id}>
          <${Icon} name="receipt" />
          <span><b>${nameOf(slip)}</b> ${t("Slip")} ${slipWords(slip)}${why(slip)}</span>
          <button type="button" class="line-act" disabled=${!can}
            onClick=${() => press("reprint", `/print-jobs/${slip.id}/reprint`)}>
            <${Icon} name="printer" /> ${t("Print again")}
          </button>
          <button type="button" class="line-act" disabled=${!can}
            onClick=${() => press("slip-done", `/print-jobs/${slip.id}/${slip.state === "unknown" ? "confirm" : "cancel"}`)}>
            <${Icon} name="check" /> ${slip.state === "unknown" ? t("The slip is here") : t("Not needed")}
          </button>
        </p>`,
    )}
    ${more > 0 &&
    html`<p class="line line-amber">
      <${Icon} name="receipt" />
      <a href=${devices}>${t("More slips to look after: %(count)s", { count: more })}</a>
    </p>`}
  `;
}

/** Of a number slip its number, of a form its dossier's code; a test slip has neither. */
function nameOf(slip) {
  return slip.number ?? slip.dossier;
}

function why(slip) {
  const words = slipReasons(slip);
  return words ? ` (${words})` : "";
}
