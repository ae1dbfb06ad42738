// Who hands it in: typed, or filled by the citizen card that was scanned.
import { html } from "preact";
import { t } from "motcua/words.js";
import { Icon } from "../parts.js";
import { TextField } from "./fields.js";

/**
 * What is wrong with each field, in words; empty when nothing is.
 *
 * @param applicant {name, phone, identity_number, address, email} as typed
 */
export function wrongIn({ name, phone, identity_number: number, email }) {
  const wrong = {};
  if (!name.trim()) wrong.name = t("Please write the name.");
  if (phone.trim() && !/^(\+84|0)\d{8,10}$/.test(phone.replace(/[\s.-]/g, ""))) {
    wrong.phone = t("A phone number has ten digits and begins with 0, like 0912 345 678.");
  }
  const digits = tight(number);
  if (digits && (/\D/.test(digits) ? !/^[0-9A-Z]{5,20}$/.test(digits) : ![9, 12].includes(digits.length))) {
    wrong.identity_number = t("A citizen number has 12 digits, an old one 9; this has %(n)s.", { n: digits.length });
  }
  if (email.trim() && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email.trim())) {
    wrong.email = t("An e-mail address looks like ten@example.vn.");
  }
  return wrong;
}

/** The applicant as it is sent: without spaces around, numbers without any inside. */
export function asSent(applicant) {
  return {
    name: applicant.name.trim().replace(/\s+/g, " "),
    phone: applicant.phone.trim(),
    identity_number: tight(applicant.identity_number),
    address: applicant.address.trim(),
    email: applicant.email.trim(),
  };
}

/** What a scanned card says of an applicant. */
export function fromCard(fields) {
  return { name: fields.name, identity_number: fields.number, address: fields.address };
}

/**
 * @param wrong words by field
 * @param cardRead whether a card filled these fields
 * @param previous who handed in the dossier before, or null
 * @param children what stands below the fields
 */
export function ApplicantFields({ applicant, wrong, cardRead, previous, onChange, children }) {
  const field = (name, label, more = {}) =>
    html`<${TextField}
      name=${`applicant-${name}`}
      label=${label}
      value=${applicant[name]}
      error=${wrong[name]}
      onText=${(text) => onChange({ ...applicant, [name]: text })}
      ...${more}
    />`;
  return html`<section class="block block-applicant" role="group" aria-labelledby="applicant-title">
    <h3 id="applicant-title"><${Icon} name="user-round" />${t("Who hands it in")}</h3>
    <p class=${`block-note ${cardRead ? "block-note-good" : ""}`}>
      <${Icon} name=${cardRead ? "check" : "id-card"} />
      ${cardRead ? t("Filled from the card. Compare it with the person.") : t("Scan the citizen card, or type.")}
    </p>
    <div class="fields">
      ${field("name", t("Full name"), { needed: true, maxlength: 200, look: "field-wide" })}
      ${field("identity_number", t("Citizen number"), { maxlength: 20, inputmode: "numeric" })}
      ${field("phone", t("Phone"), { maxlength: 20, inputmode: "tel" })}
      ${field("address", t("Address"), { maxlength: 300, look: "field-wide" })}
      ${field("email", t("E-mail"), { maxlength: 200, inputmode: "email", look: "field-wide" })}
    </div>
    ${children}
    ${previous &&
    !applicant.name &&
    html`<button type="button" class="press press-small" data-act="same-applicant" onClick=${() => onChange(previous)}>
      <${Icon} name="copy" />${t("Same person: %(name)s", { name: previous.name })}
    </button>`}
  </section>`;
}

function tight(number) {
  return number.toUpperCase().replace(/[\s.-]/g, "");
}
