// Transfer: the services with their letters. The letter or a click moves the person at once, with
// no second question; who was sent to the wrong service is simply sent on.
import { html } from "preact";
import { name, t } from "motcua/words.js";
import { Choice, Panel } from "./parts.js";

/** The services that the person in front can be sent to, by the letter that chooses them. */
export function transferChoices(state) {
  const here = state.current?.service;
  return new Map(
    state.services
      .filter((service) => service.code !== here)
      .map((service) => [service.letter.toUpperCase(), service.code]),
  );
}

export function TransferPanel({ state, onChoose, onClose }) {
  const { current } = state;
  const choices = state.services.filter((service) => service.code !== current.service);
  const title = t("Where to with %(number)s?", { number: current.number });
  const note = ({ paused, waiting }) =>
    paused ? t("paused") : t("%(n)s waiting", { n: waiting });
  return html`<${Panel}
    title=${title}
    hint=${t("Number and place in the queue are kept. Press the letter.")}
    onClose=${onClose}
  >
    <ul class="choices choices-two">
      ${choices.map(
        (service) =>
          html`<${Choice}
            key=${service.code}
            keys=${service.letter}
            tint=${service.tint}
            onPress=${() => onChoose(service.code)}
            note=${note(service)}
          >
            ${name(service.names)}
          <//>`,
      )}
    </ul>
  <//>`;
}
