// Setting somebody aside and pausing the counter: a usual reason with one press, or own words.
import { html, useState } from "preact";
import { name, t } from "motcua/words.js";
import { Choice, Icon, Panel } from "./parts.js";

const MOST = 9;

/**
 * The usual reasons to set aside the person in front, said in the citizen's language: the phone
 * shows them the reason.
 */
export function parkReasons(state) {
  const language = state.current?.language;
  return state.parks.slice(0, MOST).map((names) => ({
    shown: name(names),
    sent: names[language] || names.vi,
  }));
}

/** The usual reasons to pause a counter. */
export function pauseReasons() {
  return [t("Lunch"), t("Short break"), t("Meeting"), t("Fetching a dossier")].map((words) => ({
    shown: words,
    sent: words,
  }));
}

export function ParkPanel({ state, onChoose, onClose }) {
  const title = t("What does %(number)s have to fix?", { number: state.current.number });
  return html`<${Panel}
    title=${title}
    hint=${t("The place is kept: who comes back is next. The phone shows the reason.")}
    onClose=${onClose}
  >
    <${Reasons} reasons=${parkReasons(state)} onChoose=${onChoose} submit=${t("Set aside")} />
  <//>`;
}

export function PausePanel({ state, onChoose, onCloseCounter, onClose }) {
  const { current } = state;
  const hint = current
    ? t("%(number)s stays at the counter until you finish.", { number: current.number })
    : t("The board says that this counter takes a pause.");
  return html`<${Panel}
    title=${t("Pause the counter")}
    hint=${hint}
    onClose=${onClose}
  >
    <${Reasons} reasons=${pauseReasons()} onChoose=${onChoose} submit=${t("Pause")} />
    <ul class="choices choices-apart">
      <${Choice} keys="0" onPress=${onCloseCounter}>
        <${Icon} name="moon" /> ${t("Close the counter for today")}
      <//>
    </ul>
  <//>`;
}

function Reasons({ reasons, onChoose, submit }) {
  const [words, setWords] = useState("");
  const send = (event) => {
    event.preventDefault();
    onChoose(words.trim());
  };
  return html`<ul class="choices">
      ${reasons.map(
        ({ shown, sent }, index) =>
          html`<${Choice} key=${sent} keys=${String(index + 1)} onPress=${() => onChoose(sent)}>
            ${shown}
          <//>`,
      )}
    </ul>
    <form class="own-words" onSubmit=${send}>
      <label for="own-words">${t("Another reason")}</label>
      <input
        id="own-words"
        type="text"
        maxlength="200"
        autocomplete="off"
        value=${words}
        onInput=${(event) => setWords(event.target.value)}
      />
      <button type="submit" class="press press-plain">${submit}</button>
    </form>`;
}
