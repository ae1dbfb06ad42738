// What has just been received: its code, what was promised, its form, and the way to the next one.
import { html } from "preact";
import { t } from "motcua/words.js";
import { Icon } from "../parts.js";
import { dayOf, timeOf, weekdayOf } from "./days.js";
import { Printed } from "./printing.js";
import { named } from "./wording.js";

/**
 * @param dossier as the server answered
 * @param moved whether the due date came out on another day than was shown before
 */
export function Received({ dossier, moved, timezone, printing, onShow, onAnother }) {
  const { words, lang } = named(dossier.procedure.names);
  const told = {
    2: { look: "good", icon: "check", words: t("Accepted") },
    5: { look: "back", icon: "pause", words: t("Handed back: papers are missing") },
    3: { look: "back", icon: "x", words: t("Not accepted") },
  }[dossier.status];
  return html`<section class=${`received received-${told.look}`} aria-labelledby="received-title">
    <div role="status">
      <h3 id="received-title">
        <${Icon} name=${told.icon} />${told.words} <span class="received-code">${dossier.code}</span>
      </h3>
    </div>
    <p class="received-what" lang=${lang} title=${words}>${words}</p>
    ${dossier.due_at &&
    html`<p class="received-due" data-due=${dossier.due_at}>
      <${Icon} name="calendar-check" />
      ${t("Result due: %(weekday)s, %(day)s, %(time)s", {
        weekday: weekdayOf(dossier.due_at, timezone),
        day: dayOf(dossier.due_at, timezone),
        time: timeOf(dossier.due_at, timezone),
      })}
    </p>`}
    ${moved &&
    html`<p class="field-error"><${Icon} name="triangle-alert" />${t("The date is another one than was shown before: tell the citizen this one.")}</p>`}
    ${printing.printed?.code === dossier.code && html`<${Printed} printed=${printing.printed} onPrint=${printing.print} />`}
    <div class="received-ways">
      <button type="button" class="press press-small" data-act="another" onClick=${onAnother}>
        <${Icon} name="plus" />${t("Another one of this person")}
      </button>
      <button type="button" class="press press-small" data-act="show" onClick=${() => onShow(dossier.code)}>
        <${Icon} name="file-text" />${t("Open the dossier")}
      </button>
    </div>
  </section>`;
}
