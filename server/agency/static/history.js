// Who had a dossier, from when to when: fetched when somebody wants to know.
import { html, useState } from "preact";
import { ask, Refusal } from "motcua/api.js";
import { icon } from "motcua/icon.js";
import { name, t } from "motcua/words.js";
import { clockOf, countWords } from "./telling.js";

/** A line to unfold: each agency's part with its moments. */
export function History({ code, zone }) {
  const [dossier, setDossier] = useState(null);
  const [problem, setProblem] = useState("");
  async function unfold(event) {
    if (!event.target.open) return;
    try {
      setDossier(await ask("GET", `/dossiers/${encodeURIComponent(code)}`));
      setProblem("");
    } catch (error) {
      setProblem(
        error instanceof Refusal ? error.detail : t("The server does not answer. Please try again."),
      );
    }
  }
  return html`<details class="history" onToggle=${unfold}>
    <summary>${t("Who had it, and how long")}</summary>
    ${problem && html`<p role="alert">${icon("triangle-alert")} ${problem}</p>`}
    ${!dossier && !problem && html`<p>${t("One moment.")}</p>`}
    ${dossier &&
    html`<ol>
      <li><b>${t("Reception office")}</b> ${t("accepted it: %(moment)s", { moment: clockOf(dossier.accepted_at, zone) })}</li>
      ${dossier.parts.map((part) => html`<li key=${part.agency}><b>${name(part.names)}</b> (${countWords(part.share, dossier.terms.unit)}): ${story(part, zone)}</li>`)}
    </ol>`}
  </details>`;
}

function story(part, zone) {
  if (!part.handed_over_at) return t("not yet handed over");
  const told = [t("handed over %(moment)s", { moment: clockOf(part.handed_over_at, zone) })];
  if (part.accepted_at) told.push(t("taken over %(moment)s", { moment: clockOf(part.accepted_at, zone) }));
  told.push(
    part.done_at
      ? t("done %(moment)s", { moment: clockOf(part.done_at, zone) })
      : t("to be done until %(moment)s", { moment: clockOf(part.due_at, zone) }),
  );
  return told.join("; ");
}
