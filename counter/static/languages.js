// The languages of the page. Choosing one loads the page again: words, pages and errors follow.
import { html } from "preact";
import { t } from "motcua/words.js";

const LANGUAGES = [
  ["vi", "Tiếng Việt", "VI"],
  ["en", "English", "EN"],
  ["km", "ខ្មែរ", "KM"],
];

export function Languages({ short = false }) {
  const current = document.documentElement.lang;
  return html`<nav class="languages" aria-label=${t("Language")}>
    ${LANGUAGES.map(
      ([code, words, brief]) =>
        html`<a
          key=${code}
          href=${`?lang=${code}`}
          lang=${code}
          aria-label=${short ? `${brief} – ${words}` : undefined}
          aria-current=${current === code ? "true" : undefined}
          >${short ? brief : words}</a
        >`,
    )}
  </nav>`;
}
