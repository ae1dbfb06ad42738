/* Who may go first: one tap each, always in sight, never in the way. */
import { html } from "preact";
import { icon } from "motcua/icon.js";
import { t } from "motcua/words.js";

const ICONS = {
  elderly: "person-standing",
  disability: "accessibility",
  pregnancy: "hand-heart",
  small_child: "baby",
  merit: "medal",
  appointment: "calendar-check",
};

/** The words of a kind of priority. */
export function priorityWords(kind) {
  return {
    elderly: t("Elderly person"),
    disability: t("Person with a disability"),
    pregnancy: t("Pregnant woman"),
    small_child: t("With a small child"),
    merit: t("Person of merit"),
    appointment: t("With an appointment"),
  }[kind] ?? kind;
}

/** The row of toggles; a second tap on the chosen one takes it back. */
export function Priority({ kinds, chosen, choose }) {
  if (kinds.length === 0) return null;
  return html`<section class="priority" role="group" aria-label=${t("Priority")}>
    <h2 class="priority-title">${t("Priority")}</h2>
    <div class="priority-kinds">
      ${kinds.map(
        (kind) => html`<button
          key=${kind}
          type="button"
          class="priority-kind"
          data-priority=${kind}
          aria-pressed=${kind === chosen ? "true" : "false"}
          onClick=${() => choose(kind === chosen ? "none" : kind)}
        >
          <span class="priority-icon">${icon(ICONS[kind] ?? "user-check")}</span>
          <span>${priorityWords(kind)}</span>
          <span class="priority-mark">${kind === chosen && icon("check")}</span>
        </button>`,
      )}
    </div>
  </section>`;
}
