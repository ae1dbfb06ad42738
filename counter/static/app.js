// Starts the desk: words first, then the page, then the live state of this counter.
import { html, render } from "preact";
import { ask, Refusal } from "motcua/api.js";
import { watch } from "motcua/live.js";
import { loadWords } from "motcua/words.js";
import { Desk } from "./desk.js";

const place = document.getElementById("desk");
const { counter, number, me, myName, brand, corrects } = place.dataset;
/** One press; see presses.js for what becomes of it. */
async function send(path, body, key, signal) {
  try {
    const content = await ask("POST", path, { body: body ?? {}, key, signal });
    return { status: content ? 200 : 204, body: content };
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: error.problem };
    throw error; // no answer
  }
}

/** Watch this counter. */
function open(handlers) {
  return watch({ view: "counter", counter: Number(counter) }, handlers);
}

document.documentElement.style.setProperty("--brand", brand);
await loadWords(document.documentElement.lang);
place.replaceChildren();
render(
  html`<${Desk}
    counter=${Number(counter)}
    number=${number}
    me=${me}
    myName=${myName}
    corrects=${corrects === "yes"}
    open=${open}
    send=${send}
  />`,
  place,
);
