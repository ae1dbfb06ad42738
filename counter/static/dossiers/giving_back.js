// Returning a result: who stands here? The applicant, or somebody else with a name and a card. A card
// scanned meanwhile answers by itself.
import { html, useEffect, useRef, useState } from "preact";
import { t } from "motcua/words.js";
import { Icon, Panel } from "../parts.js";
import { TextField } from "./fields.js";
import { SheetForm } from "./sheet_form.js";

/**
 * @param desk its `card` is the citizen card last scanned, or null
 * @param onTake ({collector?, note?}) -> Promise of whether it worked
 */
export function GiveBackPanel({ title, submit, icon, problem, busy, dossier, desk, onTake, onClose }) {
  const applicant = dossier.applicant ?? { name: "", identity_number: "" };
  const [other, setOther] = useState(false);
  const [collector, setCollector] = useState({ name: "", identity_number: "" });
  const [note, setNote] = useState("");
  const [wrong, setWrong] = useState("");
  const [read, setRead] = useState("");
  const form = useRef();
  useEffect(() => form.current.querySelector("input:checked").focus(), []);
  useEffect(() => {
    if (!desk.card) return;
    const same = desk.card.number === applicant.identity_number;
    setOther(!same);
    setCollector(same ? { name: "", identity_number: "" } : { name: desk.card.name, identity_number: desk.card.number });
    setRead(same ? t("The card is the applicant's.") : t("The card is somebody else's: %(name)s.", { name: desk.card.name }));
    setWrong("");
    desk.forgetCard();
  }, [desk.card]);

  const send = () => {
    if (other && !collector.name.trim()) {
      setWrong(t("Please write who collects it."));
      return form.current.querySelector("#collector-name").focus();
    }
    const person = { name: collector.name.trim(), identity_number: collector.identity_number.toUpperCase().replace(/[\s.-]/g, "") };
    return onTake({ ...(other ? { collector: person } : {}), ...(note.trim() ? { note: note.trim() } : {}) });
  };
  const applicantWords = t("The applicant: %(name)s", { name: applicant.name });
  const field = (name, label, more) =>
    html`<${TextField} name=${`collector-${name}`} label=${label} value=${collector[name]} onText=${(text) => {
      setCollector({ ...collector, [name]: text });
      setWrong("");
    }} ...${more} />`;
  return html`<${Panel} title=${title} hint=${`${dossier.code} · ${t("Who collects it?")}`} onClose=${onClose}>
    <${SheetForm} formRef=${form} submit=${submit} icon=${icon} busy=${busy} problem=${problem} onSend=${send} onClose=${onClose}>
      <p class=${`block-note ${read ? "block-note-good" : ""}`} role="status">
        <${Icon} name=${read ? "check" : "id-card"} />${read || t("Scan the card of who collects it, or choose.")}
      </p>
      <fieldset class="radios">
        <legend class="visually-hidden">${t("Who collects it?")}</legend>
        <label>
          <input type="radio" name="who" value="applicant" checked=${!other} onChange=${() => setOther(false)} />
          ${applicantWords}
        </label>
        <label>
          <input type="radio" name="who" value="other" checked=${other} onChange=${() => setOther(true)} />
          ${t("Somebody else")}
        </label>
      </fieldset>
      ${other &&
      html`<div class="fields">
        ${field("name", t("Full name"), { needed: true, error: wrong, maxlength: 200 })}
        ${field("identity_number", t("Citizen number"), { maxlength: 20, inputmode: "numeric" })}
      </div>`}
      <${TextField} name="return-note" label=${t("Note (only where there is something to say)")} value=${note} onText=${setNote} maxlength="1000" />
    <//>
  <//>`;
}
