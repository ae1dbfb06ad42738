// Whether the applicant wants to be told, and how: only what this installation can do is asked.
import { html, useEffect, useState } from "preact";
import { ask } from "motcua/api.js";
import { t } from "motcua/words.js";
import { Icon } from "../parts.js";

/** Ways that the clerk asks for, and the field of the applicant each of them needs. */
const WAYS = {
  email: { field: "email", words: () => t("by e-mail"), needs: () => t("needs the e-mail address") },
  message: { field: "phone", words: () => t("by message to the phone"), needs: () => t("needs the phone number") },
};

const kept = new Map();

/** The ways that an office offers at the desk; none before that is known. */
export function useWays(slug) {
  const [ways, setWays] = useState(kept.get(slug) ?? []);
  useEffect(() => {
    let here = true;
    ask("GET", `/offices/${slug}`).then(
      ({ notices = [] }) => {
        kept.set(slug, notices.filter((one) => one in WAYS));
        if (here) setWays(kept.get(slug));
      },
      () => {}, // without them nobody is asked, and the dossier is received all the same
    );
    return () => (here = false);
  }, [slug]);
  return ways;
}

/** What is wished for and possible with what has been typed. */
export const wished = ({ notices, applicant }) =>
  notices.filter((one) => one in WAYS && applicant[WAYS[one].field].trim());

export function Wishes({ ways, notices, applicant, onChange }) {
  if (!ways.length) return null;
  return html`<fieldset class="radios wishes">
    <legend><${Icon} name="bell" />${t("Tell the applicant when the result is ready or papers are missing")}</legend>
    ${ways.map((way) => {
      const { field, words, needs } = WAYS[way];
      const can = Boolean(applicant[field].trim());
      return html`<label key=${way} class=${can ? "" : "wish-cannot"}>
        <input
          type="checkbox"
          name=${`notices-${way}`}
          checked=${can && notices.includes(way)}
          disabled=${!can}
          onChange=${({ target }) => onChange(target.checked ? [...notices, way] : notices.filter((one) => one !== way))}
        />
        <span>${words()}${!can && html` <small>(${needs()})</small>`}</span>
      </label>`;
    })}
  </fieldset>`;
}
